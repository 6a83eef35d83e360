//! The defaults of every component and add-on, as `cluster-completed.spec` shows them.
//!
//! Follows kops `pkg/model/components`. The user's value always wins over a default (kops `upup/pkg/fi/loader`).

use super::{addons, components, plugins};
use crate::lookup::Lookup;
use crate::spec::section::merged;
use crate::spec::values::{Notation, Store, Written, text};
use crate::spec::{
    Assets, Authorization, Cloud, ClusterSpec, Dns, DnsPublisher, EtcdBackups, EtcdManager, FlannelBackend,
    PolicyRole, PresentOnly,
};
use crate::store::ETCD;
use crate::validate::Report;
use crate::version::Version;
use ipnet::{Ipv4Net, Ipv6Net};
use landform_core::Cidr;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The number of days for which backups of etcd are kept.
const BACKUP_DAYS: u32 = 90;

/// What the parts need in addition to the spec.
pub(super) struct Context<'a> {
    /// The cluster's name.
    pub(super) name: &'a str,
    /// The version of Kubernetes.
    pub(super) version: &'a Version,
    /// Where images and files come from.
    pub(super) assets: Assets,
}

impl Context<'_> {
    /// The image of one of Kubernetes' own components.
    pub(super) fn component(&self, name: &str) -> String {
        self.assets.image(&format!("registry.k8s.io/{name}:v{}", self.version))
    }
}

/// Sets a text that is empty.
pub(super) fn fill(field: &mut String, value: impl Into<String>) {
    if field.is_empty() {
        *field = value.into();
    }
}

/// Sets the defaults of kops's API. Other defaults depend on them.
pub(super) fn api_defaults(cluster: &mut ClusterSpec) {
    cluster.topology.get_or_insert_default().dns.get_or_insert_with(Dns::default);
    let authorization = cluster.authorization.get_or_insert_default();
    if *authorization == Authorization::default() {
        authorization.rbac = Some(PresentOnly {});
    }
    if let Some(flannel) = cluster.networking.as_mut().and_then(|networking| networking.flannel.as_mut()) {
        flannel.backend.get_or_insert(FlannelBackend::Udp);
    }
    if let Some(dns) = &mut cluster.external_dns
        && dns.disable
    {
        dns.provider = Some(DnsPublisher::None);
    }
    if let Some(policy) = cluster.additional_policies.remove(&PolicyRole::ControlPlane) {
        cluster.additional_policies.insert(PolicyRole::Master, policy);
    }
    if let Some(policies) = cluster.external_policies.remove(&PolicyRole::ControlPlane) {
        cluster.external_policies.insert(PolicyRole::Master, policies);
    }
}

/// The range of services where machines have IPv4 addresses.
const SERVICES: Ipv4Net = Ipv4Net::new_assert(Ipv4Addr::new(100, 64, 0, 0), 13);
/// The range of services where machines have IPv6 addresses only.
const SERVICES_IPV6: Ipv6Net = Ipv6Net::new_assert(Ipv6Addr::new(0xfd00, 0x5e4f, 0xce, 0, 0, 0, 0, 0), 108);

/// Sets the ranges of pods and services.
pub(super) fn ranges(cluster: &mut ClusterSpec, report: &mut Report) {
    let Some(around) = cluster.non_masquerade_cidr.as_deref().copied() else { return };
    if around.addr().is_ipv4() && cluster.pod_cidr.is_none() {
        // Pods get the upper half.
        match around.part(around.prefix_len() + 1, 1) {
            Some(half) => cluster.pod_cidr = Some(half.into()),
            None => report
                .invalid("spec.nonMasqueradeCIDR", format!("{around}: too small to hold the range of pods")),
        }
    }
    cluster.service_cluster_ip_range.get_or_insert_with(|| {
        let services = if around.addr().is_ipv6() { SERVICES_IPV6.into() } else { SERVICES.into() };
        Cidr::containing(services).into()
    });
}

/// The address that is a number of addresses after another one. `None` beyond the last address.
fn after(address: IpAddr, number: u32) -> Option<IpAddr> {
    Some(match address {
        IpAddr::V4(start) => IpAddr::V4(u32::from(start).checked_add(number)?.into()),
        IpAddr::V6(start) => IpAddr::V6(u128::from(start).checked_add(number.into())?.into()),
    })
}

/// A fixed address of a service: the start of the services' range plus a number.
pub(super) fn service_address(cluster: &ClusterSpec, number: u32) -> Option<IpAddr> {
    after(cluster.service_cluster_ip_range.as_ref()?.network(), number)
}

/// Sets where the cluster's files are kept, from the state store of all clusters.
pub(super) fn base(cluster: &mut ClusterSpec, name: &str, lookup: &impl Lookup, report: &mut Report) {
    if cluster.config_base.is_some() {
        return;
    }
    let path = "spec.configBase";
    match lookup.state_store().map(|store| <Store as Notation>::parse(&store)) {
        Some(Ok(store)) => cluster.config_base = Some(store.join(name).into()),
        Some(Err(error)) => report.invalid(path, format!("the state store is {error}")),
        None => report.required(
            path,
            "expected where the cluster's files are kept, such as s3://bucket/k8s.example.com, or a state store",
        ),
    }
}

/// Sets where the cluster's files of each kind are kept.
pub(super) fn stores(cluster: &mut ClusterSpec) {
    let Some(base) = cluster.config_base.as_deref().cloned() else { return };
    cluster.key_store.get_or_insert_with(|| base.join("pki").into());
    cluster.secret_store.get_or_insert_with(|| base.join("secrets").into());
    for etcd in &mut cluster.etcd_clusters {
        let name = etcd.name();
        let backups = etcd.backups.get_or_insert_with(EtcdBackups::default);
        backups.backup_store.get_or_insert_with(|| base.join(&format!("backups/etcd/{name}")).into());
    }
}

/// Adds the names and ranges that bypass the proxy to the spec's list.
pub(super) fn proxy(cluster: &mut ClusterSpec, name: &str) {
    let Some(proxy) = &cluster.egress_proxy else { return };
    let given = proxy.excludes.clone();
    let first = cluster.non_masquerade_cidr.as_ref().and_then(|around| after(around.addr(), 1));
    let first = first.map(|first| first.to_string()).unwrap_or_default();
    let metadata = if cluster.is_on(Cloud::Aws) { "169.254.169.254" } else { "" };
    let mut excluded = vec![
        "127.0.0.1",
        "localhost",
        &cluster.cluster_dns_domain,
        &cluster.master_public_name,
        name,
        &first,
        text(&cluster.non_masquerade_cidr),
        metadata,
        text(&cluster.network_cidr),
    ];
    excluded.extend(cluster.additional_network_cidrs.iter().map(Written::as_str));
    let mut all: Vec<&str> = if given.is_empty() { Vec::new() } else { given.split(',').collect() };
    all.extend(excluded.into_iter().filter(|exclude| !exclude.is_empty() && !given.contains(exclude)));
    let all = all.join(",");
    if let Some(proxy) = &mut cluster.egress_proxy {
        proxy.excludes = all;
    }
}

/// The maximum number of rounds. One default may depend on another one.
const ROUNDS: usize = 4;

/// Sets what is left: the settings of components, plugins and add-ons.
pub(super) fn complete(cluster: &mut ClusterSpec, context: &Context, report: &mut Report) {
    // The flags of all kubelets are defaults for those of the control plane.
    let of_all = cluster.kubelet.clone().unwrap_or_default();
    cluster.master_kubelet = Some(merged(&of_all, &cluster.master_kubelet.clone().unwrap_or_default()));
    etcd(cluster, context);
    let users = cluster.clone();
    for _ in 0..ROUNDS {
        let before = cluster.clone();
        settings(cluster, context);
        *cluster = merged(cluster, &users);
        // `merged` replaces lists as a whole, so the defaults of etcd clusters are set again.
        etcd(cluster, context);
        if *cluster == before {
            break;
        }
    }
    components::check(cluster, report);
}

fn settings(cluster: &mut ClusterSpec, context: &Context) {
    fill(&mut cluster.cluster_dns_domain, "cluster.local");
    components::complete(cluster, context);
    plugins::complete(cluster);
    addons::complete(cluster, context);
}

fn etcd(cluster: &mut ClusterSpec, context: &Context) {
    let [v3_5, v3_6, v3_7] = ETCD;
    let version = match context.version.minor() {
        minor if minor < (1, 34) => v3_5,
        minor if minor < (1, 37) => v3_6,
        _ => v3_7,
    };
    for etcd in &mut cluster.etcd_clusters {
        etcd.version.get_or_insert_with(|| version.into());
        let manager = etcd.manager.get_or_insert_with(EtcdManager::default);
        manager.backup_retention_days.get_or_insert(BACKUP_DAYS);
    }
}
