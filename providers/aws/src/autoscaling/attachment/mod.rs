//! `aws_autoscaling_attachment`.

#[cfg(feature = "autoscaling")]
mod client;

use landform_core::{Id, attributes, resource};

use super::AutoscalingGroup;
use crate::{elb::Elb, elbv2::LbTargetGroup};

/// The registration of a group's instances with a load balancer, for groups whose declaration does not list it.
#[resource(
    "aws_autoscaling_attachment",
    id = "{autoscaling_group_name}/{elb|lb_target_group_arn}",
    unique("autoscaling_group_name", "elb"),
    unique("autoscaling_group_name", "lb_target_group_arn"),
    takes(create = 2, update = 1, delete = 2)
)]
pub struct AutoscalingAttachment {
    /// The group.
    #[field(immutable)]
    pub autoscaling_group_name: Id<AutoscalingGroup>,
    /// A classic load balancer. Set this or `lb_target_group_arn`.
    #[field(immutable, weak)]
    pub elb: Option<Id<Elb>>,
    /// A target group. Set this or `elb`.
    #[field(immutable, weak)]
    pub lb_target_group_arn: Option<Id<LbTargetGroup>>,
}

/// The attributes that AWS computes for an [`AutoscalingAttachment`].
#[attributes]
pub struct AutoscalingAttachmentAttributes {
    /// The group and the balancer, joined by a slash.
    pub id: Id<AutoscalingAttachment>,
}
