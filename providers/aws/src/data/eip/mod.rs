//! `data.aws_eip`.

#[cfg(feature = "ec2")]
mod client;

use std::collections::BTreeMap;

use landform_core::{Id, attributes, data};

use super::Filter;

/// An elastic address that is there already: the one that fits.
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
    /// Tags that it has, perhaps among others.
    pub tags: BTreeMap<String, String>,
    /// What else must hold of it.
    pub filter: Vec<Filter>,
}

/// What AWS knows of an [`Eip`].
#[attributes]
pub struct EipAttributes {
    /// The allocation's id.
    pub id: Id<crate::Eip>,
    /// Its ARN.
    pub arn: String,
    /// The address.
    pub public_ip: String,
    /// The address inside the network that it leads to.
    pub private_ip: Option<String>,
    /// What ties it to an interface.
    pub association_id: Option<String>,
    /// The instance it leads to.
    pub instance_id: Option<String>,
    /// The network interface it leads to.
    pub network_interface_id: Option<String>,
    /// `vpc`.
    #[field(form = "vpc")]
    pub domain: String,
    /// Its tags.
    #[field(required)]
    pub tags: BTreeMap<String, String>,
}
