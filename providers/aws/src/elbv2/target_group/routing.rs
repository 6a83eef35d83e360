//! Blocks and words for how requests reach the targets of a group.

use landform_core::block;

/// How an application load balancer chooses a target.
#[block]
#[serde(rename_all = "snake_case")]
pub enum LoadBalancingAlgorithm {
    /// One after the other.
    RoundRobin,
    /// The target with the fewest requests in progress.
    LeastOutstandingRequests,
    /// A random target, by weight.
    WeightedRandom,
}

/// Whether something is on, as one of two words.
#[block]
#[serde(rename_all = "lowercase")]
pub enum OnOff {
    /// It is on.
    On,
    /// It is off.
    Off,
}

/// Whether each zone serves the targets of all zones.
#[block]
#[serde(rename_all = "snake_case")]
pub enum CrossZone {
    /// It does.
    True,
    /// It serves its own targets only.
    False,
    /// As the load balancer says.
    UseLoadBalancerConfiguration,
}

/// Whether the requests of a client go to the same target.
#[block(needs("cookie_name", when("type", is = "app_cookie")))]
pub struct TargetStickiness {
    /// How the load balancer recognizes a client.
    pub r#type: StickinessType,
    /// Whether stickiness is on.
    #[field(default = true)]
    pub enabled: bool,
    /// The lifetime of the cookie in seconds, 1 to 604800. Other types than cookies do not use it.
    #[field(default = 86400, maximum = 604800)]
    pub cookie_duration: u32,
    /// The name of the application's cookie, for `app_cookie`.
    pub cookie_name: Option<String>,
}

/// How a load balancer recognizes a client.
#[block]
#[serde(rename_all = "snake_case")]
pub enum StickinessType {
    /// By a cookie of the load balancer.
    LbCookie,
    /// By a cookie of the application.
    AppCookie,
    /// By the client's address.
    SourceIp,
    /// By the addresses of a flow, for a gateway load balancer.
    SourceIpDestIp,
    /// By the addresses and the protocol of a flow, for a gateway load balancer.
    SourceIpDestIpProto,
}

/// What a gateway load balancer does with the flows of a target that leaves or fails. Both fields must be equal.
#[block]
pub struct TargetFailover {
    /// After the target was deregistered.
    pub on_deregistration: FlowTreatment,
    /// After the target has become unhealthy.
    pub on_unhealthy: FlowTreatment,
}

/// The treatment of existing flows.
#[block]
#[serde(rename_all = "snake_case")]
pub enum FlowTreatment {
    /// Other targets take them over.
    Rebalance,
    /// They stay.
    NoRebalance,
}

/// The number of healthy targets that a group needs.
#[block]
pub struct TargetGroupHealth {
    /// Below it, DNS leaves out the zone.
    #[field(computed)]
    pub dns_failover: Option<DnsFailover>,
    /// Below it, all targets get requests, also unhealthy ones.
    #[field(computed)]
    pub unhealthy_state_routing: Option<UnhealthyStateRouting>,
}

/// The healthy targets without which DNS leaves out a zone.
#[block]
pub struct DnsFailover {
    /// Their number, or `off`.
    #[field(default = "off", pattern = "^(off|[1-9][0-9]*)$")]
    pub minimum_healthy_targets_count: String,
    /// Their percentage, or `off`.
    #[field(default = "off", pattern = "^(off|[1-9][0-9]?|100)$")]
    pub minimum_healthy_targets_percentage: String,
}

/// The healthy targets without which all targets get requests.
#[block]
pub struct UnhealthyStateRouting {
    /// Their number.
    #[field(default = 1, minimum = 1)]
    pub minimum_healthy_targets_count: u32,
    /// Their percentage, or `off`.
    #[field(default = "off", pattern = "^(off|[1-9][0-9]?|100)$")]
    pub minimum_healthy_targets_percentage: String,
}

/// What a network load balancer does with the connections to an unhealthy target.
#[block]
pub struct TargetHealthState {
    /// Whether it ends them.
    pub enable_unhealthy_connection_termination: bool,
    /// The time for draining the target, in seconds, up to 360000. It counts only if connections do not end.
    #[field(default = 0, maximum = 360000)]
    pub unhealthy_draining_interval: u32,
}
