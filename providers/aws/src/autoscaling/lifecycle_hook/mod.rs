//! `aws_autoscaling_lifecycle_hook`.

#[cfg(feature = "autoscaling")]
mod client;

use landform_core::{Id, attributes, resource};

use super::AutoscalingGroup;

/// A pause in the launch or termination of an instance, in which other programs can act. AWS deletes it with its group.
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
    #[field(immutable)]
    pub name: String,
    /// The time of the pause: `autoscaling:EC2_INSTANCE_LAUNCHING` or `autoscaling:EC2_INSTANCE_TERMINATING`.
    pub lifecycle_transition: String,
    /// The action after a timeout: `CONTINUE` or `ABANDON`.
    #[field(computed, form = "ABANDON")]
    pub default_result: Option<String>,
    /// The timeout, in seconds, 30 to 7200.
    #[field(computed, form = "3600")]
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
