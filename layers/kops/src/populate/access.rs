//! How a cluster is reached: the load balancer in front of its API, and the hosted zone of its names.

use super::Balancer;
use super::complete::fill;
use crate::lookup::{HostedZone, Lookup};
use crate::problem::Kind;
use crate::spec::{
    Cloud, ClusterSpec, DnsPublisher, DnsType, ExternalDns, LoadBalancer, LoadBalancerType, PresentOnly,
    Role, Spec, Subnet, SubnetType,
};
use crate::validate::Report;

/// Sets how clients reach the API: as the spec says, or by the types of the subnets that serve it. Returns the load
/// balancer.
pub(super) fn choose_balancer(
    spec: &Spec,
    cluster: &mut ClusterSpec,
    report: &mut Report,
) -> Option<Balancer> {
    let without_dns = cluster.dns_type() == DnsType::None;
    let on_aws = cluster.is_on(Cloud::Aws);
    let kinds = api_subnets(spec);
    let chosen = cluster.api.as_ref().is_none_or(|api| api.dns.is_none() && api.load_balancer.is_none());
    let api = cluster.api.get_or_insert_default();
    if chosen && kinds.contains(&SubnetType::Private) {
        api.load_balancer = Some(LoadBalancer::default());
    } else if chosen && kinds.contains(&SubnetType::Public) {
        api.dns = Some(PresentOnly {});
    }
    let balancer = api.load_balancer.as_mut()?;
    balancer.r#type.get_or_insert(LoadBalancerType::Public);
    if balancer.class.is_none() && on_aws {
        let detail = "expected Network. Without a class kops means Classic, which it no longer makes; to keep an \
                      existing classic load balancer write Classic";
        let path = if chosen { "spec.api.loadBalancer" } else { "spec.api.loadBalancer.class" };
        report.required(path, detail);
        return None;
    }
    Some(Balancer {
        class: balancer.class,
        internal: balancer.r#type == Some(LoadBalancerType::Internal),
        cross_zone: without_dns || balancer.cross_zone_load_balancing == Some(true),
        spec: balancer.clone(),
    })
}

/// The kinds of the subnets that serve the API: those of API servers, or else of the control plane.
fn api_subnets(spec: &Spec) -> Vec<SubnetType> {
    let of_role = |role| spec.groups.iter().filter(move |group| group.spec.role == Some(role));
    let serving =
        if of_role(Role::ApiServer).next().is_some() { Role::ApiServer } else { Role::ControlPlane };
    let subnets = of_role(serving).flat_map(|group| &group.spec.subnets).filter_map(|name| spec.subnet(name));
    subnets.map(Subnet::kind).collect()
}

/// The hosted zone that the spec names, or the one nearest above the cluster's name.
pub(super) fn find_zone(
    spec: &Spec,
    cluster: &mut ClusterSpec,
    lookup: &impl Lookup,
    report: &mut Report,
) -> Option<HostedZone> {
    let private = match cluster.dns_type() {
        DnsType::None => return None,
        DnsType::Private => true,
        DnsType::Public => false,
    };
    if cluster.master_public_name.is_empty() {
        cluster.master_public_name = format!("api.{}", spec.name());
    }
    let kind = if private { "private" } else { "public" };
    let of_kind = |name: &str| {
        let mut zones = lookup.hosted_zones(name);
        zones.retain(|zone| zone.private == private);
        zones
    };
    let (path, zones) = if cluster.dns_zone.is_empty() {
        let parents = std::iter::successors(Some(spec.name()), |name| Some(name.split_once('.')?.1));
        ("", parents.map(of_kind).find(|zones| !zones.is_empty()).unwrap_or_default())
    } else {
        ("spec.dnsZone", of_kind(&cluster.dns_zone))
    };
    let dns = cluster.external_dns.get_or_insert_with(ExternalDns::default);
    dns.provider.get_or_insert(DnsPublisher::DnsController);
    match zones.as_slice() {
        [zone] => {
            let id = zone.id.trim_start_matches("/hostedzone/");
            fill(&mut cluster.dns_zone, id);
            Some(HostedZone { id: id.into(), ..zone.clone() })
        }
        [] => {
            let wanted = if path.is_empty() { spec.name() } else { &cluster.dns_zone };
            let detail = format!(
                "there is no {kind} hosted zone for {wanted}: create one, or use topology.dns.type None"
            );
            report.add(Kind::NotFound, "spec.dnsZone", detail);
            None
        }
        several => {
            let ids: Vec<_> = several.iter().map(|zone| zone.id.as_str()).collect();
            let detail = format!(
                "several {kind} hosted zones are named {}: expected one of the ids {}",
                several[0].name,
                ids.join(", ")
            );
            report.invalid("spec.dnsZone", detail);
            None
        }
    }
}
