//! Rules of access lists, and of the API's load balancer.

use super::Report;
use crate::problem::Kind;
use crate::spec::values::{AccessSource, SecurityGroupId};
use crate::spec::{Cloud, DnsType, LoadBalancer, LoadBalancerClass, LoadBalancerType, Spec};
use std::net::IpAddr;

pub(super) fn check(spec: &Spec, report: &mut Report) {
    let cluster = &spec.cluster.spec;
    let lists = [
        ("sshAccess", &cluster.ssh_access),
        ("kubernetesApiAccess", &cluster.kubernetes_api_access),
        ("nodePortAccess", &cluster.node_port_access),
    ];
    for (field, list) in lists {
        for (index, source) in list.iter().enumerate() {
            let path = format!("spec.{field}[{index}]");
            if list[..index].iter().any(|other| other.is_same(source)) {
                report.add(Kind::Duplicate, &path, twice(source.as_str()));
            }
            if matches!(source, AccessSource::PrefixList(_)) && !cluster.is_on(Cloud::Aws) {
                report.invalid(path, format!("{:?}: prefix lists exist on AWS only", source.as_str()));
            }
        }
    }
    if let Some(balancer) = cluster.api.as_ref().and_then(|api| api.load_balancer.as_ref()) {
        check_balancer(spec, balancer, report);
    }
}

fn check_balancer(spec: &Spec, balancer: &LoadBalancer, report: &mut Report) {
    let cluster = &spec.cluster.spec;
    let path = "spec.api.loadBalancer";
    let internal = balancer.r#type == Some(LoadBalancerType::Internal);
    let classic = balancer.class == Some(LoadBalancerClass::Classic);
    if internal && !cluster.subnets.iter().any(|subnet| subnet.kind().is_private()) {
        report.forbidden(format!("{path}.type"), "an Internal load balancer needs a Private subnet");
    }
    if !cluster.is_on(Cloud::Aws) {
        let only_aws = [
            ("class", balancer.class.is_some()),
            ("securityGroupOverride", balancer.security_group_override.is_some()),
            ("additionalSecurityGroups", !balancer.additional_security_groups.is_empty()),
            ("sslCertificate", balancer.ssl_certificate.is_some()),
            ("sslPolicy", balancer.ssl_policy.is_some()),
            ("crossZoneLoadBalancing", balancer.cross_zone_load_balancing.is_some()),
            ("accessLog", balancer.access_log.is_some()),
        ];
        for (field, _) in only_aws.into_iter().filter(|(_, given)| *given) {
            report.forbidden(format!("{path}.{field}"), "for AWS only");
        }
        return;
    }
    if classic && cluster.dns_type() == DnsType::None {
        report.forbidden(format!("{path}.class"), "without DNS the load balancer must be of class Network");
    }
    if !classic && internal && balancer.use_for_internal_api {
        let detail = "a machine cannot reach itself through an Internal load balancer of class Network";
        report.forbidden(format!("{path}.useForInternalApi"), detail);
    }
    if let Some(policy) = &balancer.ssl_policy
        && balancer.ssl_certificate.is_none()
    {
        report.forbidden(
            format!("{path}.sslPolicy"),
            format!("{policy:?} has no effect without sslCertificate"),
        );
    }
    check_groups(&format!("{path}.additionalSecurityGroups"), &balancer.additional_security_groups, report);
    if balancer.access_log.as_ref().is_some_and(|log| log.bucket.as_deref().unwrap_or_default().is_empty()) {
        report.required(format!("{path}.accessLog.bucket"), "expected the bucket to log to");
    }
    for (index, subnet) in balancer.subnets.iter().enumerate() {
        let path = format!("{path}.subnets[{index}]");
        let Some(known) = spec.subnet(&subnet.name) else {
            report.add(
                Kind::NotFound,
                format!("{path}.name"),
                format!("no subnet is named {:?}", subnet.name),
            );
            continue;
        };
        if let Some(address) = &subnet.private_ipv4_address {
            let path = format!("{path}.privateIPv4Address");
            if let Some(range) = &known.cidr
                && !range.contains(&IpAddr::V4(**address))
            {
                report.invalid(&path, format!("{address} is not inside {range} of subnet {}", known.name));
            }
            if classic || !internal {
                report.forbidden(
                    path,
                    "addresses can be chosen for Internal load balancers of class Network only",
                );
            }
        }
        if subnet.allocation_id.is_some() && (classic || internal) {
            let detail = "elastic IPs are for Public load balancers of class Network only";
            report.forbidden(format!("{path}.allocationId"), detail);
        }
    }
}

/// Refuses security groups that a list has twice.
pub(super) fn check_groups(path: &str, groups: &[SecurityGroupId], report: &mut Report) {
    for (index, group) in groups.iter().enumerate() {
        if groups[..index].contains(group) {
            report.add(Kind::Duplicate, format!("{path}[{index}]"), twice(group.as_str()));
        }
    }
}

fn twice(text: &str) -> String {
    format!("the list has {text:?} twice")
}
