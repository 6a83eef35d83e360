//! The security groups of machines, and which of them may talk to each other (kops `firewall.go`,
//! `external_access.go`).

use super::Model;
use super::network::Network;
use super::rules::{Peer, SecurityGroup, Source, Traffic};
use crate::spec::values::{PortRange, SecurityGroupId};
use crate::spec::{EtcdName, Role};
use landform_aws as aws;
use landform_core::{Id, Input};
use std::collections::BTreeMap;

/// The security groups of machines by role: the cluster's own groups, and the groups that override them.
pub(super) struct Security {
    pub(super) control_plane: Vec<SecurityGroup>,
    pub(super) nodes: Vec<SecurityGroup>,
    pub(super) bastions: Vec<SecurityGroup>,
}

impl Security {
    /// The security group of a group of machines.
    pub(super) fn of(&self, role: Role, own: Option<&str>) -> Option<&SecurityGroup> {
        let groups = match role {
            Role::ControlPlane | Role::ApiServer => &self.control_plane,
            Role::Node => &self.nodes,
            Role::Bastion => &self.bastions,
        };
        let suffix = own.map(|id| format!("-{id}")).unwrap_or_default();
        groups.iter().find(|group| group.suffix == suffix)
    }

    pub(super) fn ids(&self) -> BTreeMap<Role, Vec<Input<Id<aws::SecurityGroup>>>> {
        let ids = |groups: &[SecurityGroup]| groups.iter().map(|group| group.id.clone()).collect();
        let by_role = [
            (Role::ControlPlane, &self.control_plane),
            (Role::Node, &self.nodes),
            (Role::Bastion, &self.bastions),
        ];
        by_role.map(|(role, groups)| (role, ids(groups))).into()
    }
}

impl Model<'_> {
    pub(super) fn security(&mut self, network: &Network) -> Security {
        self.at("spec");
        let nodes = self.groups_of(Role::Node, network, "Security group for nodes");
        let control_plane = self.groups_of(Role::ControlPlane, network, "Security group for masters");
        let bastions = if self.populated.has_bastion() {
            self.groups_of(Role::Bastion, network, "Security group for bastion")
        } else {
            Vec::new()
        };
        self.machine_rules(&control_plane, &nodes);
        self.access_rules(&control_plane, &nodes);
        Security { control_plane, nodes, bastions }
    }

    /// The security groups that machines of a role have: those in the spec, and the cluster's own group if a machine
    /// uses it.
    fn groups_of(&mut self, role: Role, network: &Network, description: &str) -> Vec<SecurityGroup> {
        let specs = self.populated.groups.iter().filter(|group| group.role == role).map(|group| &group.spec);
        let mut given: Vec<&str> = specs
            .clone()
            .filter_map(|spec| spec.security_group_override.as_ref().map(SecurityGroupId::as_str))
            .collect();
        let own = specs.clone().any(|spec| spec.security_group_override.is_none());
        given.sort_unstable();
        given.dedup();
        let kind = match role {
            Role::ControlPlane => "ControlPlane",
            Role::ApiServer => "APIServer",
            Role::Node => "Node",
            Role::Bastion => "Bastion",
        };
        let mut groups: Vec<_> = given
            .into_iter()
            .map(|id| SecurityGroup { name: format!("{id}-{kind}"), suffix: format!("-{id}"), id: id.into() })
            .collect();
        if own {
            let name = self.names.security_group(role);
            groups.push(self.security_group(&name, network, description));
        }
        groups
    }

    /// Adds a security group for the cluster.
    pub(super) fn security_group(
        &mut self,
        name: &str,
        network: &Network,
        description: &str,
    ) -> SecurityGroup {
        let resource =
            aws::SecurityGroup::new(&network.vpc, name).description(description).tags(self.tags(name));
        let id = (&self.add(name, resource)).into();
        SecurityGroup { name: name.into(), suffix: String::new(), id }
    }

    /// Adds the rules between machines.
    fn machine_rules(&mut self, control_plane: &[SecurityGroup], nodes: &[SecurityGroup]) {
        for from in nodes {
            self.egress(from);
            for to in nodes {
                self.ingress(to, Peer::Group(from), Traffic::ALL);
            }
        }
        for from in control_plane {
            self.egress(from);
            for to in control_plane.iter().chain(nodes) {
                self.ingress(to, Peer::Group(from), Traffic::ALL);
            }
        }
        let cluster = self.cluster();
        let mut allowed = vec![Traffic::ports("udp", 1, 65535)];
        allowed.extend(self.open_tcp_ranges().into_iter().map(|(from, to)| Traffic::ports("tcp", from, to)));
        if cluster.has_plugin(|plugins| plugins.calico.is_some() || plugins.kuberouter.is_some()) {
            allowed.push(Traffic::IPIP);
        }
        if cluster.has_plugin(|plugins| plugins.amazonvpc.is_some()) {
            allowed.push(Traffic::ALL);
        }
        for to in control_plane {
            for from in nodes {
                for traffic in &allowed {
                    self.ingress(to, Peer::Group(from), *traffic);
                }
            }
        }
    }

    /// The TCP ports of the control plane that nodes may reach: all but the ports of etcd, which no node uses.
    fn open_tcp_ranges(&self) -> Vec<(u16, u16)> {
        let mut closed = vec![2380, 2381, 4001, 4002];
        if self.cluster().etcd_clusters.iter().any(|etcd| etcd.name() == EtcdName::Leases) {
            closed.extend([2383, 4004]);
        }
        if self.populated.has_cilium_etcd() {
            closed.push(2382);
        }
        closed.sort_unstable();
        let starts = std::iter::once(1).chain(closed.iter().map(|port| port + 1));
        let ends = closed.iter().map(|port| port - 1).chain([65535]);
        starts.zip(ends).filter(|(from, to)| from <= to).collect()
    }

    /// Adds the rules for traffic from outside the cluster.
    fn access_rules(&mut self, control_plane: &[SecurityGroup], nodes: &[SecurityGroup]) {
        let cluster = self.cluster();
        if !self.populated.has_bastion() {
            self.at("spec.sshAccess");
            for source in Source::list(&cluster.ssh_access) {
                for group in control_plane.iter().chain(nodes) {
                    self.ingress(group, Peer::Source(&source), Traffic::tcp(22));
                }
            }
        }
        self.at("spec.nodePortAccess");
        let PortRange { first, last } = self.cluster().node_ports();
        for source in Source::list(&cluster.node_port_access) {
            for group in nodes {
                for protocol in ["tcp", "udp"] {
                    let name =
                        format!("nodeport-{protocol}-external-to-node-{}{}", source.text(), group.suffix);
                    self.ingress_named(
                        &name,
                        group,
                        Peer::Source(&source),
                        Traffic::ports(protocol, first, last),
                    );
                }
            }
        }
        if self.populated.balancer.is_none() {
            self.at("spec.kubernetesApiAccess");
            for source in Source::list(&cluster.kubernetes_api_access) {
                for group in control_plane {
                    self.ingress(group, Peer::Source(&source), Traffic::tcp(443));
                }
            }
        }
    }
}
