//! Rules of add-ons and of the cloud integration: their dependencies.

use super::Report;
use crate::spec::{Cloud, ClusterSpec, DnsPublisher, DnsType, Expander};

pub(super) fn check(cluster: &ClusterSpec, report: &mut Report) {
    check_certificates(cluster, report);
    check_accounts(cluster, report);
    if let Some(autoscaler) = &cluster.cluster_autoscaler {
        let path = "spec.clusterAutoscaler.expander";
        if autoscaler.expander == Some(Expander::Price) && !cluster.is_on(Cloud::Gce) {
            let detail = "the expander price runs on GCE only: expected another, such as least-waste";
            report.forbidden(path, detail);
        }
    }
    if let Some(dns) = &cluster.external_dns {
        let path = "spec.externalDns";
        if !["", "kube-system"].contains(&dns.watch_namespace.as_str()) {
            let detail =
                format!("{:?}: expected kube-system, or no value for all namespaces", dns.watch_namespace);
            report.forbidden(format!("{path}.watchNamespace"), detail);
        }
        if dns.provider == Some(DnsPublisher::ExternalDns) && cluster.dns_type() == DnsType::None {
            let detail = "external-dns needs a zone: expected another topology.dns.type, or another provider";
            report.forbidden(format!("{path}.provider"), detail);
        }
    }
    check_termination(cluster, report);
    check_cloud(cluster, report);
    check_authentication(cluster, report);
}

/// Checks that cert-manager is on if an add-on needs a certificate.
fn check_certificates(cluster: &ClusterSpec, report: &mut Report) {
    let on = |enabled: Option<bool>| enabled == Some(true);
    if cluster.cert_manager.as_ref().is_some_and(|manager| on(manager.enabled)) {
        return;
    }
    let hubble = cluster.cilium().and_then(|cilium| cilium.hubble.as_ref());
    let needing = [
        (
            "spec.metricsServer.insecure",
            cluster.metrics_server.as_ref().is_some_and(|server| on(server.enabled) && !on(server.insecure)),
            "expected true, or certManager.enabled: true, because a secure metrics server",
        ),
        (
            "spec.awsLoadBalancerController.enabled",
            cluster.aws_load_balancer_controller.as_ref().is_some_and(|settings| on(settings.enabled)),
            "expected certManager.enabled: true, too, because the controller",
        ),
        (
            "spec.snapshotController.enabled",
            cluster.snapshot_controller.as_ref().is_some_and(|settings| on(settings.enabled)),
            "expected certManager.enabled: true, too, because the controller",
        ),
        (
            "spec.podIdentityWebhook.enabled",
            cluster.pod_identity_webhook.as_ref().is_some_and(|settings| settings.enabled),
            "expected certManager.enabled: true, too, because the webhook",
        ),
        (
            "spec.networking.cilium.hubble.enabled",
            hubble.is_some_and(|hubble| on(hubble.enabled)),
            "expected certManager.enabled: true, too, because Hubble",
        ),
    ];
    for (path, _, expected) in needing.into_iter().filter(|(_, needs, _)| *needs) {
        report.forbidden(path, format!("{expected} gets its certificate from cert-manager"));
    }
}

/// Checks that service accounts have IAM roles if an add-on needs one.
fn check_accounts(cluster: &ClusterSpec, report: &mut Report) {
    let own_roles = cluster.iam.as_ref().and_then(|iam| iam.use_service_account_external_permissions);
    if own_roles == Some(true) {
        return;
    }
    let zones = cluster.cert_manager.as_ref().filter(|manager| manager.enabled == Some(true));
    let needing = [
        ("spec.karpenter.enabled", cluster.has_karpenter()),
        ("spec.certManager.hostedZoneIDs", zones.is_some_and(|manager| !manager.hosted_zone_ids.is_empty())),
    ];
    for (path, _) in needing.into_iter().filter(|(_, needs)| *needs) {
        let detail = "expected iam.useServiceAccountExternalPermissions: true, too: its service account has a role of its own";
        report.forbidden(path, detail);
    }
}

fn check_termination(cluster: &ClusterSpec, report: &mut Report) {
    let Some(handler) = &cluster.node_termination_handler else { return };
    let path = "spec.nodeTerminationHandler";
    if handler.enabled != Some(false) && cluster.has_karpenter() {
        let detail = "expected false: Karpenter replaces its machines itself";
        report.forbidden(format!("{path}.enabled"), detail);
    }
    let by_queue = handler.enabled == Some(true) && handler.enable_sqs_termination_draining != Some(false);
    if !by_queue {
        return;
    }
    if handler.enable_spot_interruption_draining == Some(false) {
        let field = format!("{path}.enableSpotInterruptionDraining");
        report.forbidden(field, "expected true, or enableSQSTerminationDraining: false");
    }
    if handler.enable_rebalance_monitoring == Some(true) && handler.enable_rebalance_draining != Some(true) {
        let field = format!("{path}.enableRebalanceMonitoring");
        let detail = "expected enableRebalanceDraining: true, too, or enableSQSTerminationDraining: false";
        report.forbidden(field, detail);
    }
}

fn check_cloud(cluster: &ClusterSpec, report: &mut Report) {
    let Some(config) = cluster.cloud_config.as_ref().filter(|_| cluster.is_on(Cloud::Aws)) else {
        return;
    };
    let driver = config.aws_ebs_csi_driver.as_ref();
    if driver.is_some_and(|driver| driver.enabled == Some(false)) {
        let detail = "nodes need the driver: expected managed: false, and install a driver yourself";
        report.forbidden("spec.cloudConfig.awsEBSCSIDriver.enabled", detail);
    }
    if cluster.names_by_ip() && cluster.is_ipv6_only() {
        let detail = "machines without IPv4 addresses are named after their id: remove the field";
        report.forbidden("spec.cloudConfig.useIPBasedNodeNames", detail);
    }
}

fn check_authentication(cluster: &ClusterSpec, report: &mut Report) {
    let Some(settings) = cluster.authentication.as_ref().and_then(|of| of.aws.as_ref()) else { return };
    let path = "spec.authentication.aws";
    if !settings.identity_mappings.is_empty() && !settings.backend_mode.contains("CRD") {
        report.forbidden(format!("{path}.backendMode"), "expected CRD, since identityMappings are given");
    }
    for (index, _) in
        settings.identity_mappings.iter().enumerate().filter(|(_, mapping)| mapping.arn.is_none())
    {
        let field = format!("{path}.identityMappings[{index}].arn");
        report.required(field, "expected the ARN of a role or of a user");
    }
}
