//! What a spec leaves out: the settings of every component and add-on, as `cluster-completed.spec` shows them.
//!
//! Follows kops `pkg/model/components`. What the user says stands above every setting, also where a setting does not
//! look whether the user says something (kops `upup/pkg/fi/loader`).

use super::{addons, components, plugins};
use crate::spec::section::merged;
use crate::spec::{Assets, Authorization, ClusterSpec, Dns, EtcdBackups, EtcdManager, PresentOnly};
use crate::validate::Report;
use crate::version::Version;
use ipnet::IpNet;
use std::net::IpAddr;

/// How many days backups of etcd are kept.
const BACKUP_DAYS: u32 = 90;

/// What the parts need to know beside the spec.
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

/// Sets what every version of the API has by default, before anything else is looked at.
pub(super) fn api_defaults(cluster: &mut ClusterSpec) {
    cluster.topology.get_or_insert_default().dns.get_or_insert_with(Dns::default);
    let authorization = cluster.authorization.get_or_insert_default();
    if *authorization == Authorization::default() {
        authorization.rbac = Some(PresentOnly {});
    }
    if let Some(flannel) = cluster.networking.as_mut().and_then(|networking| networking.flannel.as_mut()) {
        fill(&mut flannel.backend, "udp");
    }
    if let Some(dns) = &mut cluster.external_dns
        && dns.disable
    {
        dns.provider = "none".into();
    }
    if let Some(policy) = cluster.additional_policies.remove("control-plane") {
        cluster.additional_policies.insert("master".into(), policy);
    }
    if let Some(policies) = cluster.external_policies.remove("control-plane") {
        cluster.external_policies.insert("master".into(), policies);
    }
}

/// Sets the ranges of pods and services.
pub(super) fn ranges(cluster: &mut ClusterSpec, report: &mut Report) {
    let Ok(around) = cluster.non_masquerade_cidr.parse::<IpNet>() else { return };
    if let (IpNet::V4(around), true) = (around, cluster.pod_cidr.is_empty()) {
        // The upper half, as large as can be.
        match around.subnets(around.prefix_len() + 1).map(|mut halves| halves.nth(1)) {
            Ok(Some(half)) => cluster.pod_cidr = half.to_string(),
            _ => report
                .invalid("spec.nonMasqueradeCIDR", format!("{around}: too small to hold the pods' range")),
        }
    }
    let services = if around.addr().is_ipv6() { "fd00:5e4f:ce::/108" } else { "100.64.0.0/13" };
    fill(&mut cluster.service_cluster_ip_range, services);
}

/// The address of a service that is fixed beforehand: the start of the services' range and a number.
pub(super) fn service_address(cluster: &ClusterSpec, number: u32) -> Option<IpAddr> {
    Some(match cluster.service_cluster_ip_range.parse::<IpNet>().ok()?.network() {
        IpAddr::V4(start) => IpAddr::V4(u32::from(start).checked_add(number)?.into()),
        IpAddr::V6(start) => IpAddr::V6(u128::from(start).checked_add(number.into())?.into()),
    })
}

/// Sets where the cluster's files are.
pub(super) fn stores(cluster: &mut ClusterSpec) {
    let base = cluster.config_base.trim_end_matches('/').to_owned();
    if base.is_empty() {
        return;
    }
    fill(&mut cluster.key_store, format!("{base}/pki"));
    fill(&mut cluster.secret_store, format!("{base}/secrets"));
    for etcd in &mut cluster.etcd_clusters {
        let backups = etcd.backups.get_or_insert_with(EtcdBackups::default);
        fill(&mut backups.backup_store, format!("{base}/backups/etcd/{}", etcd.name));
    }
}

/// Adds what no proxy stands before to the spec's own list.
pub(super) fn proxy(cluster: &mut ClusterSpec, name: &str) {
    let Some(proxy) = &cluster.egress_proxy else { return };
    let given = proxy.excludes.clone();
    let around = cluster.non_masquerade_cidr.parse::<IpNet>().ok();
    let first = around.and_then(|around| {
        Some(match around.addr() {
            IpAddr::V4(ip) => IpAddr::V4(u32::from(ip).checked_add(1)?.into()),
            IpAddr::V6(ip) => IpAddr::V6(u128::from(ip).checked_add(1)?.into()),
        })
    });
    let first = first.map(|first| first.to_string()).unwrap_or_default();
    let metadata = if cluster.cloud_provider == "aws" { "169.254.169.254" } else { "" };
    let mut excluded = vec![
        "127.0.0.1",
        "localhost",
        &cluster.cluster_dns_domain,
        &cluster.master_public_name,
        name,
        &first,
        &cluster.non_masquerade_cidr,
        metadata,
        &cluster.network_cidr,
    ];
    excluded.extend(cluster.additional_network_cidrs.iter().map(String::as_str));
    let mut all: Vec<&str> = if given.is_empty() { Vec::new() } else { given.split(',').collect() };
    all.extend(excluded.into_iter().filter(|exclude| !exclude.is_empty() && !given.contains(exclude)));
    let all = all.join(",");
    if let Some(proxy) = &mut cluster.egress_proxy {
        proxy.excludes = all;
    }
}

/// How often the settings are looked at again, because what the user says of one changes others.
const ROUNDS: usize = 4;

/// Sets what is left: the settings of components, plugins and add-ons.
pub(super) fn complete(cluster: &mut ClusterSpec, context: &Context, report: &mut Report) {
    // The control plane's kubelets have what all have, under what is said of them alone.
    let of_all = cluster.kubelet.clone().unwrap_or_default();
    cluster.master_kubelet = Some(merged(&of_all, &cluster.master_kubelet.clone().unwrap_or_default()));
    etcd(cluster, context);
    let users = cluster.clone();
    for _ in 0..ROUNDS {
        let before = cluster.clone();
        settings(cluster, context);
        *cluster = merged(cluster, &users);
        // Lists are taken as a whole.
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
    let version = match context.version.minor() {
        minor if minor < (1, 34) => "3.5.31",
        minor if minor < (1, 37) => "3.6.12",
        _ => "3.7.0",
    };
    for etcd in &mut cluster.etcd_clusters {
        fill(&mut etcd.version, version);
        let manager = etcd.manager.get_or_insert_with(EtcdManager::default);
        manager.backup_retention_days.get_or_insert(BACKUP_DAYS);
    }
}
