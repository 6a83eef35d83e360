//! Roles of service accounts, and the provider that vouches for them (kops `iam.go`, `oidc_provider.go`, and the
//! `iam.go` of each add-on).

use super::super::Model;
use super::super::policy::{Policy, Statement, document};
use crate::names::fnv;
use crate::spec::{CertManager, DnsPublisher};
use landform_aws as aws;
use landform_core::{Handle, Id, Input};
use serde_json::json;

/// The SHA-1 thumbprints of the root certificates of S3.
const S3_ROOTS: [&str; 2] =
    ["9e99a48a9960b14926bb7f3b02e22da2b0ab7280", "a9d53002e97e00e043244f3d170d6f4c414104fd"];

impl Model<'_> {
    pub(super) fn accounts(&mut self) {
        self.identity_provider();
        self.at("spec.iam.useServiceAccountExternalPermissions");
        for (name, policy) in self.controller_accounts() {
            let role = self.account_role("kube-system", name);
            self.account_policy(&role, policy);
        }
        let permissions =
            self.cluster().iam.as_ref().map(|iam| iam.service_account_external_permissions.as_slice());
        for (index, account) in permissions.unwrap_or_default().iter().enumerate() {
            self.at(&format!("spec.iam.serviceAccountExternalPermissions[{index}]"));
            let Some(allowed) = &account.aws else { continue };
            let role = self.account_role(&account.namespace, &account.name);
            if let Some(statements) = &allowed.inline_policy {
                self.account_policy(&role, Some(super::additional(statements)));
            }
            for arn in &allowed.policy_arns {
                let local = format!("external-{}-{}", role.name, fnv(arn.as_str()));
                self.add(&local, aws::IamRolePolicyAttachment::new(&role.id, arn.as_str()));
            }
        }
    }

    fn identity_provider(&mut self) {
        let Some(discovery) = &self.cluster().service_account_issuer_discovery else { return };
        if !discovery.enable_aws_oidc_provider {
            return;
        }
        self.at("spec.serviceAccountIssuerDiscovery");
        let audiences =
            std::iter::once("amazonaws.com").chain(discovery.additional_audiences.iter().map(String::as_str));
        let provider = aws::IamOpenidConnectProvider::new(self.populated.issuer(), audiences)
            .thumbprint_list(S3_ROOTS)
            .tags(self.tags(self.names.cluster));
        self.add(self.names.cluster, provider);
    }

    /// The add-ons that have a role of their own, and their permissions.
    fn controller_accounts(&self) -> Vec<(&'static str, Option<String>)> {
        let cluster = self.cluster();
        let mut accounts = Vec::new();
        let mut add = |name, permit: &dyn Fn(&mut Policy)| {
            let mut policy = self.policy();
            permit(&mut policy);
            accounts.push((name, policy.into_document()));
        };
        let on = |enabled: Option<bool>| enabled == Some(true);
        let made = |manager: &&CertManager| {
            on(manager.enabled) && manager.managed != Some(false) && !manager.hosted_zone_ids.is_empty()
        };
        if let Some(manager) = cluster.cert_manager.as_ref().filter(made) {
            add("cert-manager", &|policy| certificates(policy, &manager.hosted_zone_ids));
        }
        if !self.populated.service_account_roles() {
            return accounts;
        }
        let publisher = cluster.external_dns.as_ref().and_then(|dns| dns.provider);
        let publisher = publisher.unwrap_or(DnsPublisher::DnsController);
        if publisher != DnsPublisher::None && self.populated.zone.is_some() {
            add(publisher.as_str(), &|policy| self.dns_controller(policy));
        }
        let driver = cluster.cloud_config.as_ref().and_then(|config| config.aws_ebs_csi_driver.as_ref());
        if driver.and_then(|driver| driver.managed) != Some(false) {
            add("ebs-csi-controller-sa", &|policy| self.volume_driver(policy));
        }
        add("aws-cloud-controller-manager", &|policy| self.cloud_controller(policy));
        if let Some(settings) = self.balancer_controller() {
            add("aws-load-balancer-controller", &|policy| super::controllers::balancers(policy, settings));
        }
        if cluster.cluster_autoscaler.as_ref().and_then(|settings| settings.enabled) == Some(true) {
            add("cluster-autoscaler", &|policy| self.autoscaler(policy));
        }
        if cluster.node_termination_handler.as_ref().is_some_and(|handler| on(handler.enabled)) {
            add("aws-node-termination-handler", &super::controllers::termination);
        }
        if cluster.has_plugin(|networking| networking.kuberouter.is_some()) {
            add("kube-router", &|policy| policy.on_tagged(&["ec2:ModifyInstanceAttribute"]));
        }
        if cluster.has_karpenter() {
            add("karpenter", &|policy| self.karpenter(policy));
        }
        accounts
    }

    /// Adds a role that a service account assumes with its token.
    fn account_role(&mut self, namespace: &str, account: &str) -> AccountRole {
        let name = self.names.service_account(namespace, account);
        let provider = self.populated.issuer().trim_start_matches("https://");
        let matches = if namespace.contains('*') { "StringLike" } else { "StringEquals" };
        let here = &self.home.account;
        let trust = document(vec![json!({
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {
                matches: { format!("{provider}:sub"): format!("system:serviceaccount:{namespace}:{account}") },
            },
            "Effect": "Allow",
            "Principal": {
                "Federated": format!("arn:{}:iam::{}:oidc-provider/{provider}", here.partition, here.id),
            },
        })]);
        let boundary = self.cluster().iam.as_ref().and_then(|iam| iam.permissions_boundary.clone());
        let resource = aws::IamRole::new(name.as_str(), trust)
            .with(boundary, |role, boundary| role.permissions_boundary(boundary.as_str()))
            .tags(self.tags(&name))
            .tag("service-account.kops.k8s.io/name", account)
            .tag("service-account.kops.k8s.io/namespace", namespace.replace('*', "wildcard"));
        let made: Handle<aws::IamRole> = self.add(&name, resource);
        AccountRole { id: Input::from_expr(made.name().into_expr()), name }
    }

    fn account_policy(&mut self, role: &AccountRole, policy: Option<String>) {
        if let Some(policy) = policy {
            self.add(&role.name, aws::IamRolePolicy::new(&role.id, role.name.as_str(), policy));
        }
    }

    /// Karpenter may create machines, but only with the tags of the cluster and of its own pools.
    fn karpenter(&self, policy: &mut Policy) {
        let groups = || self.populated.groups.iter().filter(|group| !group.is_cloud_managed());
        let own_key = |group: &crate::populate::Group| {
            group.spec.root_volume_encryption == Some(true) && group.spec.root_volume_encryption_key.is_some()
        };
        if groups().any(own_key) {
            policy.keys(false);
        }
        policy.anywhere(&[
            "ec2:DescribeCapacityReservations",
            "ec2:DescribeImages",
            "ec2:DescribeInstanceStatus",
            "ec2:DescribeInstanceTypeOfferings",
            "ec2:DescribeInstanceTypes",
            "ec2:DescribeInstances",
            "ec2:DescribeLaunchTemplates",
            "ec2:DescribePlacementGroups",
            "ec2:DescribeSecurityGroups",
            "ec2:DescribeSpotPriceHistory",
            "ec2:DescribeSubnets",
            "iam:GetInstanceProfile",
            "iam:ListInstanceProfiles",
            "pricing:GetProducts",
            "ssm:GetParameter",
        ]);
        let arns = |policy: &Policy, parts: &[&str]| -> Vec<String> {
            parts.iter().map(|part| policy.arn(&format!("ec2:*:{part}/*"))).collect()
        };
        let (cluster, pool) = (self.names.cluster, "karpenter.sh/nodepool");
        let owned = json!({
            "StringEquals": { "aws:ResourceTag/KubernetesCluster": cluster },
            "StringLike": { format!("aws:ResourceTag/{pool}"): "*" },
        });
        let made = arns(
            policy,
            &[
                "*:fleet",
                "*:instance",
                "*:launch-template",
                "*:network-interface",
                "*:spot-instances-request",
                "*:volume",
            ],
        );
        let used =
            arns(policy, &["*:capacity-reservation", ":image", ":snapshot", "*:security-group", "*:subnet"]);
        let templates = arns(policy, &["*:launch-template"]);
        let ended = arns(policy, &["*:instance", "*:launch-template"]);
        policy.add(Statement::allow(["ec2:CreateFleet", "ec2:RunInstances"]).on_list(&used));
        policy.add(
            Statement::allow(["ec2:CreateFleet", "ec2:RunInstances"]).on_list(&templates).when(owned.clone()),
        );
        let make = ["ec2:CreateFleet", "ec2:CreateLaunchTemplate", "ec2:RunInstances"];
        policy.add(Statement::allow(make).on_list(&made).when(json!({
            "StringEquals": { "aws:RequestTag/KubernetesCluster": cluster },
            "StringLike": { format!("aws:RequestTag/{pool}"): "*" },
        })));
        policy.add(Statement::allow(["ec2:CreateTags"]).on_list(&made).when(json!({
            "StringEquals": {
                "aws:RequestTag/KubernetesCluster": cluster,
                "ec2:CreateAction": ["CreateFleet", "CreateLaunchTemplate", "RunInstances"],
            },
            "StringLike": { format!("aws:RequestTag/{pool}"): "*" },
        })));
        let mut own_tags = owned.clone();
        own_tags["Null"] = json!({ "aws:RequestTag/KubernetesCluster": "true" });
        policy.add(Statement::allow(["ec2:CreateTags", "ec2:DeleteTags"]).on_list(&made).when(own_tags));
        let end = ["ec2:DeleteLaunchTemplate", "ec2:TerminateInstances"];
        policy.add(Statement::allow(end).on_list(&ended).when(owned));
        let named = groups().any(|group| group.spec.iam.as_ref().is_some_and(|iam| iam.profile.is_some()));
        let role = if named { "*".into() } else { self.names.iam(crate::spec::Role::Node) };
        let role = policy.arn(&format!("iam::*:role/{role}"));
        let to_machines = json!({ "StringEquals": { "iam:PassedToService": self.machine_service() } });
        policy.add(Statement::allow(["iam:PassRole"]).on(role).when(to_machines));
    }
}

/// A role of a service account.
struct AccountRole {
    id: Input<Id<aws::IamRole>>,
    name: String,
}

/// cert-manager may write the DNS records that prove the ownership of a name.
fn certificates(policy: &mut Policy, zones: &[String]) {
    let zones: Vec<String> =
        zones.iter().map(|zone| policy.arn(&format!("route53:::hostedzone/{zone}"))).collect();
    policy.add(Statement::allow(["route53:ListResourceRecordSets"]).on_list(&zones));
    policy.add(Statement::allow(["route53:ChangeResourceRecordSets"]).on_list(&zones).when(json!({
        "ForAllValues:StringLike": { "route53:ChangeResourceRecordSetsNormalizedRecordNames": ["_acme-challenge.*"] },
        "ForAllValues:StringEquals": { "route53:ChangeResourceRecordSetsRecordTypes": ["TXT"] },
    })));
    let changes = policy.arn("route53:::change/*");
    policy.add(Statement::allow_list(["route53:GetChange"]).on_list(&[changes]));
    policy.add(Statement::allow_list(["route53:ListHostedZonesByName"]).on_list(&["*".into()]));
}
