//! The egress of each zone. Each zone has its own, so the loss of one zone leaves the others working (kops
//! `network.go`).

use super::Model;
use super::network::Target;
use crate::spec::values::{self, RouteTarget};
use crate::spec::{Subnet, SubnetType};
use ipnet::Ipv6Net;
use landform_aws as aws;
use landform_core::{Cidr, Handle, Id, Input};
use std::collections::BTreeMap;
use std::net::Ipv6Addr;

/// The resources that the egress of zones uses.
pub(super) struct Ways<'w> {
    pub(super) vpc: &'w Input<Id<aws::Vpc>>,
    /// The cluster's subnets, in the order of the spec.
    pub(super) subnets: &'w [Input<Id<aws::Subnet>>],
    /// The internet gateway: a new one, or an existing one.
    pub(super) gateway: Option<&'w Input<Id<aws::InternetGateway>>>,
    /// The internet gateway, if it is new.
    pub(super) made: Option<&'w Handle<aws::InternetGateway>>,
}

/// The subnets of one zone that need egress of their own, with their index in the spec.
#[derive(Default)]
struct Zone<'s> {
    /// Private subnets, which the zone's private route table serves.
    private: Vec<(usize, &'s Subnet)>,
    /// Public subnets of IPv6 machines, which the zone's public route table serves.
    public_ipv6: Vec<(usize, &'s Subnet)>,
}

/// The destination of IPv4 traffic from machines that have only IPv6 (RFC 6052).
const NAT64: Ipv6Net = Ipv6Net::new_assert(Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0), 96);

impl<'a> Model<'a> {
    pub(super) fn ways_out(&mut self, ways: &Ways) {
        let cluster = self.cluster();
        let egress_only = (cluster.is_ipv6_only() && self.has_private_egress()).then(|| {
            let name = self.names.cluster;
            let tags = self.tags(name);
            self.add(name, aws::EgressOnlyInternetGateway::new(ways.vpc).tags(tags))
        });
        for (zone, Zone { private, public_ipv6 }) in self.zones() {
            let Some(&(first, spec)) = private.iter().chain(&public_ipv6).next() else { continue };
            self.at(&format!("spec.subnets[{first}]"));
            let kind = if private.is_empty() { SubnetType::Public } else { SubnetType::Utility };
            let egress = self.way_out(zone, spec, kind, ways);
            if !private.is_empty() {
                let table = self.zone_table(&format!("private-{zone}"), ways, "private", &private);
                let prefix = format!("route-private-{zone}");
                self.egress_route(&prefix, &table, Cidr::every_ipv4(), &egress);
                if let Some(egress_only) = &egress_only {
                    self.egress_route(&prefix, &table, Cidr::containing(NAT64.into()), &egress);
                    self.route(
                        &format!("{prefix}-::/0"),
                        &table,
                        Cidr::every_ipv6(),
                        Target::EgressOnly(egress_only.into()),
                    );
                }
                for (index, subnet) in private {
                    self.at(&format!("spec.subnets[{index}].additionalRoutes"));
                    self.additional_routes(subnet, &table);
                }
            }
            if let Some(gateway) = ways.gateway.filter(|_| !public_ipv6.is_empty()) {
                let table = self.zone_table(&format!("public-{zone}"), ways, "public", &public_ipv6);
                let prefix = format!("route-public-{zone}");
                for to in [Cidr::every_ipv4(), Cidr::every_ipv6()] {
                    self.route(&format!("{prefix}-{to}"), &table, to, Target::Internet(gateway.clone()));
                }
                self.egress_route(&prefix, &table, Cidr::containing(NAT64.into()), &egress);
            }
        }
    }

    /// The subnets that need egress, by zone.
    fn zones(&self) -> BTreeMap<&'a str, Zone<'a>> {
        let mut zones: BTreeMap<&str, Zone> = BTreeMap::new();
        for (index, subnet) in self.cluster().subnets.iter().enumerate() {
            if self.existing.subnet(subnet).is_some() || subnet.is_unmanaged() {
                continue;
            }
            match subnet.kind() {
                SubnetType::Private | SubnetType::DualStack => {
                    zones.entry(&subnet.zone).or_default().private.push((index, subnet));
                }
                SubnetType::Public if self.has_ipv6_table(subnet) => {
                    zones.entry(&subnet.zone).or_default().public_ipv6.push((index, subnet));
                }
                _ => {}
            }
        }
        zones
    }

    /// Adds the route table of a zone and associates it with subnets.
    fn zone_table(
        &mut self,
        role: &str,
        ways: &Ways,
        prefix: &str,
        serves: &[(usize, &Subnet)],
    ) -> Handle<aws::RouteTable> {
        let table = self.route_table(&self.names.of(role), role, ways.vpc);
        for (index, subnet) in serves {
            let name = self.names.of(&format!("{prefix}-{}", subnet.name));
            self.add(&name, aws::RouteTableAssociation::new(&ways.subnets[*index], &table));
        }
        table
    }

    fn egress_route(&mut self, prefix: &str, table: &Handle<aws::RouteTable>, to: Cidr, egress: &Egress) {
        if let Some(target) = egress.target() {
            self.route(&format!("{prefix}-{to}"), table, to, target);
        }
    }

    fn has_private_egress(&self) -> bool {
        let subnets = &self.cluster().subnets;
        subnets.iter().any(|subnet| subnet.kind().is_private() && !subnet.is_unmanaged())
    }

    /// The egress of one zone: a gateway from `Existing`, a gateway from the spec, or a new NAT gateway.
    fn way_out(&mut self, zone: &str, spec: &Subnet, kind: SubnetType, ways: &Ways) -> Egress {
        if let Some(nat) = self.existing.nat_gateways.get(zone) {
            return Egress::Nat(nat.clone());
        }
        match &spec.egress {
            Some(values::Egress::NatGateway(id)) => return Egress::Nat(id.as_str().into()),
            Some(values::Egress::TransitGateway(id)) => return Egress::Transit(id.clone()),
            _ => {}
        }
        let holds = |other: &Subnet| other.zone == zone && other.kind() == kind;
        let Some(index) = self.cluster().subnets.iter().position(holds) else { return Egress::None };
        let name = self.names.of(zone);
        let tags = self.tags(&name);
        let allocation = spec.public_ip.as_deref().and_then(|ip| self.home.allocations.get(ip));
        let address: Input<Id<aws::Eip>> = if let Some(values::Egress::Allocation(id)) = &spec.egress {
            id.as_str().into()
        } else if let Some(allocation) = allocation {
            allocation.as_str().into()
        } else {
            (&self.add(&name, aws::Eip::new().domain("vpc").tags(tags.clone()))).into()
        };
        let nat = self.add(&name, aws::NatGateway::public(&ways.subnets[index], address).tags(tags));
        // AWS refuses a NAT gateway in a network without an internet gateway.
        if let Some(gateway) = ways.made {
            self.ground.depend(&nat, gateway);
        }
        Egress::Nat((&nat).into())
    }

    fn additional_routes(&mut self, subnet: &Subnet, table: &Handle<aws::RouteTable>) {
        for route in &subnet.additional_routes {
            let (Some(to), Some(target)) = (&route.cidr, &route.target) else { continue };
            let target = match target {
                RouteTarget::Peering(id) => Target::Peering(id.as_str().into()),
                RouteTarget::NatGateway(id) => Target::Nat(id.as_str().into()),
                RouteTarget::TransitGateway(id) => Target::Transit(id.clone()),
                RouteTarget::InternetGateway(id) => Target::Internet(id.as_str().into()),
                RouteTarget::EgressOnlyGateway(id) => Target::EgressOnly(id.as_str().into()),
                // The check before the model refuses it.
                RouteTarget::Instance(_) => continue,
            };
            self.route(&format!("route-{}.{to}", subnet.name), table, **to, target);
        }
    }
}

/// The egress of one zone.
enum Egress {
    None,
    Nat(Input<Id<aws::NatGateway>>),
    Transit(String),
}

impl Egress {
    fn target(&self) -> Option<Target> {
        match self {
            Self::None => None,
            Self::Nat(id) => Some(Target::Nat(id.clone())),
            Self::Transit(id) => Some(Target::Transit(id.clone())),
        }
    }
}
