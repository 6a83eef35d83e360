//! Network plugins except Cilium. Fields have the names of the API. The description of a flag names the flag. Data
//! only.

use super::values::{Detection, Quantity, Written};
use super::{
    BpfLogLevel, ChainInsertMode, Encapsulation, EncapsulationScope, EnvVar, ExternalServiceMode,
    FlannelBackend, IptablesBackend, SourceCheck,
};
use ipnet::IpNet;

section! {
    /// Calico networking.
    pub struct Calico {
        /// `registry`.
        pub registry: String,
        /// `version`.
        pub version: String,
        /// `allowIPForwarding`.
        #[serde(rename = "allowIPForwarding")]
        pub allow_ip_forwarding: bool,
        /// `awsSrcDstCheck`.
        pub aws_src_dst_check: Option<SourceCheck>,
        /// `bpfEnabled`.
        pub bpf_enabled: bool,
        /// `bpfExternalServiceMode`.
        pub bpf_external_service_mode: Option<ExternalServiceMode>,
        /// `bpfKubeProxyIptablesCleanupEnabled`.
        pub bpf_kube_proxy_iptables_cleanup_enabled: bool,
        /// `bpfLogLevel`.
        pub bpf_log_level: Option<BpfLogLevel>,
        /// `chainInsertMode`.
        pub chain_insert_mode: Option<ChainInsertMode>,
        /// `cpuRequest`.
        pub cpu_request: Option<Quantity>,
        /// `crossSubnet`.
        pub cross_subnet: Option<bool>,
        /// `encapsulationMode`.
        pub encapsulation_mode: Option<Encapsulation>,
        /// `ipipMode`.
        pub ipip_mode: Option<EncapsulationScope>,
        /// `ipv4AutoDetectionMethod`.
        pub ipv4_auto_detection_method: Option<Written<Detection>>,
        /// `ipv6AutoDetectionMethod`.
        pub ipv6_auto_detection_method: Option<Written<Detection>>,
        /// `iptablesBackend`.
        pub iptables_backend: Option<IptablesBackend>,
        /// `logSeverityScreen`.
        pub log_severity_screen: String,
        /// `mtu`.
        pub mtu: Option<i32>,
        /// `nftablesMode`.
        pub nftables_mode: String,
        /// `prometheusMetricsEnabled`.
        pub prometheus_metrics_enabled: bool,
        /// `prometheusMetricsPort`.
        pub prometheus_metrics_port: i32,
        /// `prometheusGoMetricsEnabled`.
        pub prometheus_go_metrics_enabled: bool,
        /// `prometheusProcessMetricsEnabled`.
        pub prometheus_process_metrics_enabled: bool,
        /// `majorVersion`.
        #[serde(skip_serializing)]
        pub major_version: String,
        /// `typhaPrometheusMetricsEnabled`.
        pub typha_prometheus_metrics_enabled: bool,
        /// `typhaPrometheusMetricsPort`.
        pub typha_prometheus_metrics_port: i32,
        /// `typhaReplicas`.
        pub typha_replicas: i32,
        /// `vxlanMode`.
        pub vxlan_mode: Option<EncapsulationScope>,
        /// `wireguardEnabled`.
        pub wireguard_enabled: Option<bool>,
    }

    /// Flannel networking.
    pub struct Flannel {
        /// `backend`.
        pub backend: Option<FlannelBackend>,
        /// `disableTxChecksumOffloading`.
        #[serde(skip_serializing)]
        pub disable_tx_checksum_offloading: bool,
        /// `iptablesResyncSeconds`.
        pub iptables_resync_seconds: Option<i32>,
    }

    /// Amazon VPC networking.
    pub struct AmazonVpc {
        /// `imageName`.
        pub image_name: String,
        /// `initImageName`.
        pub init_image_name: String,
        /// `networkPolicyAgentImage`.
        pub network_policy_agent_image: String,
        /// `env`.
        pub env: Vec<EnvVar>,
    }

    /// kube-router networking.
    pub struct KubeRouter {
        /// `useNFTablesForNetpol`.
        #[serde(rename = "useNFTablesForNetpol")]
        pub use_nftables_for_netpol: Option<bool>,
    }

    /// A network plugin that the user installs.
    pub struct Cni {
        /// `usesSecondaryIP`.
        #[serde(rename = "usesSecondaryIP")]
        pub uses_secondary_ip: bool,
    }

    /// kindnet networking.
    pub struct Kindnet {
        /// `version`.
        pub version: String,
        /// `networkPolicies`.
        pub network_policies: Option<bool>,
        /// `adminNetworkPolicies`.
        pub admin_network_policies: Option<bool>,
        /// `baselineAdminNetworkPolicies`.
        pub baseline_admin_network_policies: Option<bool>,
        /// `dnsCaching`.
        pub dns_caching: Option<bool>,
        /// `nat64`.
        pub nat64: Option<bool>,
        /// `fastPathThreshold`.
        pub fast_path_threshold: Option<i32>,
        /// `masquerade`.
        pub masquerade: Option<KindnetMasquerade>,
        /// `logLevel`.
        pub log_level: Option<i32>,
    }

    /// The traffic that kindnet masquerades.
    pub struct KindnetMasquerade {
        /// `enabled`.
        pub enabled: Option<bool>,
        /// `nonMasqueradeCIDRs`.
        #[serde(rename = "nonMasqueradeCIDRs")]
        pub non_masquerade_cidrs: Vec<Written<IpNet>>,
    }
}
