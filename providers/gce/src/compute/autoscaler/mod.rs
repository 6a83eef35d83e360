//! `google_compute_autoscaler`.

#[cfg(feature = "client")]
mod client;

use std::collections::BTreeSet;

use landform_core::{Id, attributes, block, resource};

use super::InstanceGroupManager;

/// The size of a group of instances in one zone, by its load. Give the group no `target_size`.
///
/// # Example
/// ```
/// # use landform_core::Stack;
/// # use landform_gce as gce;
/// # let mut stack = Stack::new("demo");
/// # let template = stack.add("web", gce::InstanceTemplate::new("web", "e2-small"));
/// # let version = gce::GroupVersion::new(&template);
/// # let group = stack.add("web", gce::InstanceGroupManager::new("web", "web").version([version]));
/// let policy = gce::AutoscalingPolicy::new(2_u32, 10_u32).cpu_utilization(gce::CpuTarget::new(0.6));
/// stack.add("web", gce::Autoscaler::new("web", &group, policy));
/// ```
#[resource(
    "google_compute_autoscaler",
    id = "projects/{project}/zones/{zone}/autoscalers/{name}",
    unique("project", "zone", "name"),
    takes(create = 8, update = 8, delete = 8)
)]
pub struct Autoscaler {
    /// Its name, unique in the zone.
    #[field(immutable, max_length = 63, pattern = "^[a-z]([a-z0-9-]*[a-z0-9])?$")]
    pub name: String,
    /// The group.
    pub target: Id<InstanceGroupManager>,
    /// When it adds and removes instances.
    pub autoscaling_policy: AutoscalingPolicy,
    /// The project. The default is the provider's.
    #[field(immutable, computed, form = "{account}")]
    pub project: Option<String>,
    /// The zone. The default is the provider's.
    #[field(immutable, computed, form = "{zone}")]
    pub zone: Option<String>,
    /// A description of its purpose.
    pub description: Option<String>,
}

/// The attributes that Compute Engine computes for an [`Autoscaler`].
#[attributes]
pub struct AutoscalerAttributes {
    /// `projects/{project}/zones/{zone}/autoscalers/{name}`.
    pub id: Id<Autoscaler>,
    /// Its URL.
    #[field(form = "https://www.googleapis.com/compute/v1/{id}")]
    pub self_link: String,
}

/// When an autoscaler adds and removes instances.
#[block]
pub struct AutoscalingPolicy {
    /// The smallest number of instances.
    pub min_replicas: u32,
    /// The largest number of instances.
    #[field(minimum = 1)]
    pub max_replicas: u32,
    /// How long a new instance needs until its load counts, in seconds.
    #[field(default = 60)]
    pub cooldown_period: u32,
    /// What it may do.
    #[field(default = AutoscalingMode::On)]
    pub mode: AutoscalingMode,
    /// The use of the CPUs that it aims at. The default is 0.6 if the policy names no other load.
    #[field(computed)]
    pub cpu_utilization: Option<CpuTarget>,
    /// The share of the load balancer's capacity that it aims at.
    pub load_balancing_utilization: Option<BalancerTarget>,
    /// The metrics that it follows.
    pub metric: Vec<MetricTarget>,
    /// How fast it removes instances.
    pub scale_in_control: Option<ScaleIn>,
    /// The minimum numbers of instances at certain times.
    pub scaling_schedules: BTreeSet<ScalingSchedule>,
    /// How long it looks back before it removes instances, in seconds.
    pub stabilization_period: Option<u32>,
}

/// What an autoscaler may do.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AutoscalingMode {
    /// Nothing.
    Off,
    /// Add instances.
    OnlyUp,
    /// Add instances.
    OnlyScaleOut,
    /// Add and remove instances.
    On,
}

/// The use of CPUs that an autoscaler aims at.
#[block]
pub struct CpuTarget {
    /// The average use, from 0 to 1.
    #[field(minimum = 0, maximum = 1)]
    pub target: f64,
    /// Whether it also foresees the load.
    #[field(default = PredictiveMethod::None)]
    pub predictive_method: PredictiveMethod,
}

/// Whether an autoscaler foresees the load.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PredictiveMethod {
    /// It follows the present load.
    None,
    /// It also adds instances before a load that comes every day or week.
    OptimizeAvailability,
}

/// The share of a load balancer's capacity that an autoscaler aims at.
#[block]
pub struct BalancerTarget {
    /// The share, from 0 to 1.
    pub target: f64,
}

/// A metric that an autoscaler follows.
#[block]
pub struct MetricTarget {
    /// The name of the metric in Cloud Monitoring.
    pub name: String,
    /// The value that each instance should have.
    pub target: Option<f64>,
    /// The amount of work for one instance, for a metric of the whole group.
    pub single_instance_assignment: Option<f64>,
    /// How the target is measured.
    pub r#type: Option<MetricType>,
    /// The time series that count, as a filter.
    pub filter: Option<String>,
}

/// How a metric's target is measured.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MetricType {
    /// The value.
    Gauge,
    /// The change in a second.
    DeltaPerSecond,
    /// The change in a minute.
    DeltaPerMinute,
}

/// How fast an autoscaler removes instances.
#[block]
pub struct ScaleIn {
    /// The largest number of instances that it removes in the time window.
    pub max_scaled_in_replicas: Option<ScaleInLimit>,
    /// The time window, in seconds.
    pub time_window_sec: Option<u32>,
}

/// A number of instances to remove: one of the two.
#[block]
pub struct ScaleInLimit {
    /// A number.
    pub fixed: Option<u32>,
    /// A percentage.
    #[field(maximum = 100)]
    pub percent: Option<u32>,
}

/// The minimum number of instances at certain times.
#[block]
#[derive(Eq, PartialOrd, Ord)]
pub struct ScalingSchedule {
    /// Its name.
    pub name: String,
    /// The times at which it begins, as a cron expression.
    pub schedule: String,
    /// How long it lasts, in seconds.
    #[field(minimum = 300)]
    pub duration_sec: u32,
    /// The minimum number of instances.
    pub min_required_replicas: u32,
    /// The time zone of the schedule.
    #[field(default = "UTC")]
    pub time_zone: String,
    /// A description.
    pub description: Option<String>,
    /// Whether the autoscaler ignores it.
    #[field(default = false)]
    pub disabled: bool,
}
