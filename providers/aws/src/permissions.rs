//! The rights that the calls of each type need, as data, and the policy that a set of changes needs. Nothing here asks AWS.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};

/// What is done with a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Use {
    /// It is read, and stays as it is.
    Read,
    /// It is made.
    Create,
    /// It is changed in place.
    Change,
    /// It is deleted.
    Delete,
}

/// The IAM actions that a type's calls need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Permissions {
    /// The type, as `aws_vpc`.
    pub type_name: &'static str,
    /// To read one. Every use needs them.
    pub read: &'static [&'static str],
    /// To make one, beside those for a change: a new one gets its tags and its settings after.
    pub create: &'static [&'static str],
    /// To change one.
    pub change: &'static [&'static str],
    /// To delete one. Some changes come first, as detaching a gateway.
    pub delete: &'static [&'static str],
}

impl Permissions {
    /// Those of a type, as `aws_vpc` or `data.aws_vpc`; none where it is no type of this provider.
    pub fn of(type_name: &str) -> Option<&'static Self> {
        ALL.iter().find(|known| known.type_name == type_name)
    }

    /// The actions that a use needs.
    pub fn actions(&self, of: Use) -> impl Iterator<Item = &'static str> {
        let (create, change, delete) = match of {
            Use::Read => (&[][..], &[][..], &[][..]),
            Use::Create => (self.create, self.change, &[][..]),
            Use::Change => (&[][..], self.change, &[][..]),
            Use::Delete => (&[][..], self.change, self.delete),
        };
        [self.read, create, change, delete].into_iter().flatten().copied()
    }
}

/// The IAM policy, in JSON, that lets somebody do all this: one statement, with the actions in order. Types of other
/// providers are left out.
///
/// ```
/// use landform_aws::permissions::{Use, policy};
///
/// let policy = policy([("aws_eip", Use::Read)]);
/// assert_eq!(policy["Statement"][0]["Action"], serde_json::json!(["ec2:DescribeAddresses", "sts:GetCallerIdentity"]));
/// ```
pub fn policy<'a>(uses: impl IntoIterator<Item = (&'a str, Use)>) -> Json {
    let uses: BTreeSet<(&str, Use)> = uses.into_iter().collect();
    let known = uses.into_iter().filter_map(|(name, of)| Some((Permissions::of(name)?, of)));
    let mut actions: BTreeSet<&str> = known.flat_map(|(known, of)| known.actions(of)).collect();
    // Who calls is asked once, so that bad credentials show before anything else.
    actions.insert("sts:GetCallerIdentity");
    let statement = json!({ "Effect": "Allow", "Action": actions, "Resource": "*" });
    json!({ "Version": "2012-10-17", "Statement": [statement] })
}

const fn row(
    type_name: &'static str,
    read: &'static [&'static str],
    create: &'static [&'static str],
    change: &'static [&'static str],
    delete: &'static [&'static str],
) -> Permissions {
    Permissions { type_name, read, create, change, delete }
}

/// A data source, which is only read.
const fn asked(type_name: &'static str, read: &'static [&'static str]) -> Permissions {
    row(type_name, read, &[], &[], &[])
}

/// One row for each managed type: to read, to make, to change and to delete one; and one for each data source.
const ALL: &[Permissions] = &[
    row(
        "aws_autoscaling_attachment",
        &["autoscaling:DescribeAutoScalingGroups"],
        &[],
        &[
            "autoscaling:AttachLoadBalancerTargetGroups",
            "autoscaling:AttachLoadBalancers",
            "autoscaling:DetachLoadBalancerTargetGroups",
            "autoscaling:DetachLoadBalancers",
        ],
        &[],
    ),
    row(
        "aws_autoscaling_group",
        &["autoscaling:DescribeAutoScalingGroups"],
        &[
            "autoscaling:CreateAutoScalingGroup",
            "ec2:RunInstances",
            "iam:CreateServiceLinkedRole",
            "iam:PassRole",
        ],
        &[
            "autoscaling:AttachLoadBalancerTargetGroups",
            "autoscaling:AttachLoadBalancers",
            "autoscaling:CreateOrUpdateTags",
            "autoscaling:DeleteTags",
            "autoscaling:DetachLoadBalancerTargetGroups",
            "autoscaling:DetachLoadBalancers",
            "autoscaling:DisableMetricsCollection",
            "autoscaling:EnableMetricsCollection",
            "autoscaling:ExitStandby",
            "autoscaling:PutWarmPool",
            "autoscaling:ResumeProcesses",
            "autoscaling:SetInstanceProtection",
            "autoscaling:SuspendProcesses",
            "autoscaling:UpdateAutoScalingGroup",
        ],
        &["autoscaling:DeleteAutoScalingGroup", "autoscaling:DeleteWarmPool"],
    ),
    row(
        "aws_autoscaling_lifecycle_hook",
        &["autoscaling:DescribeAutoScalingGroups", "autoscaling:DescribeLifecycleHooks"],
        &[],
        &["autoscaling:PutLifecycleHook", "iam:PassRole"],
        &["autoscaling:DeleteLifecycleHook"],
    ),
    row(
        "aws_cloudwatch_event_rule",
        &["events:DescribeRule", "events:ListTagsForResource", "events:ListTargetsByRule"],
        &[],
        &["events:PutRule", "events:TagResource", "events:UntagResource"],
        &["events:DeleteRule"],
    ),
    row(
        "aws_cloudwatch_event_target",
        &["events:ListTargetsByRule"],
        &[],
        &["events:PutTargets", "events:RemoveTargets"],
        &[],
    ),
    row(
        "aws_cloudwatch_log_group",
        &["logs:DescribeLogGroups", "logs:ListTagsForResource"],
        &["logs:CreateLogGroup"],
        &[
            "logs:AssociateKmsKey",
            "logs:DeleteRetentionPolicy",
            "logs:DisassociateKmsKey",
            "logs:PutRetentionPolicy",
            "logs:TagResource",
            "logs:UntagResource",
        ],
        &["logs:DeleteLogGroup"],
    ),
    row(
        "aws_ebs_volume",
        &["ec2:DescribeVolumes", "sts:GetCallerIdentity"],
        &["ec2:CreateVolume"],
        &["ec2:CreateTags", "ec2:DeleteTags", "ec2:ModifyVolume"],
        &["ec2:DeleteVolume"],
    ),
    row(
        "aws_egress_only_internet_gateway",
        &["ec2:DescribeEgressOnlyInternetGateways"],
        &["ec2:CreateEgressOnlyInternetGateway"],
        &["ec2:CreateTags", "ec2:DeleteTags"],
        &["ec2:DeleteEgressOnlyInternetGateway"],
    ),
    row(
        "aws_eip",
        &["ec2:DescribeAddresses"],
        &["ec2:AllocateAddress"],
        &["ec2:CreateTags", "ec2:DeleteTags"],
        &["ec2:ReleaseAddress"],
    ),
    row(
        "aws_elb",
        &[
            "elasticloadbalancing:DescribeLoadBalancerAttributes",
            "elasticloadbalancing:DescribeLoadBalancers",
            "elasticloadbalancing:DescribeTags",
        ],
        &["elasticloadbalancing:CreateLoadBalancer", "elasticloadbalancing:CreateLoadBalancerListeners"],
        &[
            "elasticloadbalancing:AddTags",
            "elasticloadbalancing:ApplySecurityGroupsToLoadBalancer",
            "elasticloadbalancing:AttachLoadBalancerToSubnets",
            "elasticloadbalancing:ConfigureHealthCheck",
            "elasticloadbalancing:DetachLoadBalancerFromSubnets",
            "elasticloadbalancing:ModifyLoadBalancerAttributes",
            "elasticloadbalancing:RemoveTags",
        ],
        &["elasticloadbalancing:DeleteLoadBalancer", "elasticloadbalancing:DeleteLoadBalancerListeners"],
    ),
    row(
        "aws_iam_instance_profile",
        &["iam:GetInstanceProfile"],
        &["iam:CreateInstanceProfile"],
        &[
            "iam:AddRoleToInstanceProfile",
            "iam:RemoveRoleFromInstanceProfile",
            "iam:TagInstanceProfile",
            "iam:UntagInstanceProfile",
        ],
        &["iam:DeleteInstanceProfile"],
    ),
    row(
        "aws_iam_openid_connect_provider",
        &["iam:GetOpenIDConnectProvider", "iam:ListOpenIDConnectProviders"],
        &["iam:CreateOpenIDConnectProvider"],
        &[
            "iam:AddClientIDToOpenIDConnectProvider",
            "iam:RemoveClientIDFromOpenIDConnectProvider",
            "iam:TagOpenIDConnectProvider",
            "iam:UntagOpenIDConnectProvider",
            "iam:UpdateOpenIDConnectProviderThumbprint",
        ],
        &["iam:DeleteOpenIDConnectProvider"],
    ),
    row(
        "aws_iam_policy",
        &["iam:GetPolicy", "iam:GetPolicyVersion", "iam:ListPolicies", "iam:ListPolicyVersions"],
        &["iam:CreatePolicy"],
        &["iam:CreatePolicyVersion", "iam:DeletePolicyVersion", "iam:TagPolicy", "iam:UntagPolicy"],
        &["iam:DeletePolicy"],
    ),
    row(
        "aws_iam_role",
        &["iam:GetRole", "iam:ListAttachedRolePolicies", "iam:ListRolePolicies"],
        &["iam:CreateRole"],
        &[
            "iam:DeleteRolePermissionsBoundary",
            "iam:DetachRolePolicy",
            "iam:PutRolePermissionsBoundary",
            "iam:TagRole",
            "iam:UntagRole",
            "iam:UpdateAssumeRolePolicy",
            "iam:UpdateRole",
        ],
        &["iam:DeleteRole", "iam:DeleteRolePolicy"],
    ),
    row(
        "aws_iam_role_policy",
        &["iam:GetRolePolicy"],
        &[],
        &["iam:PutRolePolicy"],
        &["iam:DeleteRolePolicy"],
    ),
    row(
        "aws_iam_role_policy_attachment",
        &["iam:ListAttachedRolePolicies"],
        &[],
        &["iam:AttachRolePolicy", "iam:DetachRolePolicy"],
        &[],
    ),
    row(
        "aws_instance",
        &[
            "ec2:DescribeIamInstanceProfileAssociations",
            "ec2:DescribeImages",
            "ec2:DescribeInstanceAttribute",
            "ec2:DescribeInstances",
            "ec2:DescribeVolumes",
        ],
        &["ec2:RunInstances", "iam:PassRole"],
        &[
            "ec2:AssociateIamInstanceProfile",
            "ec2:CreateTags",
            "ec2:DeleteTags",
            "ec2:DisassociateIamInstanceProfile",
            "ec2:ModifyInstanceAttribute",
            "ec2:ModifyInstanceCreditSpecification",
            "ec2:ModifyInstanceMetadataOptions",
            "ec2:ModifyVolume",
            "ec2:MonitorInstances",
            "ec2:ReplaceIamInstanceProfileAssociation",
            "ec2:StartInstances",
            "ec2:StopInstances",
            "ec2:UnmonitorInstances",
        ],
        &["ec2:TerminateInstances"],
    ),
    row(
        "aws_internet_gateway",
        &["ec2:DescribeInternetGateways"],
        &["ec2:CreateInternetGateway"],
        &["ec2:AttachInternetGateway", "ec2:CreateTags", "ec2:DeleteTags", "ec2:DetachInternetGateway"],
        &["ec2:DeleteInternetGateway"],
    ),
    row(
        "aws_key_pair",
        &["ec2:DescribeKeyPairs", "sts:GetCallerIdentity"],
        &["ec2:ImportKeyPair"],
        &["ec2:CreateTags", "ec2:DeleteTags"],
        &["ec2:DeleteKeyPair"],
    ),
    row(
        "aws_kms_alias",
        &["kms:ListAliases"],
        &["kms:CreateAlias"],
        &["kms:UpdateAlias"],
        &["kms:DeleteAlias"],
    ),
    row(
        "aws_kms_key",
        &[
            "kms:DescribeKey",
            "kms:GetKeyPolicy",
            "kms:GetKeyRotationStatus",
            "kms:ListKeys",
            "kms:ListResourceTags",
        ],
        &["kms:CreateKey"],
        &[
            "kms:DisableKey",
            "kms:DisableKeyRotation",
            "kms:EnableKey",
            "kms:EnableKeyRotation",
            "kms:PutKeyPolicy",
            "kms:TagResource",
            "kms:UntagResource",
            "kms:UpdateKeyDescription",
        ],
        &["kms:ScheduleKeyDeletion"],
    ),
    row(
        "aws_launch_template",
        &["ec2:DescribeLaunchTemplateVersions", "ec2:DescribeLaunchTemplates", "sts:GetCallerIdentity"],
        &["ec2:CreateLaunchTemplate"],
        &["ec2:CreateLaunchTemplateVersion", "ec2:CreateTags", "ec2:DeleteTags", "ec2:ModifyLaunchTemplate"],
        &["ec2:DeleteLaunchTemplate"],
    ),
    row(
        "aws_lb",
        &[
            "elasticloadbalancing:DescribeLoadBalancerAttributes",
            "elasticloadbalancing:DescribeLoadBalancers",
            "elasticloadbalancing:DescribeTags",
        ],
        &["elasticloadbalancing:CreateLoadBalancer"],
        &[
            "elasticloadbalancing:AddTags",
            "elasticloadbalancing:ModifyLoadBalancerAttributes",
            "elasticloadbalancing:RemoveTags",
            "elasticloadbalancing:SetIpAddressType",
            "elasticloadbalancing:SetSecurityGroups",
            "elasticloadbalancing:SetSubnets",
        ],
        &["elasticloadbalancing:DeleteLoadBalancer"],
    ),
    row(
        "aws_lb_listener",
        &["elasticloadbalancing:DescribeListeners", "elasticloadbalancing:DescribeTags"],
        &["elasticloadbalancing:CreateListener"],
        &[
            "elasticloadbalancing:AddTags",
            "elasticloadbalancing:ModifyListener",
            "elasticloadbalancing:RemoveTags",
        ],
        &["elasticloadbalancing:DeleteListener"],
    ),
    row(
        "aws_lb_listener_rule",
        &["elasticloadbalancing:DescribeRules", "elasticloadbalancing:DescribeTags"],
        &["elasticloadbalancing:CreateRule"],
        &[
            "elasticloadbalancing:AddTags",
            "elasticloadbalancing:ModifyRule",
            "elasticloadbalancing:RemoveTags",
            "elasticloadbalancing:SetRulePriorities",
        ],
        &["elasticloadbalancing:DeleteRule"],
    ),
    row(
        "aws_lb_target_group",
        &[
            "elasticloadbalancing:DescribeTags",
            "elasticloadbalancing:DescribeTargetGroupAttributes",
            "elasticloadbalancing:DescribeTargetGroups",
        ],
        &["elasticloadbalancing:CreateTargetGroup"],
        &[
            "elasticloadbalancing:AddTags",
            "elasticloadbalancing:ModifyTargetGroup",
            "elasticloadbalancing:ModifyTargetGroupAttributes",
            "elasticloadbalancing:RemoveTags",
        ],
        &["elasticloadbalancing:DeleteTargetGroup"],
    ),
    row(
        "aws_lb_target_group_attachment",
        &["elasticloadbalancing:DescribeTargetGroups", "elasticloadbalancing:DescribeTargetHealth"],
        &[],
        &["elasticloadbalancing:DeregisterTargets", "elasticloadbalancing:RegisterTargets"],
        &[],
    ),
    row(
        "aws_main_route_table_association",
        &["ec2:DescribeRouteTables"],
        &[],
        &["ec2:ReplaceRouteTableAssociation"],
        &[],
    ),
    row(
        "aws_nat_gateway",
        &["ec2:DescribeNatGateways"],
        &["ec2:CreateNatGateway"],
        &["ec2:CreateTags", "ec2:DeleteTags"],
        &["ec2:DeleteNatGateway"],
    ),
    row(
        "aws_network_acl",
        &["ec2:DescribeNetworkAcls"],
        &["ec2:CreateNetworkAcl"],
        &["ec2:CreateTags", "ec2:DeleteTags", "ec2:ReplaceNetworkAclAssociation"],
        &["ec2:DeleteNetworkAcl"],
    ),
    row(
        "aws_network_acl_rule",
        &["ec2:DescribeNetworkAcls"],
        &["ec2:CreateNetworkAclEntry"],
        &[],
        &["ec2:DeleteNetworkAclEntry"],
    ),
    row(
        "aws_placement_group",
        &["ec2:DescribePlacementGroups", "sts:GetCallerIdentity"],
        &["ec2:CreatePlacementGroup"],
        &["ec2:CreateTags", "ec2:DeleteTags"],
        &["ec2:DeletePlacementGroup"],
    ),
    row(
        "aws_route",
        &["ec2:DescribeRouteTables"],
        &["ec2:CreateRoute"],
        &["ec2:ReplaceRoute"],
        &["ec2:DeleteRoute"],
    ),
    row(
        "aws_route53_record",
        &["route53:GetChange", "route53:GetHostedZone", "route53:ListResourceRecordSets"],
        &[],
        &["route53:ChangeResourceRecordSets"],
        &[],
    ),
    row(
        "aws_route53_zone",
        &[
            "route53:GetChange",
            "route53:GetHostedZone",
            "route53:ListHostedZonesByName",
            "route53:ListResourceRecordSets",
            "route53:ListTagsForResources",
        ],
        &["route53:CreateHostedZone"],
        &[
            "route53:AssociateVPCWithHostedZone",
            "route53:ChangeResourceRecordSets",
            "route53:ChangeTagsForResource",
            "route53:DisassociateVPCFromHostedZone",
            "route53:UpdateHostedZoneComment",
        ],
        &["route53:DeleteHostedZone"],
    ),
    row(
        "aws_route53_zone_association",
        &["route53:GetChange", "route53:GetHostedZone", "route53:ListHostedZonesByVPC"],
        &[],
        &["route53:AssociateVPCWithHostedZone", "route53:DisassociateVPCFromHostedZone"],
        &[],
    ),
    row(
        "aws_route_table",
        &["ec2:DescribeRouteTables"],
        &["ec2:CreateRouteTable"],
        &["ec2:CreateTags", "ec2:DeleteTags"],
        &["ec2:DeleteRouteTable"],
    ),
    row(
        "aws_route_table_association",
        &["ec2:DescribeRouteTables"],
        &[],
        &["ec2:AssociateRouteTable", "ec2:DisassociateRouteTable", "ec2:ReplaceRouteTableAssociation"],
        &[],
    ),
    row(
        "aws_s3_bucket",
        &["s3:GetBucketObjectLockConfiguration", "s3:GetBucketTagging", "s3:ListBucketVersions"],
        &["s3:CreateBucket"],
        &["s3:PutBucketTagging"],
        &["s3:DeleteBucket", "s3:DeleteObject", "s3:DeleteObjectVersion"],
    ),
    row(
        "aws_s3_bucket_policy",
        &["s3:GetBucketPolicy"],
        &[],
        &["s3:PutBucketPolicy"],
        &["s3:DeleteBucketPolicy"],
    ),
    row(
        "aws_s3_bucket_public_access_block",
        &["s3:GetBucketPublicAccessBlock"],
        &[],
        &["s3:PutBucketPublicAccessBlock"],
        &[],
    ),
    row(
        "aws_s3_bucket_server_side_encryption_configuration",
        &["s3:GetEncryptionConfiguration"],
        &[],
        &["s3:PutEncryptionConfiguration"],
        &[],
    ),
    row("aws_s3_bucket_versioning", &["s3:GetBucketVersioning"], &[], &["s3:PutBucketVersioning"], &[]),
    row(
        "aws_s3_object",
        &["s3:GetObject", "s3:GetObjectAcl", "s3:GetObjectTagging", "s3:ListBucketVersions"],
        &[],
        &["s3:DeleteObjectTagging", "s3:PutObject", "s3:PutObjectTagging"],
        &["s3:DeleteObject", "s3:DeleteObjectVersion"],
    ),
    row(
        "aws_security_group",
        &["ec2:DescribeNetworkInterfaces", "ec2:DescribeSecurityGroups"],
        &["ec2:CreateSecurityGroup"],
        &["ec2:CreateTags", "ec2:DeleteTags"],
        &["ec2:DeleteSecurityGroup", "ec2:RevokeSecurityGroupEgress"],
    ),
    row(
        "aws_security_group_rule",
        &["ec2:DescribeSecurityGroupRules"],
        &["ec2:AuthorizeSecurityGroupEgress", "ec2:AuthorizeSecurityGroupIngress"],
        &["ec2:UpdateSecurityGroupRuleDescriptionsEgress", "ec2:UpdateSecurityGroupRuleDescriptionsIngress"],
        &["ec2:RevokeSecurityGroupEgress", "ec2:RevokeSecurityGroupIngress"],
    ),
    row(
        "aws_sqs_queue",
        &["sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:ListQueueTags"],
        &["sqs:CreateQueue"],
        &["sqs:SetQueueAttributes", "sqs:TagQueue", "sqs:UntagQueue"],
        &["sqs:DeleteQueue"],
    ),
    row("aws_sqs_queue_policy", &["sqs:GetQueueAttributes"], &[], &["sqs:SetQueueAttributes"], &[]),
    row(
        "aws_subnet",
        &["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"],
        &["ec2:CreateSubnet"],
        &[
            "ec2:AssociateSubnetCidrBlock",
            "ec2:CreateTags",
            "ec2:DeleteTags",
            "ec2:DisassociateSubnetCidrBlock",
            "ec2:ModifySubnetAttribute",
        ],
        &["ec2:DeleteSubnet"],
    ),
    row(
        "aws_vpc",
        &[
            "ec2:DescribeNetworkAcls",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeRouteTables",
            "ec2:DescribeSecurityGroups",
            "ec2:DescribeVpcAttribute",
            "ec2:DescribeVpcs",
        ],
        &["ec2:CreateVpc"],
        &[
            "ec2:AssociateVpcCidrBlock",
            "ec2:CreateTags",
            "ec2:DeleteTags",
            "ec2:DisassociateVpcCidrBlock",
            "ec2:ModifyVpcAttribute",
        ],
        &["ec2:DeleteVpc"],
    ),
    row(
        "aws_vpc_dhcp_options",
        &["ec2:DescribeDhcpOptions"],
        &["ec2:CreateDhcpOptions"],
        &["ec2:CreateTags", "ec2:DeleteTags"],
        &["ec2:DeleteDhcpOptions"],
    ),
    row("aws_vpc_dhcp_options_association", &["ec2:DescribeVpcs"], &[], &["ec2:AssociateDhcpOptions"], &[]),
    row(
        "aws_vpc_endpoint",
        &["ec2:DescribeVpcEndpoints"],
        &["ec2:CreateVpcEndpoint"],
        &["ec2:CreateTags", "ec2:DeleteTags", "ec2:ModifyVpcEndpoint"],
        &["ec2:DeleteVpcEndpoints"],
    ),
    row(
        "aws_vpc_ipv4_cidr_block_association",
        &["ec2:DescribeVpcs"],
        &[],
        &["ec2:AssociateVpcCidrBlock", "ec2:DisassociateVpcCidrBlock"],
        &[],
    ),
    row(
        "aws_vpc_peering_connection",
        &["ec2:DescribeVpcPeeringConnections"],
        &["ec2:CreateVpcPeeringConnection"],
        &[
            "ec2:AcceptVpcPeeringConnection",
            "ec2:CreateTags",
            "ec2:DeleteTags",
            "ec2:ModifyVpcPeeringConnectionOptions",
        ],
        &["ec2:DeleteVpcPeeringConnection"],
    ),
    row(
        "aws_vpc_security_group_egress_rule",
        &["ec2:DescribeSecurityGroupRules"],
        &["ec2:AuthorizeSecurityGroupEgress"],
        &["ec2:CreateTags", "ec2:DeleteTags", "ec2:ModifySecurityGroupRules"],
        &["ec2:RevokeSecurityGroupEgress"],
    ),
    row(
        "aws_vpc_security_group_ingress_rule",
        &["ec2:DescribeSecurityGroupRules"],
        &["ec2:AuthorizeSecurityGroupIngress"],
        &["ec2:CreateTags", "ec2:DeleteTags", "ec2:ModifySecurityGroupRules"],
        &["ec2:RevokeSecurityGroupIngress"],
    ),
    asked("data.aws_ami", &["ec2:DescribeImages"]),
    asked("data.aws_autoscaling_groups", &["autoscaling:DescribeAutoScalingGroups"]),
    asked("data.aws_availability_zones", &["ec2:DescribeAvailabilityZones"]),
    asked("data.aws_caller_identity", &["sts:GetCallerIdentity"]),
    asked("data.aws_ec2_instance_type", &["ec2:DescribeInstanceTypes"]),
    asked("data.aws_eip", &["ec2:DescribeAddresses"]),
    asked("data.aws_iam_policy_document", &[]),
    asked("data.aws_internet_gateway", &["ec2:DescribeInternetGateways"]),
    asked("data.aws_key_pair", &["ec2:DescribeKeyPairs"]),
    asked(
        "data.aws_lb",
        &["elasticloadbalancing:DescribeLoadBalancers", "elasticloadbalancing:DescribeTags"],
    ),
    asked("data.aws_nat_gateway", &["ec2:DescribeNatGateways"]),
    asked("data.aws_nat_gateways", &["ec2:DescribeNatGateways"]),
    asked("data.aws_partition", &[]),
    asked("data.aws_region", &[]),
    asked(
        "data.aws_route53_zone",
        &["route53:GetHostedZone", "route53:ListHostedZonesByName", "route53:ListTagsForResources"],
    ),
    asked("data.aws_route_table", &["ec2:DescribeRouteTables"]),
    asked("data.aws_route_tables", &["ec2:DescribeRouteTables"]),
    asked("data.aws_security_group", &["ec2:DescribeSecurityGroups"]),
    asked("data.aws_security_groups", &["ec2:DescribeSecurityGroups"]),
    asked("data.aws_ssm_parameter", &["ssm:GetParameter"]),
    asked("data.aws_subnet", &["ec2:DescribeSubnets"]),
    asked("data.aws_subnets", &["ec2:DescribeSubnets"]),
    asked("data.aws_vpc", &["ec2:DescribeRouteTables", "ec2:DescribeVpcs"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_has_a_row_and_every_row_a_type() {
        let types: BTreeSet<String> = crate::types().iter().map(|of| of.name_str().to_owned()).collect();
        let rows: BTreeSet<String> = ALL.iter().map(|row| row.type_name.to_owned()).collect();
        assert_eq!(types, rows);
        let managed = ALL.iter().filter(|row| !row.type_name.starts_with("data."));
        assert!(managed.clone().all(|row| !row.read.is_empty()), "every managed type is read");
    }

    #[test]
    fn a_policy_has_what_is_used_and_no_more() {
        let policy = policy([("aws_eip", Use::Delete), ("aws_vpc", Use::Read), ("demo_other", Use::Create)]);
        let actions = policy["Statement"][0]["Action"].to_string();
        assert!(actions.contains("ec2:ReleaseAddress") && actions.contains("ec2:DescribeVpcs"), "{actions}");
        assert!(!actions.contains("ec2:AllocateAddress") && !actions.contains("ec2:DeleteVpc"), "{actions}");
    }
}
