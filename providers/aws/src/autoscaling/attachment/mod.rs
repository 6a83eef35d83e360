//! `aws_autoscaling_attachment`.

#[cfg(feature = "autoscaling")]
mod client;

use landform_core::{Id, attributes, resource};

use super::AutoscalingGroup;
use crate::{elb::Elb, elbv2::LbTargetGroup};

/// The registration of a group's instances with a load balancer, for groups whose declaration does not list it.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::{Cidr, Stack};
/// # let mut stack = Stack::new("demo");
/// # let vpc = stack.add("main", aws::Vpc::new("10.0.0.0/16".parse::<Cidr>()?));
/// # let subnet = stack.add("a", aws::Subnet::ipv4(&vpc, "10.0.0.0/20".parse::<Cidr>()?));
/// # let targets = stack.add("api", aws::LbTargetGroup::in_vpc(&vpc, "api", "TCP", 443));
/// # let template = stack.add("nodes", aws::LaunchTemplate::new("nodes"));
/// # let template = aws::LaunchTemplateSpecification::of(&template);
/// # let nodes = aws::AutoscalingGroup::new("nodes", 1, 3).launch_template(template).vpc_zone_identifier([&subnet]);
/// # let nodes = stack.add("nodes", nodes);
/// let attachment = aws::AutoscalingAttachment::new(&nodes).lb_target_group_arn(&targets);
/// stack.add("nodes", attachment);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[resource(
    "aws_autoscaling_attachment",
    id = "{autoscaling_group_name}/{elb|lb_target_group_arn}",
    unique("autoscaling_group_name", "elb"),
    unique("autoscaling_group_name", "lb_target_group_arn"),
    one_of("elb", "lb_target_group_arn"),
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
