//! The load balancer in front of the API, class Network (kops `api_loadbalancer.go`).

use super::Model;
use super::network::Network;
use super::rules::{Peer, SecurityGroup, Source, Traffic};
use super::security::Security;
use crate::names::load_balancer;
use crate::populate::Balancer;
use crate::spec::{LoadBalancerClass, Subnet, SubnetType};
use landform_aws as aws;
use landform_core::{Handle, Id, Input};
use std::collections::BTreeMap;

/// The port of kops-controller, through which nodes join.
const KOPS_CONTROLLER: u16 = 3988;
/// The port of Cilium's etcd.
const CILIUM_ETCD: u16 = 4003;

/// A new load balancer.
pub(super) struct Made {
    pub(super) dns_name: Input<String>,
    pub(super) zone_id: Input<String>,
    /// What the machines behind it join.
    pub(super) joins: Joins,
}

/// What machines behind a load balancer join.
pub(super) enum Joins {
    /// A classic load balancer itself.
    Classic(Input<Id<aws::Elb>>),
    /// Target groups.
    TargetGroups(Vec<TargetGroup>),
}

/// A target group, and whether API servers join it as the control plane does.
pub(super) struct TargetGroup {
    pub(super) id: Input<Id<aws::LbTargetGroup>>,
    pub(super) for_api_servers: bool,
}

/// A port that a load balancer listens on.
struct Listener<'b> {
    prefix: &'static str,
    port: u16,
    target: usize,
    certificate: Option<&'b Balancer>,
}

impl Model<'_> {
    pub(super) fn api_balancer(&mut self, network: &Network, security: &Security) -> Option<Made> {
        let balancer = self.populated.balancer.as_ref()?;
        self.at("spec.api.loadBalancer");
        let group = match &balancer.spec.security_group_override {
            Some(id) => SecurityGroup {
                name: self.names.of("api-elb"),
                suffix: String::new(),
                id: id.as_str().into(),
            },
            None => self.security_group(&self.names.of("api-elb"), network, "Security group for api ELB"),
        };
        let mut groups: Vec<Input<Id<aws::SecurityGroup>>> = vec![group.id.clone()];
        groups.extend(balancer.spec.additional_security_groups.iter().map(|id| id.as_str().into()));
        let groups = super::in_order(groups);
        self.balancer_rules(balancer, &group, security);
        Some(match balancer.class {
            Some(LoadBalancerClass::Classic) => self.classic_balancer(balancer, network, groups),
            _ => self.network_balancer(balancer, network, groups),
        })
    }

    fn network_balancer(
        &mut self,
        balancer: &Balancer,
        network: &Network,
        groups: Vec<Input<Id<aws::SecurityGroup>>>,
    ) -> Made {
        let cluster = self.names.cluster;
        let mut targets = vec![self.target_group("tcp", 443, "TCP", "TCP", network)];
        let mut listeners = Vec::new();
        if balancer.spec.ssl_certificate.is_none() {
            listeners.push(Listener { prefix: "api", port: 443, target: 0, certificate: None });
        } else {
            // Client certificates cannot pass a listener with a certificate of its own.
            listeners.push(Listener { prefix: "api", port: 8443, target: 0, certificate: None });
            listeners.push(Listener { prefix: "api", port: 443, target: 1, certificate: Some(balancer) });
            targets.push(self.target_group("tls", 443, "TLS", "TCP", network));
        }
        let for_all = targets.len();
        if self.populated.without_dns() {
            let target = targets.len();
            targets.push(self.target_group("kops-controller", KOPS_CONTROLLER, "TCP", "HTTPS", network));
            listeners.push(Listener { prefix: "api", port: KOPS_CONTROLLER, target, certificate: None });
            if self.populated.has_cilium_etcd() {
                let target = targets.len();
                targets.push(self.target_group("etcd-cilium", CILIUM_ETCD, "TCP", "TCP", network));
                listeners.push(Listener {
                    prefix: "etcd-cilium",
                    port: CILIUM_ETCD,
                    target,
                    certificate: None,
                });
            }
        }
        let name = self.names.of("api");
        let mappings = self.balancer_subnets(balancer, network);
        let resource = aws::Lb::new(load_balancer("api", cluster))
            .load_balancer_type(aws::LoadBalancerType::Network)
            .internal(balancer.internal)
            .enable_cross_zone_load_balancing(balancer.cross_zone)
            .security_groups(groups)
            .subnet_mapping(mappings)
            .with(self.has_ipv6_subnets(balancer.internal).then_some("dualstack"), |lb, kind| {
                lb.ip_address_type(kind)
            })
            .with(balancer.spec.access_log.as_ref(), |lb, log| {
                let logs = aws::AccessLogs::new(log.bucket.as_deref().unwrap_or_default()).enabled(true);
                lb.access_logs(logs.with(log.bucket_prefix.as_deref(), |logs, prefix| logs.prefix(prefix)))
            })
            .tags(self.tags(&name));
        let made = self.add(&name, resource);
        for listener in listeners {
            self.listener(&made, &listener, &targets[listener.target]);
        }
        let joins = targets
            .iter()
            .enumerate()
            .map(|(index, target)| TargetGroup { id: target.into(), for_api_servers: index < for_all });
        Made {
            dns_name: made.dns_name().into(),
            zone_id: made.zone_id().into(),
            joins: Joins::TargetGroups(joins.collect()),
        }
    }

    fn listener(
        &mut self,
        balancer: &Handle<aws::Lb>,
        listener: &Listener,
        target: &Handle<aws::LbTargetGroup>,
    ) {
        let resource = aws::LbListener::new(balancer, listener.port, [aws::ListenerAction::forward(target)]);
        let resource = match listener.certificate {
            None => resource.protocol("TCP"),
            Some(Balancer { spec, .. }) => resource
                .protocol("TLS")
                .with(spec.ssl_certificate.as_ref(), |listener, arn| listener.certificate_arn(arn.as_str()))
                .ssl_policy(spec.ssl_policy.as_deref().unwrap_or("ELBSecurityPolicy-2016-08")),
        };
        let name = format!("{}-{}", self.names.of(listener.prefix), listener.port);
        self.add(&name, resource);
    }

    /// A target group that lets connections end within half a minute.
    pub(super) fn target_group(
        &mut self,
        prefix: &str,
        port: u16,
        protocol: &str,
        check: &str,
        network: &Network,
    ) -> Handle<aws::LbTargetGroup> {
        let name = load_balancer(prefix, self.names.cluster);
        let health_check = aws::TargetHealthCheck::new()
            .protocol(check)
            .interval(10)
            .healthy_threshold(2)
            .unhealthy_threshold(2)
            .with((check == "HTTPS").then_some("/healthz"), |check, path| check.path(path));
        let resource = aws::LbTargetGroup::in_vpc(&network.vpc, name.as_str(), protocol, port)
            .connection_termination(true)
            .deregistration_delay(30)
            .health_check(health_check)
            .tags(self.tags(&name));
        self.add(&name, resource)
    }

    fn balancer_subnets(&self, balancer: &Balancer, network: &Network) -> Vec<aws::SubnetMappingBuilder> {
        if balancer.spec.subnets.is_empty() {
            let chosen = self.subnet_per_zone(balancer.internal);
            return chosen
                .into_iter()
                .map(|index| aws::SubnetMapping::new(&network.subnets[index]))
                .collect();
        }
        let subnets = balancer.spec.subnets.iter().filter_map(|chosen| {
            let index = self.cluster().subnets.iter().position(|subnet| subnet.name == chosen.name)?;
            let mapping = aws::SubnetMapping::new(&network.subnets[index]);
            let mapping =
                mapping.with(chosen.allocation_id.as_ref(), |mapping, id| mapping.allocation_id(id.as_str()));
            let address = chosen.private_ipv4_address.as_ref();
            Some(mapping.with(address, |mapping, address| mapping.private_ipv4_address(address.as_str())))
        });
        subnets.collect()
    }

    /// The best subnet for a load balancer in each zone, by zone. Utility subnets are made for public ones; those of
    /// the control plane come next.
    pub(super) fn subnet_per_zone(&self, internal: bool) -> Vec<usize> {
        let groups =
            self.populated.groups.iter().filter(|group| group.role == crate::spec::Role::ControlPlane);
        let of_control_plane: Vec<&String> = groups.flat_map(|group| &group.spec.subnets).collect();
        let score = |subnet: &Subnet| {
            let kind = match subnet.kind() {
                SubnetType::Utility => 3,
                SubnetType::DualStack => 2,
                _ => 0,
            };
            kind + i32::from(of_control_plane.contains(&&subnet.name))
        };
        let mut zones: BTreeMap<&str, usize> = BTreeMap::new();
        let subnets = &self.cluster().subnets;
        for (index, subnet) in
            subnets.iter().enumerate().filter(|(_, subnet)| subnet.kind().is_public() != internal)
        {
            let best = zones.entry(&subnet.zone).or_insert(index);
            let rank = |index: usize| (std::cmp::Reverse(score(&subnets[index])), &subnets[index].name);
            if rank(index) < rank(*best) {
                *best = index;
            }
        }
        zones.into_values().collect()
    }

    fn has_ipv6_subnets(&self, internal: bool) -> bool {
        let chosen = self.subnet_per_zone(internal);
        chosen.iter().any(|&index| self.cluster().subnets[index].ipv6_cidr.is_some())
    }

    /// Who may talk to the load balancer, and to whom it may talk.
    fn balancer_rules(&mut self, balancer: &Balancer, group: &SecurityGroup, security: &Security) {
        let certificate =
            balancer.spec.ssl_certificate.is_some() && balancer.class == Some(LoadBalancerClass::Network);
        self.egress(group);
        for source in Source::list(&self.cluster().kubernetes_api_access) {
            self.ingress(group, Peer::Source(&source), Traffic::tcp(443));
            if certificate {
                self.ingress(group, Peer::Source(&source), Traffic::tcp(8443));
            }
            self.size_rules("api-elb", group, &source);
        }
        if self.populated.without_dns() {
            for nodes in &security.nodes {
                let name = format!("node{}-to-elb", nodes.suffix);
                self.ingress_named(&name, group, Peer::Group(nodes), Traffic::ALL);
            }
        }
        for machines in &security.control_plane {
            let suffix = &machines.suffix;
            let mut from_balancer =
                vec![("https-elb-to-master", Traffic::tcp(443)), ("icmp-pmtu-elb-to-cp", Traffic::ICMP_SIZE)];
            if certificate {
                from_balancer.push(("tcp-api-cp", Traffic::tcp(8443)));
            }
            if self.populated.without_dns() {
                from_balancer.push(("kops-controller-elb-to-cp", Traffic::tcp(KOPS_CONTROLLER)));
                if self.populated.has_cilium_etcd() {
                    from_balancer.push(("etcd-cilium-elb-to-cp", Traffic::tcp(CILIUM_ETCD)));
                }
            }
            for (name, traffic) in from_balancer {
                self.ingress_named(&format!("{name}{suffix}"), machines, Peer::Group(group), traffic);
            }
            let name = format!("icmp-pmtu-cp{suffix}-to-elb");
            self.ingress_named(&name, group, Peer::Group(machines), Traffic::ICMP_SIZE);
        }
    }

    /// Lets a source's packets about the greatest size in.
    pub(super) fn size_rules(&mut self, what: &str, group: &SecurityGroup, source: &Source) {
        if source.may_be_ipv6() {
            let name = format!("icmpv6-pmtu-{what}-{}", source.text());
            self.ingress_named(&name, group, Peer::Source(source), Traffic::ICMPV6);
        }
        if source.may_be_ipv4() {
            let name = format!("icmp-pmtu-{what}-{}", source.text());
            self.ingress_named(&name, group, Peer::Source(source), Traffic::ICMP_SIZE);
        }
    }
}
