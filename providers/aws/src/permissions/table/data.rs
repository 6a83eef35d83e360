//! The data sources.

use super::{Permissions, asked};

pub(super) const ROWS: &[Permissions] = &[
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
