//! The network of a new cluster: subnets, topology, plugin.

use super::Options;
use super::options::{CloudProvider, Dns as DnsOption, NewCluster, Plugin, Topology};
use crate::cidr::InUse;
use crate::lookup::Lookup;
use crate::problem::Kind;
use crate::spec::values::{Ipv6Block, Written};
use crate::spec::{
    Bastion, Cilium, CloudControllerManager, ClusterSpec, Dns, DnsType, Flannel, FlannelBackend, Ipam,
    Networking, Subnet, SubnetType, Topology as TopologySpec,
};
use crate::validate::Report;
use ipnet::Ipv4Net;
use landform_core::Cidr;
use std::collections::{BTreeMap, BTreeSet};

/// The names of the subnets in each zone; the first is the main one.
pub(super) type Subnets = BTreeMap<String, Vec<String>>;

/// Where subnets of Google Cloud get their ranges from.
const GCE_NETWORK: Ipv4Net = Ipv4Net::new_assert(std::net::Ipv4Addr::new(10, 0, 0, 0), 8);

/// Adds the network's ranges and the subnets, without their types.
pub(super) fn subnets(
    options: &NewCluster,
    cloud: CloudProvider,
    cluster: &mut ClusterSpec,
    lookup: &impl Lookup,
    told: &mut Options,
) -> Subnets {
    cluster.network_id.clone_from(&options.network_id);
    let ranges: Vec<Written<Cidr>> = told.read_all("--network-cidr", &options.network_cidrs);
    if let Some((first, others)) = ranges.split_first() {
        cluster.network_cidr = Some(first.clone());
        cluster.additional_network_cidrs = others.to_vec();
    }
    let egress = told.read("--egress", &options.egress);
    if cloud == CloudProvider::Aws
        && cluster.network_id.is_empty()
        && let Some(first) = options.subnet_ids.first()
    {
        match lookup.network_of_subnet(first) {
            Some(network) => cluster.network_id = network,
            None => told.wrong(Kind::NotFound, "--subnets", format!("there is no subnet {first}")),
        }
    }
    let zones: BTreeSet<&String> = options.zones.iter().chain(&options.control_plane_zones).collect();
    let mut found = Subnets::new();
    if cloud == CloudProvider::Gce {
        if options.subnet_ids.len() > 1 {
            let detail = "expected one subnet: subnets of Google Cloud are regional";
            told.wrong(Kind::Invalid, "--subnets", detail);
        }
        for zone in zones {
            let region = zone.rsplit_once('-').map_or(zone.as_str(), |(region, _)| region).to_owned();
            if !cluster.subnets.iter().any(|subnet| subnet.name == region) {
                cluster.subnets.push(Subnet {
                    name: region.clone(),
                    region: region.clone(),
                    id: options.subnet_ids.first().cloned().unwrap_or_default(),
                    ..Subnet::default()
                });
            }
            found.entry(zone.clone()).or_default().push(region);
        }
        return found;
    }
    let ids = by_zone(&cluster.network_id, "--subnets", &options.subnet_ids, lookup, told);
    let others = ranges.iter().skip(1).enumerate().filter_map(|(index, cidr)| {
        let zone = options.zones.get(index % options.zones.len().max(1))?;
        Some((format!("{zone}-{}", index + 1), zone, Some(cidr.clone())))
    });
    let all = zones.into_iter().map(|zone| (zone.clone(), zone, None));
    for (name, zone, cidr) in all.chain(others) {
        cluster.subnets.push(Subnet {
            name: name.clone(),
            zone: zone.clone(),
            cidr,
            egress: egress.clone(),
            id: ids.get(zone).cloned().unwrap_or_default(),
            ..Subnet::default()
        });
        found.entry(zone.clone()).or_default().push(name);
    }
    found
}

/// Existing subnets by their zone.
fn by_zone(
    network_id: &str,
    flag: &str,
    ids: &[String],
    lookup: &impl Lookup,
    told: &mut Options,
) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    if ids.is_empty() {
        return found;
    }
    let Some(network) = lookup.network(network_id) else {
        if !network_id.is_empty() {
            told.wrong(Kind::NotFound, "--network-id", format!("there is no network {network_id}"));
        }
        return found;
    };
    for id in ids {
        match network.subnets.iter().find(|subnet| subnet.id == *id) {
            None => told.wrong(Kind::NotFound, flag, format!("the network {network_id} has no subnet {id}")),
            Some(subnet) => {
                if let Some(other) = found.insert(subnet.zone.clone(), id.clone()) {
                    let detail = format!(
                        "{id} and {other} are both in zone {}: expected one subnet for each zone",
                        subnet.zone
                    );
                    told.wrong(Kind::Duplicate, flag, detail);
                }
            }
        }
    }
    found
}

/// Sets the network plugin.
pub(super) fn plugin(plugin: Plugin, cluster: &mut ClusterSpec) {
    let mut networking = Networking::default();
    match plugin {
        Plugin::Cilium | Plugin::CiliumEtcd | Plugin::CiliumEni => {
            networking.cilium = Some(Cilium {
                enable_node_port: true,
                etcd_managed: plugin == Plugin::CiliumEtcd,
                ipam: (plugin == Plugin::CiliumEni).then_some(Ipam::Eni),
                ..Cilium::default()
            });
        }
        Plugin::Kubenet => networking.kubenet = Some(Default::default()),
        Plugin::External => networking.external = Some(Default::default()),
        Plugin::Cni => networking.cni = Some(Default::default()),
        Plugin::Kopeio => networking.kopeio = Some(Default::default()),
        Plugin::Flannel | Plugin::FlannelUdp => {
            let backend = if plugin == Plugin::Flannel { FlannelBackend::Vxlan } else { FlannelBackend::Udp };
            networking.flannel = Some(Flannel { backend: Some(backend), ..Flannel::default() });
        }
        Plugin::Calico => networking.calico = Some(Default::default()),
        Plugin::KubeRouter => networking.kuberouter = Some(Default::default()),
        Plugin::AmazonVpc => networking.amazonvpc = Some(Default::default()),
        Plugin::Gcp => networking.gce = Some(Default::default()),
        Plugin::Kindnet => networking.kindnet = Some(Default::default()),
    }
    if networking.cilium.is_some() || networking.kuberouter.is_some() {
        cluster.kube_proxy.get_or_insert_default().enabled = Some(false);
    }
    cluster.networking = Some(networking);
}

/// Sets the use of DNS and the types of subnets, and adds the subnets that the topology needs. Returns the topology.
pub(super) fn topology(
    options: &NewCluster,
    cloud: CloudProvider,
    cluster: &mut ClusterSpec,
    lookup: &impl Lookup,
    told: &mut Options,
) -> Topology {
    let usual = if options.ipv6 { Topology::Private } else { Topology::Public };
    let topology = options.topology.unwrap_or(usual);
    let dns = match options.dns_type {
        None if options.dns_zone.is_empty() => DnsType::None,
        None | Some(DnsOption::Public) => DnsType::Public,
        Some(DnsOption::Private) => DnsType::Private,
        Some(DnsOption::None) => DnsType::None,
    };
    let with_name = options.bastion && dns != DnsType::None;
    cluster.topology = Some(TopologySpec {
        dns: Some(Dns { r#type: dns }),
        bastion: with_name.then(|| Bastion {
            bastion_public_name: format!("bastion.{}", options.cluster_name),
            ..Bastion::default()
        }),
        ..TopologySpec::default()
    });
    let r#type = match topology {
        Topology::Public => SubnetType::Public,
        Topology::Private => SubnetType::Private,
    };
    cluster.subnets.iter_mut().for_each(|subnet| subnet.r#type = Some(r#type));
    if topology == Topology::Public {
        if options.bastion {
            told.wrong(
                Kind::Forbidden,
                "--bastion",
                "expected --topology private: public machines need no bastion",
            );
        }
    } else {
        if options.networking == Plugin::Kubenet {
            told.wrong(Kind::Forbidden, "--networking", "kubenet does not support --topology private");
        }
        let ids =
            by_zone(&cluster.network_id, "--utility-subnets", &options.utility_subnet_ids, lookup, told);
        let beside = |prefix: &str, r#type: SubnetType| -> Vec<Subnet> {
            let beside = cluster.subnets.iter().map(|subnet| Subnet {
                name: format!("{prefix}-{}", subnet.name),
                zone: subnet.zone.clone(),
                region: subnet.region.clone(),
                id: ids.get(&subnet.zone).cloned().unwrap_or_default(),
                r#type: Some(r#type),
                ..Subnet::default()
            });
            beside.collect()
        };
        let dual_stack = if options.ipv6 { beside("dualstack", SubnetType::DualStack) } else { Vec::new() };
        let utility =
            if cloud == CloudProvider::Aws { beside("utility", SubnetType::Utility) } else { Vec::new() };
        cluster.subnets.extend(dual_stack.into_iter().chain(utility));
    }
    if options.ipv6 {
        ipv6(cloud, cluster, told);
    }
    topology
}

fn ipv6(cloud: CloudProvider, cluster: &mut ClusterSpec, told: &mut Options) {
    if cloud != CloudProvider::Aws {
        told.wrong(Kind::NotSupported, "--ipv6", "expected --cloud aws");
    }
    cluster.non_masquerade_cidr = Some(Cidr::every_ipv6().into());
    cluster.cloud_controller_manager = Some(CloudControllerManager::default());
    for (number, subnet) in (0..).zip(&mut cluster.subnets) {
        subnet.ipv6_cidr = Some(Ipv6Block::Part { length: 64, number }.into());
    }
}

/// Gives ranges to subnets of Google Cloud, pods and services (kops `upup/pkg/fi/cloudup/gce/network.go`).
pub(super) fn assign_on_gce(cluster: &mut ClusterSpec, report: &mut Report) {
    let mut used = InUse::default();
    let mut free = |length| used.take(GCE_NETWORK, length).map(|block| Cidr::containing(block.into()).into());
    let aliases = cluster.has_plugin(Networking::uses_ip_aliases);
    let needs = |subnet: &Subnet| subnet.cidr.is_none() && subnet.id.is_empty();
    if cluster.shares_network() && cluster.subnets.iter().any(needs) {
        let detail = "expected cidr or id: the layer does not look up the free ranges of an existing network";
        report.required("spec.subnets", detail);
        return;
    }
    if aliases {
        let [subnet] = cluster.subnets.as_mut_slice() else {
            return report.invalid("spec.subnets", "expected one subnet where pods have alias addresses");
        };
        if subnet.cidr.is_some() && cluster.pod_cidr.is_some() && cluster.service_cluster_ip_range.is_some() {
            return;
        }
        cluster.pod_cidr = free(14);
        cluster.service_cluster_ip_range = free(16);
        subnet.cidr = free(19);
        cluster.non_masquerade_cidr = Some(Cidr::containing(GCE_NETWORK.into()).into());
    } else {
        for subnet in cluster.subnets.iter_mut().filter(|subnet| needs(subnet)) {
            subnet.cidr = free(20);
        }
    }
    cluster.non_masquerade_cidr.get_or_insert_with(crate::populate::inside);
}
