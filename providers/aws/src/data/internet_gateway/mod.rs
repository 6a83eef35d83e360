//! `data.aws_internet_gateway`.

#[cfg(feature = "ec2")]
mod client;

use std::collections::BTreeMap;

use landform_core::{Id, attributes, data};

use super::Filter;

/// The existing internet gateway that fits.
///
/// # Example
/// ```
/// # use landform_aws::data;
/// # use landform_core::Stack;
/// # let mut stack = Stack::new("demo");
/// let gateway = stack.read("main", data::InternetGateway::new().tag("Name", "main"));
/// stack.output("gateway", gateway.id());
/// ```
#[data("aws_internet_gateway")]
pub struct InternetGateway {
    /// Its id.
    pub internet_gateway_id: Option<Id<crate::InternetGateway>>,
    /// Tags that it must have. It may have more.
    pub tags: BTreeMap<String, String>,
    /// Further conditions that it must meet.
    pub filter: Vec<Filter>,
}

/// The attributes that AWS reports for an [`InternetGateway`].
#[attributes]
pub struct InternetGatewayAttributes {
    /// The gateway's id.
    pub id: Id<crate::InternetGateway>,
    /// Its ARN.
    pub arn: String,
    /// The account that owns it.
    pub owner_id: String,
    /// Its tags.
    #[field(required)]
    pub tags: BTreeMap<String, String>,
}
