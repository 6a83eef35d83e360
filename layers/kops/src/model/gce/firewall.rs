//! Which machines of a cluster may talk to each other (kops `firewall.go`).

use super::Model;
use super::network::Network;
use super::rules::{Rule, Traffic};
use crate::spec::values::AccessSource;
use crate::spec::{ClusterSpec, Networking};

/// The ranges from which Google probes the backends of load balancers.
const PROBES: [&str; 4] = ["35.191.0.0/16", "130.211.0.0/22", "209.85.204.0/22", "209.85.152.0/22"];
/// The protocols of traffic between machines.
const PROTOCOLS: [&str; 6] = ["tcp", "udp", "icmp", "esp", "ah", "sctp"];
/// Calico's protocol: IP in IP.
const IPIP: &str = "ipip";
/// The ports of the control plane that nodes reach: the API, the kubelet, kops-controller, and the metrics of the
/// controllers, of kube-proxy, of etcd and of the machine.
const CONTROL_PLANE: [u16; 9] =
    [443, 10250, super::balancer::KOPS_CONTROLLER, 10257, 10259, 10249, 2382, 2384, 9100];
/// The port of Calico's BGP.
const BGP: u16 = 179;
/// The port of VXLAN.
const VXLAN: u16 = 8472;

impl Model<'_> {
    pub(super) fn firewall(&mut self, network: &Network) {
        self.at("spec.networking");
        let all: Vec<Traffic> = PROTOCOLS
            .into_iter()
            .chain(has_calico(self.cluster()).then_some(IPIP))
            .map(Traffic::Protocol)
            .collect();
        let (nodes, control_plane) = (self.node_tags(), self.control_plane_tags());
        if self.populated.balancer.is_some() {
            let probes = Rule {
                name: "lb-health-checks",
                traffic: vec![Traffic::Protocol("tcp")],
                targets: self.api_tags(),
            };
            self.admit_ranges(network, &probes, &PROBES);
        }
        let rule = |name, traffic: &Vec<Traffic>, targets: &Vec<String>| Rule {
            name,
            traffic: traffic.clone(),
            targets: targets.clone(),
        };
        self.admit_tags(network, &rule("node-to-node", &all, &nodes), nodes.clone());
        self.admit_tags(network, &rule("master-to-master", &all, &control_plane), control_plane.clone());
        self.admit_tags(network, &rule("master-to-node", &all, &nodes), control_plane.clone());
        self.admit_tags(
            network,
            &rule("node-to-master", &self.node_traffic(), &control_plane),
            nodes.clone(),
        );
        self.pods_to_nodes(network, &rule("pod-cidrs-to-node", &all, &nodes));
    }

    /// The traffic of nodes to the control plane.
    fn node_traffic(&self) -> Vec<Traffic> {
        let mut traffic: Vec<Traffic> = CONTROL_PLANE.into_iter().map(Traffic::tcp).collect();
        if has_calico(self.cluster()) {
            traffic.extend([Traffic::Protocol(IPIP), Traffic::tcp(BGP)]);
        }
        if self.cluster().cilium().is_some() {
            traffic.push(Traffic::udp(VXLAN));
            if self.populated.has_cilium_etcd() {
                traffic.push(Traffic::tcp(super::balancer::CILIUM_ETCD));
            }
        }
        traffic
    }

    /// Lets the traffic of pods in that have other addresses than their machines: it has no tags.
    fn pods_to_nodes(&mut self, network: &Network, rule: &Rule) {
        let by_routes = self.cluster().has_plugin(|networking: &Networking| networking.kubenet.is_some());
        if !self.has_alias_addresses() && !by_routes {
            return;
        }
        let pods: Vec<AccessSource> = self.pod_range().into_iter().collect();
        self.admit_sources(network, rule, &pods);
    }

    /// The range of pods.
    pub(super) fn pod_range(&self) -> Option<AccessSource> {
        self.cluster().pod_cidr.clone().map(AccessSource::Range)
    }
}

fn has_calico(cluster: &ClusterSpec) -> bool {
    cluster.has_plugin(|networking| networking.calico.is_some())
}
