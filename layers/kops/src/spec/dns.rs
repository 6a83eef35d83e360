//! DNS inside and outside of the cluster. Fields have the names of the API. The description of a flag names the flag.
//! Data only.

use super::values::{Quantity, Written};
use super::{DnsPublisher, DnsServer};
use serde_json::Value;
use std::collections::BTreeMap;
use std::net::IpAddr;

section! {
    /// Settings of the cluster's DNS service.
    pub struct KubeDns {
        /// `cacheMaxSize`.
        pub cache_max_size: i64,
        /// `cacheMaxConcurrent`.
        pub cache_max_concurrent: i64,
        /// `tolerations`.
        pub tolerations: Vec<Value>,
        /// `affinity`.
        pub affinity: Option<Value>,
        /// `coreDNSImage`.
        #[serde(rename = "coreDNSImage")]
        pub core_dns_image: String,
        /// `cpaImage`.
        pub cpa_image: String,
        /// `domain`.
        pub domain: String,
        /// `externalCoreFile`.
        pub external_core_file: String,
        /// `image`.
        #[serde(skip_serializing)]
        pub image: String,
        /// `replicas`.
        #[serde(skip_serializing)]
        pub replicas: i64,
        /// `provider`.
        pub provider: Option<DnsServer>,
        /// `serverIP`.
        #[serde(rename = "serverIP")]
        pub server_ip: Option<Written<IpAddr>>,
        /// `stubDomains`.
        pub stub_domains: BTreeMap<String, Vec<Written<IpAddr>>>,
        /// `upstreamNameservers`.
        pub upstream_nameservers: Vec<Written<IpAddr>>,
        /// `memoryRequest`.
        pub memory_request: Option<Quantity>,
        /// `cpuRequest`.
        pub cpu_request: Option<Quantity>,
        /// `memoryLimit`.
        pub memory_limit: Option<Quantity>,
        /// `nodeLocalDNS`.
        #[serde(rename = "nodeLocalDNS")]
        pub node_local_dns: Option<NodeLocalDns>,
        /// `podAnnotations`.
        pub pod_annotations: BTreeMap<String, String>,
    }

    /// A DNS cache on every node.
    pub struct NodeLocalDns {
        /// `enabled`.
        pub enabled: Option<bool>,
        /// `externalCoreFile`.
        pub external_core_file: String,
        /// `additionalConfig`.
        pub additional_config: String,
        /// `image`.
        pub image: Option<String>,
        /// `localIP`.
        #[serde(rename = "localIP")]
        pub local_ip: Option<Written<IpAddr>>,
        /// `forwardToKubeDNS`.
        #[serde(rename = "forwardToKubeDNS")]
        pub forward_to_kube_dns: Option<bool>,
        /// `memoryRequest`.
        pub memory_request: Option<Quantity>,
        /// `cpuRequest`.
        pub cpu_request: Option<Quantity>,
        /// `podAnnotations`.
        pub pod_annotations: BTreeMap<String, String>,
    }

    /// Settings of the controller that publishes DNS records.
    pub struct ExternalDns {
        /// `disable`.
        pub disable: bool,
        /// `watchIngress`.
        pub watch_ingress: Option<bool>,
        /// `watchNamespace`.
        pub watch_namespace: String,
        /// `provider`.
        pub provider: Option<DnsPublisher>,
        /// `priorityClassName`.
        pub priority_class_name: Option<String>,
    }
}
