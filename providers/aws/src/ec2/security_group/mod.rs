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
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::{Cidr, Stack};
/// # let mut stack = Stack::new("demo");
/// # let vpc = stack.add("main", aws::Vpc::new("10.0.0.0/16".parse::<Cidr>()?));
/// stack.add("web", aws::SecurityGroup::new(&vpc, "web").description("Web servers"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
    #[field(immutable, max_length = 255, pattern = r"^[a-zA-Z0-9 ._:/()#,@+=&;{}!$*\[\]-]+$")]
    pub name: String,
    /// What it is for.
    #[field(immutable, default = "Managed by Landform", max_length = 255)]
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
