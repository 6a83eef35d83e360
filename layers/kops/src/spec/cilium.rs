//! The network plugin Cilium. Fields have the names of the API. The description of a flag names the flag. Data only.

use super::values::{Duration, Quantity, Written};
use super::{
    Encryption, IdentityStore, IngressMode, Ipam, LoadBalancingAlgorithm, MonitorAggregation,
    PolicyEnforcement, Tunnel,
};
use crate::version::Version;
use std::collections::BTreeMap;

section! {
    /// Cilium networking.
    pub struct Cilium {
        /// `registry`.
        pub registry: String,
        /// `version`.
        pub version: Option<Written<Version>>,
        /// `memoryRequest`.
        pub memory_request: Option<Quantity>,
        /// `cpuRequest`.
        pub cpu_request: Option<Quantity>,
        /// `accessLog`.
        #[serde(skip_serializing)]
        pub access_log: String,
        /// `agentLabels`.
        #[serde(skip_serializing)]
        pub agent_labels: Vec<String>,
        /// `agentPrometheusPort`.
        pub agent_prometheus_port: i64,
        /// `metrics`.
        pub metrics: Vec<String>,
        /// `allowLocalhost`.
        #[serde(skip_serializing)]
        pub allow_localhost: String,
        /// `autoIpv6NodeRoutes`.
        #[serde(skip_serializing)]
        pub auto_ipv6_node_routes: bool,
        /// `bpfRoot`.
        #[serde(skip_serializing)]
        pub bpf_root: String,
        /// `chainingMode`.
        pub chaining_mode: String,
        /// `containerRuntime`.
        #[serde(skip_serializing)]
        pub container_runtime: Vec<String>,
        /// `containerRuntimeEndpoint`.
        #[serde(skip_serializing)]
        pub container_runtime_endpoint: BTreeMap<String, String>,
        /// `debug`.
        pub debug: bool,
        /// `debugVerbose`.
        #[serde(skip_serializing)]
        pub debug_verbose: Vec<String>,
        /// `device`.
        #[serde(skip_serializing)]
        pub device: String,
        /// `disableConntrack`.
        #[serde(skip_serializing)]
        pub disable_conntrack: bool,
        /// `disableEndpointCRD`.
        #[serde(rename = "disableEndpointCRD")]
        pub disable_endpoint_crd: bool,
        /// `disableIpv4`.
        #[serde(skip_serializing)]
        pub disable_ipv4: bool,
        /// `disableK8sServices`.
        #[serde(skip_serializing)]
        pub disable_k8s_services: bool,
        /// `enablePolicy`.
        pub enable_policy: Option<PolicyEnforcement>,
        /// `enableL7Proxy`.
        pub enable_l7_proxy: Option<bool>,
        /// `enableLocalRedirectPolicy`.
        pub enable_local_redirect_policy: Option<bool>,
        /// `enableBPFMasquerade`.
        #[serde(rename = "enableBPFMasquerade")]
        pub enable_bpf_masquerade: Option<bool>,
        /// `enableEndpointHealthChecking`.
        pub enable_endpoint_health_checking: Option<bool>,
        /// `enableHostFirewall`.
        pub enable_host_firewall: Option<bool>,
        /// `enableTracing`.
        #[serde(skip_serializing)]
        pub enable_tracing: bool,
        /// `enablePrometheusMetrics`.
        pub enable_prometheus_metrics: bool,
        /// `enableEncryption`.
        pub enable_encryption: bool,
        /// `encryptionType`.
        pub encryption_type: Option<Encryption>,
        /// `nodeEncryption`.
        pub node_encryption: bool,
        /// `envoyLog`.
        #[serde(skip_serializing)]
        pub envoy_log: String,
        /// `identityAllocationMode`.
        pub identity_allocation_mode: Option<IdentityStore>,
        /// `identityChangeGracePeriod`.
        pub identity_change_grace_period: Option<Written<Duration>>,
        /// `ipv4ClusterCidrMaskSize`.
        #[serde(skip_serializing)]
        pub ipv4_cluster_cidr_mask_size: i64,
        /// `ipv4Node`.
        #[serde(skip_serializing)]
        pub ipv4_node: String,
        /// `ipv4Range`.
        #[serde(skip_serializing)]
        pub ipv4_range: String,
        /// `ipv4ServiceRange`.
        #[serde(skip_serializing)]
        pub ipv4_service_range: String,
        /// `ipv6ClusterAllocCidr`.
        #[serde(skip_serializing)]
        pub ipv6_cluster_alloc_cidr: String,
        /// `ipv6Node`.
        #[serde(skip_serializing)]
        pub ipv6_node: String,
        /// `ipv6Range`.
        #[serde(skip_serializing)]
        pub ipv6_range: String,
        /// `ipv6ServiceRange`.
        #[serde(skip_serializing)]
        pub ipv6_service_range: String,
        /// `k8sApiServer`.
        #[serde(skip_serializing)]
        pub k8s_api_server: String,
        /// `k8sKubeconfigPath`.
        #[serde(skip_serializing)]
        pub k8s_kubeconfig_path: String,
        /// `keepBpfTemplates`.
        #[serde(skip_serializing)]
        pub keep_bpf_templates: bool,
        /// `keepConfig`.
        #[serde(skip_serializing)]
        pub keep_config: bool,
        /// `labelPrefixFile`.
        #[serde(skip_serializing)]
        pub label_prefix_file: String,
        /// `labels`.
        #[serde(skip_serializing)]
        pub labels: Vec<String>,
        /// `lb`.
        #[serde(skip_serializing)]
        pub lb: String,
        /// `libDir`.
        #[serde(skip_serializing)]
        pub lib_dir: String,
        /// `logDriver`.
        #[serde(skip_serializing)]
        pub log_driver: Vec<String>,
        /// `logOpt`.
        #[serde(skip_serializing)]
        pub log_opt: BTreeMap<String, String>,
        /// `logstash`.
        #[serde(skip_serializing)]
        pub logstash: bool,
        /// `logstashAgent`.
        #[serde(skip_serializing)]
        pub logstash_agent: String,
        /// `logstashProbeTimer`.
        #[serde(skip_serializing)]
        pub logstash_probe_timer: u32,
        /// `disableMasquerade`.
        pub disable_masquerade: Option<bool>,
        /// `nat46Range`.
        #[serde(skip_serializing)]
        pub nat46_range: String,
        /// `agentPodAnnotations`.
        pub agent_pod_annotations: BTreeMap<String, String>,
        /// `operatorPodAnnotations`.
        pub operator_pod_annotations: BTreeMap<String, String>,
        /// `pprof`.
        #[serde(skip_serializing)]
        pub pprof: bool,
        /// `prefilterDevice`.
        #[serde(skip_serializing)]
        pub prefilter_device: String,
        /// `prometheusServeAddr`.
        #[serde(skip_serializing)]
        pub prometheus_serve_addr: String,
        /// `restore`.
        #[serde(skip_serializing)]
        pub restore: bool,
        /// `singleClusterRoute`.
        #[serde(skip_serializing)]
        pub single_cluster_route: bool,
        /// `socketPath`.
        #[serde(skip_serializing)]
        pub socket_path: String,
        /// `stateDir`.
        #[serde(skip_serializing)]
        pub state_dir: String,
        /// `tracePayloadlen`.
        #[serde(skip_serializing)]
        pub trace_payloadlen: i64,
        /// `tunnel`.
        pub tunnel: Option<Tunnel>,
        /// `enableipv6`.
        #[serde(rename = "enableipv6", skip_serializing)]
        pub enable_ipv6: bool,
        /// `enableipv4`.
        #[serde(rename = "enableipv4", skip_serializing)]
        pub enable_ipv4: bool,
        /// `monitorAggregation`.
        pub monitor_aggregation: Option<MonitorAggregation>,
        /// `bpfCTGlobalTCPMax`.
        #[serde(rename = "bpfCTGlobalTCPMax")]
        pub bpf_ct_global_tcp_max: i64,
        /// `bpfCTGlobalAnyMax`.
        #[serde(rename = "bpfCTGlobalAnyMax")]
        pub bpf_ct_global_any_max: i64,
        /// `bpfLBAlgorithm`.
        #[serde(rename = "bpfLBAlgorithm")]
        pub bpf_lb_algorithm: Option<LoadBalancingAlgorithm>,
        /// `bpfLBMaglevTableSize`.
        #[serde(rename = "bpfLBMaglevTableSize")]
        pub bpf_lb_maglev_table_size: Option<Written<u32>>,
        /// `bpfNATGlobalMax`.
        #[serde(rename = "bpfNATGlobalMax")]
        pub bpf_nat_global_max: i64,
        /// `bpfNeighGlobalMax`.
        pub bpf_neigh_global_max: i64,
        /// `bpfPolicyMapMax`.
        pub bpf_policy_map_max: i64,
        /// `bpfLBMapMax`.
        #[serde(rename = "bpfLBMapMax")]
        pub bpf_lb_map_max: i64,
        /// `bpfLBSock`.
        #[serde(rename = "bpfLBSock")]
        pub bpf_lb_sock: bool,
        /// `bpfLBSockHostNSOnly`.
        #[serde(rename = "bpfLBSockHostNSOnly")]
        pub bpf_lb_sock_host_ns_only: bool,
        /// `preallocateBPFMaps`.
        #[serde(rename = "preallocateBPFMaps")]
        pub preallocate_bpf_maps: bool,
        /// `sidecarIstioProxyImage`.
        pub sidecar_istio_proxy_image: String,
        /// `clusterName`.
        pub cluster_name: String,
        /// `clusterID`.
        #[serde(rename = "clusterID")]
        pub cluster_id: u8,
        /// `toFqdnsDnsRejectResponseCode`.
        pub to_fqdns_dns_reject_response_code: String,
        /// `toFqdnsEnablePoller`.
        pub to_fqdns_enable_poller: bool,
        /// `containerRuntimeLabels`.
        #[serde(skip_serializing)]
        pub container_runtime_labels: String,
        /// `ipam`.
        pub ipam: Option<Ipam>,
        /// `IPTablesRulesNoinstall`.
        #[serde(rename = "IPTablesRulesNoinstall")]
        pub iptables_rules_noinstall: Option<bool>,
        /// `autoDirectNodeRoutes`.
        pub auto_direct_node_routes: bool,
        /// `enableHostReachableServices`.
        pub enable_host_reachable_services: bool,
        /// `enableNodePort`.
        pub enable_node_port: bool,
        /// `etcdManaged`.
        pub etcd_managed: bool,
        /// `enableRemoteNodeIdentity`.
        pub enable_remote_node_identity: Option<bool>,
        /// `enableUnreachableRoutes`.
        pub enable_unreachable_routes: Option<bool>,
        /// `cniExclusive`.
        pub cni_exclusive: Option<bool>,
        /// `hubble`.
        pub hubble: Option<Hubble>,
        /// `removeCbrBridge`.
        #[serde(skip_serializing)]
        pub remove_cbr_bridge: bool,
        /// `restartPods`.
        #[serde(skip_serializing)]
        pub restart_pods: bool,
        /// `reconfigureKubelet`.
        #[serde(skip_serializing)]
        pub reconfigure_kubelet: bool,
        /// `nodeInitBootstrapFile`.
        #[serde(skip_serializing)]
        pub node_init_bootstrap_file: String,
        /// `cniBinPath`.
        #[serde(skip_serializing)]
        pub cni_bin_path: String,
        /// `disableCNPStatusUpdates`.
        #[serde(rename = "disableCNPStatusUpdates")]
        pub disable_cnp_status_updates: Option<bool>,
        /// `enableServiceTopology`.
        pub enable_service_topology: bool,
        /// `ingress`.
        pub ingress: Option<CiliumIngress>,
        /// `gatewayAPI`.
        #[serde(rename = "gatewayAPI")]
        pub gateway_api: Option<CiliumGatewayApi>,
        /// `extraConfig`.
        pub extra_config: BTreeMap<String, String>,
    }

    /// Hubble, Cilium's view of the traffic.
    pub struct Hubble {
        /// `enabled`.
        pub enabled: Option<bool>,
        /// `metrics`.
        pub metrics: Vec<String>,
    }

    /// Cilium's ingress controller.
    pub struct CiliumIngress {
        /// `enabled`.
        pub enabled: Option<bool>,
        /// `enforceHttps`.
        pub enforce_https: Option<bool>,
        /// `enableSecretsSync`.
        pub enable_secrets_sync: Option<bool>,
        /// `loadBalancerAnnotationPrefixes`.
        pub load_balancer_annotation_prefixes: String,
        /// `defaultLoadBalancerMode`.
        pub default_load_balancer_mode: Option<IngressMode>,
        /// `sharedLoadBalancerServiceName`.
        pub shared_load_balancer_service_name: String,
    }

    /// Cilium's gateway API.
    pub struct CiliumGatewayApi {
        /// `enabled`.
        pub enabled: Option<bool>,
        /// `enableSecretsSync`.
        pub enable_secrets_sync: Option<bool>,
    }
}

impl Cilium {
    /// Whether pods have addresses of their machines' network interfaces, on AWS.
    pub fn uses_interfaces(&self) -> bool {
        self.ipam == Some(Ipam::Eni)
    }
}
