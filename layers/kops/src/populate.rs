//! From what a spec says to what it means: defaults, and answers from the world. Makes no resources.
//!
//! Follows kops `upup/pkg/fi/cloudup` (`defaults.go`, `populate_cluster_spec.go`,
//! `populate_instancegroup_spec.go`), as far as resources depend on it.

mod groups;
mod issuer;

use crate::cidr::{self, needs_range};
use crate::lookup::{Account, HostedZone, Image, Lookup, MachineType};
use crate::problem::{Kind, Problems};
use crate::spec::{
    ClusterSpec, DnsType, GroupSpec, LoadBalancer, LoadBalancerClass, LoadBalancerType, Manager, Role, Spec,
    Subnet, SubnetType,
};
use crate::validate::{Report, validate};
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use std::collections::{BTreeMap, BTreeSet};

/// The tag by which the node termination handler knows the groups it manages.
const TERMINATION_HANDLER_TAG: &str = "aws-node-termination-handler/managed";

/// A spec with all its defaults, and what the world said.
#[derive(Debug, Clone, PartialEq)]
pub struct Populated {
    /// The spec. Ranges and zones of its subnets are set.
    pub spec: Spec,
    /// The account.
    pub account: Account,
    /// The region.
    pub region: String,
    /// The hosted zone of the cluster's names, unless it uses no DNS.
    pub zone: Option<HostedZone>,
    /// The IPv6 range of the network that the spec names, if it has one.
    pub network_ipv6_cidr: Option<Ipv6Net>,
    /// The allocations of the public addresses that the spec names.
    pub allocations: BTreeMap<String, String>,
    /// The URL of who vouches for the identity of service accounts.
    pub issuer: String,
    /// The groups, in the order of the spec.
    pub groups: Vec<Group>,
    /// The load balancer in front of the API, if there is one.
    pub balancer: Option<Balancer>,
    /// The queue of the node termination handler, if it works by a queue.
    pub termination_queue: Option<TerminationQueue>,
}

/// A group of machines with all its defaults.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// What its machines do.
    pub role: Role,
    /// Its specification. Sizes, subnets and type of machine are set.
    pub spec: GroupSpec,
    /// Its image.
    pub image: Image,
    /// Its type of machine.
    pub machine: MachineType,
}

impl Group {
    /// Whether the cloud adds and removes its machines.
    pub fn is_cloud_managed(&self) -> bool {
        self.spec.managed_by() == Manager::CloudGroup
    }
}

/// The load balancer in front of the API, with all its defaults.
#[derive(Debug, Clone, PartialEq)]
pub struct Balancer {
    /// Its specification.
    pub spec: LoadBalancer,
    /// Its kind.
    pub class: LoadBalancerClass,
    /// Whether it is reached from the network only.
    pub internal: bool,
    /// Whether it balances across zones.
    pub cross_zone: bool,
}

/// How the node termination handler hears of machines that go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TerminationQueue {
    /// The tag of the groups it manages; empty for none.
    pub tag: String,
    /// Whether it hears of spot machines that are likely to go.
    pub rebalance: bool,
}

impl Populated {
    /// The cluster's specification.
    pub fn cluster(&self) -> &ClusterSpec {
        &self.spec.cluster.spec
    }

    /// Whether machines reach the control plane by the load balancer's addresses rather than by DNS.
    pub fn without_dns(&self) -> bool {
        self.cluster().dns_type() == DnsType::None
    }

    /// Whether service accounts have IAM roles of their own.
    pub fn service_account_roles(&self) -> bool {
        self.cluster().iam.as_ref().and_then(|iam| iam.use_service_account_external_permissions) == Some(true)
    }

    /// Whether there is a bastion.
    pub fn has_bastion(&self) -> bool {
        self.groups.iter().any(|group| group.role == Role::Bastion)
    }

    /// Whether there are groups of API servers.
    pub fn has_api_servers(&self) -> bool {
        self.groups.iter().any(|group| group.role == Role::ApiServer)
    }

    /// Whether Cilium has an etcd cluster of its own.
    pub fn has_cilium_etcd(&self) -> bool {
        let cilium = self.cluster().networking.as_ref().and_then(|networking| networking.cilium.as_ref());
        cilium.and_then(|cilium| cilium.flag("etcdManaged")) == Some(true)
    }
}

/// Where a cluster's network comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NetworkSource {
    /// It is made, or looked up by the spec's `networkID`.
    Spec,
    /// It is given by reference; the spec's `networkID` is not looked up.
    Given {
        /// Its range, if that is known.
        cidr: Option<Ipv4Net>,
        /// The names of subnets that are given too, and need no range from the spec.
        subnets: BTreeSet<String>,
    },
}

/// Applies the defaults to a spec for AWS.
///
/// # Errors
/// The spec is not [valid](validate), is for another cloud, or names what the world does not have.
pub fn populate(spec: &Spec, source: &NetworkSource, lookup: &impl Lookup) -> Result<Populated, Problems> {
    validate(spec)?;
    let mut problems = Vec::new();
    if spec.cluster.spec.cloud_provider != "aws" {
        let mut report = Report::of_cluster(spec, &mut problems);
        report.forbidden("spec.cloudProvider", "expected aws: the layer makes resources of AWS only");
        return Err(problems.remove(0).into());
    }
    let mut populated = spec.clone();
    let cluster = &mut populated.cluster.spec;
    let mut report = Report::of_cluster(spec, &mut problems);
    if cluster.kubernetes_version.is_empty() {
        match lookup.recommended_version(&cluster.channel) {
            Some(version) => cluster.kubernetes_version = version,
            None => {
                report.required("spec.kubernetesVersion", "expected a version; the channel recommends none")
            }
        }
    }
    let network_ipv6_cidr = populate_network(cluster, source, lookup, &mut report);
    let region = find_region(cluster, lookup, &mut report);
    let allocations = find_allocations(cluster, lookup, &mut report);
    let balancer = choose_balancer(spec, cluster);
    let zone = find_zone(spec, cluster, lookup, &mut report);
    let issuer = issuer::find(cluster, spec.name(), lookup, &mut report);
    let termination_queue = termination_queue(cluster);
    let groups =
        spec.groups.iter().filter_map(|group| groups::populate(&populated, group, lookup, &mut problems));
    let groups = groups.collect();
    Problems::check(problems)?;
    // What is right by itself may be wrong with the defaults.
    validate(&populated)?;
    Ok(Populated {
        account: lookup.account(),
        region,
        zone,
        network_ipv6_cidr,
        allocations,
        issuer,
        groups,
        balancer,
        termination_queue,
        spec: populated,
    })
}

fn populate_network(
    cluster: &mut ClusterSpec,
    source: &NetworkSource,
    lookup: &impl Lookup,
    report: &mut Report,
) -> Option<Ipv6Net> {
    let looked_up = (*source == NetworkSource::Spec && cluster.shares_network())
        .then(|| lookup.network(&cluster.network_id));
    if looked_up == Some(None) {
        report.add(Kind::NotFound, "spec.networkID", format!("there is no network {}", cluster.network_id));
    }
    let network = looked_up.flatten();
    if cluster.network_cidr.is_empty() {
        match (source, &network) {
            (NetworkSource::Given { cidr: Some(given), .. }, _) => {
                cluster.network_cidr = given.trunc().to_string();
            }
            (NetworkSource::Given { cidr: None, .. }, _) => {
                let detail = "expected the range of the network that the cluster is given";
                report.required("spec.networkCIDR", detail);
            }
            (NetworkSource::Spec, Some(network)) => cluster.network_cidr = network.cidr.to_string(),
            (NetworkSource::Spec, None) => cluster.network_cidr = "172.20.0.0/16".into(),
        }
        let by_plugin = cluster.networking.as_ref().is_some_and(|networking| networking.amazonvpc.is_some());
        if by_plugin && !cluster.is_ipv6_only() {
            cluster.non_masquerade_cidr.clone_from(&cluster.network_cidr);
        }
    }
    if cluster.non_masquerade_cidr.is_empty() {
        cluster.non_masquerade_cidr = "100.64.0.0/10".into();
    }
    for (index, subnet) in cluster.subnets.iter_mut().enumerate() {
        let Some(network) = network.as_ref().filter(|_| subnet.is_shared()) else { continue };
        let path = format!("spec.subnets[{index}]");
        let Some(known) = network.subnets.iter().find(|known| known.id == subnet.id) else {
            let detail = format!("the network {} has no subnet {}", cluster.network_id, subnet.id);
            report.add(Kind::NotFound, format!("{path}.id"), detail);
            continue;
        };
        let range = known.cidr.map(|range| range.to_string()).unwrap_or_default();
        for (field, value, known) in
            [("cidr", &mut subnet.cidr, &range), ("zone", &mut subnet.zone, &known.zone)]
        {
            if value.is_empty() {
                value.clone_from(known);
            } else if value != known {
                report.invalid(
                    format!("{path}.{field}"),
                    format!("{value:?}: the existing subnet has {known:?}"),
                );
            }
        }
    }
    assign_ranges(cluster, source, report);
    network.and_then(|network| network.ipv6_cidr)
}

/// Gives ranges to the subnets that need one.
fn assign_ranges(cluster: &mut ClusterSpec, source: &NetworkSource, report: &mut Report) {
    let given = |subnet: &Subnet| match source {
        NetworkSource::Spec => false,
        NetworkSource::Given { subnets, .. } => subnets.contains(&subnet.name),
    };
    // A subnet that is given has a range of its own, which only matters if it is known.
    let mut subnets = cluster.subnets.clone();
    subnets.retain(|subnet| !(given(subnet) && needs_range(subnet)));
    if !subnets.iter().any(needs_range) || cluster.network_cidr.is_empty() {
        return;
    }
    // Validation has read the range; what is left is a range of IPv6.
    let Ok(IpNet::V4(network)) = cluster.network_cidr.parse() else {
        return report
            .invalid("spec.networkCIDR", format!("{:?}: expected an IPv4 range", cluster.network_cidr));
    };
    if let Err(error) = cidr::assign(network, &mut subnets) {
        return report.forbidden("spec.subnets", error.to_string());
    }
    let mut assigned = subnets.into_iter().peekable();
    for subnet in &mut cluster.subnets {
        if let Some(assigned) = assigned.next_if(|assigned| assigned.name == subnet.name) {
            *subnet = assigned;
        }
    }
}

/// The region of the subnets' zones.
fn find_region(cluster: &ClusterSpec, lookup: &impl Lookup, report: &mut Report) -> String {
    let mut region = String::new();
    for (index, subnet) in cluster.subnets.iter().enumerate().filter(|(_, subnet)| !subnet.zone.is_empty()) {
        let path = format!("spec.subnets[{index}].zone");
        if !lookup.has_zone(&subnet.zone) {
            report.add(Kind::NotFound, path, format!("there is no zone {:?}", subnet.zone));
            continue;
        }
        let here = subnet.zone.trim_end_matches(|last: char| last.is_ascii_lowercase());
        if region.is_empty() {
            region = here.into();
        } else if region != here {
            report.forbidden(
                path,
                format!("{here}: a cluster cannot span regions; the other subnets are in {region}"),
            );
        }
    }
    region
}

/// The allocations of the public addresses that subnets name for their NAT gateways.
fn find_allocations(
    cluster: &ClusterSpec,
    lookup: &impl Lookup,
    report: &mut Report,
) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for (index, subnet) in
        cluster.subnets.iter().enumerate().filter(|(_, subnet)| !subnet.public_ip.is_empty())
    {
        match lookup.allocation(&subnet.public_ip) {
            Some(allocation) => {
                found.insert(subnet.public_ip.clone(), allocation);
            }
            None => {
                let path = format!("spec.subnets[{index}].publicIP");
                report.add(Kind::NotFound, path, format!("there is no address {:?}", subnet.public_ip));
            }
        }
    }
    found
}

/// The load balancer in front of the API: as the spec says, or where the control plane has no public addresses.
fn choose_balancer(spec: &Spec, cluster: &ClusterSpec) -> Option<Balancer> {
    let api = cluster.api.clone().unwrap_or_default();
    let private = || {
        let serving: Vec<_> =
            spec.groups.iter().filter(|group| group.spec.role == Some(Role::ApiServer)).collect();
        let serving = if serving.is_empty() {
            spec.groups.iter().filter(|group| group.spec.role == Some(Role::ControlPlane)).collect()
        } else {
            serving
        };
        let mut subnets =
            serving.iter().flat_map(|group| &group.spec.subnets).filter_map(|name| spec.subnet(name));
        subnets.any(|subnet| subnet.kind() == SubnetType::Private)
    };
    let balancer = match api.load_balancer {
        Some(balancer) => balancer,
        None if api.dns.is_none() && private() => LoadBalancer::default(),
        None => return None,
    };
    let without_dns = cluster.dns_type() == DnsType::None;
    Some(Balancer {
        class: balancer.class.unwrap_or(LoadBalancerClass::Network),
        internal: balancer.r#type == Some(LoadBalancerType::Internal),
        cross_zone: without_dns || balancer.cross_zone_load_balancing == Some(true),
        spec: balancer,
    })
}

/// The hosted zone that the spec names, or the one nearest above the cluster's name.
fn find_zone(
    spec: &Spec,
    cluster: &mut ClusterSpec,
    lookup: &impl Lookup,
    report: &mut Report,
) -> Option<HostedZone> {
    let private = match cluster.dns_type() {
        DnsType::None => return None,
        DnsType::Private => true,
        DnsType::Public => false,
    };
    if cluster.master_public_name.is_empty() {
        cluster.master_public_name = format!("api.{}", spec.name());
    }
    let kind = if private { "private" } else { "public" };
    let of_kind = |name: &str| {
        let mut zones = lookup.hosted_zones(name);
        zones.retain(|zone| zone.private == private);
        zones
    };
    let (path, zones) = if cluster.dns_zone.is_empty() {
        let parents = std::iter::successors(Some(spec.name()), |name| Some(name.split_once('.')?.1));
        ("", parents.map(of_kind).find(|zones| !zones.is_empty()).unwrap_or_default())
    } else {
        ("spec.dnsZone", of_kind(&cluster.dns_zone))
    };
    match zones.as_slice() {
        [zone] => Some(HostedZone { id: zone.id.trim_start_matches("/hostedzone/").into(), ..zone.clone() }),
        [] => {
            let wanted = if path.is_empty() { spec.name() } else { &cluster.dns_zone };
            let detail =
                format!("no {kind} hosted zone for {wanted}: make one, or use topology.dns.type None");
            report.add(Kind::NotFound, "spec.dnsZone", detail);
            None
        }
        several => {
            let ids: Vec<_> = several.iter().map(|zone| zone.id.as_str()).collect();
            let detail = format!(
                "several {kind} hosted zones are named {}: expected an id, one of {}",
                several[0].name,
                ids.join(", ")
            );
            report.invalid("spec.dnsZone", detail);
            None
        }
    }
}

/// How the node termination handler hears of machines that go: by a queue, unless the spec says otherwise or
/// Karpenter does its work.
fn termination_queue(cluster: &ClusterSpec) -> Option<TerminationQueue> {
    let handler = cluster.node_termination_handler.as_ref();
    let flag = |name, default| handler.and_then(|handler| handler.flag(name)).unwrap_or(default);
    let by_karpenter =
        cluster.karpenter.as_ref().and_then(|karpenter| karpenter.flag("enabled")) == Some(true);
    let enabled = flag("enabled", !by_karpenter) && flag("enableSQSTerminationDraining", true);
    (enabled && !(by_karpenter && handler.is_none())).then(|| TerminationQueue {
        tag: handler
            .and_then(|handler| handler.text("managedASGTag"))
            .unwrap_or(TERMINATION_HANDLER_TAG)
            .into(),
        rebalance: flag("enableRebalanceDraining", false),
    })
}
