//! What reaches a cluster from outside: SSH, node ports, the API (kops `external_access.go`, and the rules of
//! `api_loadbalancer.go`).

use super::Model;
use super::balancer::{CILIUM_ETCD, KOPS_CONTROLLER};
use super::network::Network;
use super::rules::{Rule, Traffic};
use crate::names;
use crate::spec::Role;
use crate::spec::values::PortRange;

/// The port of the API.
const API: u16 = 443;
/// The port of SSH.
const SSH: u16 = 22;

impl Model<'_> {
    pub(super) fn outside(&mut self, network: &Network) {
        self.at("spec.sshAccess");
        self.ssh(network);
        self.at("spec.nodePortAccess");
        let PortRange { first, last } = self.cluster().node_ports();
        let ports = format!("{first}-{last}");
        let rule = Rule {
            name: "nodeport-external-to-node",
            traffic: vec![Traffic::Ports("tcp", ports.clone()), Traffic::Ports("udp", ports)],
            targets: self.node_tags(),
        };
        self.admit_sources(network, &rule, &self.cluster().node_port_access);
        self.at("spec.kubernetesApiAccess");
        self.api(network);
    }

    /// A bastion is the only way in.
    fn ssh(&mut self, network: &Network) {
        let rule = |name, targets| Rule { name, traffic: vec![Traffic::tcp(SSH)], targets };
        let (nodes, control_plane) = (self.node_tags(), self.control_plane_tags());
        let sources = &self.cluster().ssh_access;
        if !self.populated.has_bastion() {
            self.admit_sources(network, &rule("ssh-external-to-master", control_plane), sources);
            self.admit_sources(network, &rule("ssh-external-to-node", nodes), sources);
            return;
        }
        let bastions = self.bastion_tags();
        self.admit_sources(network, &rule("ssh-external-to-bastion", bastions.clone()), sources);
        self.admit_tags_in_pair(network, &rule("bastion-to-master-ssh", control_plane), &bastions);
        self.admit_tags_in_pair(network, &rule("bastion-to-node-ssh", nodes), &bastions);
    }

    fn api(&mut self, network: &Network) {
        let sources = &self.cluster().kubernetes_api_access;
        let rule = |name, port, targets| Rule { name, traffic: vec![Traffic::tcp(port)], targets };
        let api = self.api_tags();
        if self.populated.balancer.is_none() {
            let targets = self.control_plane_tags();
            self.admit_sources(network, &rule("kubernetes-master-https", API, targets), sources);
        } else {
            self.admit_sources(network, &rule("https-api", API, api.clone()), sources);
            let control_plane =
                vec![names::gce::role_tag(self.names.cluster, names::gce::role(Role::ControlPlane))];
            if self.populated.without_dns() {
                let targets = control_plane.clone();
                self.admit_sources(network, &rule("kops-controller", KOPS_CONTROLLER, targets), sources);
            }
            if self.populated.has_cilium_etcd() {
                self.admit_sources(network, &rule("cilium-etcd", CILIUM_ETCD, control_plane), sources);
            }
        }
        if let Some(pods) = self.pod_range().filter(|_| self.has_alias_addresses()) {
            self.admit_ranges(network, &rule("pod-cidrs-to-https-api", API, api), &[pods.as_str()]);
        }
    }
}
