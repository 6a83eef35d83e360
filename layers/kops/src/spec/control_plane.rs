//! Flags of Kubernetes' controllers, scheduler and proxy. Fields have the names of the API. The description of a flag names the flag.
//! Data only.

use super::values::{Duration, Quantity, Url, Written};
use ipnet::IpNet;
use std::collections::BTreeMap;
use std::net::IpAddr;

section! {
    /// Flags of kube-controller-manager.
    pub struct KubeControllerManager {
        /// The flag `--master`.
        pub master: String,
        /// The flag `--logging-format`.
        pub log_format: String,
        /// The flag `--v`.
        pub log_level: i32,
        /// The flag `--service-account-private-key-file`.
        pub service_account_private_key_file: String,
        /// `image`.
        pub image: String,
        /// The flag `--cloud-provider`.
        pub cloud_provider: String,
        /// The flag `--cluster-name`.
        pub cluster_name: String,
        /// The flag `--cluster-cidr`.
        #[serde(rename = "clusterCIDR")]
        pub cluster_cidr: Option<Written<IpNet>>,
        /// The flag `--allocate-node-cidrs`.
        #[serde(rename = "allocateNodeCIDRs")]
        pub allocate_node_cidrs: Option<bool>,
        /// The flag `--node-cidr-mask-size`.
        #[serde(rename = "nodeCIDRMaskSize")]
        pub node_cidr_mask_size: Option<i32>,
        /// The flag `--configure-cloud-routes`.
        pub configure_cloud_routes: Option<bool>,
        /// The flag `--controllers`.
        pub controllers: Vec<String>,
        /// The flag `--cidr-allocator-type`.
        pub cidr_allocator_type: Option<String>,
        /// The flag `--root-ca-file`.
        #[serde(rename = "rootCAFile")]
        pub root_ca_file: String,
        /// `leaderElection`.
        pub leader_election: Option<LeaderElection>,
        /// The flag `--attach-detach-reconcile-sync-period`.
        pub attach_detach_reconcile_sync_period: Option<Duration>,
        /// The flag `--disable-attach-detach-reconcile-sync`.
        pub disable_attach_detach_reconcile_sync: Option<bool>,
        /// The flag `--terminated-pod-gc-threshold`.
        #[serde(rename = "terminatedPodGCThreshold")]
        pub terminated_pod_gc_threshold: Option<i32>,
        /// The flag `--node-monitor-period`.
        pub node_monitor_period: Option<Duration>,
        /// The flag `--node-monitor-grace-period`.
        pub node_monitor_grace_period: Option<Duration>,
        /// The flag `--pod-eviction-timeout`.
        pub pod_eviction_timeout: Option<Duration>,
        /// The flag `--use-service-account-credentials`.
        pub use_service_account_credentials: Option<bool>,
        /// The flag `--horizontal-pod-autoscaler-sync-period`.
        pub horizontal_pod_autoscaler_sync_period: Option<Duration>,
        /// The flag `--horizontal-pod-autoscaler-downscale-delay`.
        pub horizontal_pod_autoscaler_downscale_delay: Option<Duration>,
        /// The flag `--horizontal-pod-autoscaler-downscale-stabilization`.
        pub horizontal_pod_autoscaler_downscale_stabilization: Option<Duration>,
        /// The flag `--horizontal-pod-autoscaler-upscale-delay`.
        pub horizontal_pod_autoscaler_upscale_delay: Option<Duration>,
        /// The flag `--horizontal-pod-autoscaler-initial-readiness-delay`.
        pub horizontal_pod_autoscaler_initial_readiness_delay: Option<Duration>,
        /// The flag `--horizontal-pod-autoscaler-cpu-initialization-period`.
        pub horizontal_pod_autoscaler_cpu_initialization_period: Option<Duration>,
        /// The flag `--horizontal-pod-autoscaler-tolerance`.
        pub horizontal_pod_autoscaler_tolerance: Option<Quantity>,
        /// The flag `--horizontal-pod-autoscaler-use-rest-clients`.
        pub horizontal_pod_autoscaler_use_rest_clients: Option<bool>,
        /// The flag `--experimental-cluster-signing-duration`.
        pub experimental_cluster_signing_duration: Option<Duration>,
        /// The flag `--cluster-signing-duration`.
        #[serde(rename = "ClusterSigningDuration")]
        pub cluster_signing_duration: Option<Duration>,
        /// The flag `--feature-gates`.
        pub feature_gates: BTreeMap<String, String>,
        /// The flag `--tls-cert-file`.
        pub tls_cert_file: Option<String>,
        /// The flag `--tls-cipher-suites`.
        pub tls_cipher_suites: Vec<String>,
        /// The flag `--tls-min-version`.
        pub tls_min_version: String,
        /// The flag `--tls-private-key-file`.
        pub tls_private_key_file: String,
        /// The flag `--min-resync-period`.
        pub min_resync_period: Option<Written<Duration>>,
        /// The flag `--kube-api-qps`.
        #[serde(rename = "kubeAPIQPS")]
        pub kube_api_qps: Option<Quantity>,
        /// The flag `--kube-api-burst`.
        #[serde(rename = "kubeAPIBurst")]
        pub kube_api_burst: Option<i32>,
        /// The flag `--concurrent-deployment-syncs`.
        pub concurrent_deployment_syncs: Option<i32>,
        /// The flag `--concurrent-endpoint-syncs`.
        pub concurrent_endpoint_syncs: Option<i32>,
        /// The flag `--concurrent-namespace-syncs`.
        pub concurrent_namespace_syncs: Option<i32>,
        /// The flag `--concurrent-replicaset-syncs`.
        pub concurrent_replicaset_syncs: Option<i32>,
        /// The flag `--concurrent-service-syncs`.
        pub concurrent_service_syncs: Option<i32>,
        /// The flag `--concurrent-resource-quota-syncs`.
        pub concurrent_resource_quota_syncs: Option<i32>,
        /// The flag `--concurrent-serviceaccount-token-syncs`.
        pub concurrent_serviceaccount_token_syncs: Option<i32>,
        /// The flag `--concurrent-rc-syncs`.
        pub concurrent_rc_syncs: Option<i32>,
        /// The flag `--concurrent-horizontal-pod-autoscaler-syncs`.
        #[serde(rename = "concurrentHorizontalPodAustoscalerSyncs")]
        pub concurrent_horizontal_pod_autoscaler_syncs: Option<i32>,
        /// The flag `--concurrent-job-syncs`.
        pub concurrent_job_syncs: Option<i32>,
        /// The flag `--authentication-kubeconfig`.
        pub authentication_kubeconfig: String,
        /// The flag `--authorization-kubeconfig`.
        pub authorization_kubeconfig: String,
        /// The flag `--authorization-always-allow-paths`.
        pub authorization_always_allow_paths: Vec<String>,
        /// The flag `--external-cloud-volume-plugin`.
        pub external_cloud_volume_plugin: String,
        /// The flag `--endpoint-updates-batch-period`.
        pub endpoint_updates_batch_period: Option<Duration>,
        /// The flag `--endpointslice-updates-batch-period`.
        pub endpoint_slice_updates_batch_period: Option<Duration>,
        /// The flag `--profiling`.
        pub enable_profiling: Option<bool>,
        /// The flag `--contention-profiling`.
        pub enable_contention_profiling: Option<bool>,
        /// The flag `--enable-leader-migration`.
        pub enable_leader_migration: Option<bool>,
        /// `cpuRequest`.
        pub cpu_request: Option<Quantity>,
        /// `cpuLimit`.
        pub cpu_limit: Option<Quantity>,
        /// `memoryRequest`.
        pub memory_request: Option<Quantity>,
        /// `memoryLimit`.
        pub memory_limit: Option<Quantity>,
    }

    /// Flags of kube-scheduler.
    pub struct KubeScheduler {
        /// The flag `--master`.
        pub master: String,
        /// The flag `--logging-format`.
        pub log_format: String,
        /// The flag `--v`.
        pub log_level: i32,
        /// `image`.
        pub image: String,
        /// `leaderElection`.
        pub leader_election: Option<LeaderElection>,
        /// `usePolicyConfigMap`.
        pub use_policy_config_map: Option<bool>,
        /// The flag `--feature-gates`.
        pub feature_gates: BTreeMap<String, String>,
        /// `maxPersistentVolumes`.
        pub max_persistent_volumes: Option<i32>,
        /// `qps`.
        pub qps: Option<Quantity>,
        /// `burst`.
        pub burst: i32,
        /// The flag `--kube-api-qps`.
        #[serde(rename = "kubeAPIQPS")]
        pub kube_api_qps: Option<Quantity>,
        /// The flag `--kube-api-burst`.
        #[serde(rename = "kubeAPIBurst")]
        pub kube_api_burst: Option<i32>,
        /// The flag `--authentication-kubeconfig`.
        pub authentication_kubeconfig: String,
        /// The flag `--authorization-kubeconfig`.
        pub authorization_kubeconfig: String,
        /// The flag `--authorization-always-allow-paths`.
        pub authorization_always_allow_paths: Vec<String>,
        /// The flag `--profiling`.
        pub enable_profiling: Option<bool>,
        /// The flag `--contention-profiling`.
        pub enable_contention_profiling: Option<bool>,
        /// The flag `--tls-cert-file`.
        pub tls_cert_file: Option<String>,
        /// The flag `--tls-private-key-file`.
        pub tls_private_key_file: String,
        /// `cpuRequest`.
        pub cpu_request: Option<Quantity>,
        /// `cpuLimit`.
        pub cpu_limit: Option<Quantity>,
        /// `memoryRequest`.
        pub memory_request: Option<Quantity>,
        /// `memoryLimit`.
        pub memory_limit: Option<Quantity>,
    }

    /// Flags of kube-proxy.
    pub struct KubeProxy {
        /// `image`.
        pub image: String,
        /// `cpuRequest`.
        pub cpu_request: Option<Quantity>,
        /// `cpuLimit`.
        pub cpu_limit: Option<Quantity>,
        /// `memoryRequest`.
        pub memory_request: Option<Quantity>,
        /// `memoryLimit`.
        pub memory_limit: Option<Quantity>,
        /// The flag `--v`.
        pub log_level: i32,
        /// The flag `--cluster-cidr`.
        #[serde(rename = "clusterCIDR")]
        pub cluster_cidr: Option<Written<IpNet>>,
        /// The flag `--hostname-override`.
        pub hostname_override: String,
        /// The flag `--bind-address`.
        pub bind_address: Option<Written<IpAddr>>,
        /// The flag `--master`.
        pub master: Option<Url>,
        /// The flag `--metrics-bind-address`.
        pub metrics_bind_address: Option<String>,
        /// `enabled`.
        pub enabled: Option<bool>,
        /// The flag `--proxy-mode`.
        pub proxy_mode: String,
        /// The flag `--ipvs-exclude-cidrs`.
        pub ipvs_exclude_cidrs: Vec<Written<IpNet>>,
        /// The flag `--ipvs-min-sync-period`.
        pub ipvs_min_sync_period: Option<Duration>,
        /// The flag `--ipvs-scheduler`.
        pub ipvs_scheduler: Option<String>,
        /// The flag `--ipvs-sync-period`.
        pub ipvs_sync_period: Option<Duration>,
        /// The flag `--feature-gates`.
        pub feature_gates: BTreeMap<String, String>,
        /// The flag `--conntrack-max-per-core`.
        pub conntrack_max_per_core: Option<i32>,
        /// The flag `--conntrack-min`.
        pub conntrack_min: Option<i32>,
    }

    /// Flags of the cloud controller manager.
    pub struct CloudControllerManager {
        /// The flag `--master`.
        pub master: String,
        /// The flag `--v`.
        pub log_level: i32,
        /// `image`.
        pub image: String,
        /// The flag `--cloud-provider`.
        pub cloud_provider: String,
        /// The flag `--cluster-name`.
        pub cluster_name: String,
        /// The flag `--allow-untagged-cloud`.
        pub allow_untagged_cloud: Option<bool>,
        /// The flag `--cluster-cidr`.
        #[serde(rename = "clusterCIDR")]
        pub cluster_cidr: Option<Written<IpNet>>,
        /// The flag `--allocate-node-cidrs`.
        #[serde(rename = "allocateNodeCIDRs")]
        pub allocate_node_cidrs: Option<bool>,
        /// The flag `--configure-cloud-routes`.
        pub configure_cloud_routes: Option<bool>,
        /// The flag `--controllers`.
        pub controllers: Vec<String>,
        /// The flag `--cidr-allocator-type`.
        pub cidr_allocator_type: Option<String>,
        /// `leaderElection`.
        pub leader_election: Option<LeaderElection>,
        /// The flag `--use-service-account-credentials`.
        pub use_service_account_credentials: Option<bool>,
        /// The flag `--enable-leader-migration`.
        pub enable_leader_migration: Option<bool>,
        /// `cpuRequest`.
        pub cpu_request: Option<Quantity>,
        /// The flag `--node-status-update-frequency`.
        pub node_status_update_frequency: Option<Duration>,
        /// The flag `--concurrent-node-syncs`.
        pub concurrent_node_syncs: Option<i32>,
        /// `azureNodeManagerImage`.
        pub azure_node_manager_image: String,
    }

    /// How several replicas of a component agree on one that works.
    pub struct LeaderElection {
        /// The flag `--leader-elect`.
        pub leader_elect: Option<bool>,
        /// The flag `--leader-elect-lease-duration`.
        pub leader_elect_lease_duration: Option<Duration>,
        /// The flag `--leader-elect-renew-deadline`.
        pub leader_elect_renew_deadline_duration: Option<Duration>,
        /// The flag `--leader-elect-resource-lock`.
        pub leader_elect_resource_lock: Option<String>,
        /// The flag `--leader-elect-resource-name`.
        pub leader_elect_resource_name: Option<String>,
        /// The flag `--leader-elect-resource-namespace`.
        pub leader_elect_resource_namespace: Option<String>,
        /// The flag `--leader-elect-retry-period`.
        pub leader_elect_retry_period: Option<Duration>,
    }
}
