//! The load balancers in front of the API (kops `api_loadbalancer.go`). The internal one always exists, because it lets
//! the firewall tell nodes from users. A public one has a pool of machines behind an address of the internet.

use super::Model;
use super::groups::Made;
use super::network::Network;
use crate::populate::api_subnets;
use crate::spec::Role;
use landform_core::{Handle, Id, Input};
use landform_gce as gce;
use std::collections::BTreeMap;

/// The port at which machines get their configuration.
pub(super) const KOPS_CONTROLLER: u16 = 3988;
/// The port of Cilium's etcd.
pub(super) const CILIUM_ETCD: u16 = 4003;
/// The port of the API.
const API: u16 = 443;
/// The port and the path of the API server's health check.
const HEALTH: (u16, &str) = (3990, "/healthz");

/// The pool of machines behind the API's public address.
pub(super) struct Pool {
    pub(super) id: Input<Id<gce::TargetPool>>,
    pub(super) address: Input<String>,
}

/// A port of the internal load balancer, and the machines behind it.
struct Port<'b> {
    name: &'static str,
    number: u16,
    backends: &'b Handle<gce::RegionBackendService>,
}

impl Model<'_> {
    /// The public load balancer, if the spec asks for it.
    pub(super) fn public_balancer(&mut self) -> Option<Pool> {
        self.populated.balancer.as_ref().filter(|balancer| !balancer.internal)?;
        self.at("spec.api.loadBalancer");
        let name = self.name("api");
        let (project, region) = (self.home.project.as_str(), self.populated.region.as_str());
        let check =
            gce::HttpHealthCheck::new(name.as_str()).project(project).port(HEALTH.0).request_path(HEALTH.1);
        let check = self.add(&name, check);
        let pool =
            gce::TargetPool::new(name.as_str()).project(project).region(region).health_checks([check.id()]);
        let pool = self.add(&name, pool);
        let address = gce::Address::new(name.as_str()).project(project).region(region);
        let address = address_of(&self.add(&name, address));
        let rule = gce::ForwardingRule::new(name.as_str())
            .project(project)
            .region(region)
            .ip_address(&address)
            .ip_protocol(gce::ForwardedProtocol::Tcp)
            .load_balancing_scheme(gce::LoadBalancingScheme::External)
            .port_range(API.to_string())
            .target(pool.self_link())
            .labels(self.rule_labels("api"));
        self.add(&name, rule);
        Some(Pool { id: (&pool).into(), address })
    }

    /// The internal load balancer. Returns its addresses, by the name of their subnet.
    pub(super) fn internal_balancer(
        &mut self,
        network: &Network,
        made: &Made,
    ) -> BTreeMap<String, Input<String>> {
        let mut addresses = BTreeMap::new();
        if self.populated.balancer.is_none() {
            return addresses;
        }
        self.at("spec.api.loadBalancer");
        let probe = gce::StreamProbe::new();
        let api = self
            .backends("api", Role::serves_api, made, |check| check.tcp_health_check(probe.clone().port(API)));
        // Machines that only serve the API have neither kops-controller nor etcd.
        let control_plane = if self.populated.has_api_servers() {
            self.backends(
                "kops-controller",
                |role| role == Role::ControlPlane,
                made,
                |check| check.ssl_health_check(probe.clone().port(KOPS_CONTROLLER)),
            )
        } else {
            api.clone()
        };
        let mut ports = vec![Port { name: "api", number: API, backends: &api }];
        if self.populated.without_dns() {
            ports.push(Port { name: "kops-controller", number: KOPS_CONTROLLER, backends: &control_plane });
        }
        if self.populated.has_cilium_etcd() {
            ports.push(Port { name: "cilium-etcd", number: CILIUM_ETCD, backends: &control_plane });
        }
        for subnet in api_subnets(&self.populated.spec) {
            let Some(subnetwork) = network.subnetwork(self.cluster(), subnet) else { continue };
            let name = self.name(&format!("api-{subnet}"));
            let address = gce::Address::new(name.as_str())
                .project(&*self.home.project)
                .region(self.populated.region.as_str())
                .address_type(gce::AddressType::Internal)
                .purpose("SHARED_LOADBALANCER_VIP")
                .subnetwork(subnetwork);
            let address = address_of(&self.add(&name, address));
            for port in &ports {
                let what = format!("{}-{subnet}", port.name);
                let name = self.name(&what);
                let rule = gce::ForwardingRule::new(name.as_str())
                    .project(&*self.home.project)
                    .region(self.populated.region.as_str())
                    .backend_service(port.backends)
                    .ip_address(&address)
                    .ip_protocol(gce::ForwardedProtocol::Tcp)
                    .load_balancing_scheme(gce::LoadBalancingScheme::Internal)
                    .network(&network.id)
                    .subnetwork(subnetwork)
                    .ports([port.number.to_string()])
                    .labels(self.rule_labels(&what));
                self.add(&name, rule);
            }
            addresses.insert(subnet.to_owned(), address);
        }
        addresses
    }

    /// The machines of some roles as backends, with their health check.
    fn backends(
        &mut self,
        what: &str,
        has_role: impl Fn(Role) -> bool,
        made: &Made,
        probe: impl FnOnce(gce::RegionHealthCheckBuilder) -> gce::RegionHealthCheckBuilder,
    ) -> Handle<gce::RegionBackendService> {
        let name = self.name(what);
        let (project, region) = (self.home.project.as_str(), self.populated.region.as_str());
        let check = probe(gce::RegionHealthCheck::new(name.as_str()).project(project).region(region));
        let check = self.add(&name, check);
        let groups = self.populated.groups.iter().filter(|group| has_role(group.role));
        let mut groups: Vec<_> =
            groups.filter_map(|group| made.managers.get(&group.name)).flat_map(BTreeMap::values).collect();
        groups.sort_by_key(|manager| manager.address());
        let backends = groups.into_iter().map(|manager| {
            gce::Backend::new(manager.instance_group()).balancing_mode(gce::BalancingMode::Connection)
        });
        let service = gce::RegionBackendService::new(name.as_str())
            .project(project)
            .region(region)
            .backend(backends)
            .health_checks([check.id()])
            .load_balancing_scheme(gce::LoadBalancingScheme::Internal)
            .protocol("TCP");
        self.add(&name, service)
    }

    fn rule_labels(&self, what: &str) -> BTreeMap<String, String> {
        [self.cluster_label(), ("name".into(), what.into())].into()
    }
}

/// The IP address of a reserved address.
fn address_of(reserved: &Handle<gce::Address>) -> Input<String> {
    Input::from_expr((**reserved).address().into_expr())
}
