//! The way out of private machines: one router and one NAT for all private subnetworks that the cluster makes (kops
//! `network.go`).

use super::Model;
use super::network::Network;
use landform_gce as gce;

impl Model<'_> {
    pub(super) fn egress(&mut self, network: &Network) {
        // Two NATs cannot serve one subnetwork.
        if self.existing.nat_gateway.is_some() {
            return;
        }
        let private = self.cluster().subnets.iter().zip(&network.subnetworks).filter(|(subnet, _)| {
            subnet.kind().is_private() && !subnet.is_unmanaged() && !self.existing.has(subnet)
        });
        let served: Vec<gce::NatSubnetworkBuilder> = private
            .map(|(_, id)| gce::NatSubnetwork::new(id).source_ip_ranges_to_nat([gce::NatRanges::AllIpRanges]))
            .collect();
        if served.is_empty() {
            return;
        }
        self.at("spec.subnets");
        let name = self.name("nat");
        let (project, region) = (self.home.project.as_str(), self.populated.region.as_str());
        let router = gce::Router::new(name.as_str(), &network.id).project(project).region(region);
        let router = self.add(&name, router);
        let nat = gce::RouterNat::new(name.as_str(), &router)
            .project(project)
            .region(region)
            .nat_ip_allocate_option(gce::NatIpAllocation::AutoOnly)
            .source_subnetwork_ip_ranges_to_nat(gce::NatSource::ListOfSubnetworks)
            .subnetwork(served);
        self.add(&name, nat);
    }
}
