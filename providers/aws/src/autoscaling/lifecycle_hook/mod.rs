//! `aws_autoscaling_lifecycle_hook`.

#[cfg(feature = "autoscaling")]
mod client;

use landform_core::{Id, attributes, resource};

use super::AutoscalingGroup;

/// A pause in an instance's coming or going, in which others can act. It goes with its group.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::{Cidr, Stack};
/// # let mut stack = Stack::new("demo");
/// # let vpc = stack.add("main", aws::Vpc::new("10.0.0.0/16".parse::<Cidr>()?));
/// # let subnet = stack.add("a", aws::Subnet::ipv4(&vpc, "10.0.0.0/20".parse::<Cidr>()?));
/// # let nodes = stack.add("nodes", aws::AutoscalingGroup::new("nodes", 1, 3).vpc_zone_identifier([&subnet]));
/// let transition = "autoscaling:EC2_INSTANCE_TERMINATING";
/// stack.add("drain", aws::AutoscalingLifecycleHook::new(&nodes, "drain", transition).heartbeat_timeout(300));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::{Cidr, Stack};
/// # let mut stack = Stack::new("demo");
/// # let vpc = stack.add("main", aws::Vpc::new("10.0.0.0/16".parse::<Cidr>()?));
/// # let subnet = stack.add("a", aws::Subnet::ipv4(&vpc, "10.0.0.0/20".parse::<Cidr>()?));
/// # let nodes = stack.add("nodes", aws::AutoscalingGroup::new("nodes", 1, 3).vpc_zone_identifier([&subnet]));
/// let transition = "autoscaling:EC2_INSTANCE_TERMINATING";
/// stack.add("drain", aws::AutoscalingLifecycleHook::new(&nodes, "drain", transition).heartbeat_timeout(300));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[resource(
    "aws_autoscaling_lifecycle_hook",
    id = "{autoscaling_group_name}/{name}",
    unique("autoscaling_group_name", "name"),
    takes(create = 1, update = 1, delete = 1)
)]
pub struct AutoscalingLifecycleHook {
    /// The group.
    #[field(immutable)]
    pub autoscaling_group_name: Id<AutoscalingGroup>,
    /// Its name, unique in the group.
    #[field(immutable, max_length = 255, pattern = "^[a-zA-Z0-9_/-]+$")]
    pub name: String,
    /// When: `autoscaling:EC2_INSTANCE_LAUNCHING` or `autoscaling:EC2_INSTANCE_TERMINATING`.
    pub lifecycle_transition: String,
    /// What happens when time is up: `CONTINUE` or `ABANDON`.
    #[field(computed, form = "ABANDON")]
    pub default_result: Option<String>,
    /// How long it lasts, in seconds, 30 to 7200.
    #[field(computed, form = "3600", minimum = 30, maximum = 7200)]
    pub heartbeat_timeout: Option<u32>,
    /// What the message says beside.
    pub notification_metadata: Option<String>,
    /// The ARN of the queue or topic that is told.
    pub notification_target_arn: Option<String>,
    /// The ARN of the role that may tell it.
    pub role_arn: Option<String>,
}

/// What AWS computes of an [`AutoscalingLifecycleHook`].
#[attributes]
pub struct AutoscalingLifecycleHookAttributes {
    /// The group and the hook, joined by a slash: names of hooks are unique in their group only.
    pub id: Id<AutoscalingLifecycleHook>,
}
