//! `aws_eip`.

#[cfg(feature = "ec2")]
mod client;

use std::collections::BTreeMap;

use landform_core::{Id, attributes, resource};

use super::Instance;

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
#[resource(
    "aws_eip",
    id = "eipalloc-{hex17}",
    at_most_one_of("instance", "network_interface"),
    takes(create = 1, update = 1, delete = 1)
)]
pub struct Eip {
    /// Its domain. `vpc` is the only possible value today.
    #[field(immutable, default = "vpc")]
    pub domain: String,
    /// The group of zones that announces it. The default is the region.
    #[field(immutable, computed, form = "{region}")]
    pub network_border_group: Option<String>,
    /// The instance that has the address. An address leads to one instance or interface; a change moves it.
    #[field(computed, shared, weak)]
    pub instance: Option<Id<Instance>>,
    /// The network interface that has the address. A NAT gateway takes an address by its own argument.
    #[field(computed, shared)]
    pub network_interface: Option<String>,
    /// The private address of the instance or the interface that the address stands for. The default is the first.
    #[field(unseen)]
    pub associate_with_private_ip: Option<String>,
    /// A certain address of the account's own range, to get back an address that was released.
    #[field(immutable, unseen)]
    pub address: Option<String>,
    /// The pool that the address comes from. The default is Amazon's.
    #[field(immutable, computed, form = "amazon")]
    pub public_ipv4_pool: Option<String>,
    /// The pool of the customer's addresses on an Outpost.
    #[field(immutable)]
    pub customer_owned_ipv4_pool: Option<String>,
    /// The pool of AWS IPAM that the address comes from.
    #[field(immutable, unseen)]
    pub ipam_pool_id: Option<String>,
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
    /// Its ARN.
    #[field(form = "arn:aws:ec2:{region}:{account}:elastic-ip/{id}")]
    pub arn: String,
    /// The id of its association with an instance or an interface.
    #[field(volatile, shared)]
    pub association_id: Option<String>,
    /// The private address that it stands for.
    #[field(volatile, shared)]
    pub private_ip: Option<String>,
    /// Its public name in DNS.
    #[field(form = "{dns}")]
    pub public_dns: Option<String>,
    /// The private name of the address that it stands for.
    #[field(volatile, shared)]
    pub private_dns: Option<String>,
    /// The address of the carrier, in a Wavelength zone.
    pub carrier_ip: Option<String>,
    /// The customer's address, on an Outpost.
    pub customer_owned_ip: Option<String>,
}
