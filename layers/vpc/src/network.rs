//! The base network for its users: its nodes by tier and zone, as typed handles. Declares nothing.

use landform_aws::{Eip, InternetGateway, NatGateway, RouteTable, Subnet, Vpc};
use landform_core::{Handle, Id, Ref, Stack};

use crate::{AddressPlan, BaseNetworkError, ClusterBlock, NatGateways, Tier, Zone};

/// A declared base network.
///
/// Asking never fails. The handle for a missing zone, or for a missing NAT gateway, refers to a node that is not
/// declared. [`Stack::check`](landform_core::Stack::check) reports it where it is used, with the name that was probably
/// meant.
#[derive(Debug, Clone)]
pub struct Network {
    /// The VPC.
    pub vpc: Handle<Vpc>,
    /// The internet gateway, for traffic in both directions.
    pub internet_gateway: Handle<InternetGateway>,
    /// The route table of all public subnets.
    pub public_route_table: Handle<RouteTable>,
    name: String,
    nat_gateways: NatGateways,
    addresses: AddressPlan,
}

impl Network {
    #[track_caller]
    pub(crate) fn new(
        stack: &mut Stack,
        name: &str,
        nat_gateways: NatGateways,
        addresses: AddressPlan,
    ) -> Self {
        Self {
            vpc: stack.handle(name),
            internet_gateway: stack.handle(name),
            public_route_table: stack.handle(&format!("{name}-public")),
            name: name.to_owned(),
            nat_gateways,
            addresses,
        }
    }

    /// The name in the description.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The zones' names, in the order of their places.
    pub fn zones(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        self.addresses.zones().iter().map(|zone| zone.name.as_str())
    }

    /// A zone's public subnet.
    pub fn public(&self, zone: &str) -> Handle<Subnet> {
        self.subnet(Tier::Public, zone)
    }

    /// A zone's admin subnet.
    pub fn admin(&self, zone: &str) -> Handle<Subnet> {
        self.subnet(Tier::Admin, zone)
    }

    /// A zone's private working subnet.
    pub fn private_working(&self, zone: &str) -> Handle<Subnet> {
        self.subnet(Tier::PrivateWorking, zone)
    }

    /// A zone's private production subnet.
    pub fn private_production(&self, zone: &str) -> Handle<Subnet> {
        self.subnet(Tier::PrivateProduction, zone)
    }

    /// A zone's subnet of a tier.
    pub fn subnet(&self, tier: Tier, zone: &str) -> Handle<Subnet> {
        self.vpc.beside(&self.node(tier.as_str(), zone))
    }

    /// The subnets of a tier, one for each zone: for a subnet group of databases or caches, for a load balancer
    /// ([`Tier::Public`]), or for a cluster without its own subnets.
    pub fn subnet_ids(&self, tier: Tier) -> Vec<Ref<Id<Subnet>>> {
        self.zones().map(|zone| self.subnet(tier, zone).id()).collect()
    }

    /// The route table of a zone's private subnets.
    pub fn private_route_table(&self, zone: &str) -> Handle<RouteTable> {
        self.vpc.beside(&self.node("private", zone))
    }

    /// The NAT gateway through which the private subnets of a zone reach the internet. The subnets of clusters may
    /// share it.
    pub fn nat_gateway(&self, zone: &str) -> Handle<NatGateway> {
        self.vpc.beside(&self.node("nat", self.gateway_zone(zone)))
    }

    /// The public address of the private subnets in a zone.
    pub fn nat_eip(&self, zone: &str) -> Handle<Eip> {
        self.vpc.beside(&self.node("nat", self.gateway_zone(zone)))
    }

    /// The zones that have a NAT gateway.
    pub fn nat_zones(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        let count = match self.nat_gateways {
            NatGateways::PerZone => self.addresses.zones().len(),
            NatGateways::One => 1,
            NatGateways::None => 0,
        };
        self.zones().take(count)
    }

    /// The addresses kept for a cluster, counted from 0.
    ///
    /// # Errors
    /// So many clusters do not fit, or a part of this one is reserved.
    pub fn cluster_block(&self, index: usize) -> Result<ClusterBlock, BaseNetworkError> {
        self.addresses.cluster_block(index)
    }

    /// All addresses: those of subnets, of clusters, and the rest.
    pub fn addresses(&self) -> &AddressPlan {
        &self.addresses
    }

    /// The zone whose NAT gateway serves a zone.
    fn gateway_zone<'a>(&'a self, zone: &'a str) -> &'a str {
        let known = self.addresses.zones();
        match (self.nat_gateways, known) {
            (NatGateways::One, [Zone { name, .. }, ..]) if known.iter().any(|other| other.name == zone) => {
                name
            }
            _ => zone,
        }
    }

    fn node(&self, kind: &str, zone: &str) -> String {
        format!("{}-{kind}-{zone}", self.name)
    }
}
