//! The permissions of the controllers on the control plane (kops `pkg/model/iam/iam_builder.go`).

use super::super::Model;
use super::super::policy::{Policy, Statement};
use crate::spec::{LoadBalancerController, NlbSecurityGroupMode};
use serde_json::json;

impl Model<'_> {
    /// Adds the permissions of the controllers that use the control plane's own role.
    pub(super) fn controllers(&self, policy: &mut Policy) {
        self.dns_controller(policy);
        self.volume_driver(policy);
        self.cloud_controller(policy);
        if let Some(settings) = self.balancer_controller() {
            balancers(policy, settings);
        }
        self.autoscaler(policy);
        if self.populated.termination_queue().is_some() {
            termination(policy);
        }
    }

    /// The controller that publishes DNS records.
    pub(super) fn dns_controller(&self, policy: &mut Policy) {
        let Some(zone) = &self.populated.zone else { return };
        let change =
            ["route53:ChangeResourceRecordSets", "route53:ListResourceRecordSets", "route53:GetHostedZone"];
        let arn = policy.arn(&format!("route53:::hostedzone/{}", zone.id));
        policy.add(Statement::allow(change).on_list(&[arn]));
        let arn = policy.arn("route53:::change/*");
        policy.add(Statement::allow_list(["route53:GetChange"]).on_list(&[arn]));
        let actions = ["route53:ListHostedZones", "route53:ListTagsForResource"];
        policy.add(Statement::allow_list(actions).on_list(&["*".into()]));
    }

    /// The settings of the AWS load balancer controller, if it is on.
    pub(super) fn balancer_controller(&self) -> Option<&LoadBalancerController> {
        let settings = self.cluster().aws_load_balancer_controller.as_ref();
        settings.filter(|settings| settings.enabled == Some(true))
    }

    /// The cluster autoscaler.
    pub(super) fn autoscaler(&self, policy: &mut Policy) {
        policy.on_tagged(&[
            "autoscaling:SetDesiredCapacity",
            "autoscaling:TerminateInstanceInAutoScalingGroup",
        ]);
        policy.anywhere(&[
            "autoscaling:DescribeAutoScalingGroups",
            "autoscaling:DescribeAutoScalingInstances",
            "autoscaling:DescribeLaunchConfigurations",
            "autoscaling:DescribeScalingActivities",
            "ec2:DescribeImages",
            "ec2:DescribeLaunchTemplateVersions",
            "ec2:GetInstanceTypesFromInstanceRequirements",
        ]);
        let settings = self.cluster().cluster_autoscaler.as_ref();
        if settings.and_then(|settings| settings.aws_use_static_instance_list) != Some(true) {
            policy.anywhere(&["ec2:DescribeInstanceTypes"]);
        }
    }

    /// The cloud controller manager.
    pub(super) fn cloud_controller(&self, policy: &mut Policy) {
        policy.anywhere(&[
            "autoscaling:DescribeAutoScalingGroups",
            "autoscaling:DescribeTags",
            "ec2:DescribeAvailabilityZones",
            "ec2:DescribeInstances",
            "ec2:DescribeInstanceTopology",
            "ec2:DescribeRegions",
            "ec2:DescribeRouteTables",
            "ec2:DescribeSecurityGroups",
            "ec2:DescribeSubnets",
            "ec2:DescribeVpcs",
            "elasticloadbalancing:DescribeListeners",
            "elasticloadbalancing:DescribeLoadBalancerAttributes",
            "elasticloadbalancing:DescribeLoadBalancerPolicies",
            "elasticloadbalancing:DescribeLoadBalancers",
            "elasticloadbalancing:DescribeTargetGroupAttributes",
            "elasticloadbalancing:DescribeTargetGroups",
            "elasticloadbalancing:DescribeTargetHealth",
            "iam:CreateServiceLinkedRole",
            "kms:DescribeKey",
        ]);
        policy.on_tagged(&[
            "ec2:AuthorizeSecurityGroupIngress",
            "ec2:DeleteSecurityGroup",
            "ec2:ModifyInstanceAttribute",
            "ec2:RevokeSecurityGroupIngress",
            "elasticloadbalancing:AddTags",
            "elasticloadbalancing:ApplySecurityGroupsToLoadBalancer",
            "elasticloadbalancing:AttachLoadBalancerToSubnets",
            "elasticloadbalancing:ConfigureHealthCheck",
            "elasticloadbalancing:CreateLoadBalancerListeners",
            "elasticloadbalancing:CreateLoadBalancerPolicy",
            "elasticloadbalancing:DeleteListener",
            "elasticloadbalancing:DeleteLoadBalancer",
            "elasticloadbalancing:DeleteLoadBalancerListeners",
            "elasticloadbalancing:DeleteTargetGroup",
            "elasticloadbalancing:DeregisterInstancesFromLoadBalancer",
            "elasticloadbalancing:DeregisterTargets",
            "elasticloadbalancing:DetachLoadBalancerFromSubnets",
            "elasticloadbalancing:ModifyListener",
            "elasticloadbalancing:ModifyLoadBalancerAttributes",
            "elasticloadbalancing:ModifyTargetGroup",
            "elasticloadbalancing:ModifyTargetGroupAttributes",
            "elasticloadbalancing:RegisterInstancesWithLoadBalancer",
            "elasticloadbalancing:RegisterTargets",
            "elasticloadbalancing:SetLoadBalancerPoliciesForBackendServer",
            "elasticloadbalancing:SetLoadBalancerPoliciesOfListener",
        ]);
        policy.creating(&[
            "elasticloadbalancing:CreateListener",
            "elasticloadbalancing:CreateLoadBalancer",
            "elasticloadbalancing:CreateTargetGroup",
        ]);
        policy.creating_ec2(&["CreateSecurityGroup"], &["security-group"]);
        let mode = self.cluster().cloud_config.as_ref().and_then(|config| config.nlb_security_group_mode);
        if mode == Some(NlbSecurityGroupMode::Managed) {
            policy.on_tagged(&["elasticloadbalancing:SetSecurityGroups"]);
        }
        if self.cluster().has_plugin(|networking| networking.kubenet.is_some()) {
            policy.on_tagged(&["ec2:CreateRoute", "ec2:DeleteRoute"]);
        }
    }

    /// The driver of EBS volumes.
    pub(super) fn volume_driver(&self, policy: &mut Policy) {
        let snapshots = self.cluster().snapshot_controller.as_ref();
        let snapshots = snapshots.and_then(|settings| settings.enabled) == Some(true);
        policy.keys(false);
        if snapshots {
            policy.anywhere(&[
                "ec2:CreateSnapshot",
                "ec2:DescribeAvailabilityZones",
                "ec2:DescribeSnapshots",
            ]);
            policy.on_tagged(&["ec2:DeleteSnapshot", "ec2:EnableFastSnapshotRestores"]);
            policy.creating_ec2(&["CreateSnapshot"], &["volume", "snapshot"]);
            let arn = policy.arn("ec2:*:*:snapshot/*");
            let condition =
                json!({ "StringEquals": { "aws:ResourceTag/KubernetesCluster": self.names.cluster } });
            policy.add(Statement::allow(["ec2:CreateVolume"]).on_list(&[arn]).when(condition));
        }
        policy.anywhere(&[
            "ec2:DescribeAvailabilityZones",
            "ec2:DescribeInstanceTypes",
            "ec2:DescribeInstances",
            "ec2:DescribeTags",
            "ec2:DescribeVolumeStatus",
            "ec2:DescribeVolumes",
            "ec2:DescribeVolumesModifications",
        ]);
        policy.on_tagged(&["ec2:AttachVolume", "ec2:DeleteVolume", "ec2:DetachVolume", "ec2:ModifyVolume"]);
        policy.creating_ec2(&["CopyVolumes", "CreateVolume"], &["volume", "snapshot"]);
    }
}

/// The node termination handler, by its queue.
pub(super) fn termination(policy: &mut Policy) {
    policy.anywhere(&[
        "autoscaling:DescribeAutoScalingInstances",
        "autoscaling:DescribeTags",
        "ec2:DescribeInstances",
        "sqs:DeleteMessage",
        "sqs:ReceiveMessage",
    ]);
    policy.on_tagged(&["autoscaling:CompleteLifecycleAction"]);
}

/// The AWS load balancer controller.
pub(super) fn balancers(policy: &mut Policy, settings: &LoadBalancerController) {
    let (waf, waf_v2, shield) = (settings.enable_waf, settings.enable_waf_v2, settings.enable_shield);
    policy.anywhere(&[
        "acm:DescribeCertificate",
        "acm:ListCertificates",
        "cognito-idp:DescribeUserPoolClient",
        "ec2:DescribeAccountAttributes",
        "ec2:DescribeAvailabilityZones",
        "ec2:DescribeInstances",
        "ec2:DescribeInternetGateways",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ec2:DescribeVpcPeeringConnections",
        "ec2:DescribeVpcs",
        "ec2:GetSecurityGroupsForVpc",
        "elasticloadbalancing:DescribeCapacityReservation",
        "elasticloadbalancing:DescribeListenerAttributes",
        "elasticloadbalancing:DescribeListenerCertificates",
        "elasticloadbalancing:DescribeListeners",
        "elasticloadbalancing:DescribeLoadBalancerAttributes",
        "elasticloadbalancing:DescribeLoadBalancers",
        "elasticloadbalancing:DescribeRules",
        "elasticloadbalancing:DescribeTags",
        "elasticloadbalancing:DescribeTargetGroupAttributes",
        "elasticloadbalancing:DescribeTargetGroups",
        "elasticloadbalancing:DescribeTargetHealth",
        "elasticloadbalancing:DescribeTrustStores",
        "elasticloadbalancing:SetRulePriorities",
    ]);
    if waf {
        policy.anywhere(&[
            "elasticloadbalancing:SetWebACL",
            "waf-regional:AssociateWebACL",
            "waf-regional:DisassociateWebACL",
            "waf-regional:GetWebACL",
            "waf-regional:GetWebACLForResource",
        ]);
    }
    if waf_v2 {
        policy.anywhere(&[
            "elasticloadbalancing:SetWebACL",
            "wafv2:AssociateWebACL",
            "wafv2:DisassociateWebACL",
            "wafv2:GetWebACL",
            "wafv2:GetWebACLForResource",
        ]);
    }
    if shield {
        policy.anywhere(&[
            "shield:CreateProtection",
            "shield:DeleteProtection",
            "shield:DescribeProtection",
            "shield:GetSubscriptionState",
        ]);
    }
    policy.on_tagged(&[
        "ec2:AuthorizeSecurityGroupIngress",
        "ec2:DeleteSecurityGroup",
        "ec2:RevokeSecurityGroupIngress",
        "elasticloadbalancing:AddListenerCertificates",
        "elasticloadbalancing:AddTags",
        "elasticloadbalancing:DeleteListener",
        "elasticloadbalancing:DeleteLoadBalancer",
        "elasticloadbalancing:DeleteRule",
        "elasticloadbalancing:DeleteTargetGroup",
        "elasticloadbalancing:DeregisterTargets",
        "elasticloadbalancing:ModifyCapacityReservation",
        "elasticloadbalancing:ModifyListener",
        "elasticloadbalancing:ModifyListenerAttributes",
        "elasticloadbalancing:ModifyLoadBalancerAttributes",
        "elasticloadbalancing:ModifyRule",
        "elasticloadbalancing:ModifyTargetGroup",
        "elasticloadbalancing:ModifyTargetGroupAttributes",
        "elasticloadbalancing:RegisterTargets",
        "elasticloadbalancing:RemoveListenerCertificates",
        "elasticloadbalancing:RemoveTags",
        "elasticloadbalancing:SetIpAddressType",
        "elasticloadbalancing:SetSecurityGroups",
        "elasticloadbalancing:SetSubnets",
    ]);
    policy.creating(&[
        "elasticloadbalancing:CreateListener",
        "elasticloadbalancing:CreateLoadBalancer",
        "elasticloadbalancing:CreateRule",
        "elasticloadbalancing:CreateTargetGroup",
    ]);
    policy.creating_ec2(&["CreateSecurityGroup"], &["security-group"]);
}
