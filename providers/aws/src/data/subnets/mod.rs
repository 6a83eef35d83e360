//! `data.aws_subnets`.

#[cfg(feature = "ec2")]
mod client;

use std::collections::BTreeMap;

use landform_core::{Id, attributes, data};

use super::Filter;
use crate::Subnet;

/// All subnets that fit, possibly none.
///
/// # Example
/// ```
/// # use landform_aws::{self as aws, data};
/// # use landform_core::Stack;
/// # let mut stack = Stack::new("demo");
/// let private = stack.read("private", data::Subnets::new().tag("Tier", "private"));
/// # let template = stack.add("nodes", aws::LaunchTemplate::new("nodes"));
/// # let template = aws::LaunchTemplateSpecification::of(&template);
/// let nodes = aws::AutoscalingGroup::new("nodes", 1, 3).launch_template(template);
/// stack.add("nodes", nodes.vpc_zone_identifier([private.ids().at(0), private.ids().at(1)]));
/// ```
#[data("aws_subnets")]
pub struct Subnets {
    /// Tags that they must have. They may have more.
    pub tags: BTreeMap<String, String>,
    /// Further conditions that they must meet.
    pub filter: Vec<Filter>,
}

/// The attributes that AWS reports for [`Subnets`].
#[attributes]
pub struct SubnetsAttributes {
    /// The region.
    #[field(form = "{region}")]
    pub id: Id<Subnets>,
    /// Their ids, sorted.
    #[field(required)]
    pub ids: Vec<Id<Subnet>>,
}
