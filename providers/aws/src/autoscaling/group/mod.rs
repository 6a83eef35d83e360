//! `aws_autoscaling_group`.

#[cfg(feature = "autoscaling")]
mod client;
#[cfg(feature = "autoscaling")]
mod mixed;
mod mixed_instances;

use std::collections::BTreeSet;

use landform_core::{Id, attributes, block, resource};

pub use mixed_instances::*;

use crate::{ec2::LaunchTemplate, ec2::Subnet, elb::Elb, elbv2::LbTargetGroup};

/// A number of like instances, kept up over several subnets.
///
/// What it starts instances from and the target groups it feeds may be deleted while it exists; its subnets may not,
/// as its instances are in them.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::{Cidr, Stack};
/// # let mut stack = Stack::new("demo");
/// # let vpc = stack.add("main", aws::Vpc::new("10.0.0.0/16".parse::<Cidr>()?));
/// # let subnet = stack.add("a", aws::Subnet::ipv4(&vpc, "10.0.0.0/20".parse::<Cidr>()?));
/// # let template = stack.add("nodes", aws::LaunchTemplate::new("nodes"));
/// let template = aws::LaunchTemplateSpecification::new(&template).version(template.latest_version());
/// let nodes = aws::AutoscalingGroup::new("nodes", 3, 30).launch_template(template).vpc_zone_identifier([&subnet]);
/// stack.add("nodes", nodes);
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
/// # let template = stack.add("nodes", aws::LaunchTemplate::new("nodes"));
/// let template = aws::LaunchTemplateSpecification::new(&template).version(template.latest_version());
/// let nodes = aws::AutoscalingGroup::new("nodes", 3, 30).launch_template(template).vpc_zone_identifier([&subnet]);
/// stack.add("nodes", nodes);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[resource(
    "aws_autoscaling_group",
    id = "{name}",
    unique("name"),
    takes(create = 30, update = 5, delete = 60)
)]
pub struct AutoscalingGroup {
    /// Its name, unique in the region.
    #[field(immutable, min_length = 1, max_length = 255)]
    pub name: String,
    /// The fewest instances.
    pub min_size: u32,
    /// The most instances.
    pub max_size: u32,
    /// How many instances; left to whoever scales it unless said.
    #[field(computed)]
    pub desired_capacity: Option<u32>,
    /// The subnets.
    pub vpc_zone_identifier: BTreeSet<Id<Subnet>>,
    /// What instances are started from; this or a mixed policy.
    pub launch_template: Option<LaunchTemplateSpecification>,
    /// What instances are started from, several types; this or a template.
    pub mixed_instances_policy: Option<MixedInstancesPolicy>,
    /// Classic load balancers that instances are registered with, by name; left to attachments unless said.
    #[field(computed, weak)]
    pub load_balancers: BTreeSet<Id<Elb>>,
    /// Target groups that instances are registered with; left to attachments unless said.
    #[field(computed, weak)]
    pub target_group_arns: BTreeSet<Id<LbTargetGroup>>,
    /// Whether instances at risk are replaced beforehand.
    #[field(default = false)]
    pub capacity_rebalance: bool,
    /// Seconds between two scaling activities.
    #[field(computed)]
    pub default_cooldown: Option<u32>,
    /// Metrics that are collected, as `GroupDesiredCapacity`.
    pub enabled_metrics: BTreeSet<String>,
    /// How often they are.
    #[field(default = "1Minute")]
    pub metrics_granularity: String,
    /// Seconds before a new instance's health counts.
    #[field(default = 300)]
    pub health_check_grace_period: u32,
    /// Whose word on health counts: `EC2` or `ELB`.
    #[field(computed, form = "EC2")]
    pub health_check_type: Option<String>,
    /// How long an instance lives at most, in seconds; 0 for as long as it will.
    #[field(default = 0)]
    pub max_instance_lifetime: u32,
    /// Whether new instances are protected from scaling in.
    #[field(default = false)]
    pub protect_from_scale_in: bool,
    /// Processes that are suspended, as `AZRebalance`.
    pub suspended_processes: BTreeSet<String>,
    /// Which instances go first, in order; AWS's own `Default` if none is said, which is not to be named alone.
    pub termination_policies: Vec<String>,
    /// Seconds until the metrics of a new instance count.
    pub default_instance_warmup: Option<u32>,
    /// The role by which Auto Scaling acts, by its ARN.
    #[field(computed)]
    pub service_linked_role_arn: Option<String>,
    /// Whether the group is deleted at once, its instances with it. Else it is emptied first.
    #[field(unseen, default = false)]
    pub force_delete: bool,
    /// Instances kept ready, stopped.
    pub warm_pool: Option<WarmPool>,
    /// Tags.
    pub tag: BTreeSet<AutoscalingTag>,
}

/// A launch template in a version.
#[block]
pub struct LaunchTemplateSpecification {
    /// The template.
    #[field(weak)]
    pub id: Id<LaunchTemplate>,
    /// The version: a number, `$Latest` or `$Default`.
    #[field(default = "$Default")]
    pub version: String,
}

/// A tag of a group.
#[block]
#[derive(Eq, PartialOrd, Ord)]
pub struct AutoscalingTag {
    /// The key.
    pub key: String,
    /// The value.
    pub value: String,
    /// Whether instances get it too.
    pub propagate_at_launch: bool,
}

/// Instances kept ready.
#[block]
pub struct WarmPool {
    /// The fewest.
    #[field(default = 0)]
    pub min_size: u32,
    /// The most, those in service counted; the group's own most unless said.
    pub max_group_prepared_capacity: Option<u32>,
    /// How they are kept: `Stopped`, `Running` or `Hibernated`.
    #[field(default = "Stopped")]
    pub pool_state: String,
}

/// What AWS computes of an [`AutoscalingGroup`].
#[attributes]
pub struct AutoscalingGroupAttributes {
    /// The group's name.
    pub id: Id<AutoscalingGroup>,
    /// Its ARN.
    #[field(
        form = "arn:aws:autoscaling:{region}:{account}:autoScalingGroup:{hex8}-{hex8}:autoScalingGroupName/{name}"
    )]
    pub arn: String,
}
