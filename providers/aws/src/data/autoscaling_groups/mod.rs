//! `data.aws_autoscaling_groups`.

#[cfg(feature = "autoscaling")]
mod client;

use std::collections::BTreeSet;

use landform_core::{Id, attributes, data};

use super::Filter;

/// All groups that fit, possibly none.
///
/// # Example
/// ```
/// # use landform_aws::data;
/// # use landform_core::Stack;
/// # let mut stack = Stack::new("demo");
/// let ours = data::Filter::new("tag:Team", ["web"]);
/// let groups = stack.read("ours", data::AutoscalingGroups::new().filter([ours]));
/// stack.output("groups", groups.names());
/// ```
#[data("aws_autoscaling_groups")]
pub struct AutoscalingGroups {
    /// The names to look for, if known.
    pub names: BTreeSet<String>,
    /// The conditions that they must meet: `tag:` and a key, `tag-key`, `tag-value`.
    pub filter: Vec<Filter>,
}

/// The attributes that AWS reports for [`AutoscalingGroups`].
#[attributes]
pub struct AutoscalingGroupsAttributes {
    /// The region.
    #[field(form = "{region}")]
    pub id: Id<AutoscalingGroups>,
    /// Their names, sorted.
    #[field(required)]
    pub names: Vec<String>,
    /// Their ARNs, in the order of the names.
    #[field(required)]
    pub arns: Vec<String>,
}
