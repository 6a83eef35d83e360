//! `aws_network_acl`.

#[cfg(feature = "ec2")]
pub(crate) mod client;

use std::collections::{BTreeMap, BTreeSet};

use landform_core::{Id, attributes, resource};

use super::{Subnet, Vpc};

/// A list of rules for the traffic of subnets. The rules are separate resources
/// ([`NetworkAclRule`](super::NetworkAclRule)). A list without rules blocks all traffic.
///
/// A subnet has one list. Subnets removed from the list, or left when it is deleted, get the VPC's default list.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::{Cidr, Stack};
/// # let mut stack = Stack::new("demo");
/// # let vpc = stack.add("main", aws::Vpc::new("10.0.0.0/16".parse::<Cidr>()?));
/// # let subnet = stack.add("a", aws::Subnet::ipv4(&vpc, "10.0.0.0/20".parse::<Cidr>()?));
/// stack.add("private", aws::NetworkAcl::new(&vpc).subnet_ids([&subnet]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[resource("aws_network_acl", id = "acl-{hex17}", takes(create = 1, update = 1, delete = 1))]
pub struct NetworkAcl {
    /// The VPC.
    #[field(immutable)]
    pub vpc_id: Id<Vpc>,
    /// The subnets whose traffic it filters.
    #[field(computed)]
    pub subnet_ids: BTreeSet<Id<Subnet>>,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

/// The attributes that AWS computes for a [`NetworkAcl`].
#[attributes]
pub struct NetworkAclAttributes {
    /// The list's id.
    pub id: Id<NetworkAcl>,
    /// Its ARN.
    #[field(form = "arn:aws:ec2:{region}:{account}:network-acl/{id}")]
    pub arn: String,
    /// The account that owns it.
    #[field(form = "{account}")]
    pub owner_id: String,
}
