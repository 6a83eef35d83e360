//! The network: VPC, gateways, subnets, route tables (kops `network.go`).

use super::{Model, check::Gateway};
use crate::spec::{DnsType, Subnet, SubnetType};
use landform_aws as aws;
use landform_core::{Cidr, Handle, Id, Input};
use std::collections::BTreeMap;

/// The network, made or used.
pub(super) struct Network {
    pub(super) vpc: Input<Id<aws::Vpc>>,
    /// The subnets, in the order of the spec.
    pub(super) subnets: Vec<Input<Id<aws::Subnet>>>,
}

/// What the subnets of one zone need to reach the internet over IPv4.
#[derive(Default)]
struct Zone<'s> {
    /// Private subnets, which the zone's private route table serves.
    private: Vec<(usize, &'s Subnet)>,
    /// Public subnets of IPv6 machines, which the zone's public route table serves.
    public_ipv6: Vec<(usize, &'s Subnet)>,
}

/// Where a route leads.
enum Target {
    Internet(Input<Id<aws::InternetGateway>>),
    Nat(Input<Id<aws::NatGateway>>),
    EgressOnly(Input<Id<aws::EgressOnlyInternetGateway>>),
    Transit(String),
    Peering(String),
}

impl Model<'_> {
    pub(super) fn network(&mut self, gateway: Gateway) -> Network {
        let vpc = self.vpc();
        let gateway = match gateway {
            Gateway::None => None,
            Gateway::Used(id) => Some((id, None)),
            Gateway::Made => {
                let name = self.names.cluster;
                let made = self.add(name, aws::InternetGateway::new(&vpc).tags(self.tags(name)));
                Some(((&made).into(), Some(made)))
            }
        };
        let made = gateway.as_ref().and_then(|(_, made)| made.clone());
        let gateway = gateway.map(|(id, _)| id);
        let public =
            gateway.as_ref().filter(|_| self.makes_subnets()).map(|gateway| self.public_table(&vpc, gateway));
        let subnets = self.subnets(&vpc, public.as_ref());
        self.zones(&vpc, &subnets, gateway.as_ref(), made.as_ref());
        Network { vpc, subnets }
    }

    fn vpc(&mut self) -> Input<Id<aws::Vpc>> {
        self.at("spec.networkCIDR");
        let cluster = self.cluster();
        if let Some(vpc) = &self.existing.vpc {
            return vpc.clone();
        }
        if cluster.shares_network() {
            return cluster.network_id.as_str().into();
        }
        let name = self.names.cluster;
        let vpc = aws::Vpc::new(cidr(&cluster.network_cidr))
            .assign_generated_ipv6_cidr_block(true)
            .enable_dns_hostnames(true)
            .enable_dns_support(true)
            .tags(self.tags(name));
        let vpc = self.add(name, vpc);
        for range in &cluster.additional_network_cidrs {
            let association = aws::VpcIpv4CidrBlockAssociation::new(&vpc, cidr(range));
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
        (&vpc).into()
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
        self.route("route-0.0.0.0/0", &table, "0.0.0.0/0", Target::Internet(gateway.clone()));
        self.route("route-::/0", &table, "::/0", Target::Internet(gateway.clone()));
        table
    }

    fn route_table(&mut self, name: &str, role: &str, vpc: &Input<Id<aws::Vpc>>) -> Handle<aws::RouteTable> {
        let table = aws::RouteTable::new(vpc).tags(self.tags(name)).tag("kubernetes.io/kops/role", role);
        self.add(name, table)
    }

    fn route(&mut self, name: &str, table: &Handle<aws::RouteTable>, to: &str, target: Target) {
        let route = if to.contains(':') {
            aws::Route::ipv6(table, cidr(to))
        } else {
            aws::Route::ipv4(table, cidr(to))
        };
        let route = match target {
            Target::Internet(id) => route.gateway_id(id),
            Target::Nat(id) => route.nat_gateway_id(id),
            Target::EgressOnly(id) => route.egress_only_gateway_id(id),
            Target::Transit(id) => route.transit_gateway_id(id),
            Target::Peering(id) => route.vpc_peering_connection_id(id),
        };
        self.add_common(name, route);
    }

    fn subnets(
        &mut self,
        vpc: &Input<Id<aws::Vpc>>,
        public: Option<&Handle<aws::RouteTable>>,
    ) -> Vec<Input<Id<aws::Subnet>>> {
        let cluster = self.cluster();
        let mut ids = Vec::with_capacity(cluster.subnets.len());
        for (index, subnet) in cluster.subnets.iter().enumerate() {
            if let Some(id) = self.existing.subnet(subnet) {
                ids.push(id);
                continue;
            }
            self.at(&format!("spec.subnets[{index}]"));
            let name = self.names.of(&subnet.name);
            let resource = self.subnet(subnet, &name, vpc);
            let made = self.add(&name, resource);
            if let Some(table) = public.filter(|_| subnet.kind().is_public() && !subnet.is_unmanaged())
                && !self.has_ipv6_table(subnet)
            {
                self.add(&name, aws::RouteTableAssociation::new(&made, table));
            }
            ids.push((&made).into());
        }
        ids
    }

    /// Whether a public subnet has the route table of its zone's IPv6 machines.
    fn has_ipv6_table(&self, subnet: &Subnet) -> bool {
        self.cluster().is_ipv6_only() && subnet.kind() == SubnetType::Public && !subnet.ipv6_cidr.is_empty()
    }

    fn subnet(&self, subnet: &Subnet, name: &str, vpc: &Input<Id<aws::Vpc>>) -> aws::SubnetBuilder {
        let cluster = self.cluster();
        let by_ip =
            cluster.cloud_config.as_ref().and_then(|config| config.flag("useIPBasedNodeNames")) == Some(true);
        let ipv4 = (!subnet.cidr.is_empty()).then(|| cidr(&subnet.cidr));
        let ipv6 = (!subnet.ipv6_cidr.is_empty()).then(|| cidr(&subnet.ipv6_cidr));
        let mut resource = aws::Subnet::new(vpc).availability_zone(subnet.zone.as_str());
        resource = match (ipv4, ipv6) {
            (Some(ipv4), _) => {
                resource.cidr_block(ipv4).with(Some(!by_ip).filter(|yes| *yes), |subnet, yes| {
                    subnet.enable_resource_name_dns_a_record_on_launch(yes)
                })
            }
            (None, _) => resource.ipv6_native(true).enable_dns64(true),
        };
        if let Some(ipv6) = ipv6 {
            resource = resource.ipv6_cidr_block(ipv6).assign_ipv6_address_on_creation(true);
            if !by_ip {
                resource = resource.enable_resource_name_dns_aaaa_record_on_launch(true);
            }
        }
        let naming = if by_ip { aws::HostnameType::IpName } else { aws::HostnameType::ResourceName };
        resource = resource.private_dns_hostname_type_on_launch(naming);
        if cluster.disable_subnet_tags != Some(true) {
            resource = resource.tags(self.subnet_tags(subnet, name));
        }
        resource
    }

    /// The tags by which load balancers find their subnets.
    fn subnet_tags(&self, subnet: &Subnet, name: &str) -> super::tags::Tags {
        let cluster = self.cluster();
        let has = |kind, zone: Option<&str>| {
            cluster
                .subnets
                .iter()
                .any(|other| other.kind() == kind && zone.is_none_or(|zone| other.zone == zone))
        };
        let any_private = has(SubnetType::Private, None) || has(SubnetType::DualStack, None);
        let internal = match subnet.kind() {
            SubnetType::Public | SubnetType::Utility => !any_private && !cluster.is_ipv6_only(),
            SubnetType::Private => !has(SubnetType::DualStack, Some(&subnet.zone)),
            SubnetType::DualStack => true,
        };
        let mut tags = self.tags(name);
        tags.insert("SubnetType".into(), subnet.kind().as_str().into());
        if subnet.kind().is_public() {
            tags.insert("kubernetes.io/role/elb".into(), "1".into());
        }
        if internal {
            tags.insert("kubernetes.io/role/internal-elb".into(), "1".into());
        }
        for group in self.populated.groups.iter().filter(|group| !group.is_cloud_managed()) {
            if group.spec.subnets.contains(&subnet.name) {
                tags.insert(format!("kops.k8s.io/instance-group/{}", group.name), "true".into());
            }
        }
        tags
    }

    /// The way out of each zone, so that a lost zone costs no other its egress.
    fn zones(
        &mut self,
        vpc: &Input<Id<aws::Vpc>>,
        subnets: &[Input<Id<aws::Subnet>>],
        gateway: Option<&Input<Id<aws::InternetGateway>>>,
        made: Option<&Handle<aws::InternetGateway>>,
    ) {
        let cluster = self.cluster();
        let mut zones: BTreeMap<&str, Zone> = BTreeMap::new();
        for (index, subnet) in cluster.subnets.iter().enumerate() {
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
        let egress_only = (cluster.is_ipv6_only() && self.has_private_egress()).then(|| {
            let name = self.names.cluster;
            let tags = self.tags(name);
            self.add(name, aws::EgressOnlyInternetGateway::new(vpc).tags(tags))
        });
        for (zone, Zone { private, public_ipv6 }) in zones {
            let Some(&(first, spec)) = private.iter().chain(&public_ipv6).next() else { continue };
            self.at(&format!("spec.subnets[{first}]"));
            let kind = if private.is_empty() { SubnetType::Public } else { SubnetType::Utility };
            let egress = self.way_out(zone, spec, kind, subnets, made);
            if !private.is_empty() {
                let table = self.route_table(
                    &self.names.of(&format!("private-{zone}")),
                    &format!("private-{zone}"),
                    vpc,
                );
                for (index, subnet) in &private {
                    let name = self.names.of(&format!("private-{}", subnet.name));
                    self.add(&name, aws::RouteTableAssociation::new(&subnets[*index], &table));
                }
                if let Some(target) = egress.target() {
                    self.route(&format!("route-private-{zone}-0.0.0.0/0"), &table, "0.0.0.0/0", target);
                }
                if let Some(egress_only) = &egress_only {
                    if let Some(target) = egress.target() {
                        self.route(
                            &format!("route-private-{zone}-64:ff9b::/96"),
                            &table,
                            "64:ff9b::/96",
                            target,
                        );
                    }
                    let target = Target::EgressOnly(egress_only.into());
                    self.route(&format!("route-private-{zone}-::/0"), &table, "::/0", target);
                }
                for (index, subnet) in private {
                    self.at(&format!("spec.subnets[{index}].additionalRoutes"));
                    self.additional_routes(subnet, &table);
                }
            }
            if let Some(gateway) = gateway.filter(|_| !public_ipv6.is_empty()) {
                let table = self.route_table(
                    &self.names.of(&format!("public-{zone}")),
                    &format!("public-{zone}"),
                    vpc,
                );
                for (index, subnet) in &public_ipv6 {
                    let name = self.names.of(&format!("public-{}", subnet.name));
                    self.add(&name, aws::RouteTableAssociation::new(&subnets[*index], &table));
                }
                for to in ["0.0.0.0/0", "::/0"] {
                    self.route(
                        &format!("route-public-{zone}-{to}"),
                        &table,
                        to,
                        Target::Internet(gateway.clone()),
                    );
                }
                if let Some(target) = egress.target() {
                    self.route(&format!("route-public-{zone}-64:ff9b::/96"), &table, "64:ff9b::/96", target);
                }
            }
        }
    }

    fn has_private_egress(&self) -> bool {
        let natted = |subnet: &&Subnet| matches!(subnet.kind(), SubnetType::Private | SubnetType::DualStack);
        self.cluster().subnets.iter().filter(natted).any(|subnet| !subnet.is_unmanaged())
    }

    /// The way out of one zone: a gateway given, one named in the spec, or a NAT gateway of the cluster's own.
    fn way_out(
        &mut self,
        zone: &str,
        spec: &Subnet,
        kind: SubnetType,
        subnets: &[Input<Id<aws::Subnet>>],
        gateway: Option<&Handle<aws::InternetGateway>>,
    ) -> Egress {
        if let Some(nat) = self.existing.nat_gateways.get(zone) {
            return Egress::Nat(nat.clone());
        }
        if spec.egress.starts_with("nat-") {
            return Egress::Nat(spec.egress.as_str().into());
        }
        if spec.egress.starts_with("tgw-") {
            return Egress::Transit(spec.egress.clone());
        }
        let holds = |other: &Subnet| other.zone == zone && other.kind() == kind;
        let Some(index) = self.cluster().subnets.iter().position(holds) else { return Egress::None };
        let name = self.names.of(zone);
        let tags = self.tags(&name);
        let address: Input<Id<aws::Eip>> = if spec.egress.starts_with("eipalloc-") {
            spec.egress.as_str().into()
        } else {
            (&self.add(&name, aws::Eip::new().domain("vpc").tags(tags.clone()))).into()
        };
        let nat = self.add(&name, aws::NatGateway::new(&subnets[index], address).tags(tags));
        // AWS refuses a NAT gateway in a network without an internet gateway.
        if let Some(gateway) = gateway {
            self.stack.depend(&nat, [gateway.address().clone()]);
        }
        Egress::Nat((&nat).into())
    }

    fn additional_routes(&mut self, subnet: &Subnet, table: &Handle<aws::RouteTable>) {
        for route in &subnet.additional_routes {
            let id = route.target.as_str();
            let target = match id.split('-').next() {
                Some("pcx") => Target::Peering(id.into()),
                Some("nat") => Target::Nat(id.into()),
                Some("tgw") => Target::Transit(id.into()),
                Some("igw") => Target::Internet(id.into()),
                Some("eigw") => Target::EgressOnly(id.into()),
                _ => continue,
            };
            self.route(&format!("route-{}.{}", subnet.name, route.cidr), table, &route.cidr, target);
        }
    }

    /// Lets the network see the private zone, if the zone holds the cluster's names.
    pub(super) fn associate_zone(&mut self, network: &Network) {
        if self.cluster().dns_type() != DnsType::Private {
            return;
        }
        if let Some(zone) = &self.populated.zone {
            let association = aws::Route53ZoneAssociation::new(super::dns::zone_id(zone), &network.vpc);
            self.add_common(&zone.name, association);
        }
    }
}

/// The way out of one zone.
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

/// A range that validation has read.
pub(super) fn cidr(text: &str) -> Cidr {
    text.parse().expect("validation has read every range")
}
