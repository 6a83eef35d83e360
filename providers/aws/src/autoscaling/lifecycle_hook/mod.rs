//! `aws_autoscaling_lifecycle_hook`.

#[cfg(feature = "autoscaling")]
mod client;

use landform_core::{Id, attributes, resource};

use super::AutoscalingGroup;

/// A pause in the launch or termination of an instance, in which other programs can act. AWS deletes it with its group.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::{Cidr, Stack};
/// # let mut stack = Stack::new("demo");
/// # let vpc = stack.add("main", aws::Vpc::new("10.0.0.0/16".parse::<Cidr>()?));
/// # let subnet = stack.add("a", aws::Subnet::ipv4(&vpc, "10.0.0.0/20".parse::<Cidr>()?));
/// # let template = stack.add("nodes", aws::LaunchTemplate::new("nodes"));
/// # let template = aws::LaunchTemplateSpecification::of(&template);
/// # let nodes = aws::AutoscalingGroup::new("nodes", 1, 3).launch_template(template).vpc_zone_identifier([&subnet]);
/// # let nodes = stack.add("nodes", nodes);
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
    /// The time of the pause: `autoscaling:EC2_INSTANCE_LAUNCHING` or `autoscaling:EC2_INSTANCE_TERMINATING`.
    pub lifecycle_transition: String,
    /// The action after a timeout: `CONTINUE` or `ABANDON`.
    #[field(computed, form = "ABANDON")]
    pub default_result: Option<String>,
    /// The timeout, in seconds, 30 to 7200.
    #[field(computed, form = "3600", minimum = 30, maximum = 7200)]
    pub heartbeat_timeout: Option<u32>,
    /// Additional text in the notification.
    pub notification_metadata: Option<String>,
    /// The ARN of the queue or topic that receives the notification.
    pub notification_target_arn: Option<String>,
    /// The ARN of the role that may send to it.
    pub role_arn: Option<String>,
}

/// The attributes that AWS computes for an [`AutoscalingLifecycleHook`].
#[attributes]
pub struct AutoscalingLifecycleHookAttributes {
    /// The group and the hook, joined by a slash. The name of a hook is unique only in its group.
    pub id: Id<AutoscalingLifecycleHook>,
}
