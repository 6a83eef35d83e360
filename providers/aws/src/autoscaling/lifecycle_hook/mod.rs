//! `aws_autoscaling_lifecycle_hook`.

#[cfg(feature = "autoscaling")]
mod client;

use landform_core::{Id, attributes, resource};

use super::AutoscalingGroup;

/// A pause in an instance's coming or going, in which others can act. It goes with its group.
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
    /// When: `autoscaling:EC2_INSTANCE_LAUNCHING` or `autoscaling:EC2_INSTANCE_TERMINATING`.
    pub lifecycle_transition: String,
    /// What happens when time is up: `CONTINUE` or `ABANDON`.
    #[field(computed, form = "ABANDON")]
    pub default_result: Option<String>,
    /// How long it lasts, in seconds, 30 to 7200.
    #[field(computed, form = "3600")]
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
