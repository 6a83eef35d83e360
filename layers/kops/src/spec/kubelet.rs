//! Flags of the kubelet. Fields have the names of the API. The description of a flag names the flag. Data only.

use super::values::{Duration, Quantity, Taint, Written};
use super::{KubeletCloud, LogFormat, MemorySwapBehavior, TopologyManagerPolicy};
use ipnet::IpNet;
use std::collections::BTreeMap;

section! {
    /// Flags of the kubelet, for the cluster or one group.
    pub struct Kubelet {
        /// The flag `--api-servers`.
        pub api_servers: String,
        /// The flag `--anonymous-auth`.
        pub anonymous_auth: Option<bool>,
        /// The flag `--authorization-mode`.
        pub authorization_mode: String,
        /// The flag `--bootstrap-kubeconfig`.
        pub bootstrap_kubeconfig: String,
        /// The flag `--client-ca-file`.
        pub client_ca_file: String,
        /// The flag `--tls-cert-file`.
        pub tls_cert_file: String,
        /// The flag `--tls-private-key-file`.
        pub tls_private_key_file: String,
        /// The flag `--tls-cipher-suites`.
        pub tls_cipher_suites: Vec<String>,
        /// The flag `--tls-min-version`.
        pub tls_min_version: String,
        /// The flag `--kubeconfig`.
        pub kubeconfig_path: String,
        /// The flag `--require-kubeconfig`.
        pub require_kubeconfig: Option<bool>,
        /// The flag `--logging-format`.
        pub log_format: Option<LogFormat>,
        /// The flag `--v`.
        pub log_level: Option<i32>,
        /// The flag `--pod-manifest-path`.
        pub pod_manifest_path: String,
        /// The flag `--hostname-override`.
        pub hostname_override: String,
        /// `podInfraContainerImage`.
        pub pod_infra_container_image: String,
        /// The flag `--seccomp-default`.
        pub seccomp_default: Option<bool>,
        /// The flag `--seccomp-profile-root`.
        pub seccomp_profile_root: Option<String>,
        /// The flag `--allow-privileged`.
        pub allow_privileged: Option<bool>,
        /// The flag `--enable-debugging-handlers`.
        pub enable_debugging_handlers: Option<bool>,
        /// The flag `--register-node`.
        pub register_node: Option<bool>,
        /// The flag `--node-status-update-frequency`.
        pub node_status_update_frequency: Option<Duration>,
        /// The flag `--cluster-domain`.
        pub cluster_domain: String,
        /// The flag `--cluster-dns`.
        #[serde(rename = "clusterDNS")]
        pub cluster_dns: String,
        /// The flag `--network-plugin`.
        pub network_plugin_name: Option<String>,
        /// The flag `--cloud-provider`.
        pub cloud_provider: Option<KubeletCloud>,
        /// The flag `--kubelet-cgroups`.
        pub kubelet_cgroups: String,
        /// The flag `--runtime-cgroups`.
        pub runtime_cgroups: String,
        /// The flag `--read-only-port`.
        pub read_only_port: Option<i32>,
        /// The flag `--system-cgroups`.
        pub system_cgroups: String,
        /// The flag `--cgroup-root`.
        pub cgroup_root: String,
        /// The flag `--configure-cbr0`.
        pub configure_cbr0: Option<bool>,
        /// The flag `--hairpin-mode`.
        pub hairpin_mode: String,
        /// The flag `--babysit-daemons`.
        pub babysit_daemons: Option<bool>,
        /// The flag `--max-pods`.
        pub max_pods: Option<i32>,
        /// The flag `--experimental-nvidia-gpus`.
        #[serde(rename = "nvidiaGPUs")]
        pub nvidia_gpus: i32,
        /// The flag `--pod-cidr`.
        #[serde(rename = "podCIDR")]
        pub pod_cidr: Option<Written<IpNet>>,
        /// The flag `--resolv-conf`.
        pub resolv_conf: Option<String>,
        /// The flag `--reconcile-cidr`.
        #[serde(rename = "reconcileCIDR")]
        pub reconcile_cidr: Option<bool>,
        /// The flag `--register-schedulable`.
        pub register_schedulable: Option<bool>,
        /// The flag `--serialize-image-pulls`.
        pub serialize_image_pulls: Option<bool>,
        /// The flag `--node-labels`.
        pub node_labels: BTreeMap<String, String>,
        /// The flag `--non-masquerade-cidr`.
        #[serde(rename = "nonMasqueradeCIDR")]
        pub non_masquerade_cidr: Option<String>,
        /// The flag `--enable-custom-metrics`.
        pub enable_custom_metrics: Option<bool>,
        /// The flag `--network-plugin-mtu`.
        #[serde(rename = "networkPluginMTU")]
        pub network_plugin_mtu: Option<i32>,
        /// `imageMinimumGCAge`.
        #[serde(rename = "imageMinimumGCAge")]
        pub image_minimum_gc_age: Option<Duration>,
        /// `imageMaximumGCAge`.
        #[serde(rename = "imageMaximumGCAge")]
        pub image_maximum_gc_age: Option<Duration>,
        /// `maxParallelImagePulls`.
        pub max_parallel_image_pulls: Option<i32>,
        /// The flag `--image-gc-high-threshold`.
        #[serde(rename = "imageGCHighThresholdPercent")]
        pub image_gc_high_threshold_percent: Option<i32>,
        /// The flag `--image-gc-low-threshold`.
        #[serde(rename = "imageGCLowThresholdPercent")]
        pub image_gc_low_threshold_percent: Option<i32>,
        /// The flag `--image-pull-progress-deadline`.
        pub image_pull_progress_deadline: Option<Duration>,
        /// The flag `--eviction-hard`.
        pub eviction_hard: Option<String>,
        /// The flag `--eviction-soft`.
        pub eviction_soft: String,
        /// The flag `--eviction-soft-grace-period`.
        pub eviction_soft_grace_period: String,
        /// The flag `--eviction-pressure-transition-period`.
        pub eviction_pressure_transition_period: Option<Duration>,
        /// The flag `--eviction-max-pod-grace-period`.
        pub eviction_max_pod_grace_period: i32,
        /// The flag `--eviction-minimum-reclaim`.
        pub eviction_minimum_reclaim: String,
        /// The flag `--volume-plugin-dir`.
        pub volume_plugin_directory: String,
        /// The flag `--register-with-taints`.
        pub taints: Vec<Taint>,
        /// The flag `--feature-gates`.
        pub feature_gates: BTreeMap<String, String>,
        /// The flag `--kernel-memcg-notification`.
        pub kernel_memcg_notification: Option<bool>,
        /// The flag `--kube-reserved`.
        pub kube_reserved: BTreeMap<String, Written<Quantity>>,
        /// The flag `--kube-reserved-cgroup`.
        pub kube_reserved_cgroup: String,
        /// The flag `--system-reserved`.
        pub system_reserved: BTreeMap<String, Written<Quantity>>,
        /// The flag `--system-reserved-cgroup`.
        pub system_reserved_cgroup: String,
        /// The flag `--enforce-node-allocatable`.
        pub enforce_node_allocatable: String,
        /// The flag `--runtime-request-timeout`.
        pub runtime_request_timeout: Option<Duration>,
        /// The flag `--volume-stats-agg-period`.
        pub volume_stats_agg_period: Option<Duration>,
        /// The flag `--fail-swap-on`.
        pub fail_swap_on: Option<bool>,
        /// The flag `--experimental-allowed-unsafe-sysctls`.
        pub experimental_allowed_unsafe_sysctls: Vec<String>,
        /// The flag `--allowed-unsafe-sysctls`.
        pub allowed_unsafe_sysctls: Vec<String>,
        /// The flag `--streaming-connection-idle-timeout`.
        pub streaming_connection_idle_timeout: Option<Duration>,
        /// The flag `--docker-disable-shared-pid`.
        #[serde(rename = "dockerDisableSharedPID", skip_serializing)]
        pub docker_disable_shared_pid: Option<bool>,
        /// The flag `--root-dir`.
        pub root_dir: String,
        /// The flag `--authentication-token-webhook`.
        pub authentication_token_webhook: Option<bool>,
        /// The flag `--authentication-token-webhook-cache-ttl`.
        pub authentication_token_webhook_cache_ttl: Option<Duration>,
        /// The flag `--cpu-cfs-quota`.
        #[serde(rename = "cpuCFSQuota")]
        pub cpu_cfs_quota: Option<bool>,
        /// The flag `--cpu-cfs-quota-period`.
        #[serde(rename = "cpuCFSQuotaPeriod")]
        pub cpu_cfs_quota_period: Option<Duration>,
        /// The flag `--cpu-manager-policy`.
        pub cpu_manager_policy: String,
        /// The flag `--registry-qps`.
        #[serde(rename = "registryPullQPS")]
        pub registry_pull_qps: Option<i32>,
        /// The flag `--registry-burst`.
        pub registry_burst: Option<i32>,
        /// The flag `--topology-manager-policy`.
        pub topology_manager_policy: Option<TopologyManagerPolicy>,
        /// The flag `--rotate-certificates`.
        pub rotate_certificates: Option<bool>,
        /// The flag `--protect-kernel-defaults`.
        pub protect_kernel_defaults: Option<bool>,
        /// The flag `--cgroup-driver`.
        pub cgroup_driver: String,
        /// The flag `--housekeeping-interval`.
        pub housekeeping_interval: Option<Duration>,
        /// The flag `--event-qps`.
        #[serde(rename = "eventQPS")]
        pub event_qps: Option<i32>,
        /// The flag `--event-burst`.
        pub event_burst: Option<i32>,
        /// The flag `--container-log-max-size`.
        pub container_log_max_size: Option<Written<Quantity>>,
        /// The flag `--container-log-max-files`.
        pub container_log_max_files: Option<i32>,
        /// The flag `--enable-cadvisor-json-endpoints`.
        pub enable_cadvisor_json_endpoints: Option<bool>,
        /// The flag `--pod-max-pids`.
        pub pod_pids_limit: Option<i64>,
        /// The flag `--experimental-allocatable-ignore-eviction`.
        pub experimental_allocatable_ignore_eviction: Option<bool>,
        /// `shutdownGracePeriod`.
        pub shutdown_grace_period: Option<Duration>,
        /// `shutdownGracePeriodCriticalPods`.
        pub shutdown_grace_period_critical_pods: Option<Duration>,
        /// `memorySwapBehavior`.
        pub memory_swap_behavior: Option<MemorySwapBehavior>,
        /// `crashLoopBackOffMaxContainerRestartPeriod`.
        pub crash_loop_back_off_max_container_restart_period: Option<Duration>,
        /// The flag `--kube-api-qps`.
        #[serde(rename = "kubeAPIQPS")]
        pub kube_api_qps: Option<i32>,
        /// `eventRecordQPS`.
        #[serde(rename = "eventRecordQPS")]
        pub event_record_qps: Option<i32>,
        /// `nodeLeaseDurationSeconds`.
        pub node_lease_duration_seconds: Option<i32>,
    }
}
