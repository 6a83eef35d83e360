//! `aws_autoscaling_group`.

#[cfg(feature = "autoscaling")]
mod client;
mod instance_refresh;
#[cfg(feature = "autoscaling")]
mod mixed;
mod mixed_instances;
mod options;
#[cfg(feature = "autoscaling")]
mod options_wire;
#[cfg(feature = "autoscaling")]
mod refresh;
mod requirements;
#[cfg(feature = "autoscaling")]
mod requirements_wire;

use std::collections::BTreeSet;

use landform_core::{Id, Input, attributes, block, resource};

pub use instance_refresh::*;
pub use mixed_instances::*;
pub use options::*;
pub use requirements::*;

use crate::{ec2::LaunchTemplate, ec2::PlacementGroup, ec2::Subnet, elb::Elb, elbv2::LbTargetGroup};

/// A group of similar instances, whose number AWS maintains across several subnets.
///
/// AWS allows the deletion of its launch template and its target groups while it exists. It refuses the deletion of its
/// subnets, because they contain its instances.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::{Cidr, Stack};
/// # let mut stack = Stack::new("demo");
/// # let vpc = stack.add("main", aws::Vpc::new("10.0.0.0/16".parse::<Cidr>()?));
/// # let subnet = stack.add("a", aws::Subnet::ipv4(&vpc, "10.0.0.0/20".parse::<Cidr>()?));
/// # let template = stack.add("nodes", aws::LaunchTemplate::new("nodes"));
/// let template = aws::LaunchTemplateSpecification::of(&template).version(template.latest_version());
/// let nodes = aws::AutoscalingGroup::new("nodes", 3, 30).launch_template(template).vpc_zone_identifier([&subnet]);
/// stack.add("nodes", nodes);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[resource(
    "aws_autoscaling_group",
    id = "{name}",
    unique("name"),
    at_most_one_of("name", "name_prefix"),
    one_of("launch_template", "mixed_instances_policy"),
    at_most_one_of("vpc_zone_identifier", "availability_zones"),
    at_most_one_of("traffic_source", "target_group_arns"),
    at_most_one_of("traffic_source", "load_balancers"),
    takes(create = 30, update = 5, delete = 60)
)]
pub struct AutoscalingGroup {
    /// Its name, unique in the region.
    #[field(immutable, generated = "name_prefix", min_length = 1, max_length = 255)]
    pub name: String,
    /// The start of a generated name.
    #[field(immutable, computed, unseen, max_length = 229)]
    pub name_prefix: Option<String>,
    /// The minimum number of instances.
    pub min_size: u32,
    /// The maximum number of instances.
    pub max_size: u32,
    /// The number of instances. By default Landform leaves it to scaling.
    #[field(computed)]
    pub desired_capacity: Option<u32>,
    /// The unit of `desired_capacity`, if types are chosen by requirements: `units`, `vcpu` or `memory-mib`.
    #[field(computed, pattern = "^(units|vcpu|memory-mib)$")]
    pub desired_capacity_type: Option<String>,
    /// The subnets.
    pub vpc_zone_identifier: BTreeSet<Id<Subnet>>,
    /// The zones, if the group uses the subnets of the account's default VPC.
    #[field(computed)]
    pub availability_zones: BTreeSet<String>,
    /// How the group spreads its instances over the zones.
    #[field(computed)]
    pub availability_zone_distribution: Option<AvailabilityZoneDistribution>,
    /// The launch template. Set this or `mixed_instances_policy`.
    pub launch_template: Option<LaunchTemplateSpecification>,
    /// A launch template with several types. Set this or `launch_template`.
    pub mixed_instances_policy: Option<MixedInstancesPolicy>,
    /// The names of the classic load balancers that serve its instances. By default Landform leaves them to
    /// attachments.
    #[field(computed, weak)]
    pub load_balancers: BTreeSet<Id<Elb>>,
    /// The target groups of its instances. By default Landform leaves them to attachments.
    #[field(computed, weak)]
    pub target_group_arns: BTreeSet<Id<LbTargetGroup>>,
    /// The traffic sources of its instances, of any kind. By default Landform leaves them to the other two fields.
    #[field(computed)]
    pub traffic_source: BTreeSet<TrafficSource>,
    /// The placement group of its instances.
    pub placement_group: Option<Id<PlacementGroup>>,
    /// The use of reserved capacity.
    #[field(computed)]
    pub capacity_reservation_specification: Option<GroupCapacityReservation>,
    /// The number of healthy instances while AWS replaces some.
    pub instance_maintenance_policy: Option<InstanceMaintenancePolicy>,
    /// Lifecycle hooks from the creation on, so that also the first instances wait for them. A later change has no effect.
    #[field(unseen)]
    pub initial_lifecycle_hook: BTreeSet<InitialLifecycleHook>,
    /// Reserved by AWS.
    pub context: Option<String>,
    /// Whether AWS replaces spot instances that are at risk of interruption.
    #[field(default = false)]
    pub capacity_rebalance: bool,
    /// The time between two scaling activities, in seconds.
    #[field(computed)]
    pub default_cooldown: Option<u32>,
    /// The metrics to collect, such as `GroupDesiredCapacity`.
    pub enabled_metrics: BTreeSet<String>,
    /// The interval of the metrics.
    #[field(default = "1Minute")]
    pub metrics_granularity: String,
    /// The time before the health of a new instance counts, in seconds.
    #[field(default = 300)]
    pub health_check_grace_period: u32,
    /// The source of health checks: `EC2` or `ELB`.
    #[field(computed, form = "EC2")]
    pub health_check_type: Option<String>,
    /// The maximum lifetime of an instance, in seconds. 0 means no limit.
    #[field(default = 0, maximum = 31536000)]
    pub max_instance_lifetime: u32,
    /// Whether new instances are protected from scale-in.
    #[field(default = false)]
    pub protect_from_scale_in: bool,
    /// The suspended processes, such as `AZRebalance`.
    pub suspended_processes: BTreeSet<String>,
    /// The order in which scale-in selects instances. Empty means AWS's `Default`. A list with `Default` alone is
    /// refused.
    pub termination_policies: Vec<String>,
    /// The time until the metrics of a new instance count, in seconds.
    pub default_instance_warmup: Option<u32>,
    /// The ARN of the role that Auto Scaling uses.
    #[field(computed)]
    pub service_linked_role_arn: Option<String>,
    /// Whether a deletion deletes the group and its instances at once. Otherwise it empties the group first.
    #[field(unseen, default = false)]
    pub force_delete: bool,
    /// Whether the deletion of the warm pool does not wait for its instances.
    #[field(unseen, default = false)]
    pub force_delete_warm_pool: bool,
    /// Replaces the instances after a change. By default existing instances keep their launch template.
    #[field(unseen)]
    pub instance_refresh: Option<InstanceRefresh>,
    /// The warm pool: instances in reserve.
    pub warm_pool: Option<WarmPool>,
    /// Tags.
    pub tag: BTreeSet<AutoscalingTag>,
}

/// A version of a launch template.
#[block(one_of("id", "name"))]
pub struct LaunchTemplateSpecification {
    /// The template's id. Set this or `name`.
    #[field(weak, computed)]
    pub id: Option<Id<LaunchTemplate>>,
    /// The template's name. Set this or `id`.
    #[field(computed)]
    pub name: Option<String>,
    /// The version: a number, `$Latest` or `$Default`.
    #[field(default = "$Default")]
    pub version: String,
}

impl LaunchTemplateSpecification {
    /// Starts the declaration of a version of this template.
    pub fn of(template: impl Into<Input<Id<LaunchTemplate>>>) -> LaunchTemplateSpecificationBuilder {
        Self::new().id(template)
    }
}

/// A tag of a group.
#[block]
#[derive(Eq, PartialOrd, Ord)]
pub struct AutoscalingTag {
    /// The key.
    pub key: String,
    /// The value.
    pub value: String,
    /// Whether new instances get the tag.
    pub propagate_at_launch: bool,
}

/// A pool of instances in reserve.
#[block]
pub struct WarmPool {
    /// The minimum number of instances in the pool.
    #[field(default = 0)]
    pub min_size: u32,
    /// The maximum number of instances, including those in service. The default is the group's maximum.
    pub max_group_prepared_capacity: Option<u32>,
    /// The state of its instances: `Stopped`, `Running` or `Hibernated`.
    #[field(default = "Stopped", pattern = "^(Stopped|Running|Hibernated)$")]
    pub pool_state: String,
    /// Whether instances return to the pool.
    pub instance_reuse_policy: Option<InstanceReusePolicy>,
}

/// The attributes that AWS computes for an [`AutoscalingGroup`].
#[attributes]
pub struct AutoscalingGroupAttributes {
    /// The group's name.
    pub id: Id<AutoscalingGroup>,
    /// Its ARN.
    #[field(
        form = "arn:aws:autoscaling:{region}:{account}:autoScalingGroup:{hex8}-{hex8}:autoScalingGroupName/{name}"
    )]
    pub arn: String,
    /// The capacity that predictive scaling expects.
    #[field(volatile)]
    pub predicted_capacity: Option<u32>,
    /// The number of instances in the warm pool.
    #[field(volatile, form = "0")]
    pub warm_pool_size: u32,
}
