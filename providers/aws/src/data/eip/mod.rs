//! `data.aws_eip`.

#[cfg(feature = "ec2")]
mod client;

use std::collections::BTreeMap;

use landform_core::{Id, attributes, data};

use super::Filter;

/// The existing elastic IP address that fits.
///
/// # Example
/// ```
/// # use landform_aws::data;
/// # use landform_core::Stack;
/// # let mut stack = Stack::new("demo");
/// let address = stack.read("egress", data::Eip::new().tag("Name", "egress"));
/// stack.output("egress", address.public_ip());
/// ```
#[data("aws_eip")]
pub struct Eip {
    /// Its allocation id.
    pub id: Option<Id<crate::Eip>>,
    /// The address.
    pub public_ip: Option<String>,
    /// Tags that it must have. It may have more.
    pub tags: BTreeMap<String, String>,
    /// Further conditions that it must meet.
    pub filter: Vec<Filter>,
}

/// The attributes that AWS reports for an [`Eip`].
#[attributes]
pub struct EipAttributes {
    /// The allocation's id.
    pub id: Id<crate::Eip>,
    /// Its ARN.
    pub arn: String,
    /// The address.
    pub public_ip: String,
    /// The private address that it maps to.
    pub private_ip: Option<String>,
    /// The id of its association with an interface.
    pub association_id: Option<String>,
    /// The instance that has it.
    pub instance_id: Option<String>,
    /// The network interface that has it.
    pub network_interface_id: Option<String>,
    /// `vpc`.
    #[field(form = "vpc")]
    pub domain: String,
    /// Its tags.
    #[field(required)]
    pub tags: BTreeMap<String, String>,
}
