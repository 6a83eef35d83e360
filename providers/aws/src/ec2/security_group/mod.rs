//! `aws_security_group`.

#[cfg(feature = "ec2")]
mod client;

use std::collections::BTreeMap;

use landform_core::{Id, attributes, resource};

use super::Vpc;

/// A named set of rules for the traffic of network interfaces. The rules are separate resources
/// ([`SecurityGroupRule`](super::SecurityGroupRule)).
///
/// AWS refuses to delete it while an interface uses it or another group's rule refers to it.
#[resource(
    "aws_security_group",
    id = "sg-{hex17}",
    unique("vpc_id", "name"),
    takes(create = 3, update = 1, delete = 2)
)]
pub struct SecurityGroup {
    /// The VPC.
    #[field(immutable)]
    pub vpc_id: Id<Vpc>,
    /// Its name, unique in the VPC.
    #[field(immutable)]
    pub name: String,
    /// What it is for.
    #[field(immutable, default = "Managed by Landform")]
    pub description: String,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

/// The attributes that AWS computes for a [`SecurityGroup`].
#[attributes]
pub struct SecurityGroupAttributes {
    /// The group's id.
    pub id: Id<SecurityGroup>,
    /// Its ARN.
    #[field(form = "arn:aws:ec2:{region}:{account}:security-group/{id}")]
    pub arn: String,
    /// The account that owns it.
    #[field(form = "{account}")]
    pub owner_id: String,
}
