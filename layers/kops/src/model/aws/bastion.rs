//! The bastion's load balancer and who may reach it (kops `bastion.go`).

use super::Model;
use super::balancer::{Joins, Made, TargetGroup};
use super::network::Network;
use super::rules::{Peer, Source, Traffic};
use super::security::Security;
use crate::names::load_balancer;
use crate::spec::values::AccessSource;
use crate::spec::{Bastion, BastionLoadBalancer, LoadBalancerType};
use landform_aws as aws;
use landform_core::{Id, Input};

impl<'a> Model<'a> {
    pub(super) fn bastion(&mut self, network: &Network, security: &Security) -> Option<Made> {
        if !self.populated.has_bastion() {
            return None;
        }
        self.at("spec.topology.bastion");
        let spec = self.bastion_spec().and_then(|bastion| bastion.load_balancer.as_ref());
        let internal = spec.and_then(|spec| spec.r#type) == Some(LoadBalancerType::Internal);
        let group =
            self.security_group(&self.names.of("bastion-elb"), network, "Security group for bastion ELB");
        for machines in &security.bastions {
            self.egress(machines);
            for to in security.control_plane.iter().chain(&security.nodes) {
                self.ingress(to, Peer::Group(machines), Traffic::tcp(22));
            }
        }
        self.egress(&group);
        for source in Source::list(&self.bastion_sources(internal)) {
            self.ingress(&group, Peer::Source(&source), Traffic::tcp(22));
            self.size_rules("ssh-nlb", &group, &source);
        }
        for machines in &security.bastions {
            self.ingress(machines, Peer::Group(&group), Traffic::tcp(22));
            self.ingress(machines, Peer::Group(&group), Traffic::ICMP_SIZE);
            self.ingress(&group, Peer::Group(machines), Traffic::ICMP_SIZE);
        }

        let mut groups: Vec<Input<Id<aws::SecurityGroup>>> = vec![group.id];
        let additional = spec.map(|spec: &BastionLoadBalancer| spec.additional_security_groups.as_slice());
        groups.extend(additional.unwrap_or_default().iter().map(|id| id.as_str().into()));
        let target = self.target_group("bastion", 22, "TCP", "TCP", network);
        let name = self.names.of("bastion");
        let chosen = self.subnet_per_zone(internal);
        let ipv6 = self.cluster().subnets.iter().any(|subnet| {
            let used = self.populated.groups.iter().any(|group| group.spec.subnets.contains(&subnet.name));
            used && subnet.ipv6_cidr.is_some()
        });
        let resource = aws::Lb::new(load_balancer("bastion", self.names.cluster))
            .load_balancer_type(aws::LoadBalancerType::Network)
            .internal(internal)
            .enable_cross_zone_load_balancing(false)
            .security_groups(super::in_order(groups))
            .subnet_mapping(chosen.into_iter().map(|index| aws::SubnetMapping::new(&network.subnets[index])))
            .with(ipv6.then_some("dualstack"), |lb, kind| lb.ip_address_type(kind))
            .tags(self.tags(&name));
        let made = self.add(&name, resource);
        let listener =
            aws::LbListener::new(&made, 22_u16, [aws::ListenerAction::forward(&target)]).protocol("TCP");
        self.add(&format!("{name}-22"), listener);
        Some(Made {
            dns_name: made.dns_name().into(),
            zone_id: made.zone_id().into(),
            joins: Joins::TargetGroups(vec![TargetGroup { id: (&target).into(), for_api_servers: false }]),
        })
    }

    pub(super) fn bastion_spec(&self) -> Option<&'a Bastion> {
        self.cluster().topology.as_ref().and_then(|topology| topology.bastion.as_ref())
    }

    /// Who may reach the bastion: the sources of the access list, and the subnets of its load balancer, which send the
    /// health checks.
    fn bastion_sources(&self, internal: bool) -> Vec<AccessSource> {
        let subnets = self.cluster().subnets.iter().filter(|subnet| subnet.kind().is_public() != internal);
        let ranges = subnets.filter_map(|subnet| subnet.cidr.clone()).map(AccessSource::Range);
        let mut sources: Vec<AccessSource> = Vec::new();
        for source in ranges.chain(self.cluster().ssh_access.iter().cloned()) {
            if !sources.iter().any(|other| other.is_same(&source)) {
                sources.push(source);
            }
        }
        sources
    }
}
