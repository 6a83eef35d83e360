//! The options of verbs that replace or check machines.

use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgAction, ArgGroup, Args, Subcommand};

use super::{Form, GroupChoice};

/// How to reach the Kubernetes API. By default, the URL follows from the spec, and the command makes a certificate.
#[derive(Args, Clone, Default)]
pub struct Reach {
    /// The URL of the API. The default follows from the spec.
    #[arg(long, value_name = "URL")]
    pub api_server: Option<String>,
    /// Uses the kubeconfig: its context with the cluster's name.
    #[arg(long)]
    pub use_kubeconfig: bool,
    /// Uses this file instead of kubectl's default file.
    #[arg(long, value_name = "FILE")]
    pub kubeconfig: Option<PathBuf>,
    /// How long the certificate is valid that the command makes. The default is 18h.
    #[arg(long, value_parser = humantime::parse_duration, value_name = "DURATION")]
    #[arg(conflicts_with_all = ["use_kubeconfig", "kubeconfig"])]
    pub admin: Option<Duration>,
}

impl Reach {
    /// How long a certificate is valid if the command line does not say it.
    const ADMIN: Duration = Duration::from_secs(18 * 60 * 60);

    /// Whether the command line says how to reach the API.
    pub fn is_given(&self) -> bool {
        self.api_server.is_some() || self.use_kubeconfig || self.kubeconfig.is_some() || self.admin.is_some()
    }

    /// How long the certificate is valid that the command makes.
    pub fn lifetime(&self) -> Duration {
        self.admin.unwrap_or(Self::ADMIN)
    }
}

/// How carefully the command replaces machines.
#[derive(Args, Clone)]
pub struct Conduct {
    /// Stops if the command cannot drain a machine.
    #[arg(long, default_value_t = true, action = ArgAction::Set, num_args = 0..=1, default_missing_value = "true")]
    pub fail_on_drain_error: bool,
    /// Stops if the cluster is not healthy in time.
    #[arg(long, default_value_t = true, action = ArgAction::Set, num_args = 0..=1, default_missing_value = "true")]
    pub fail_on_validate_error: bool,
    /// The time limit for draining a machine.
    #[arg(long, default_value = "15m", value_parser = humantime::parse_duration, value_name = "DURATION")]
    pub drain_timeout: Duration,
    /// The pause after draining a machine.
    #[arg(long, default_value = "5s", value_parser = humantime::parse_duration, value_name = "DURATION")]
    pub post_drain_delay: Duration,
    /// The time limit for the cluster to be healthy again.
    #[arg(long, default_value = "15m", value_parser = humantime::parse_duration, value_name = "DURATION")]
    pub validation_timeout: Duration,
    /// The number of successful checks in a row before the next machine.
    #[arg(long, default_value_t = 2)]
    pub validate_count: u32,
}

#[derive(Args)]
pub struct DeleteInstance {
    /// The machine's id, or its node's name.
    #[arg(value_name = "INSTANCE|NODE")]
    pub instance: String,
    /// Deletes the machine. Without this option, the command only shows it.
    #[arg(short, long)]
    pub yes: bool,
    /// Does not use the Kubernetes API: drains no machine and checks no node.
    #[arg(long, conflicts_with_all = ["Conduct", "Reach"])]
    pub cloudonly: bool,
    /// Detaches the machine first, so that its group starts another one.
    #[arg(long, default_value_t = true, action = ArgAction::Set, num_args = 0..=1, default_missing_value = "true")]
    pub surge: bool,
    #[command(flatten)]
    pub conduct: Conduct,
    #[command(flatten)]
    pub reach: Reach,
}

#[derive(Subcommand)]
pub enum RollingUpdate {
    /// A cluster.
    Cluster(RollingUpdateCluster),
}

#[derive(Args)]
pub struct RollingUpdateCluster {
    pub cluster: Option<String>,
    /// Replaces the machines. Without this option, the command only shows them.
    #[arg(short, long)]
    pub yes: bool,
    /// Also replaces machines that are up to date.
    #[arg(long)]
    pub force: bool,
    /// Asks after each machine whether to continue.
    #[arg(short, long)]
    pub interactive: bool,
    #[command(flatten)]
    pub groups: GroupChoice,
    #[command(flatten)]
    pub rolling: Rolling,
}

/// How the command replaces the machines of groups.
#[derive(Args, Clone)]
pub struct Rolling {
    /// Does not use the Kubernetes API: drains no machine and checks no node.
    #[arg(long, conflicts_with_all = ["Conduct", "Reach"])]
    pub cloudonly: bool,
    /// The pause after a machine of the control plane.
    #[arg(long, default_value = "15s", value_parser = humantime::parse_duration, alias = "master-interval")]
    #[arg(value_name = "DURATION")]
    pub control_plane_interval: Duration,
    /// The pause after a node, and after a machine that serves only the API.
    #[arg(long, default_value = "15s", value_parser = humantime::parse_duration, value_name = "DURATION")]
    pub node_interval: Duration,
    /// The pause after a bastion.
    #[arg(long, default_value = "15s", value_parser = humantime::parse_duration, value_name = "DURATION")]
    pub bastion_interval: Duration,
    #[command(flatten)]
    pub conduct: Conduct,
    #[command(flatten)]
    pub reach: Reach,
}

#[derive(Subcommand)]
pub enum Reconcile {
    /// A cluster.
    Cluster(ReconcileCluster),
}

#[derive(Args)]
pub struct ReconcileCluster {
    pub cluster: Option<String>,
    /// Makes the changes. Without this option, the command only shows them.
    #[arg(short, long)]
    pub yes: bool,
    #[command(flatten)]
    pub rolling: Rolling,
}

#[derive(Subcommand)]
pub enum Validate {
    /// A cluster.
    #[command(group = ArgGroup::new("repeats").args(["wait", "count"]).multiple(true))]
    Cluster {
        cluster: Option<String>,
        /// How long to wait for the cluster to be healthy.
        #[arg(long, value_parser = humantime::parse_duration, value_name = "DURATION")]
        wait: Option<Duration>,
        /// The number of successful checks in a row.
        #[arg(long, default_value_t = 0)]
        count: u32,
        /// The pause between checks.
        #[arg(long, default_value = "10s", value_parser = humantime::parse_duration, value_name = "DURATION")]
        #[arg(requires = "repeats")]
        interval: Duration,
        /// The number of nodes that may be unready.
        #[arg(long)]
        max_unready_nodes: Option<usize>,
        #[command(flatten)]
        reach: Reach,
        #[command(flatten)]
        form: Form,
    },
}
