//! The network and its subnetworks (kops `network.go`).

use super::Model;
use crate::names;
use crate::spec::{ClusterSpec, Networking, Subnet};
use landform_core::{Cidr, Id, Input};
use landform_gce as gce;

/// The network: a new one, or an existing one.
pub(super) struct Network {
    pub(super) id: Input<Id<gce::Network>>,
    /// The subnetworks, in the order of the spec.
    pub(super) subnetworks: Vec<Input<Id<gce::Subnetwork>>>,
}

impl Network {
    /// The subnetwork with a name in the spec.
    pub(super) fn subnetwork(
        &self,
        cluster: &ClusterSpec,
        name: &str,
    ) -> Option<&Input<Id<gce::Subnetwork>>> {
        let index = cluster.subnets.iter().position(|subnet| subnet.name == name)?;
        self.subnetworks.get(index)
    }
}

impl Model<'_> {
    pub(super) fn network(&mut self) -> Network {
        let id = self.network_id();
        let mut subnetworks = Vec::new();
        for (index, subnet) in self.cluster().subnets.iter().enumerate() {
            self.at(&format!("spec.subnets[{index}]"));
            subnetworks.push(self.subnetwork(subnet, &id));
        }
        Network { id, subnetworks }
    }

    fn network_id(&mut self) -> Input<Id<gce::Network>> {
        self.at("spec.networkID");
        if let Some(network) = &self.existing.network {
            return network.clone();
        }
        if self.cluster().shares_network() {
            let (project, name) = self.shared_network();
            return format!("projects/{project}/global/networks/{name}").as_str().into();
        }
        let name = names::gce::network(self.names.cluster);
        let network =
            gce::Network::new(name.as_str()).project(&*self.home.project).auto_create_subnetworks(false);
        (&self.add(&name, network)).into()
    }

    /// The project and the name of an existing network: `networkID` is `name` or `project/name`.
    fn shared_network(&self) -> (&str, &str) {
        let id = self.cluster().network_id.as_str();
        id.split_once('/').unwrap_or((&self.home.project, id))
    }

    fn subnetwork(
        &mut self,
        subnet: &Subnet,
        network: &Input<Id<gce::Network>>,
    ) -> Input<Id<gce::Subnetwork>> {
        if let Some(given) = self.existing.subnetworks.get(&subnet.name) {
            return given.clone();
        }
        let region = &self.populated.region;
        if subnet.is_shared() {
            let (project, _) = self.shared_network();
            return format!("projects/{project}/regions/{region}/subnetworks/{}", subnet.id).as_str().into();
        }
        let name = self.name(&subnet.name);
        let range = subnet.cidr.as_deref().copied().unwrap_or_else(Cidr::every_ipv4);
        let resource = gce::Subnetwork::new(name.as_str(), network, range)
            .project(&*self.home.project)
            .region(region.as_str())
            .stack_type(gce::StackType::Ipv4Only)
            .with(self.secondary_ranges(), |subnetwork, ranges| subnetwork.secondary_ip_range(ranges));
        (&self.add(&name, resource)).into()
    }

    /// The ranges of pods and services, if pods have alias addresses of their machines.
    fn secondary_ranges(&self) -> Option<Vec<gce::SecondaryRangeBuilder>> {
        let cluster = self.cluster();
        if !self.has_alias_addresses() {
            return None;
        }
        let ranges = [("pods", &cluster.pod_cidr), ("services", &cluster.service_cluster_ip_range)];
        let range = |(what, range): (&str, &Option<crate::spec::values::Written<Cidr>>)| {
            Some(gce::SecondaryRange::new(self.name(what), *range.as_deref()?))
        };
        Some(ranges.into_iter().filter_map(range).collect())
    }

    /// Whether pods have alias addresses of their machines.
    pub(super) fn has_alias_addresses(&self) -> bool {
        self.cluster().has_plugin(Networking::uses_ip_aliases)
    }
}
