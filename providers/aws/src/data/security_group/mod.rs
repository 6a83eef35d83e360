//! `data.aws_security_group`.

#[cfg(feature = "ec2")]
mod client;

use std::collections::BTreeMap;

use landform_core::{Id, attributes, data};

use super::Filter;
use crate::Vpc;

/// The existing security group that fits.
///
/// # Example
/// ```
/// # use landform_aws::{self as aws, data};
/// # use landform_core::{Cidr, Stack};
/// # let mut stack = Stack::new("demo");
/// let group = stack.read("web", data::SecurityGroup::new().name("web"));
/// stack.add("https", aws::SecurityGroupRule::ingress(group.id(), "tcp", 443, 443).cidr_blocks(["0.0.0.0/0".parse::<Cidr>()?]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[data("aws_security_group")]
pub struct SecurityGroup {
    /// Its id.
    pub id: Option<Id<crate::SecurityGroup>>,
    /// Its name.
    pub name: Option<String>,
    /// The VPC it is in.
    pub vpc_id: Option<Id<Vpc>>,
    /// Tags that it must have. It may have more.
    pub tags: BTreeMap<String, String>,
    /// Further conditions that it must meet.
    pub filter: Vec<Filter>,
}

/// The attributes that AWS reports for a [`SecurityGroup`].
#[attributes]
pub struct SecurityGroupAttributes {
    /// The group's id.
    pub id: Id<crate::SecurityGroup>,
    /// Its ARN.
    pub arn: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// The VPC it is in.
    pub vpc_id: Id<Vpc>,
    /// Its tags.
    #[field(required)]
    pub tags: BTreeMap<String, String>,
}
