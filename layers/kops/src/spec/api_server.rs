//! Flags of kube-apiserver. Fields have the names of the API. The description of a flag names the flag.
//! Data only.

use super::values::{Duration, NonNegative, PortRange, Quantity, Written};
use super::{AuthorizationModes, ContainerVariable, LogFormat};
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
        pub log_format: Option<LogFormat>,
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
        pub authorization_mode: Option<AuthorizationModes>,
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
}
