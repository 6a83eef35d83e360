//! A spec with all its defaults, and what resources and files derive from it. Looks nothing up.

use crate::files::Files;
use crate::keys::Keyset;
use crate::lookup::{Account, HostedZone, Image, MachineType};
use crate::names::Names;
use crate::spec::values::{Host, ProfileArn, Store};
use crate::spec::{
    ClusterSpec, DnsType, GroupSpec, LoadBalancer, LoadBalancerClass, Manager, Role, Spec, WarmPool,
};
use crate::version::Version;
use ipnet::Ipv6Net;
use landform_core::Cidr;
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr};

/// A spec with all its defaults, and the answers of the lookup.
#[derive(Debug, Clone, PartialEq)]
pub struct Populated {
    /// The spec. Ranges and zones of its subnets are set.
    pub spec: Spec,
    /// The cloud, and what only that cloud has.
    pub home: Home,
    /// The region.
    pub region: String,
    /// The hosted zone of the cluster's names, unless it uses no DNS.
    pub zone: Option<HostedZone>,
    /// Where the cluster's files are kept.
    pub base: Store,
    /// The version of Kubernetes.
    pub version: Version,
    /// The version of kops whose binaries and images are used.
    pub release: Version,
    /// The files that machines load while they boot.
    pub files: Files,
    /// The sets of keys, by name.
    pub keysets: BTreeMap<String, Keyset>,
    /// The manifests that the caller has of other projects' add-ons.
    pub(crate) manifests: crate::addons::Manifests,
    /// The digest of how secrets are encrypted at rest, if they are.
    pub encryption_digest: Option<String>,
    /// The addresses of the API's load balancer, sorted: names and IP addresses. Empty until the load balancer exists.
    pub api_addresses: Vec<Host>,
    /// Whether a version of Kubernetes that is newer than the release of kops may run.
    pub allows_newer: bool,
    /// The groups, in the order of the spec.
    pub groups: Vec<Group>,
    /// The load balancer in front of the API, if there is one.
    pub balancer: Option<Balancer>,
}

/// The cloud of a cluster.
#[derive(Debug, Clone, PartialEq)]
pub enum Home {
    /// AWS.
    Aws(AwsHome),
    /// Google.
    Gce(GceHome),
}

/// What only a cluster on AWS has.
#[derive(Debug, Clone, PartialEq)]
pub struct AwsHome {
    /// The account.
    pub account: Account,
    /// The first IPv4 range of the network.
    pub network_range: Cidr,
    /// The IPv6 range of the network that the spec names, if it has one.
    pub network_ipv6_cidr: Option<Ipv6Net>,
    /// The allocations of the public addresses that the spec names.
    pub allocations: BTreeMap<Ipv4Addr, String>,
    /// The IAM roles of the instance profiles that groups name, by the profile's ARN.
    pub profile_roles: BTreeMap<ProfileArn, Vec<String>>,
    /// Whether the issuer's documents need public access lists of their own.
    pub issuer_bucket_needs_acl: bool,
}

/// What only a cluster on Google has.
#[derive(Debug, Clone, PartialEq)]
pub struct GceHome {
    /// The project.
    pub project: String,
    /// The addresses of the API's internal load balancer. Empty until the load balancer exists.
    pub internal_addresses: Vec<Host>,
}

/// A group of machines with all its defaults.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// What its machines do.
    pub role: Role,
    /// Its specification. Sizes, subnets, type of machine and the kubelet's flags are set.
    pub spec: GroupSpec,
    /// The labels of its Kubernetes nodes.
    pub labels: BTreeMap<String, String>,
    /// Its image.
    pub image: Image,
    /// Its type of machine.
    pub machine: MachineType,
}

impl Group {
    /// The numbers of its machines in its zones on Google, as equal as possible. The first zones get the rest.
    pub fn by_zone(&self, machines: u32) -> Vec<(&str, u32)> {
        let zones: BTreeSet<&str> = self.spec.zones.iter().map(String::as_str).collect();
        let count = u32::try_from(zones.len()).unwrap_or(u32::MAX).max(1);
        let share = |index: u32| machines / count + u32::from(index < machines % count);
        (0..).zip(zones).map(|(index, zone)| (zone, share(index))).collect()
    }

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
    /// Its kind. `None` on Google, whose load balancers have no classes.
    pub class: Option<LoadBalancerClass>,
    /// Whether it is reached from the network only.
    pub internal: bool,
    /// Whether it balances across zones.
    pub cross_zone: bool,
}

/// How the node termination handler learns that machines will stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TerminationQueue {
    /// The tag of the groups it manages; empty for none.
    pub tag: String,
    /// Whether it also learns of spot machines that are likely to stop.
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

    /// The addresses at which nodes reach the control plane if they do not use DNS: those of the API's load balancer
    /// that are in the cluster's network (kops `selectControlPlaneIPs`). Empty until the load balancer exists.
    pub fn control_plane_addresses(&self) -> Vec<String> {
        if !self.without_dns() || self.balancer.is_none() {
            return Vec::new();
        }
        let home = match &self.home {
            Home::Aws(home) => home,
            Home::Gce(home) => return home.internal_addresses.iter().map(ToString::to_string).collect(),
        };
        let cluster = self.cluster();
        let further = cluster.additional_network_cidrs.iter().map(|range| **range);
        let ranges: Vec<Cidr> = further.chain([home.network_range]).collect();
        let is_reached = |address: &IpAddr| match address {
            IpAddr::V4(_) => !cluster.is_ipv6_only() && ranges.iter().any(|range| range.contains(address)),
            IpAddr::V6(_) => true,
        };
        // A name cannot stand in a machine's list of hosts.
        let addresses = self.api_addresses.iter().filter_map(|host| match host {
            Host::Address(address) => Some(*address),
            Host::Name(_) => None,
        });
        addresses.filter(is_reached).map(|address| address.to_string()).collect()
    }

    /// Whether service accounts have IAM roles of their own.
    pub fn service_account_roles(&self) -> bool {
        self.cluster().iam.as_ref().and_then(|iam| iam.use_service_account_external_permissions) == Some(true)
    }

    /// The facts of a cluster on AWS.
    pub fn on_aws(&self) -> Option<&AwsHome> {
        match &self.home {
            Home::Aws(home) => Some(home),
            Home::Gce(_) => None,
        }
    }

    /// The ARN of a service account's IAM role. Empty on clouds without such roles.
    pub(crate) fn account_role(&self, namespace: &str, account: &str) -> String {
        let Some(AwsHome { account: here, .. }) = self.on_aws() else { return String::new() };
        let name = Names { cluster: self.spec.name() }.service_account(namespace, account);
        format!("arn:{}:iam::{}:role/{name}", here.partition, here.id)
    }

    /// The URL of the issuer of service account tokens.
    pub fn issuer(&self) -> &str {
        let flags = self.cluster().kube_api_server.as_ref();
        flags.and_then(|flags| flags.service_account_issuer.as_deref()).unwrap_or_default()
    }

    /// Whether there is a bastion.
    pub fn has_bastion(&self) -> bool {
        self.groups.iter().any(|group| group.role == Role::Bastion)
    }

    /// The warm pool of a group, if it has one.
    pub fn warm_pool(&self, group: &Group) -> Option<WarmPool> {
        group.spec.warm_pool_in(self.cluster()).filter(|pool| pool.max_size != Some(0))
    }

    /// The queue from which the node termination handler reads. `None` if the handler is off or uses no queue.
    pub fn termination_queue(&self) -> Option<TerminationQueue> {
        let handler = self.cluster().node_termination_handler.as_ref()?;
        let by_queue =
            handler.enabled == Some(true) && handler.enable_sqs_termination_draining != Some(false);
        by_queue.then(|| TerminationQueue {
            tag: handler.managed_asg_tag.clone().unwrap_or_default(),
            rebalance: handler.enable_rebalance_draining == Some(true),
        })
    }

    /// Whether Karpenter makes the cluster's nodes.
    pub fn has_karpenter(&self) -> bool {
        self.cluster().has_karpenter()
    }

    /// Whether volumes can be copied by snapshots.
    pub fn has_snapshot_controller(&self) -> bool {
        self.cluster().snapshot_controller.as_ref().and_then(|controller| controller.enabled) == Some(true)
    }

    /// Whether containers run under SELinux.
    pub fn uses_selinux(&self) -> bool {
        self.cluster().containerd.as_ref().is_some_and(|containerd| containerd.selinux_enabled)
    }

    /// The number of replicas of a controller: two if the control plane has several groups of machines.
    pub fn controller_replicas(&self) -> i32 {
        let control_plane = self.groups.iter().filter(|group| group.role == Role::ControlPlane);
        if control_plane.count() > 1 { 2 } else { 1 }
    }

    /// Whether there are groups of API servers.
    pub fn has_api_servers(&self) -> bool {
        self.groups.iter().any(|group| group.role == Role::ApiServer)
    }

    /// Whether Cilium has an etcd cluster of its own.
    pub fn has_cilium_etcd(&self) -> bool {
        self.cluster().cilium().is_some_and(|cilium| cilium.etcd_managed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn machines_are_spread_over_zones() {
        let group = |zones: &[&str]| Group {
            name: "nodes".into(),
            role: Role::Node,
            spec: GroupSpec {
                zones: zones.iter().map(|zone| zone.to_string()).collect(),
                ..GroupSpec::default()
            },
            labels: BTreeMap::new(),
            image: Image { id: String::new(), root_device: String::new() },
            machine: MachineType::default(),
        };
        let three = group(&["c", "a", "b"]);
        assert_eq!(three.by_zone(2), [("a", 1), ("b", 1), ("c", 0)]);
        assert_eq!(three.by_zone(7), [("a", 3), ("b", 2), ("c", 2)]);
        assert_eq!(group(&["a"]).by_zone(5), [("a", 5)]);
        assert!(group(&[]).by_zone(5).is_empty());
    }
}
