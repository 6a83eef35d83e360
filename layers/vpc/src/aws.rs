//! Declares the nodes of the base network on AWS. Finds every mistake before it adds the first node.

use std::collections::BTreeMap;

use landform_aws::{Eip, InternetGateway, NatGateway, Route, RouteTable, RouteTableAssociation, Subnet, Vpc};
use landform_core::{Address, Cidr, Handle, Resource, Stack, expr::Expr};

use crate::{BaseNetwork, BaseNetworkError, Description, NatGateways, Network, Tier};

impl Description for BaseNetwork {
    type Network = Network;

    #[track_caller]
    fn declare(&self, stack: &mut Stack) -> Result<Network, BaseNetworkError> {
        let name = &self.name;
        Address::new(&Vpc::resource_type().name, name).map_err(BaseNetworkError::Name)?;
        let addresses = self.addresses()?;
        let net = Network::new(stack, name, self.nat_gateways, addresses);
        let tags = Tags(self);

        stack.add(name, Vpc::new(self.cidr).enable_dns_hostnames(true).tags(tags.named(net.vpc.address())));
        let gateway = InternetGateway::new(&net.vpc).tags(tags.named(net.internet_gateway.address()));
        stack.add(name, gateway);
        route_table(stack, &net, &net.public_route_table, &tags);
        let to_internet =
            Route::ipv4(&net.public_route_table, Cidr::every_ipv4()).gateway_id(&net.internet_gateway);
        stack.add(net.public_route_table.address().name(), to_internet);

        for zone in net.zones() {
            let table = net.private_route_table(zone);
            route_table(stack, &net, &table, &tags);
            if self.nat_gateways != NatGateways::None {
                let to_nat = Route::ipv4(&table, Cidr::every_ipv4()).nat_gateway_id(net.nat_gateway(zone));
                stack.add(table.address().name(), to_nat);
            }
        }
        for (zone, tier, range) in net.addresses().subnets() {
            let zone = zone.name.as_str();
            let subnet = net.subnet(tier, zone);
            let table =
                if tier == Tier::Public { &net.public_route_table } else { &net.private_route_table(zone) };
            let declared =
                Subnet::ipv4(&net.vpc, range).availability_zone(zone).tags(tags.subnet(&subnet, tier));
            stack.add(subnet.address().name(), declared);
            stack.add(subnet.address().name(), RouteTableAssociation::new(&subnet, table));
        }
        for zone in net.nat_zones() {
            nat_gateway(stack, &net, zone, &tags);
        }
        outputs(stack, &net);
        Ok(net)
    }
}

#[track_caller]
fn route_table(stack: &mut Stack, net: &Network, table: &Handle<RouteTable>, tags: &Tags<'_>) {
    stack.add(table.address().name(), RouteTable::new(&net.vpc).tags(tags.named(table.address())));
}

/// A NAT gateway and its address. Both wait for the internet gateway, although neither refers to it.
#[track_caller]
fn nat_gateway(stack: &mut Stack, net: &Network, zone: &str, tags: &Tags<'_>) {
    let internet = &net.internet_gateway;
    let (eip, nat) = (net.nat_eip(zone), net.nat_gateway(zone));
    stack.add(eip.address().name(), Eip::new().tags(tags.named(eip.address())));
    stack.depend(&eip, [internet]);
    let declared = NatGateway::public(net.public(zone), &eip).tags(tags.named(nat.address()));
    stack.add(nat.address().name(), declared);
    stack.depend(&nat, [internet]);
}

fn outputs(stack: &mut Stack, net: &Network) {
    let mut output = |what: &str, value: Expr| stack.output(format!("{}_{what}", net.name()), value);
    output("vpc_id", net.vpc.id().into());
    output("vpc_cidr_block", net.vpc.cidr_block().into());
    output("public_route_table_id", net.public_route_table.id().into());
    for tier in Tier::ALL {
        let ids = by_zone(net.zones(), |zone| net.subnet(tier, zone).id().into());
        output(&format!("{}_subnet_ids", tier.field()), ids);
    }
    output("private_route_table_ids", by_zone(net.zones(), |zone| net.private_route_table(zone).id().into()));
    output("nat_gateway_ids", by_zone(net.nat_zones(), |zone| net.nat_gateway(zone).id().into()));
    output("nat_public_ips", by_zone(net.nat_zones(), |zone| net.nat_eip(zone).public_ip().into()));
    let blocks = net.addresses().cluster_blocks().map(|block| Expr::Literal(block.cidr.to_string().into()));
    output("cluster_cidr_blocks", Expr::list(blocks.collect()));
}

fn by_zone<'a>(zones: impl Iterator<Item = &'a str>, value: impl Fn(&str) -> Expr) -> Expr {
    Expr::map(zones.map(|zone| (zone.to_owned(), value(zone))).collect())
}

/// The tags of a description's resources.
struct Tags<'a>(&'a BaseNetwork);

impl Tags<'_> {
    fn named(&self, node: &Address) -> BTreeMap<String, String> {
        let mut tags = self.0.tags.clone();
        tags.insert("Name".into(), node.name().into());
        tags
    }

    fn subnet(&self, subnet: &Handle<Subnet>, tier: Tier) -> BTreeMap<String, String> {
        let mut tags = self.0.tags.clone();
        tags.extend(
            self.0
                .subnet_tags
                .get(&tier)
                .into_iter()
                .flatten()
                .map(|(key, value)| (key.clone(), value.clone())),
        );
        tags.extend([("Name".into(), subnet.address().name().into()), ("Tier".into(), tier.as_str().into())]);
        tags
    }
}
