//! `aws_eip`.

#[cfg(feature = "ec2")]
mod client;

use std::collections::BTreeMap;

use landform_core::{Id, attributes, resource};

/// A public IPv4 address that the account keeps.
///
/// AWS refuses to release it while a NAT gateway or an interface uses it.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::Stack;
/// # let mut stack = Stack::new("demo");
/// let address = stack.add("egress", aws::Eip::new().tag("Name", "egress"));
/// stack.output("egress", address.public_ip());
/// ```
#[resource("aws_eip", id = "eipalloc-{hex17}", takes(create = 1, update = 1, delete = 1))]
pub struct Eip {
    /// Its domain. `vpc` is the only possible value today.
    #[field(immutable, default = "vpc")]
    pub domain: String,
    /// The group of zones that announces it. The default is the region.
    #[field(immutable, computed, form = "{region}")]
    pub network_border_group: Option<String>,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

/// The attributes that AWS computes for an [`Eip`].
#[attributes]
pub struct EipAttributes {
    /// The allocation's id.
    pub id: Id<Eip>,
    /// The same id, as a separate attribute.
    #[field(form = "{id}")]
    pub allocation_id: Id<Eip>,
    /// The address.
    #[field(form = "{ipv4}")]
    pub public_ip: String,
}
