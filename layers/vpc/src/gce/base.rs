//! Declares the nodes of the base network on Google Cloud. Finds every mistake before it adds the first node. Each
//! resource has the name of its node.

use ipnet::IpNet;
use landform_core::{Address as Node, Resource, Stack, expr::Expr};
use landform_gce::{self as google, Address, NatIpAllocation, Router, RouterNat, SecondaryRange, Subnetwork};

use super::{BaseNetwork, Nat, Network, Region, firewall};
use crate::{BaseNetworkError, Description, Tier};

/// The longest name on Google Cloud.
const LONGEST_NAME: usize = 63;

impl Description for BaseNetwork {
    type Network = Network;

    #[track_caller]
    fn declare(&self, stack: &mut Stack) -> Result<Network, BaseNetworkError> {
        let name = &self.name;
        let addresses = self.addresses()?;
        self.check_names(addresses.regions())?;
        if self.nat_gateways == Nat::Addresses(0) {
            return Err(BaseNetworkError::NoNatAddresses);
        }
        if let Some(found) = self.ssh_from.iter().copied().find(|range| matches!(range.net(), IpNet::V6(_))) {
            return Err(BaseNetworkError::SshRange { found });
        }
        let net = Network::new(stack, name, self.nat_gateways, addresses);

        // Google Cloud gives it a route to the internet.
        let network = google::Network::new(name.as_str()).auto_create_subnetworks(false);
        stack.add(name, network.with(self.project(), |network, project| network.project(project)));
        for (region, tier, range) in net.addresses().subnets() {
            let handle = net.subnet(tier, &region.name);
            let node = handle.address().name();
            let mut declared = Subnetwork::new(node, &net.vpc, range)
                .region(region.name.as_str())
                .with(self.project(), |subnetwork, project| subnetwork.project(project))
                // Machines without a public address reach Google's services.
                .private_ip_google_access(tier != Tier::Public);
            if self.clusters_in.contains(&tier)
                && let Some(ranges) = net.addresses().secondary(tier, &region.name)
            {
                let secondary = [("pods", ranges.pods), ("services", ranges.services)];
                declared = declared
                    .secondary_ip_range(secondary.map(|(name, range)| SecondaryRange::new(name, range)));
            }
            stack.add(node, declared);
        }
        for region in net.nat_regions() {
            nat(stack, &net, self.project(), region);
        }
        firewall::rules(stack, &net, self);
        outputs(stack, &net);
        Ok(net)
    }
}

impl BaseNetwork {
    /// The project, if the description names one.
    pub(super) fn project(&self) -> Option<&str> {
        self.project.as_deref()
    }

    /// Refuses a project's id that cannot be one, and a name from which Google Cloud would not take all names.
    fn check_names(&self, regions: &[Region]) -> Result<(), BaseNetworkError> {
        let name = &self.name;
        Node::new(&google::Network::resource_type().name, name).map_err(BaseNetworkError::Name)?;
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let starts = name.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase());
        if !starts || !name.bytes().all(allowed) || name.ends_with('-') {
            return Err(BaseNetworkError::GoogleName { found: name.clone() });
        }
        if let Some(found) = self.project().filter(|project| !is_project(project)) {
            return Err(BaseNetworkError::Project { found: found.to_owned() });
        }
        let longest = Tier::PrivateProduction;
        let subnets = regions.iter().map(|region| format!("{name}-{longest}-{}", region.name));
        let made = subnets.chain([format!("{name}-{longest}-internal")]).max_by_key(String::len);
        match made.filter(|made| made.len() > LONGEST_NAME) {
            None => Ok(()),
            Some(made) => {
                Err(BaseNetworkError::LongName { found: name.clone(), made, longest: LONGEST_NAME })
            }
        }
    }
}

/// Whether a text is a project's id. Some older projects belong to a domain: `example.com:my-project`.
fn is_project(text: &str) -> bool {
    let id = text.rsplit_once(':').map_or(text, |(_, id)| id);
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let starts = id.starts_with(|first: char| first.is_ascii_lowercase());
    (6..=30).contains(&id.len()) && starts && !id.ends_with('-') && id.bytes().all(allowed)
}

/// A region's router, and the Cloud NAT that is a part of it, with its addresses.
#[track_caller]
fn nat(stack: &mut Stack, net: &Network, project: Option<&str>, region: &str) {
    let (router, nat) = (net.router(region), net.nat_gateway(region));
    let node = router.address().name();
    let declared = Router::new(node, &net.vpc).region(region);
    stack.add(node, declared.with(project, |router, project| router.project(project)));
    let addresses = net.nat_addresses(region);
    for address in &addresses {
        let node = address.address().name();
        let declared = Address::new(node).region(region);
        stack.add(node, declared.with(project, |address, project| address.project(project)));
    }
    let node = nat.address().name();
    // By default it serves all ranges of all subnetworks, so that a consumer changes nothing here.
    let mut declared =
        RouterNat::new(node, &router).region(region).with(project, |nat, project| nat.project(project));
    if !addresses.is_empty() {
        declared = declared.nat_ip_allocate_option(NatIpAllocation::ManualOnly).nat_ips(&addresses);
    }
    stack.add(node, declared);
}

fn outputs(stack: &mut Stack, net: &Network) {
    let mut output = |what: &str, value: Expr| stack.output(format!("{}_{what}", net.name()), value);
    let addresses = net.addresses();
    output("vpc_id", net.vpc.id().into());
    output("vpc_cidr_block", Expr::Literal(addresses.cidr().to_string().into()));
    for tier in Tier::ALL {
        let ids = by_region(net.regions(), |region| net.subnet(tier, region).id().into());
        output(&format!("{}_subnet_ids", tier.field()), ids);
    }
    output("router_ids", by_region(net.nat_regions(), |region| net.router(region).id().into()));
    output("nat_gateway_ids", by_region(net.nat_regions(), |region| net.nat_gateway(region).id().into()));
    let reserved = net.nat_regions().filter(|region| !net.nat_addresses(region).is_empty());
    let public_ips = |region: &str| {
        // The field of the resource, which `Handle::address` hides.
        let ips = net.nat_addresses(region).into_iter().map(|address| (*address).address().into());
        Expr::list(ips.collect())
    };
    output("nat_public_ips", by_region(reserved, public_ips));
    let blocks: Vec<_> = addresses.cluster_blocks().collect();
    let mut lists = |what: &str, range: fn(&super::ClusterBlock) -> landform_core::Cidr| {
        let ranges = blocks.iter().map(|block| Expr::Literal(range(block).to_string().into()));
        output(what, Expr::list(ranges.collect()));
    };
    lists("cluster_cidr_blocks", |block| block.cidr);
    lists("cluster_pod_cidr_blocks", |block| block.pods);
    lists("cluster_service_cidr_blocks", |block| block.services);
}

fn by_region<'a>(regions: impl Iterator<Item = &'a str>, value: impl Fn(&str) -> Expr) -> Expr {
    Expr::map(regions.map(|region| (region.to_owned(), value(region))).collect())
}
