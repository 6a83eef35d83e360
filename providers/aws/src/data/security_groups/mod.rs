//! `data.aws_security_groups`.

#[cfg(feature = "ec2")]
mod client;

use std::collections::BTreeMap;

use landform_core::{Id, attributes, data};

use super::Filter;
use crate::SecurityGroup;

/// All security groups that fit, possibly none.
///
/// # Example
/// ```
/// # use landform_aws::data;
/// # use landform_core::Stack;
/// # let mut stack = Stack::new("demo");
/// let groups = stack.read("web", data::SecurityGroups::new().tag("Tier", "web"));
/// stack.output("groups", groups.ids());
/// ```
#[data("aws_security_groups")]
pub struct SecurityGroups {
    /// Tags that they must have. They may have more.
    pub tags: BTreeMap<String, String>,
    /// Further conditions that they must meet.
    pub filter: Vec<Filter>,
}

/// The attributes that AWS reports for [`SecurityGroups`].
#[attributes]
pub struct SecurityGroupsAttributes {
    /// The region.
    #[field(form = "{region}")]
    pub id: Id<SecurityGroups>,
    /// Their ids, sorted.
    #[field(required)]
    pub ids: Vec<Id<SecurityGroup>>,
    /// Their ARNs, in the order of the ids.
    #[field(required)]
    pub arns: Vec<String>,
    /// The VPCs they are in, in the order of the ids.
    #[field(required)]
    pub vpc_ids: Vec<String>,
}
