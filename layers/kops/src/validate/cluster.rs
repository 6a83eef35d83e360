//! Rules of the `Cluster` document as a whole.

use super::{
    Report, access, addons, check_labels, components, etcd, is_dns_name, machines, network, plugins,
};
use crate::problem::Kind;
use crate::spec::{Cloud, ClusterSpec, DnsType, PolicyRole, Spec};
use crate::version::Version;

/// The oldest minor version of Kubernetes that machines can run.
const OLDEST: (u16, u16) = (1, 32);

pub(super) fn check(spec: &Spec, report: &mut Report) {
    let cluster = &spec.cluster.spec;
    check_name(spec, report);
    if cluster.cloud_provider.is_none() {
        report.required("spec.cloudProvider", "expected the cloud, such as aws");
    }
    check_version(cluster.kubernetes_version.as_deref(), report);
    check_removed(spec, report);
    machines::hooks(&cluster.hooks, report);
    machines::files(&cluster.file_assets, report);
    if let Some(settings) = &cluster.containerd {
        machines::containerd(settings, true, report);
    }
    if let Some(settings) = &cluster.rolling_update {
        machines::rolling_update(settings, false, report);
    }
    if let Some(pool) = &cluster.warm_pool {
        machines::warm_pool(pool, true, report);
    }
    check_labels(report, "spec.cloudLabels", cluster.cloud_labels.keys());
    check_policies(spec, report);
    check_issuer(spec, report);
    network::check(spec, report);
    access::check(spec, report);
    etcd::check(spec, report);
    components::check(cluster, report);
    plugins::check(cluster, report);
    addons::check(cluster, report);
    check_assets(cluster, report);
    for (index, addon) in cluster.addons.iter().enumerate() {
        if addon.manifest.starts_with("file://") {
            let detail = "machines cannot read a local file: expected a file in a store, such as s3://bucket/addon.yaml";
            report.invalid(format!("spec.addons[{index}].manifest"), detail);
        }
    }
}

/// Checks the user's own sources of images and files.
fn check_assets(cluster: &ClusterSpec, report: &mut Report) {
    let Some(assets) = &cluster.assets else { return };
    if assets.container_proxy.is_some() && assets.container_registry.is_some() {
        let detail = "expected either containerProxy or containerRegistry";
        report.forbidden("spec.assets.containerProxy", detail);
    }
    let Some(place) = &assets.file_repository else { return };
    let schemes: &[&str] = match cluster.cloud_provider {
        Some(Cloud::Aws) => &["http", "https", "s3"],
        Some(Cloud::Gce) => &["http", "https", "gs"],
        Some(Cloud::Azure) => &["http", "https", "azureblob"],
        _ => &["http", "https"],
    };
    if !schemes.contains(&place.scheme()) {
        let detail =
            format!("{place}: expected the URL of a server that machines reach, by {}", schemes.join(", "));
        report.invalid("spec.assets.fileRepository", detail);
    }
}

fn check_name(spec: &Spec, report: &mut Report) {
    let name = spec.name();
    let without_dns = spec.cluster.spec.dns_type() == DnsType::None;
    if name.is_empty() {
        report.required("metadata.name", "expected the cluster's name, such as k8s.example.com");
    } else if !is_dns_name(name) {
        report.invalid(
            "metadata.name",
            format!("{name:?}: expected a DNS name in lower case, such as k8s.example.com"),
        );
    } else if !name.contains('.') && !without_dns {
        report.invalid(
            "metadata.name",
            format!("{name:?}: expected a full DNS name, such as {name}.example.com"),
        );
    } else if name.ends_with(".k8s.local") && !without_dns {
        let detail = "names under k8s.local need topology.dns.type None: kops no longer has gossip DNS";
        report.forbidden("spec.topology.dns.type", detail);
    }
}

fn check_version(version: Option<&Version>, report: &mut Report) {
    if let Some(version) = version.filter(|version| version.minor() < OLDEST) {
        let (major, minor) = OLDEST;
        let detail = format!(
            "{version}: too old; expected {major}.{minor}.0 or newer. An existing cluster is upgraded one minor \
             version at a time, by a release of kops that has both"
        );
        report.invalid("spec.kubernetesVersion", detail);
    }
}

/// Refuses what kops no longer has.
fn check_removed(spec: &Spec, report: &mut Report) {
    let cluster = &spec.cluster.spec;
    let iam_legacy = cluster.iam.as_ref().is_some_and(|iam| iam.legacy);
    let removed = [
        (
            "spec.gossipConfig",
            cluster.gossip_config.is_some(),
            "kops no longer has gossip DNS: remove the field",
        ),
        (
            "spec.dnsControllerGossipConfig",
            cluster.dns_controller_gossip_config.is_some(),
            "kops no longer has gossip DNS: remove the field",
        ),
        ("spec.docker", cluster.docker.is_some(), "Kubernetes no longer runs on Docker: remove the field"),
        (
            "spec.nodeAuthorization",
            cluster.node_authorization.is_some(),
            "kops always authorizes nodes: remove the field",
        ),
        (
            "spec.iam.legacy",
            iam_legacy,
            "kops no longer has the wide permissions of early releases: remove the field",
        ),
        (
            "spec.containerRuntime",
            !["", "containerd"].contains(&cluster.container_runtime.as_str()),
            "expected containerd, the only container runtime left",
        ),
    ];
    for (path, given, detail) in removed {
        if given {
            report.forbidden(path, detail);
        }
    }
}

fn check_policies(spec: &Spec, report: &mut Report) {
    let cluster = &spec.cluster.spec;
    const NAMES: [PolicyRole; 2] = [PolicyRole::Master, PolicyRole::ControlPlane];
    for (field, both) in [
        ("additionalPolicies", NAMES.iter().all(|name| cluster.additional_policies.contains_key(name))),
        ("externalPolicies", NAMES.iter().all(|name| cluster.external_policies.contains_key(name))),
    ] {
        if both {
            let detail = "master is another name of control-plane: expected one of them";
            report.forbidden(format!("spec.{field}.master"), detail);
        }
    }
    let permissions = cluster.iam.as_ref().map(|iam| iam.service_account_external_permissions.as_slice());
    let permissions = permissions.unwrap_or_default();
    for (index, permission) in permissions.iter().enumerate() {
        let path = format!("spec.iam.serviceAccountExternalPermissions[{index}]");
        if permission.name.is_empty() || permission.name.contains('*') {
            report
                .invalid(format!("{path}.name"), "expected the name of a service account, without wildcards");
        }
        if permission.namespace.is_empty() {
            report.required(format!("{path}.namespace"), "expected the service account's namespace");
        }
        match &permission.aws {
            None => report.required(format!("{path}.aws"), "expected policyARNs or inlinePolicy"),
            Some(aws) if aws.policy_arns.is_empty() == aws.inline_policy.is_none() => {
                report.forbidden(format!("{path}.aws"), "expected either policyARNs or inlinePolicy");
            }
            Some(_) => {}
        }
        let earlier = permissions[..index].iter();
        if earlier
            .clone()
            .any(|other| (&other.name, &other.namespace) == (&permission.name, &permission.namespace))
        {
            report.add(Kind::Duplicate, path, format!("{} already has permissions", permission.name));
        }
    }
}

/// Checks the issuer of service account tokens.
fn check_issuer(spec: &Spec, report: &mut Report) {
    let Some(discovery) = &spec.cluster.spec.service_account_issuer_discovery else { return };
    let path = "spec.serviceAccountIssuerDiscovery";
    let bucket = discovery.discovery_store.as_ref().and_then(|store| store.bucket());
    if bucket.is_some_and(|bucket| bucket.contains('.')) {
        let detail =
            "the bucket's name contains a dot, so its certificate does not match: expected another bucket";
        report.invalid(format!("{path}.discoveryStore"), detail);
    }
    match (&discovery.discovery_service, discovery.discovery_store.is_none()) {
        (Some(_), false) => {
            report.forbidden(format!("{path}.discoveryStore"), "expected either a store or a service")
        }
        (Some(service), true) if service.url.is_none() => {
            report.required(format!("{path}.discoveryService.url"), "expected the URL of the service");
        }
        (None, true) if discovery.enable_aws_oidc_provider => {
            let detail = "AWS reads the issuer's documents: expected a discoveryStore or discoveryService";
            report.forbidden(format!("{path}.enableAWSOIDCProvider"), detail);
        }
        _ => {}
    }
}
