//! `aws_lb_target_group_attachment`.

#[cfg(feature = "elbv2")]
mod client;

use landform_core::{Id, attributes, resource};

use super::LbTargetGroup;

/// A target of a target group: an instance, an address or another load balancer. Autoscaling groups register their own
/// instances.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::{Cidr, Stack};
/// # let mut stack = Stack::new("demo");
/// # let vpc = stack.add("main", aws::Vpc::new("10.0.0.0/16".parse::<Cidr>()?));
/// # let targets = stack.add("api", aws::LbTargetGroup::in_vpc(&vpc, "api", "TCP", 443));
/// stack.add("web", aws::LbTargetGroupAttachment::new(&targets, "i-0123456789abcdef0").port(8443));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
