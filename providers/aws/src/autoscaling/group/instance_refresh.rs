//! Blocks that say how Auto Scaling replaces the instances of a group after a change.

use std::collections::BTreeSet;

use landform_core::block;

/// How Auto Scaling replaces the instances after a change of the launch template, of the mixed instances policy, or of
/// a trigger. An apply starts the replacement and does not wait for its end. If one is running, the apply cancels it
/// first.
///
/// An apply marks the group with the tag `landform:refresh` before such a change. It removes the tag after the start.
/// If the apply is killed in between, the next plan shows the tag, and the next apply starts the replacement. A change
/// of this block alone starts nothing.
///
/// Follows `instance_refresh` of Terraform's `aws_autoscaling_group`.
#[block]
pub struct InstanceRefresh {
    /// The way to replace an instance.
    #[field(default = RefreshStrategy::Rolling)]
    pub strategy: RefreshStrategy,
    /// The pace, and what happens to instances that scale-in skips.
    pub preferences: Option<RefreshPreferences>,
    /// The arguments whose changes start a replacement, beside the launch template and the policy.
    pub triggers: BTreeSet<RefreshTrigger>,
}

/// The way to replace an instance.
#[block]
pub enum RefreshStrategy {
    /// A new instance takes its place.
    Rolling,
    /// It keeps its place, and gets a new root volume.
    ReplaceRootVolume,
}

/// The pace of a replacement. All percentages are shares of the desired capacity.
#[block(needs("checkpoint_percentages", when("checkpoint_delay")))]
pub struct RefreshPreferences {
    /// The share of healthy instances that must remain.
    #[field(default = 90, maximum = 100)]
    pub min_healthy_percentage: u32,
    /// The share of instances that may exist at once.
    #[field(default = 100, minimum = 100, maximum = 200)]
    pub max_healthy_percentage: u32,
    /// The time until a new instance counts as ready, in seconds. The default is the group's own.
    pub instance_warmup: Option<u32>,
    /// Whether instances that already match stay.
    #[field(default = false)]
    pub skip_matching: bool,
    /// Whether the group returns to its earlier launch template if the replacement fails. AWS asks for a launch template
    /// with a number as its version.
    #[field(default = false)]
    pub auto_rollback: bool,
    /// The shares of replaced instances after which the replacement pauses, in ascending order.
    pub checkpoint_percentages: Vec<u32>,
    /// The length of each pause, in seconds. The default is an hour.
    pub checkpoint_delay: Option<u32>,
    /// What happens to instances that are protected from scale-in.
    #[field(default = ProtectedInstances::Ignore)]
    pub scale_in_protected_instances: ProtectedInstances,
    /// What happens to instances in standby.
    #[field(default = StandbyInstances::Ignore)]
    pub standby_instances: StandbyInstances,
    /// The alarms that stop the replacement.
    pub alarm_specification: Option<RefreshAlarms>,
}

/// The CloudWatch alarms that make a replacement fail.
#[block]
pub struct RefreshAlarms {
    /// The names of the alarms.
    pub alarms: BTreeSet<String>,
}

/// What happens to instances that are protected from scale-in.
#[block]
pub enum ProtectedInstances {
    /// Auto Scaling replaces them.
    Refresh,
    /// They stay.
    Ignore,
    /// The replacement waits for one hour until their protection ends.
    Wait,
}

/// What happens to instances in standby.
#[block]
pub enum StandbyInstances {
    /// Auto Scaling terminates them.
    Terminate,
    /// They stay.
    Ignore,
    /// The replacement waits for one hour until they return to service.
    Wait,
}

/// An argument of a group whose changes start a replacement.
#[block]
#[serde(rename_all = "snake_case")]
pub enum RefreshTrigger {
    /// The tags.
    Tag,
    /// The subnets.
    VpcZoneIdentifier,
    /// The classic load balancers.
    LoadBalancers,
    /// The target groups.
    TargetGroupArns,
    /// The number of instances.
    DesiredCapacity,
    /// The minimum number of instances.
    MinSize,
    /// The maximum number of instances.
    MaxSize,
    /// The source of health checks.
    HealthCheckType,
    /// The time before the health of a new instance counts.
    HealthCheckGracePeriod,
    /// The time until the metrics of a new instance count.
    DefaultInstanceWarmup,
    /// The maximum lifetime of an instance.
    MaxInstanceLifetime,
    /// Whether new instances are protected from scale-in.
    ProtectFromScaleIn,
    /// The role that Auto Scaling uses.
    ServiceLinkedRoleArn,
}
