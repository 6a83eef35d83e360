//! DNS records of load balancers (kops `dns.go`).

use super::Model;
use super::balancer::Made;
use super::network::Network;
use crate::lookup::HostedZone;
use landform_aws as aws;
use landform_core::{Id, Input};

impl Model<'_> {
    pub(super) fn dns(&mut self, network: &Network, balancer: Option<&Made>, bastion: Option<&Made>) {
        let Some(zone) = &self.populated.zone else { return };
        self.at("spec.dnsZone");
        self.associate_zone(network);
        let cluster = self.cluster();
        if let Some(balancer) = balancer {
            self.at("spec.masterPublicName");
            self.records(zone, &cluster.master_public_name, balancer);
            let internal = self.names.of("api.internal");
            let used =
                self.populated.balancer.as_ref().is_some_and(|balancer| balancer.spec.use_for_internal_api);
            if used && internal != cluster.master_public_name {
                self.records(zone, &internal, balancer);
            }
        }
        let name = self.bastion_spec().map(|bastion| bastion.bastion_public_name.clone()).unwrap_or_default();
        if let Some(bastion) = bastion.filter(|_| !name.is_empty()) {
            self.at("spec.topology.bastion.bastionPublicName");
            self.records(zone, &name, bastion);
        }
    }

    /// The IPv4 and IPv6 aliases of a load balancer.
    fn records(&mut self, zone: &HostedZone, name: &str, balancer: &Made) {
        let kinds = [aws::RecordType::A, aws::RecordType::Aaaa];
        for (kind, local) in kinds.into_iter().zip([name.to_string(), format!("{name}-AAAA")]) {
            let alias = aws::Alias::new(&balancer.dns_name, &balancer.zone_id, false);
            let record = aws::Route53Record::new(zone_id(zone), name, kind).alias(alias);
            if name.contains(self.names.cluster) {
                self.add(&local, record);
            } else {
                self.add_common(&local, record);
            }
        }
    }
}

/// The zone's id as Route 53 gives it.
pub(super) fn zone_id(zone: &HostedZone) -> Input<Id<aws::Route53Zone>> {
    Id::new(format!("/hostedzone/{}", zone.id)).into()
}
