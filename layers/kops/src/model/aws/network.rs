//! The network: VPC, internet gateway, public route table (kops `network.go`).

use super::{Model, check::Gateway, egress::Ways};
use crate::spec::DnsType;
use landform_aws as aws;
use landform_core::{Cidr, Handle, Id, Input};

/// The network: a new one, or an existing one.
pub(super) struct Network {
    pub(super) vpc: Input<Id<aws::Vpc>>,
    /// The subnets, in the order of the spec.
    pub(super) subnets: Vec<Input<Id<aws::Subnet>>>,
}

/// The VPC: a new one, or an existing one.
pub(super) struct Vpc {
    pub(super) id: Input<Id<aws::Vpc>>,
    /// Its IPv6 range. `None` for an existing VPC without a known range.
    pub(super) ipv6_cidr: Option<Input<Cidr>>,
}

/// Where a route leads.
pub(super) enum Target {
    Internet(Input<Id<aws::InternetGateway>>),
    Nat(Input<Id<aws::NatGateway>>),
    EgressOnly(Input<Id<aws::EgressOnlyInternetGateway>>),
    Transit(String),
    Peering(Input<Id<aws::VpcPeeringConnection>>),
}

impl Model<'_> {
    pub(super) fn network(&mut self, gateway: Gateway) -> Network {
        let vpc = self.vpc();
        let gateway = match gateway {
            Gateway::None => None,
            Gateway::Used(id) => Some((id, None)),
            Gateway::Made => {
                let name = self.names.cluster;
                let made = self.add(name, aws::InternetGateway::new(&vpc.id).tags(self.tags(name)));
                Some(((&made).into(), Some(made)))
            }
        };
        let made = gateway.as_ref().and_then(|(_, made)| made.clone());
        let gateway = gateway.map(|(id, _)| id);
        let public = gateway.as_ref().filter(|_| self.makes_subnets());
        let public = public.map(|gateway| self.public_table(&vpc.id, gateway));
        let subnets = self.subnets(&vpc, public.as_ref());
        self.ways_out(&Ways {
            vpc: &vpc.id,
            subnets: &subnets,
            gateway: gateway.as_ref(),
            made: made.as_ref(),
        });
        Network { vpc: vpc.id, subnets }
    }

    fn vpc(&mut self) -> Vpc {
        self.at("spec.networkCIDR");
        let cluster = self.cluster();
        if let Some(vpc) = &self.existing.vpc {
            return Vpc { id: vpc.clone(), ipv6_cidr: self.existing.network_ipv6_cidr.clone() };
        }
        if cluster.shares_network() {
            let ipv6_cidr = self.home.network_ipv6_cidr.map(|range| Cidr::containing(range.into()).into());
            return Vpc { id: cluster.network_id.as_str().into(), ipv6_cidr };
        }
        let name = self.names.cluster;
        let range = self.home.network_range;
        let vpc = aws::Vpc::new(range)
            .assign_generated_ipv6_cidr_block(true)
            .enable_dns_hostnames(true)
            .enable_dns_support(true)
            .tags(self.tags(name));
        let vpc = self.add(name, vpc);
        for range in &cluster.additional_network_cidrs {
            let association = aws::VpcIpv4CidrBlockAssociation::new(&vpc, **range);
            self.add_common(&format!("cidr-{range}"), association);
        }
        let region = &self.populated.region;
        let domain = match region.as_str() {
            "us-east-1" => "ec2.internal".into(),
            region => format!("{region}.compute.internal"),
        };
        let options = aws::VpcDhcpOptions::new()
            .domain_name(domain)
            .domain_name_servers(["AmazonProvidedDNS"])
            .tags(self.tags(name));
        let options = self.add(name, options);
        self.add(name, aws::VpcDhcpOptionsAssociation::new(&vpc, &options));
        Vpc { id: (&vpc).into(), ipv6_cidr: Some(Input::from_expr(vpc.ipv6_cidr_block().into_expr())) }
    }

    fn makes_subnets(&self) -> bool {
        self.cluster().subnets.iter().any(|subnet| self.existing.subnet(subnet).is_none())
    }

    /// The route table of public subnets. Private clusters have it too, for load balancers and NAT gateways.
    fn public_table(
        &mut self,
        vpc: &Input<Id<aws::Vpc>>,
        gateway: &Input<Id<aws::InternetGateway>>,
    ) -> Handle<aws::RouteTable> {
        let name = self.names.cluster;
        let table = self.route_table(name, "public", vpc);
        self.route("route-0.0.0.0/0", &table, Cidr::every_ipv4(), Target::Internet(gateway.clone()));
        self.route("route-::/0", &table, Cidr::every_ipv6(), Target::Internet(gateway.clone()));
        table
    }

    pub(super) fn route_table(
        &mut self,
        name: &str,
        role: &str,
        vpc: &Input<Id<aws::Vpc>>,
    ) -> Handle<aws::RouteTable> {
        let table = aws::RouteTable::new(vpc).tags(self.tags(name)).tag("kubernetes.io/kops/role", role);
        self.add(name, table)
    }

    pub(super) fn route(&mut self, name: &str, table: &Handle<aws::RouteTable>, to: Cidr, target: Target) {
        let route =
            if to.addr().is_ipv6() { aws::Route::ipv6(table, to) } else { aws::Route::ipv4(table, to) };
        let route = match target {
            Target::Internet(id) => route.gateway_id(id),
            Target::Nat(id) => route.nat_gateway_id(id),
            Target::EgressOnly(id) => route.egress_only_gateway_id(id),
            Target::Transit(id) => route.transit_gateway_id(id),
            Target::Peering(id) => route.vpc_peering_connection_id(id),
        };
        self.add_common(name, route);
    }

    /// Associates the network with the private zone that holds the cluster's names.
    pub(super) fn associate_zone(&mut self, network: &Network) {
        if self.cluster().dns_type() != DnsType::Private {
            return;
        }
        let used = &self.cluster().network_id;
        if let Some(zone) = self.populated.zone.as_ref().filter(|zone| !zone.networks.contains(used)) {
            let association = aws::Route53ZoneAssociation::new(super::dns::zone_id(zone), &network.vpc);
            self.add_common(&zone.name, association);
        }
    }
}
