//! What machines of a role may do. Each list is for one program that runs on them; the names of kops's own lists are
//! those of `pkg/model/iam/iam_builder.go`.

use super::super::Model;
use super::super::policy::{Policy, Statement};
use crate::populate::Group;
use crate::spec::components::Containerd;
use crate::spec::{Role, Settings};
use serde_json::json;
use std::collections::BTreeSet;

impl Model<'_> {
    /// The policy of a role; nothing if its machines need no permission.
    pub(super) fn permissions(&self, role: Role) -> Option<String> {
        let account = &self.populated.account;
        let mut policy = Policy::new(self.names.cluster, &self.populated.region, &account.partition);
        match role {
            Role::ControlPlane => {
                self.etcd(&mut policy);
                self.boot(&mut policy, role);
                if self.cluster().is_ipv6_only() {
                    policy.anywhere(&["ec2:DescribeNetworkInterfaces"]);
                }
                self.store(&mut policy, role);
                policy.keys(self.cluster().encryption_config == Some(true));
                self.controllers(&mut policy);
                self.common(&mut policy, role);
            }
            Role::ApiServer => {
                self.boot(&mut policy, role);
                self.store(&mut policy, role);
                policy.keys(self.cluster().encryption_config == Some(true));
                self.common(&mut policy, role);
            }
            Role::Node => {
                self.boot(&mut policy, role);
                self.common(&mut policy, role);
            }
            Role::Bastion => {}
        }
        policy.into_document()
    }

    /// etcd-manager and kops-controller.
    fn etcd(&self, policy: &mut Policy) {
        policy.anywhere(&["ec2:DescribeInstances", "ec2:DescribeVolumes"]);
        let condition = json!({
            "StringEquals": {
                "aws:ResourceTag/k8s.io/role/master": "1",
                "aws:ResourceTag/KubernetesCluster": self.names.cluster,
            },
        });
        policy.add(Statement::allow(["ec2:AttachVolume"]).on_list(&["*".into()]).when(condition));
    }

    /// nodeup, which prepares a machine.
    fn boot(&self, policy: &mut Policy, role: Role) {
        let nvidia = |containerd: &Option<Settings<Containerd>>| {
            containerd.as_ref().and_then(|containerd| containerd.nested_flag("nvidiaGPU", "enabled"))
                == Some(true)
        };
        let cluster = self.cluster();
        let mut groups = self.populated.groups.iter().filter(|group| group.role == role);
        let gpu = nvidia(&cluster.containerd) || groups.any(|group| nvidia(&group.spec.containerd));
        let by_interface =
            self.is_plugin(|networking| networking.amazonvpc.is_some()) || self.cilium_by_interface();
        if gpu || by_interface {
            policy.anywhere(&["ec2:DescribeInstanceTypes"]);
        }
        if cluster.is_ipv6_only() {
            policy.anywhere(&["ec2:AssignIpv6Addresses"]);
        }
        let waits = |group: &Group| self.warm_pool(group).is_some_and(|pool| pool.enable_lifecycle_hook);
        if self.populated.groups.iter().any(|group| group.role == role && waits(group)) {
            policy.anywhere(&["autoscaling:DescribeLifecycleHooks"]);
            policy.on_tagged(&["autoscaling:CompleteLifecycleAction"]);
        }
    }

    /// The cluster's files: all are read by the control plane; backups of etcd are written.
    fn store(&self, policy: &mut Policy, role: Role) {
        let cluster = self.cluster();
        let mut buckets = BTreeSet::new();
        let base = cluster.config_base.trim_end_matches('/');
        let mut roots: Vec<&str> = [base, &cluster.key_store, &cluster.secret_store].into();
        roots.retain(|root| !root.is_empty());
        roots.sort_unstable();
        roots.dedup();
        let all = roots.clone();
        let inside =
            |root: &str| all.iter().any(|other| *other != root && root.starts_with(&format!("{other}/")));
        for root in roots.into_iter().filter(|root| !inside(root)) {
            let Some(place) = StorePath::parse(root, "placeholder-read-bucket") else { continue };
            let arn = policy.arn(&format!("s3:::{}/*", place.path()));
            policy.add(Statement::allow_list(["s3:Get*"]).on(arn));
            buckets.insert(place.bucket);
        }
        if role == Role::ControlPlane {
            let mut written = Vec::new();
            for etcd in &cluster.etcd_clusters {
                let given = etcd.backups.as_ref().map(|backups| backups.backup_store.clone());
                let store = given.filter(|store| !store.is_empty());
                let store = store.unwrap_or_else(|| format!("{base}/backups/etcd/{}", etcd.name));
                if written.contains(&store) {
                    continue;
                }
                if let Some(place) = StorePath::parse(&store, "placeholder-write-bucket") {
                    let arn = policy.arn(&format!("s3:::{}/*", place.path()));
                    let actions =
                        ["s3:GetObject", "s3:DeleteObject", "s3:DeleteObjectVersion", "s3:PutObject"];
                    policy.add(Statement::allow_list(actions).on(arn));
                    buckets.insert(place.bucket);
                }
                written.push(store);
            }
        }
        for bucket in buckets {
            let actions = [
                "s3:GetBucketLocation",
                "s3:GetEncryptionConfiguration",
                "s3:ListBucket",
                "s3:ListBucketVersions",
            ];
            let arn = policy.arn(&format!("s3:::{bucket}"));
            policy.add(Statement::allow(actions).on_list(&[arn]));
        }
    }

    /// The controllers that run on the control plane by its own role.
    fn controllers(&self, policy: &mut Policy) {
        let cluster = self.cluster();
        if let Some(zone) = &self.populated.zone {
            let change = [
                "route53:ChangeResourceRecordSets",
                "route53:ListResourceRecordSets",
                "route53:GetHostedZone",
            ];
            let arn = policy.arn(&format!("route53:::hostedzone/{}", zone.id));
            policy.add(Statement::allow(change).on_list(&[arn]));
            let arn = policy.arn("route53:::change/*");
            policy.add(Statement::allow_list(["route53:GetChange"]).on_list(&[arn]));
            let actions = ["route53:ListHostedZones", "route53:ListTagsForResource"];
            policy.add(Statement::allow_list(actions).on_list(&["*".into()]));
        }
        let snapshots =
            cluster.snapshot_controller.as_ref().and_then(|settings| settings.flag("enabled")) == Some(true);
        volumes(policy, snapshots, self.names.cluster);
        self.cloud_controller(policy);
        let balancers = cluster.aws_load_balancer_controller.as_ref();
        if let Some(settings) = balancers.filter(|settings| settings.flag("enabled") == Some(true)) {
            let flag = |name| settings.flag(name) == Some(true);
            balancer_controller(policy, flag("enableWAF"), flag("enableWAFv2"), flag("enableShield"));
        }
        let autoscaler = cluster.cluster_autoscaler.as_ref();
        let fixed_types =
            autoscaler.and_then(|settings| settings.flag("awsUseStaticInstanceList")) == Some(true);
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
        if !fixed_types {
            policy.anywhere(&["ec2:DescribeInstanceTypes"]);
        }
        if self.populated.termination_queue.is_some() {
            policy.anywhere(&[
                "autoscaling:DescribeAutoScalingInstances",
                "autoscaling:DescribeTags",
                "ec2:DescribeInstances",
                "sqs:DeleteMessage",
                "sqs:ReceiveMessage",
            ]);
            policy.on_tagged(&["autoscaling:CompleteLifecycleAction"]);
        }
    }

    /// The cloud controller manager.
    fn cloud_controller(&self, policy: &mut Policy) {
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
        let mode =
            self.cluster().cloud_config.as_ref().and_then(|config| config.text("nlbSecurityGroupMode"));
        if mode == Some("Managed") {
            policy.on_tagged(&["elasticloadbalancing:SetSecurityGroups"]);
        }
        if self.is_plugin(|networking| networking.kubenet.is_some()) {
            policy.on_tagged(&["ec2:CreateRoute", "ec2:DeleteRoute"]);
        }
    }

    /// What machines of several roles need: the image registry and the network plugin.
    fn common(&self, policy: &mut Policy, role: Role) {
        let cluster = self.cluster();
        if cluster.iam.as_ref().is_some_and(|iam| iam.allow_container_registry) {
            policy.anywhere(&[
                "ecr:BatchCheckLayerAvailability",
                "ecr:BatchGetImage",
                "ecr:DescribeRepositories",
                "ecr:GetAuthorizationToken",
                "ecr:GetDownloadUrlForLayer",
                "ecr:GetRepositoryPolicy",
                "ecr:ListImages",
            ]);
        }
        let mirrors =
            cluster.containerd.as_ref().and_then(|settings| settings.flag("useECRCredentialsForMirrors"));
        if mirrors == Some(true) {
            policy.anywhere(&[
                "ecr:BatchImportUpstreamImage",
                "ecr:CreateRepository",
                "ecr:ReplicateImage",
                "ecr:TagResource",
            ]);
        }
        if self.is_plugin(|networking| networking.amazonvpc.is_some()) {
            policy.anywhere(&[
                "ec2:AssignPrivateIpAddresses",
                "ec2:AttachNetworkInterface",
                "ec2:CreateNetworkInterface",
                "ec2:DeleteNetworkInterface",
                "ec2:DescribeInstanceTypes",
                "ec2:DescribeInstances",
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeSecurityGroups",
                "ec2:DescribeSubnets",
                "ec2:DescribeTags",
                "ec2:DetachNetworkInterface",
                "ec2:ModifyNetworkInterfaceAttribute",
                "ec2:UnassignPrivateIpAddresses",
            ]);
            let arn = policy.arn("ec2:*:*:network-interface/*");
            policy.add(Statement::allow_list(["ec2:CreateTags"]).on_list(&[arn]));
        }
        if self.cilium_by_interface() && role != Role::Node {
            policy.anywhere(&[
                "ec2:AssignPrivateIpAddresses",
                "ec2:AttachNetworkInterface",
                "ec2:CreateNetworkInterface",
                "ec2:CreateTags",
                "ec2:DeleteNetworkInterface",
                "ec2:DescribeInstances",
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeRouteTables",
                "ec2:DescribeSecurityGroups",
                "ec2:DescribeSubnets",
                "ec2:DescribeTags",
                "ec2:DescribeVpcs",
                "ec2:ModifyNetworkInterfaceAttribute",
                "ec2:UnassignPrivateIpAddresses",
            ]);
        }
        let calico = cluster.networking.as_ref().and_then(|networking| networking.calico.as_ref());
        if calico.is_some_and(|calico| calico.text("awsSrcDstCheck") != Some("DoNothing"))
            && !cluster.is_ipv6_only()
        {
            policy.anywhere(&["ec2:DescribeInstances", "ec2:ModifyNetworkInterfaceAttribute"]);
        }
        let kube_router = role == Role::Node && self.is_plugin(|networking| networking.kuberouter.is_some());
        if kube_router || self.is_plugin(|networking| networking.kindnet.is_some()) {
            policy.on_tagged(&["ec2:ModifyInstanceAttribute"]);
        }
    }

    fn is_plugin(&self, is: impl FnOnce(&crate::spec::Networking) -> bool) -> bool {
        self.cluster().networking.as_ref().is_some_and(is)
    }

    fn cilium_by_interface(&self) -> bool {
        self.is_plugin(|networking| {
            networking.cilium.as_ref().is_some_and(|cilium| cilium.text("ipam") == Some("eni"))
        })
    }
}

/// The driver for EBS volumes.
fn volumes(policy: &mut Policy, snapshots: bool, cluster: &str) {
    policy.keys(false);
    if snapshots {
        policy.anywhere(&["ec2:CreateSnapshot", "ec2:DescribeAvailabilityZones", "ec2:DescribeSnapshots"]);
        policy.on_tagged(&["ec2:DeleteSnapshot", "ec2:EnableFastSnapshotRestores"]);
        policy.creating_ec2(&["CreateSnapshot"], &["volume", "snapshot"]);
        let arn = policy.arn("ec2:*:*:snapshot/*");
        let condition = json!({ "StringEquals": { "aws:ResourceTag/KubernetesCluster": cluster } });
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

/// The AWS load balancer controller.
fn balancer_controller(policy: &mut Policy, waf: bool, waf_v2: bool, shield: bool) {
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

/// A place in a store of files.
struct StorePath {
    bucket: String,
    key: String,
}

impl StorePath {
    /// Reads `s3://bucket/key`. For `memfs://key`, the store of kops's tests, a bucket stands in.
    fn parse(url: &str, stand_in: &str) -> Option<Self> {
        if let Some(key) = url.strip_prefix("memfs://") {
            return Some(Self { bucket: stand_in.into(), key: key.trim_end_matches('/').into() });
        }
        let (bucket, key) =
            url.strip_prefix("s3://")?.split_once('/').unwrap_or((url.strip_prefix("s3://")?, ""));
        Some(Self { bucket: bucket.into(), key: key.trim_end_matches('/').into() })
    }

    fn path(&self) -> String {
        if self.key.is_empty() { self.bucket.clone() } else { format!("{}/{}", self.bucket, self.key) }
    }
}
