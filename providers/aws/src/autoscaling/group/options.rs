//! Small blocks for the options of groups.

use std::collections::BTreeSet;

use landform_core::block;

/// How a group spreads its instances over the zones.
#[block]
pub struct AvailabilityZoneDistribution {
    /// `balanced-best-effort` uses other zones if one has no capacity. `balanced-only` does not.
    #[field(default = "balanced-best-effort", pattern = "^balanced-(best-effort|only)$")]
    pub capacity_distribution_strategy: String,
}

/// A source of traffic for the instances of a group.
#[block]
#[derive(Eq, PartialOrd, Ord)]
pub struct TrafficSource {
    /// The ARN of a target group, or the name of a classic load balancer.
    pub identifier: String,
    /// `elb`, `elbv2` or `vpc-lattice`.
    #[field(computed, pattern = "^(elb|elbv2|vpc-lattice)$")]
    pub r#type: Option<String>,
}

/// The use of reserved capacity.
#[block]
pub struct GroupCapacityReservation {
    /// `default`, `none`, `capacity-reservations-first` or `capacity-reservations-only`.
    #[field(computed, pattern = "^(default|none|capacity-reservations-(first|only))$")]
    pub capacity_reservation_preference: Option<String>,
    /// The reservations.
    pub capacity_reservation_target: Option<GroupCapacityReservationTarget>,
}

/// Reservations of capacity.
#[block(at_most_one_of("capacity_reservation_ids", "capacity_reservation_resource_group_arns"))]
pub struct GroupCapacityReservationTarget {
    /// Their ids.
    pub capacity_reservation_ids: BTreeSet<String>,
    /// The ARNs of groups of them.
    pub capacity_reservation_resource_group_arns: BTreeSet<String>,
}

/// The number of healthy instances while AWS replaces some, in percent of the desired number.
#[block]
pub struct InstanceMaintenancePolicy {
    /// The lower limit, 0 to 100.
    #[field(maximum = 100)]
    pub min_healthy_percentage: u32,
    /// The upper limit, 100 to 200.
    #[field(minimum = 100, maximum = 200)]
    pub max_healthy_percentage: u32,
}

/// A lifecycle hook from the creation of a group on.
#[block]
#[derive(Eq, PartialOrd, Ord)]
pub struct InitialLifecycleHook {
    /// Its name, unique in the group.
    #[field(max_length = 255, pattern = "^[a-zA-Z0-9_/-]+$")]
    pub name: String,
    /// The time of the pause: `autoscaling:EC2_INSTANCE_LAUNCHING` or `autoscaling:EC2_INSTANCE_TERMINATING`.
    #[field(pattern = "^autoscaling:EC2_INSTANCE_(LAUNCHING|TERMINATING)$")]
    pub lifecycle_transition: String,
    /// The action after a timeout: `CONTINUE` or `ABANDON`.
    #[field(computed, pattern = "^(CONTINUE|ABANDON)$")]
    pub default_result: Option<String>,
    /// The timeout, in seconds, 30 to 7200.
    #[field(computed, minimum = 30, maximum = 7200)]
    pub heartbeat_timeout: Option<u32>,
    /// Additional text in the notification.
    pub notification_metadata: Option<String>,
    /// The ARN of the queue or topic that receives the notification.
    pub notification_target_arn: Option<String>,
    /// The ARN of the role that may send to it.
    pub role_arn: Option<String>,
}

/// Whether instances return to the warm pool.
#[block]
pub struct InstanceReusePolicy {
    /// Whether they return if the group shrinks. Otherwise they end.
    #[field(default = false)]
    pub reuse_on_scale_in: bool,
}
