//! The etcd clusters and the volumes of their members. Data only.

use super::values::{Duration, EtcdVersion, Quantity, Store, VolumeType, Written};
use super::{EtcdName, EtcdProvider};

impl EtcdCluster {
    /// Its name. [`validate`](crate::validate()) refuses a cluster without one, which counts as `main` until then.
    pub fn name(&self) -> EtcdName {
        self.name.unwrap_or_default()
    }

    /// Where backups are kept. `None` until the spec says it or [`populate`](crate::populate()) sets it.
    pub fn backup_store(&self) -> Option<&Store> {
        self.backups.as_ref()?.backup_store.as_deref()
    }
}

section! {
    /// One etcd cluster: `main`, `events`, `leases` or `cilium`.
    pub struct EtcdCluster {
        /// Its name. Required.
        pub name: Option<EtcdName>,
        /// What runs it.
        pub provider: Option<EtcdProvider>,
        /// Its members, an odd number.
        pub etcd_members: Vec<EtcdMember>,
        /// Unused by kops.
        #[serde(rename = "enableEtcdTLS")]
        #[serde(skip_serializing)]
        pub enable_etcd_tls: bool,
        /// Unused by kops.
        #[serde(rename = "enableTLSAuth")]
        #[serde(skip_serializing)]
        pub enable_tls_auth: bool,
        /// The version of etcd.
        pub version: Option<Written<EtcdVersion>>,
        /// The timeout after which a new leader is elected.
        pub leader_election_timeout: Option<Duration>,
        /// The heartbeat interval of the leader.
        pub heartbeat_interval: Option<Duration>,
        /// The image of etcd.
        pub image: String,
        /// How backups are made.
        pub backups: Option<EtcdBackups>,
        /// Settings of etcd-manager.
        pub manager: Option<EtcdManager>,
        /// Memory requested for each container.
        pub memory_request: Option<Quantity>,
        /// Processor time requested for each container.
        pub cpu_request: Option<Quantity>,
        /// Ignored by kops here. The members have this field.
        #[serde(skip_serializing)]
        pub volume_iops: Option<u32>,
        /// Ignored by kops here. The members have this field.
        #[serde(skip_serializing)]
        pub volume_throughput: Option<u32>,
        /// Ignored by kops here. The members have this field.
        #[serde(skip_serializing)]
        pub volume_size: Option<u32>,
        /// Ignored by kops here. The members have this field.
        #[serde(skip_serializing)]
        pub r#type: Option<String>,
    }

    /// How backups are made.
    pub struct EtcdBackups {
        /// Where they are kept.
        pub backup_store: Option<Written<Store>>,
        /// The image that makes them.
        pub image: String,
    }

    /// Settings of etcd-manager.
    pub struct EtcdManager {
        /// The image.
        pub image: String,
        /// Environment variables.
        pub env: Vec<EnvVar>,
        /// How often backups are made.
        pub backup_interval: Option<Duration>,
        /// How many days they are kept.
        pub backup_retention_days: Option<u32>,
        /// How often members look for each other.
        pub discovery_poll_interval: Option<Duration>,
        /// Addresses that serve metrics.
        #[serde(rename = "listenMetricsURLs")]
        pub listen_metrics_urls: Vec<String>,
        /// Addresses that serve clients over HTTP.
        #[serde(rename = "listenClientHTTPURLs")]
        pub listen_client_http_urls: Vec<String>,
        /// How much is logged.
        pub log_level: Option<i32>,
    }

    /// An environment variable.
    pub struct EnvVar {
        /// Its name.
        pub name: String,
        /// Its value.
        pub value: String,
    }

    /// A member of an etcd cluster, and the volume it keeps its data on.
    pub struct EtcdMember {
        /// Its name inside the etcd cluster.
        pub name: String,
        /// The control-plane group it runs on.
        pub instance_group: Option<String>,
        /// The volume's type. The default is `gp3`.
        pub volume_type: Option<VolumeType>,
        /// The volume's operations per second.
        pub volume_iops: Option<u32>,
        /// The volume's throughput in MiB per second.
        pub volume_throughput: Option<u32>,
        /// The volume's size in GiB. The default is 20.
        pub volume_size: Option<u32>,
        /// The key that encrypts the volume.
        pub kms_key_id: Option<String>,
        /// Whether the volume is encrypted.
        pub encrypted_volume: Option<bool>,
    }
}
