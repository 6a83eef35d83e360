//! The base network on Google Cloud for its users: its nodes by tier and region, as typed handles. Declares nothing.

use landform_core::{Handle, Id, Ref, Stack};
use landform_gce::{self as google, Address, Firewall, Router, RouterNat, Subnetwork};

use super::{AddressPlan, ClusterBlock, Nat};
use crate::{BaseNetworkError, Tier};

/// A declared base network on Google Cloud.
///
/// Asking never fails. The handle for a missing region, or for a missing NAT, refers to a node that is not declared.
/// [`Stack::check`](landform_core::Stack::check) reports it where it is used, with the name that was probably meant.
#[derive(Debug, Clone)]
pub struct Network {
    /// The network, named as on AWS.
    pub vpc: Handle<google::Network>,
    name: String,
    nat: Nat,
    addresses: AddressPlan,
}

impl Network {
    #[track_caller]
    pub(super) fn new(stack: &mut Stack, name: &str, nat: Nat, addresses: AddressPlan) -> Self {
        Self { vpc: stack.handle(name), name: name.to_owned(), nat, addresses }
    }

    /// The name in the description.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The regions' names, in the order of their places.
    pub fn regions(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        self.addresses.regions().iter().map(|region| region.name.as_str())
    }

    /// A region's public subnetwork.
    pub fn public(&self, region: &str) -> Handle<Subnetwork> {
        self.subnet(Tier::Public, region)
    }

    /// A region's admin subnetwork.
    pub fn admin(&self, region: &str) -> Handle<Subnetwork> {
        self.subnet(Tier::Admin, region)
    }

    /// A region's private working subnetwork.
    pub fn private_working(&self, region: &str) -> Handle<Subnetwork> {
        self.subnet(Tier::PrivateWorking, region)
    }

    /// A region's private production subnetwork.
    pub fn private_production(&self, region: &str) -> Handle<Subnetwork> {
        self.subnet(Tier::PrivateProduction, region)
    }

    /// A region's subnetwork of a tier.
    pub fn subnet(&self, tier: Tier, region: &str) -> Handle<Subnetwork> {
        self.vpc.beside(&self.node(tier.as_str(), region))
    }

    /// The subnetworks of a tier, one for each region.
    pub fn subnet_ids(&self, tier: Tier) -> Vec<Ref<Id<Subnetwork>>> {
        self.regions().map(|region| self.subnet(tier, region).id()).collect()
    }

    /// A region's router, whose only part is the NAT. VPN tunnels and interconnects may share it.
    pub fn router(&self, region: &str) -> Handle<Router> {
        self.vpc.beside(&format!("{}-{region}", self.name))
    }

    /// The Cloud NAT through which machines of a region without a public address reach the internet. It serves every
    /// subnetwork of the network in that region, also one that is declared later or elsewhere. To need it, depend on
    /// it: `stack.depend(&machines, [&net.nat_gateway(region)])`.
    pub fn nat_gateway(&self, region: &str) -> Handle<RouterNat> {
        self.vpc.beside(&self.node("nat", region))
    }

    /// The reserved public addresses of a region's NAT. Empty if Google Cloud allocates them, or without a NAT.
    pub fn nat_addresses(&self, region: &str) -> Vec<Handle<Address>> {
        let count = match self.nat {
            Nat::Addresses(count) => count,
            Nat::Automatic | Nat::None => 0,
        };
        let nat = self.node("nat", region);
        (0..count).map(|number| self.vpc.beside(&format!("{nat}-{number}"))).collect()
    }

    /// The regions that have a NAT: all or none.
    pub fn nat_regions(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        self.regions().take(if self.nat == Nat::None { 0 } else { self.addresses.regions().len() })
    }

    /// The firewall rule that lets the machines of a tier talk with each other.
    pub fn internal_rule(&self, tier: Tier) -> Handle<Firewall> {
        self.vpc.beside(&self.node(tier.as_str(), "internal"))
    }

    /// The firewall rule for the health checks and proxies of load balancers.
    pub fn health_check_rule(&self) -> Handle<Firewall> {
        self.vpc.beside(&format!("{}-health-checks", self.name))
    }

    /// The firewall rule for SSH. It is declared if the description says from where.
    pub fn ssh_rule(&self) -> Handle<Firewall> {
        self.vpc.beside(&format!("{}-ssh", self.name))
    }

    /// The addresses kept for a cluster, counted from 0.
    ///
    /// # Errors
    /// So many clusters do not fit, or a part of this one is reserved.
    pub fn cluster_block(&self, index: usize) -> Result<ClusterBlock, BaseNetworkError> {
        self.addresses.cluster_block(index)
    }

    /// All addresses: those of subnetworks, of clusters, and the rest.
    pub fn addresses(&self) -> &AddressPlan {
        &self.addresses
    }

    fn node(&self, kind: &str, place: &str) -> String {
        format!("{}-{kind}-{place}", self.name)
    }
}
