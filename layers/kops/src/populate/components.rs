//! The settings of Kubernetes' own components and of the machines' software.

use super::complete::{Context, fill, service_address};
use crate::spec::values::{Duration, Quantity, Written, text};
use crate::spec::{
    AuthorizationMode, AuthorizationModes, Cloud, CloudControllerManager, ClusterSpec, Containerd, DnsServer,
    EtcdName, KubeApiServer, KubeControllerManager, KubeDns, KubeProxy, KubeScheduler, Kubelet, KubeletCloud,
    LeaderElection, Networking, NodeLocalDns, Runc,
};
use crate::validate::Report;
use crate::version::Version;
use ipnet::IpNet;
use landform_core::Cidr;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The image that holds a pod's namespaces.
const SANDBOX: &str = "registry.k8s.io/pause:3.10.1";
/// The releases of containerd and runc that belong together.
const CONTAINERD: (Version, Version) = (Version::new(2, 3, 4), Version::new(1, 4, 3));
/// The drivers of NVIDIA's graphics processors.
pub(crate) const NVIDIA_DRIVER: &str = "nvidia-driver-535-server";
/// The platform by which the sandbox gVisor intercepts system calls.
pub(crate) const GVISOR_PLATFORM: &str = "systrap";
/// The image of the device plugin for NVIDIA's graphics processors.
pub(crate) const NVIDIA_PLUGIN: &str = "nvcr.io/nvidia/k8s-device-plugin:v0.17.3";
/// The resolver of AWS for machines with IPv6 addresses only.
const AWS_DNS: Ipv6Addr = Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x253);
/// The addresses of the DNS cache on every node.
const LOCAL_DNS: Ipv4Addr = Ipv4Addr::new(169, 254, 20, 10);
const LOCAL_DNS_IPV6: Ipv6Addr = Ipv6Addr::new(0xfd00, 0x90de, 0xd95, 0, 0, 0, 0, 1);
/// The default admission plugins of the API server.
const ADMISSION: [&str; 11] = [
    "DefaultStorageClass",
    "DefaultTolerationSeconds",
    "LimitRanger",
    "MutatingAdmissionWebhook",
    "NamespaceLifecycle",
    "NodeRestriction",
    "ResourceQuota",
    "RuntimeClass",
    "ServiceAccount",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionWebhook",
];
/// The thresholds of free resources below which the kubelet evicts pods.
const EVICTION: &str = "memory.available<100Mi,nodefs.available<10%,nodefs.inodesFree<5%,imagefs.available<10%,\
                        imagefs.inodesFree<5%";

/// Refuses settings that the components do not accept.
pub(super) fn check(cluster: &ClusterSpec, report: &mut Report) {
    let flags = cluster.kube_controller_manager.as_ref();
    let period = flags.and_then(|flags| flags.attach_detach_reconcile_sync_period);
    if let Some(period) = period
        && period != Duration::default()
        && period < Duration::seconds(1)
    {
        let detail = format!("{period}: expected at least a second");
        report.invalid("spec.kubeControllerManager.attachDetachReconcileSyncPeriod", detail);
    }
}

pub(super) fn complete(cluster: &mut ClusterSpec, context: &Context) {
    api_server(cluster, context);
    containerd(cluster, context);
    dns(cluster);
    kubelets(cluster, context);
    controller_manager(cluster, context);
    scheduler(cluster, context);
    proxy(cluster, context);
    cloud(cluster, context);
}

/// Turns leader election on.
fn leader() -> Option<LeaderElection> {
    Some(LeaderElection { leader_elect: Some(true), ..LeaderElection::default() })
}

fn quantity(field: &mut Option<Quantity>, value: Quantity) {
    if field.as_ref().is_none_or(|quantity| quantity.as_str() == "0") {
        *field = Some(value);
    }
}

/// Sets a range that the spec leaves out to that of pods.
fn or_pods(field: &mut Option<Written<IpNet>>, pods: Option<Written<Cidr>>) {
    if field.is_none() {
        *field = pods.map(Into::into);
    }
}

fn api_server(cluster: &mut ClusterSpec, context: &Context) {
    let members = |name: EtcdName| {
        let etcd = cluster.etcd_clusters.iter().find(|etcd| etcd.name() == name);
        etcd.map_or(0, |etcd| etcd.etcd_members.len())
    };
    let (count, ipv6) = (i32::try_from(members(EtcdName::Main)).unwrap_or_default(), cluster.is_ipv6_only());
    let has_etcd = cluster.etcd_clusters.first().is_some_and(|etcd| etcd.version.is_some());
    let storage = has_etcd.then(|| "etcd3".to_owned());
    let by_webhook = cluster.authentication.as_ref().is_some_and(|users| users.kopeio.is_some());
    let authorization = cluster.authorization.clone().unwrap_or_default();
    let metrics = cluster.metrics_server.as_ref().is_some_and(|server| server.enabled == Some(true));
    let texts = |list: &[&str]| -> Vec<String> { list.iter().map(|text| text.to_string()).collect() };
    let mut main = Vec::new();
    let mut others = Vec::new();
    for etcd in &cluster.etcd_clusters {
        match etcd.name() {
            EtcdName::Main => main.push("https://127.0.0.1:4001".to_owned()),
            EtcdName::Events => others.push("/events#https://127.0.0.1:4002".to_owned()),
            EtcdName::Leases => others.push("coordination.k8s.io/leases#https://127.0.0.1:4004".to_owned()),
            EtcdName::Cilium => {}
        }
    }
    let services = cluster.service_cluster_ip_range.clone();
    let flags = cluster.kube_api_server.get_or_insert_with(KubeApiServer::default);
    flags.api_server_count.get_or_insert(count);
    if flags.storage_backend.is_none() {
        flags.storage_backend = storage;
    }
    if flags.kubelet_preferred_address_types.is_empty() {
        flags.kubelet_preferred_address_types = texts(&["InternalIP", "Hostname", "ExternalIP"]);
    }
    if by_webhook {
        flags.authentication_token_webhook_config_file = Some("/etc/kubernetes/authn.config".into());
    }
    if authorization.always_allow.is_some() {
        flags.authorization_mode = Some(AuthorizationModes(vec![AuthorizationMode::AlwaysAllow]));
    } else if authorization.rbac.is_some() {
        flags.authorization_mode =
            Some(AuthorizationModes(vec![AuthorizationMode::Node, AuthorizationMode::Rbac]));
    }
    flags.requestheader_allowed_names = texts(&["aggregator"]);
    flags.requestheader_extra_header_prefixes = texts(&["X-Remote-Extra-"]);
    flags.requestheader_group_headers = texts(&["X-Remote-Group"]);
    flags.requestheader_username_headers = texts(&["X-Remote-User"]);
    flags.image = context.component("kube-apiserver");
    if !context.version.is_at_least(1, 33) {
        flags.cloud_provider = "external".into();
    }
    flags.log_level = 2;
    flags.secure_port = 443;
    let every: IpAddr = if ipv6 { Ipv6Addr::UNSPECIFIED.into() } else { Ipv4Addr::UNSPECIFIED.into() };
    flags.bind_address = Some(every.into());
    flags.allow_privileged = Some(true);
    flags.service_cluster_ip_range = services;
    flags.etcd_servers = main;
    flags.etcd_servers_overrides = others;
    flags.enable_admission_plugins = texts(&ADMISSION);
    flags.enable_admission_plugins.extend(flags.append_admission_plugins.iter().cloned());
    flags.anonymous_auth = Some(false);
    flags.insecure_bind_address = None;
    flags.insecure_port = None;
    if metrics {
        flags.enable_aggregator_routing.get_or_insert(true);
    }
}

fn containerd(cluster: &mut ClusterSpec, context: &Context) {
    let settings = cluster.containerd.get_or_insert_with(Containerd::default);
    if settings.version.is_none() {
        let (containerd, runc) = CONTAINERD;
        settings.version = Some(containerd.into());
        settings.runc = Some(Runc { version: Some(runc.into()), ..Runc::default() });
    }
    settings.log_level = Some("info".into());
    if settings.sandbox_image.as_deref().unwrap_or_default().is_empty() {
        settings.sandbox_image = Some(context.assets.image(SANDBOX));
    }
    if let Some(nvidia) = settings.nvidia_gpu.as_mut().filter(|nvidia| nvidia.enabled == Some(true)) {
        fill(&mut nvidia.package, NVIDIA_DRIVER);
        fill(&mut nvidia.image, NVIDIA_PLUGIN);
    }
    if let Some(gvisor) = settings.gvisor.as_mut().filter(|gvisor| gvisor.enabled == Some(true)) {
        fill(&mut gvisor.platform, GVISOR_PLATFORM);
    }
}

fn dns(cluster: &mut ClusterSpec) {
    let server = service_address(cluster, 10);
    let (domain, ipv6) = (cluster.cluster_dns_domain.clone(), cluster.is_ipv6_only());
    let on_aws = cluster.is_on(Cloud::Aws);
    let settings = cluster.kube_dns.get_or_insert_with(KubeDns::default);
    if settings.cache_max_size == 0 {
        settings.cache_max_size = 1000;
    }
    if settings.cache_max_concurrent == 0 {
        settings.cache_max_concurrent = 150;
    }
    settings.server_ip = settings.server_ip.take().or(server.map(Into::into));
    fill(&mut settings.domain, domain);
    settings.provider.get_or_insert(DnsServer::CoreDns);
    quantity(&mut settings.memory_request, Quantity::mebi(70));
    quantity(&mut settings.cpu_request, Quantity::milli(100));
    quantity(&mut settings.memory_limit, Quantity::mebi(170));
    if ipv6 && on_aws && settings.upstream_nameservers.is_empty() {
        settings.upstream_nameservers = vec![IpAddr::V6(AWS_DNS).into()];
    }
    let local = settings.node_local_dns.get_or_insert_with(NodeLocalDns::default);
    if *local.enabled.get_or_insert(false) {
        let own: IpAddr = if ipv6 { LOCAL_DNS_IPV6.into() } else { LOCAL_DNS.into() };
        local.local_ip.get_or_insert_with(|| own.into());
        local.forward_to_kube_dns.get_or_insert(false);
    }
    quantity(&mut local.memory_request, Quantity::mebi(5));
    quantity(&mut local.cpu_request, Quantity::milli(25));
    local.image.get_or_insert_with(|| "registry.k8s.io/dns/k8s-dns-node-cache:1.26.0".into());
}

fn kubelets(cluster: &mut ClusterSpec, context: &Context) {
    let mut nodes = cluster.kubelet.take().unwrap_or_default();
    let mut control_plane = cluster.master_kubelet.take().unwrap_or_default();
    if !context.version.is_at_least(1, 36) {
        // Pods of etcd mount its binaries from image volumes.
        control_plane.feature_gates.entry("ImageVolume".into()).or_insert_with(|| "true".into());
    }
    kubelet(&mut nodes, cluster, context);
    kubelet(&mut control_plane, cluster, context);
    if cluster.isolate_masters == Some(true) {
        control_plane.enable_debugging_handlers = Some(false);
        control_plane.hairpin_mode = "none".into();
    }
    cluster.kubelet = Some(nodes);
    cluster.master_kubelet = Some(control_plane);
}

fn kubelet(kubelet: &mut Kubelet, cluster: &ClusterSpec, context: &Context) {
    kubelet.enable_debugging_handlers = Some(true);
    kubelet.pod_manifest_path = "/etc/kubernetes/manifests".into();
    kubelet.log_level = Some(2);
    kubelet.cluster_domain.clone_from(&cluster.cluster_dns_domain);
    kubelet.allow_privileged = None;
    let local = cluster.kube_dns.as_ref().and_then(|dns| dns.node_local_dns.as_ref());
    fill(
        &mut kubelet.cluster_dns,
        match local.filter(|local| local.enabled == Some(true)) {
            Some(local) => text(&local.local_ip).to_owned(),
            None => service_address(cluster, 10).map(|address| address.to_string()).unwrap_or_default(),
        },
    );
    kubelet.eviction_hard.get_or_insert_with(|| EVICTION.into());
    kubelet.kubeconfig_path = "/var/lib/kubelet/kubeconfig".into();
    kubelet.cgroup_root = "/".into();
    kubelet.cloud_provider = Some(KubeletCloud::External);
    if cluster.is_on(Cloud::Gce) {
        kubelet.hairpin_mode = "promiscuous-bridge".into();
    }
    kubelet.cgroup_driver = "systemd".into();
    kubelet.protect_kernel_defaults.get_or_insert(true);
    let by_vpc = cluster.has_plugin(|networking| networking.amazonvpc.is_some());
    if by_vpc {
        // Machines that shut down slowly leave network interfaces behind.
        kubelet.shutdown_grace_period = Some(Duration::default());
        kubelet.shutdown_grace_period_critical_pods = Some(Duration::default());
    } else if kubelet.shutdown_grace_period.is_none() {
        kubelet.shutdown_grace_period = Some(Duration::seconds(30));
        kubelet.shutdown_grace_period_critical_pods = Some(Duration::seconds(10));
    }
    if !context.version.is_at_least(1, 34) {
        kubelet.register_schedulable = Some(true);
    }
}

fn controller_manager(cluster: &mut ClusterSpec, context: &Context) {
    let (ipv6, pods) = (cluster.is_ipv6_only(), cluster.pod_cidr.clone());
    let by_routes = cluster.has_plugin(|plugins| plugins.kubenet.is_some());
    let by_aliases = cluster.is_on(Cloud::Gce) && cluster.has_plugin(Networking::uses_ip_aliases);
    let flags = cluster.kube_controller_manager.get_or_insert_with(KubeControllerManager::default);
    if flags.attach_detach_reconcile_sync_period.is_none_or(|period| period == Duration::default()) {
        flags.attach_detach_reconcile_sync_period = Some(Duration::seconds(60));
    }
    flags.cluster_name = context.name.into();
    flags.cloud_provider = "external".into();
    if flags.log_level == 0 {
        flags.log_level = 2;
    }
    flags.image = context.component("kube-controller-manager");
    flags.leader_election = leader();
    flags.allocate_node_cidrs = Some(!ipv6 && !by_aliases);
    if !ipv6 {
        or_pods(&mut flags.cluster_cidr, pods);
    }
    if let Some(IpNet::V6(range)) = flags.cluster_cidr.as_deref() {
        // Kubernetes takes at most 2^16 nodes.
        let nodes = ((128 - range.prefix_len()) / 2).min(16);
        flags.node_cidr_mask_size = Some(i32::from(range.prefix_len() + nodes));
    }
    flags.configure_cloud_routes = Some(by_routes);
    flags.use_service_account_credentials.get_or_insert(true);
    if flags.controllers.is_empty() && ipv6 {
        flags.controllers = vec!["*".into(), "-nodeipam".into()];
    }
}

fn scheduler(cluster: &mut ClusterSpec, context: &Context) {
    let flags = cluster.kube_scheduler.get_or_insert_with(KubeScheduler::default);
    if flags.log_level == 0 {
        flags.log_level = 2;
    }
    fill(&mut flags.image, context.component("kube-scheduler"));
    if flags.leader_election.is_none() {
        flags.leader_election = leader();
    }
}

fn proxy(cluster: &mut ClusterSpec, context: &Context) {
    let pods = cluster.kube_controller_manager.as_ref().and_then(|flags| flags.cluster_cidr.clone());
    let by_vpc = cluster.has_plugin(|networking| networking.amazonvpc.is_some());
    let without_range = cluster.is_ipv6_only() || by_vpc;
    let flags = cluster.kube_proxy.get_or_insert_with(KubeProxy::default);
    if flags.log_level == 0 {
        flags.log_level = 2;
    }
    if flags.cpu_request.is_none() {
        flags.cpu_request = Some(Quantity::milli(100));
    }
    flags.image = context.component("kube-proxy");
    if flags.cluster_cidr.is_none() && !without_range {
        flags.cluster_cidr = pods;
    }
}

/// The integration with the cloud.
fn cloud(cluster: &mut ClusterSpec, context: &Context) {
    cluster.cloud_config.get_or_insert_default().manage_storage_classes.get_or_insert(true);
    match cluster.cloud_provider {
        Some(Cloud::Aws) => on_aws(cluster, context),
        Some(Cloud::Gce) => on_gce(cluster, context),
        _ => {}
    }
}

fn on_aws(cluster: &mut ClusterSpec, context: &Context) {
    let (ipv6, pods) = (cluster.is_ipv6_only(), cluster.pod_cidr.clone());
    let by_routes = cluster.has_plugin(|networking| networking.kubenet.is_some());
    let config = cluster.cloud_config.get_or_insert_default();
    if ipv6 && config.node_ip_families.is_empty() {
        config.node_ip_families = vec!["ipv6".into(), "ipv4".into()];
    }
    let driver = config.aws_ebs_csi_driver.get_or_insert_default();
    driver.enabled.get_or_insert(true);
    driver.version.get_or_insert_with(|| "v1.58.0".into());
    let flags = cluster.cloud_controller_manager.get_or_insert_with(CloudControllerManager::default);
    flags.leader_election = leader();
    flags.cluster_name = context.name.into();
    flags.allocate_node_cidrs = Some(!ipv6);
    if !ipv6 {
        or_pods(&mut flags.cluster_cidr, pods);
    }
    flags.configure_cloud_routes = Some(by_routes);
    fill(&mut flags.image, "registry.k8s.io/provider-aws/cloud-controller-manager:v1.36.1");
}

fn on_gce(cluster: &mut ClusterSpec, context: &Context) {
    let (ipv6, pods) = (cluster.is_ipv6_only(), cluster.pod_cidr.clone());
    let by_aliases = cluster.has_plugin(|networking| networking.uses_ip_aliases());
    let config = cluster.cloud_config.get_or_insert_default();
    config.multizone = Some(true);
    config.node_tags = Some(crate::names::gce::role_tag(context.name, "node"));
    let driver = config.gcp_pd_csi_driver.get_or_insert_default();
    driver.enabled.get_or_insert(true);
    driver.default_storage_class_name.get_or_insert_with(|| "balanced-csi".into());
    driver.version.get_or_insert_with(|| "v1.22.1".into());
    let flags = cluster.cloud_controller_manager.get_or_insert_with(CloudControllerManager::default);
    flags.leader_election = leader();
    flags.cluster_name = crate::names::gce::cluster(context.name);
    flags.allocate_node_cidrs = Some(true);
    flags.cidr_allocator_type = Some("CloudAllocator".into());
    or_pods(&mut flags.cluster_cidr, pods);
    if by_aliases {
        flags.configure_cloud_routes = Some(false);
    }
    if flags.controllers.is_empty() {
        flags.controllers = vec!["*".into()];
        if ipv6 {
            flags.controllers.extend(["-node-ipam-controller", "-node-route-controller"].map(String::from));
        }
    }
    fill(&mut flags.image, "registry.k8s.io/cloud-provider-gcp/cloud-controller-manager:v35.0.0");
}
