//! Rules of access: who may reach what, and the API's load balancer.

use super::Report;
use crate::problem::Kind;
use crate::spec::{DnsType, LoadBalancer, LoadBalancerClass, LoadBalancerType, Spec, SubnetType};
use ipnet::IpNet;
use std::net::Ipv4Addr;

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
            if list[..index].contains(source) {
                report.add(Kind::Duplicate, &path, format!("{source:?} stands here twice"));
            }
            if !source.starts_with("pl-") {
                report.range(path, source);
            } else if cluster.cloud_provider != "aws" {
                report.invalid(path, format!("{source:?}: prefix lists are for AWS only"));
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
    let private = |kind| matches!(kind, SubnetType::Private | SubnetType::DualStack);
    if internal && !cluster.subnets.iter().any(|subnet| private(subnet.kind())) {
        report.forbidden(format!("{path}.type"), "an Internal load balancer needs a Private subnet");
    }
    if cluster.cloud_provider != "aws" {
        let only_aws = [
            ("class", balancer.class.is_some()),
            ("securityGroupOverride", balancer.security_group_override.is_some()),
            ("additionalSecurityGroups", !balancer.additional_security_groups.is_empty()),
            ("sslCertificate", !balancer.ssl_certificate.is_empty()),
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
        && balancer.ssl_certificate.is_empty()
    {
        report.forbidden(
            format!("{path}.sslPolicy"),
            format!("{policy:?} has no effect without sslCertificate"),
        );
    }
    if !balancer.ssl_certificate.is_empty() && !balancer.ssl_certificate.starts_with("arn:") {
        report.invalid(format!("{path}.sslCertificate"), "expected the ARN of a certificate");
    }
    if let Some(group) = &balancer.security_group_override {
        check_group(&format!("{path}.securityGroupOverride"), group, report);
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
            match (address.parse::<Ipv4Addr>(), known.cidr.parse::<IpNet>()) {
                (Err(_), _) => report.invalid(&path, format!("{address:?}: expected an IPv4 address")),
                (Ok(ip), Ok(range)) if !range.contains(&std::net::IpAddr::V4(ip)) => {
                    report.invalid(&path, format!("{ip} is not inside {range} of subnet {}", known.name));
                }
                _ => {}
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

/// Refuses what is no id of a security group, and ids that stand twice.
pub(super) fn check_groups(path: &str, groups: &[String], report: &mut Report) {
    for (index, group) in groups.iter().enumerate() {
        let path = format!("{path}[{index}]");
        if groups[..index].contains(group) {
            report.add(Kind::Duplicate, &path, format!("{group:?} stands here twice"));
        }
        check_group(&path, group, report);
    }
}

/// Refuses what is no id of a security group.
pub(super) fn check_group(path: &str, group: &str, report: &mut Report) {
    if !group.starts_with("sg-") {
        report.invalid(path, format!("{group:?}: expected the id of a security group, sg-…"));
    }
}
