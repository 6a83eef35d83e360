//! `aws_lb_target_group_attachment`.

#[cfg(feature = "elbv2")]
mod client;

use landform_core::{Id, attributes, resource};

use super::LbTargetGroup;

/// A target of a target group: an instance, an address or another load balancer. Autoscaling groups register their own
/// instances.
#[resource(
    "aws_lb_target_group_attachment",
    id = "{target_group_arn}/{target_id}/{port}",
    unique("target_group_arn", "target_id", "port"),
    takes(create = 1, update = 1, delete = 1)
)]
pub struct LbTargetGroupAttachment {
    /// The target group.
    #[field(immutable)]
    pub target_group_arn: Id<LbTargetGroup>,
    /// The id of an instance, an address, or the ARN of an application load balancer.
    #[field(immutable)]
    pub target_id: String,
    /// The target's port. The default is the group's.
    #[field(immutable, computed)]
    pub port: Option<u16>,
    /// The zone of an address outside the VPC: a zone, or `all`.
    #[field(immutable)]
    pub availability_zone: Option<String>,
}

/// The attributes that AWS computes for an [`LbTargetGroupAttachment`].
#[attributes]
pub struct LbTargetGroupAttachmentAttributes {
    /// The target group, the target and its port, joined by slashes.
    pub id: Id<LbTargetGroupAttachment>,
}
