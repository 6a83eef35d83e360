//! The permissions of machines by role: what the programs on them need (kops `pkg/model/iam/iam_builder.go`).

use super::super::Model;
use super::super::policy::{Policy, Statement};
use crate::populate::Group;
use crate::spec::{Cilium, Containerd, Networking, Role, SourceCheck};
use serde_json::json;

impl Model<'_> {
    /// The policy of a role. `None` if its machines need no permission.
    pub(super) fn permissions(&self, role: Role) -> Option<String> {
        let mut policy = self.policy();
        match role {
            Role::ControlPlane => {
                self.etcd(&mut policy);
                self.boot(&mut policy, role);
                if self.cluster().is_ipv6_only() {
                    policy.anywhere(&["ec2:DescribeNetworkInterfaces"]);
                }
                self.buckets(&mut policy, role);
                policy.keys(self.cluster().encryption_config == Some(true));
                if !self.populated.service_account_roles() {
                    self.controllers(&mut policy);
                }
                self.common(&mut policy, role);
            }
            Role::ApiServer => {
                self.boot(&mut policy, role);
                self.buckets(&mut policy, role);
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

    /// An empty policy.
    pub(super) fn policy(&self) -> Policy<'_> {
        Policy::new(self.names.cluster, &self.populated.region, &self.home.account.partition)
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
        let nvidia =
            |containerd: &Option<Containerd>| containerd.as_ref().is_some_and(Containerd::has_nvidia);
        let cluster = self.cluster();
        let mut groups = self.populated.groups.iter().filter(|group| group.role == role);
        let gpu = nvidia(&cluster.containerd) || groups.any(|group| nvidia(&group.spec.containerd));
        let by_interface = cluster.has_plugin(Networking::uses_interface_addresses);
        if gpu || by_interface {
            policy.anywhere(&["ec2:DescribeInstanceTypes"]);
        }
        if cluster.is_ipv6_only() {
            policy.anywhere(&["ec2:AssignIpv6Addresses"]);
        }
        let waits =
            |group: &Group| self.populated.warm_pool(group).is_some_and(|pool| pool.enable_lifecycle_hook);
        if self.populated.groups.iter().any(|group| group.role == role && waits(group)) {
            policy.anywhere(&["autoscaling:DescribeLifecycleHooks"]);
            policy.on_tagged(&["autoscaling:CompleteLifecycleAction"]);
        }
    }

    /// Adds what machines of several roles need: the image registry and the network plugin.
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
        if cluster.containerd.as_ref().is_some_and(|containerd| containerd.use_ecr_credentials_for_mirrors) {
            policy.anywhere(&[
                "ecr:BatchImportUpstreamImage",
                "ecr:CreateRepository",
                "ecr:ReplicateImage",
                "ecr:TagResource",
            ]);
        }
        if self.cluster().has_plugin(|networking| networking.amazonvpc.is_some()) {
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
        if cluster.cilium().is_some_and(Cilium::uses_interfaces) && role != Role::Node {
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
        if calico.is_some_and(|calico| calico.aws_src_dst_check != Some(SourceCheck::DoNothing))
            && !cluster.is_ipv6_only()
        {
            policy.anywhere(&["ec2:DescribeInstances", "ec2:ModifyNetworkInterfaceAttribute"]);
        }
        let kube_router =
            role == Role::Node && self.cluster().has_plugin(|networking| networking.kuberouter.is_some());
        if kube_router || self.cluster().has_plugin(|networking| networking.kindnet.is_some()) {
            policy.on_tagged(&["ec2:ModifyInstanceAttribute"]);
        }
    }
}
