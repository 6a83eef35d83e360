//! Flags of Kubernetes' own components. Fields have the names of the API. The description of a flag names the flag.
//! Data only.

use super::values::{Duration, NonNegative, PortRange, Quantity, Url, Written};
use ipnet::IpNet;
use landform_core::Cidr;
use std::collections::BTreeMap;
use std::net::IpAddr;

section! {
    /// Flags of kube-apiserver.
    pub struct KubeApiServer {
        /// `image`.
        pub image: String,
        /// `disableBasicAuth`.
        pub disable_basic_auth: Option<bool>,
        /// The flag `--logging-format`.
        pub log_format: String,
        /// The flag `--v`.
        pub log_level: i32,
        /// The flag `--cloud-provider`.
        pub cloud_provider: String,
        /// The flag `--etcd-compaction-interval`.
        pub compaction_interval: Option<Duration>,
        /// The flag `--secure-port`.
        pub secure_port: i32,
        /// The flag `--insecure-port`.
        pub insecure_port: Option<i32>,
        /// The flag `--address`.
        pub address: Option<Written<IpAddr>>,
        /// The flag `--advertise-address`.
        pub advertise_address: Option<Written<IpAddr>>,
        /// The flag `--bind-address`.
        pub bind_address: Option<Written<IpAddr>>,
        /// The flag `--insecure-bind-address`.
        pub insecure_bind_address: Option<Written<IpAddr>>,
        /// The flag `--enable-bootstrap-token-auth`.
        pub enable_bootstrap_token_auth: Option<bool>,
        /// The flag `--enable-aggregator-routing`.
        pub enable_aggregator_routing: Option<bool>,
        /// The flag `--admission-control`.
        pub admission_control: Vec<String>,
        /// `appendAdmissionPlugins`.
        pub append_admission_plugins: Vec<String>,
        /// The flag `--enable-admission-plugins`.
        pub enable_admission_plugins: Vec<String>,
        /// The flag `--disable-admission-plugins`.
        pub disable_admission_plugins: Vec<String>,
        /// The flag `--admission-control-config-file`.
        pub admission_control_config_file: String,
        /// The flag `--service-cluster-ip-range`.
        #[serde(rename = "serviceClusterIPRange")]
        pub service_cluster_ip_range: Option<Written<Cidr>>,
        /// The flag `--service-node-port-range`.
        pub service_node_port_range: Option<Written<PortRange>>,
        /// The flag `--etcd-servers`.
        pub etcd_servers: Vec<String>,
        /// The flag `--etcd-servers-overrides`.
        pub etcd_servers_overrides: Vec<String>,
        /// The flag `--etcd-cafile`.
        pub etcd_ca_file: String,
        /// The flag `--etcd-certfile`.
        pub etcd_cert_file: String,
        /// The flag `--etcd-keyfile`.
        pub etcd_key_file: String,
        /// The flag `--basic-auth-file`.
        pub basic_auth_file: String,
        /// The flag `--client-ca-file`.
        #[serde(rename = "clientCAFile")]
        pub client_ca_file: String,
        /// The flag `--tls-cert-file`.
        pub tls_cert_file: String,
        /// The flag `--tls-private-key-file`.
        pub tls_private_key_file: String,
        /// The flag `--tls-cipher-suites`.
        pub tls_cipher_suites: Vec<String>,
        /// The flag `--tls-min-version`.
        pub tls_min_version: String,
        /// The flag `--token-auth-file`.
        pub token_auth_file: String,
        /// The flag `--allow-privileged`.
        pub allow_privileged: Option<bool>,
        /// The flag `--apiserver-count`.
        pub api_server_count: Option<i32>,
        /// The flag `--runtime-config`.
        pub runtime_config: BTreeMap<String, String>,
        /// The flag `--kubelet-client-certificate`.
        pub kubelet_client_certificate: String,
        /// The flag `--kubelet-certificate-authority`.
        pub kubelet_certificate_authority: String,
        /// The flag `--kubelet-client-key`.
        pub kubelet_client_key: String,
        /// The flag `--anonymous-auth`.
        pub anonymous_auth: Option<bool>,
        /// The flag `--kubelet-preferred-address-types`.
        pub kubelet_preferred_address_types: Vec<String>,
        /// The flag `--storage-backend`.
        pub storage_backend: Option<String>,
        /// The flag `--oidc-username-claim`.
        pub oidc_username_claim: Option<String>,
        /// The flag `--oidc-username-prefix`.
        pub oidc_username_prefix: Option<String>,
        /// The flag `--oidc-groups-claim`.
        pub oidc_groups_claim: Option<String>,
        /// The flag `--oidc-groups-prefix`.
        pub oidc_groups_prefix: Option<String>,
        /// The flag `--oidc-issuer-url`.
        #[serde(rename = "oidcIssuerURL")]
        pub oidc_issuer_url: Option<String>,
        /// The flag `--oidc-client-id`.
        #[serde(rename = "oidcClientID")]
        pub oidc_client_id: Option<String>,
        /// The flag `--oidc-required-claim,repeat`.
        pub oidc_required_claim: Vec<String>,
        /// The flag `--oidc-ca-file`.
        #[serde(rename = "oidcCAFile")]
        pub oidc_ca_file: Option<String>,
        /// The flag `--authentication-config`.
        pub authentication_config_file: String,
        /// The flag `--proxy-client-cert-file`.
        pub proxy_client_cert_file: Option<String>,
        /// The flag `--proxy-client-key-file`.
        pub proxy_client_key_file: Option<String>,
        /// The flag `--audit-log-format`.
        pub audit_log_format: Option<String>,
        /// The flag `--audit-log-path`.
        pub audit_log_path: Option<String>,
        /// The flag `--audit-log-maxage`.
        pub audit_log_max_age: Option<i32>,
        /// The flag `--audit-log-maxbackup`.
        pub audit_log_max_backups: Option<i32>,
        /// The flag `--audit-log-maxsize`.
        pub audit_log_max_size: Option<i32>,
        /// The flag `--audit-policy-file`.
        pub audit_policy_file: String,
        /// The flag `--audit-webhook-batch-buffer-size`.
        pub audit_webhook_batch_buffer_size: Option<i32>,
        /// The flag `--audit-webhook-batch-max-size`.
        pub audit_webhook_batch_max_size: Option<i32>,
        /// The flag `--audit-webhook-batch-max-wait`.
        pub audit_webhook_batch_max_wait: Option<Duration>,
        /// The flag `--audit-webhook-batch-throttle-burst`.
        pub audit_webhook_batch_throttle_burst: Option<i32>,
        /// The flag `--audit-webhook-batch-throttle-enable`.
        pub audit_webhook_batch_throttle_enable: Option<bool>,
        /// The flag `--audit-webhook-batch-throttle-qps`.
        pub audit_webhook_batch_throttle_qps: Option<Quantity>,
        /// The flag `--audit-webhook-config-file`.
        pub audit_webhook_config_file: String,
        /// The flag `--audit-webhook-initial-backoff`.
        pub audit_webhook_initial_backoff: Option<Duration>,
        /// The flag `--audit-webhook-mode`.
        pub audit_webhook_mode: String,
        /// The flag `--authentication-token-webhook-config-file`.
        pub authentication_token_webhook_config_file: Option<String>,
        /// The flag `--authentication-token-webhook-cache-ttl`.
        pub authentication_token_webhook_cache_ttl: Option<Duration>,
        /// The flag `--authorization-mode`.
        pub authorization_mode: Option<String>,
        /// The flag `--authorization-webhook-config-file`.
        pub authorization_webhook_config_file: Option<String>,
        /// The flag `--authorization-webhook-cache-authorized-ttl`.
        pub authorization_webhook_cache_authorized_ttl: Option<Duration>,
        /// The flag `--authorization-webhook-cache-unauthorized-ttl`.
        pub authorization_webhook_cache_unauthorized_ttl: Option<Duration>,
        /// The flag `--authorization-rbac-super-user`.
        pub authorization_rbac_super_user: Option<String>,
        /// The flag `--encryption-provider-config`.
        pub encryption_provider_config: Option<String>,
        /// The flag `--experimental-encryption-provider-config`.
        pub experimental_encryption_provider_config: Option<String>,
        /// The flag `--requestheader-username-headers`.
        pub requestheader_username_headers: Vec<String>,
        /// The flag `--requestheader-group-headers`.
        pub requestheader_group_headers: Vec<String>,
        /// The flag `--requestheader-extra-headers-prefix`.
        pub requestheader_extra_header_prefixes: Vec<String>,
        /// The flag `--requestheader-client-ca-file`.
        #[serde(rename = "requestheaderClientCAFile")]
        pub requestheader_client_ca_file: String,
        /// The flag `--requestheader-allowed-names`.
        pub requestheader_allowed_names: Vec<String>,
        /// The flag `--feature-gates`.
        pub feature_gates: BTreeMap<String, String>,
        /// The flag `--goaway-chance`.
        pub goaway_chance: Option<Written<NonNegative>>,
        /// The flag `--max-requests-inflight`.
        pub max_requests_inflight: i32,
        /// The flag `--max-mutating-requests-inflight`.
        pub max_mutating_requests_inflight: i32,
        /// The flag `--http2-max-streams-per-connection`.
        pub http2_max_streams_per_connection: Option<i32>,
        /// The flag `--etcd-quorum-read`.
        pub etcd_quorum_read: Option<bool>,
        /// The flag `--request-timeout`.
        pub request_timeout: Option<Duration>,
        /// The flag `--storage-initialization-timeout`.
        pub storage_initialization_timeout: Option<Duration>,
        /// The flag `--min-request-timeout`.
        pub min_request_timeout: Option<i32>,
        /// The flag `--watch-cache`.
        pub watch_cache: Option<bool>,
        /// The flag `--watch-cache-sizes`.
        pub watch_cache_sizes: Vec<String>,
        /// The flag `--service-account-key-file,repeat`.
        pub service_account_key_file: Vec<String>,
        /// The flag `--service-account-signing-key-file`.
        pub service_account_signing_key_file: Option<String>,
        /// The flag `--service-account-issuer`.
        pub service_account_issuer: Option<String>,
        /// `additionalServiceAccountIssuers`.
        pub additional_service_account_issuers: Vec<String>,
        /// The flag `--service-account-jwks-uri`.
        #[serde(rename = "serviceAccountJWKSURI")]
        pub service_account_jwks_uri: Option<String>,
        /// The flag `--api-audiences`.
        pub api_audiences: Vec<String>,
        /// `cpuRequest`.
        pub cpu_request: Option<Quantity>,
        /// `cpuLimit`.
        pub cpu_limit: Option<Quantity>,
        /// `memoryRequest`.
        pub memory_request: Option<Quantity>,
        /// `memoryLimit`.
        pub memory_limit: Option<Quantity>,
        /// The flag `--event-ttl`.
        #[serde(rename = "eventTTL")]
        pub event_ttl: Option<Duration>,
        /// The flag `--audit-dynamic-configuration`.
        pub audit_dynamic_configuration: Option<bool>,
        /// The flag `--profiling`.
        pub enable_profiling: Option<bool>,
        /// The flag `--contention-profiling`.
        pub enable_contention_profiling: Option<bool>,
        /// The flag `--cors-allowed-origins`.
        pub cors_allowed_origins: Vec<String>,
        /// The flag `--strict-transport-security-directives`.
        pub strict_transport_security_directives: Vec<String>,
        /// The flag `--default-not-ready-toleration-seconds`.
        pub default_not_ready_toleration_seconds: Option<i64>,
        /// The flag `--default-unreachable-toleration-seconds`.
        pub default_unreachable_toleration_seconds: Option<i64>,
        /// The flag `--delete-collection-workers`.
        pub delete_collection_workers: i64,
        /// `env`.
        pub env: Vec<ContainerVariable>,
    }

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

    /// An environment variable of a container, with a value or a source.
    pub struct ContainerVariable {
        /// Its name.
        pub name: String,
        /// Its value.
        pub value: String,
        /// Where its value comes from.
        pub value_from: Option<VariableSource>,
    }

    /// Where the value of a variable comes from: one of these.
    pub struct VariableSource {
        /// An entry of a `ConfigMap`.
        pub config_map_key_ref: Option<EntryOf>,
        /// A field of the pod.
        pub field_ref: Option<PodField>,
        /// An entry of a file in a volume.
        pub file_key_ref: Option<FileEntry>,
        /// A container's request or limit.
        pub resource_field_ref: Option<ContainerResource>,
        /// An entry of a `Secret`.
        pub secret_key_ref: Option<EntryOf>,
    }

    /// An entry of a `ConfigMap` or a `Secret`.
    pub struct EntryOf {
        /// The object's name.
        pub name: String,
        /// The entry's key.
        pub key: String,
        /// Whether it may be absent.
        pub optional: Option<bool>,
    }

    /// A field of a pod.
    pub struct PodField {
        /// The version of the path's form; `v1` unless said otherwise.
        pub api_version: String,
        /// The field, such as `status.podIP`.
        pub field_path: String,
    }

    /// An entry of a file in a volume.
    pub struct FileEntry {
        /// The entry's key.
        pub key: String,
        /// Whether it may be absent.
        pub optional: Option<bool>,
        /// The file's path in the volume.
        pub path: String,
        /// The volume.
        pub volume_name: String,
    }

    /// A container's request or limit.
    pub struct ContainerResource {
        /// The container.
        pub container_name: String,
        /// What it is divided by.
        pub divisor: Option<Quantity>,
        /// The resource, such as `limits.cpu`.
        pub resource: String,
    }
}
