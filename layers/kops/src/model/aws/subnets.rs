//! Subnets, with the tags by which load balancers find them (kops `network.go`).

use super::network::Vpc;
use super::{Model, tags::Tags};
use crate::spec::values::Ipv6Block;
use crate::spec::{Subnet, SubnetType};
use landform_aws as aws;
use landform_core::input::cidr_subnet;
use landform_core::{Cidr, Handle, Id, Input};

impl Model<'_> {
    pub(super) fn subnets(
        &mut self,
        vpc: &Vpc,
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
    pub(super) fn has_ipv6_table(&self, subnet: &Subnet) -> bool {
        self.cluster().is_ipv6_only() && subnet.kind() == SubnetType::Public && subnet.ipv6_cidr.is_some()
    }

    fn subnet(&self, subnet: &Subnet, name: &str, vpc: &Vpc) -> aws::SubnetBuilder {
        let cluster = self.cluster();
        let by_ip = cluster.names_by_ip();
        let ipv6: Option<Input<Cidr>> = match (subnet.ipv6_cidr.as_deref(), &vpc.ipv6_cidr) {
            (Some(Ipv6Block::Range(range)), _) => Some((*range).into()),
            (Some(Ipv6Block::Part { length, number }), Some(network)) => {
                Some(cidr_subnet(network.clone(), *length, *number))
            }
            // The check before the model refuses parts of a network without a range.
            (Some(Ipv6Block::Part { .. }), None) | (None, _) => None,
        };
        let mut resource = aws::Subnet::new(&vpc.id).availability_zone(subnet.zone.as_str());
        resource = match subnet.cidr.as_deref() {
            Some(ipv4) => resource.cidr_block(*ipv4).with(Some(!by_ip).filter(|yes| *yes), |subnet, yes| {
                subnet.enable_resource_name_dns_a_record_on_launch(yes)
            }),
            None => resource.ipv6_native(true).enable_dns64(true),
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
    fn subnet_tags(&self, subnet: &Subnet, name: &str) -> Tags {
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
}
