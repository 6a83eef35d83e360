//! Refuses fields that have no meaning on Google.

use super::Report;
use crate::spec::{ClusterSpec, EtcdCluster, GroupSpec, Manager};

/// Why a field is refused.
pub(super) const WHY: &str = "it exists on AWS only: remove the field";

fn refuse(report: &mut Report, fields: &[(&str, bool)]) {
    for (path, _) in fields.iter().filter(|(_, given)| *given) {
        report.forbidden(*path, WHY);
    }
}

pub(super) fn check_cluster(cluster: &ClusterSpec, report: &mut Report) {
    let on = |enabled: Option<bool>| enabled == Some(true);
    let iam = cluster.iam.clone().unwrap_or_default();
    let bastion = cluster.topology.as_ref().and_then(|topology| topology.bastion.clone()).unwrap_or_default();
    refuse(
        report,
        &[
            ("spec.additionalNetworkCIDRs", !cluster.additional_network_cidrs.is_empty()),
            ("spec.sshKeyName", cluster.ssh_key_name.is_some()),
            ("spec.DisableSubnetTags", cluster.disable_subnet_tags.is_some()),
            ("spec.externalPolicies", !cluster.external_policies.is_empty()),
            ("spec.additionalPolicies", !cluster.additional_policies.is_empty()),
            ("spec.iam.permissionsBoundary", iam.permissions_boundary.is_some()),
            (
                "spec.iam.useServiceAccountExternalPermissions",
                on(iam.use_service_account_external_permissions),
            ),
            (
                "spec.iam.serviceAccountExternalPermissions",
                !iam.service_account_external_permissions.is_empty(),
            ),
            ("spec.serviceAccountIssuerDiscovery", cluster.service_account_issuer_discovery.is_some()),
            ("spec.warmPool", cluster.warm_pool.is_some()),
            ("spec.karpenter", cluster.karpenter.is_some()),
            ("spec.nodeTerminationHandler", cluster.node_termination_handler.is_some()),
            ("spec.awsLoadBalancerController", cluster.aws_load_balancer_controller.is_some()),
            ("spec.podIdentityWebhook", cluster.pod_identity_webhook.is_some()),
            (
                "spec.authentication.aws",
                cluster.authentication.as_ref().is_some_and(|authentication| authentication.aws.is_some()),
            ),
            ("spec.topology.bastion.bastionPublicName", !bastion.bastion_public_name.is_empty()),
            ("spec.topology.bastion.loadBalancer", bastion.load_balancer.is_some()),
        ],
    );
    check_cloud_config(cluster, report);
    for (index, etcd) in cluster.etcd_clusters.iter().enumerate() {
        check_etcd(index, etcd, report);
    }
}

fn check_cloud_config(cluster: &ClusterSpec, report: &mut Report) {
    let Some(config) = &cluster.cloud_config else { return };
    refuse(
        report,
        &[
            ("spec.cloudConfig.awsEBSCSIDriver", config.aws_ebs_csi_driver.is_some()),
            ("spec.cloudConfig.disableSecurityGroupIngress", config.disable_security_group_ingress.is_some()),
            ("spec.cloudConfig.elbSecurityGroup", config.elb_security_group.is_some()),
            ("spec.cloudConfig.nlbSecurityGroupMode", config.nlb_security_group_mode.is_some()),
            ("spec.cloudConfig.nodeIPFamilies", !config.node_ip_families.is_empty()),
            ("spec.cloudConfig.useIPBasedNodeNames", config.use_ip_based_node_names.is_some()),
        ],
    );
}

fn check_etcd(index: usize, etcd: &EtcdCluster, report: &mut Report) {
    for (member_index, member) in etcd.etcd_members.iter().enumerate() {
        let path = format!("spec.etcdClusters[{index}].etcdMembers[{member_index}]");
        if member.kms_key_id.is_some() {
            report.forbidden(format!("{path}.kmsKeyId"), WHY);
        }
        if member.encrypted_volume == Some(false) {
            let detail = "Google encrypts all disks: remove the field";
            report.forbidden(format!("{path}.encryptedVolume"), detail);
        }
    }
}

pub(super) fn check_group(group: &GroupSpec, report: &mut Report) {
    refuse(
        report,
        &[
            ("spec.manager", group.managed_by() == Manager::Karpenter),
            ("spec.rootVolumeOptimization", group.root_volume_optimization.is_some()),
            ("spec.rootVolumeEncryption", group.root_volume_encryption.is_some()),
            ("spec.rootVolumeEncryptionKey", group.root_volume_encryption_key.is_some()),
            ("spec.volumes", !group.volumes.is_empty()),
            ("spec.maxPrice", group.max_price.is_some()),
            ("spec.spotDurationInMinutes", group.spot_duration_in_minutes.is_some()),
            ("spec.cpuCredits", group.cpu_credits.is_some()),
            ("spec.securityGroupOverride", group.security_group_override.is_some()),
            ("spec.tenancy", group.tenancy.is_some()),
            ("spec.mixedInstancesPolicy", group.mixed_instances_policy.is_some()),
            ("spec.capacityRebalance", group.capacity_rebalance.is_some()),
            ("spec.suspendProcesses", !group.suspend_processes.is_empty()),
            ("spec.externalLoadBalancers", !group.external_load_balancers.is_empty()),
            ("spec.detailedInstanceMonitoring", group.detailed_instance_monitoring.is_some()),
            ("spec.iam", group.iam.is_some()),
            ("spec.instanceProtection", group.instance_protection.is_some()),
            ("spec.instanceInterruptionBehavior", group.instance_interruption_behavior.is_some()),
            ("spec.instanceMetadata", group.instance_metadata.is_some()),
            ("spec.warmPool", group.warm_pool.is_some()),
            ("spec.maxInstanceLifetime", group.max_instance_lifetime.is_some()),
        ],
    );
}
