//! The table for the types of `networks.rs`.

use super::Look;

pub(super) const LOOKS: &[Look] = &[
    Look {
        type_name: "aws_vpc",
        call: ("ec2", "describe_vpcs"),
        arguments: r#"{"VpcIds": ["$id"]}"#,
        rows: &[
            ("/cidr_block", "Vpcs[0].CidrBlock"),
            ("/tags/Name", "Vpcs[0].Tags[?Key=='Name'].Value | [0]"),
        ],
    },
    Look {
        type_name: "aws_vpc",
        call: ("ec2", "describe_vpc_attribute"),
        arguments: r#"{"VpcId": "$id", "Attribute": "enableDnsHostnames"}"#,
        rows: &[("/enable_dns_hostnames", "EnableDnsHostnames.Value")],
    },
    Look {
        type_name: "aws_internet_gateway",
        call: ("ec2", "describe_internet_gateways"),
        arguments: r#"{"InternetGatewayIds": ["$id"]}"#,
        rows: &[
            ("/vpc_id", "InternetGateways[0].Attachments[0].VpcId"),
            ("/tags/Name", "InternetGateways[0].Tags[?Key=='Name'].Value | [0]"),
        ],
    },
    Look {
        type_name: "aws_subnet",
        call: ("ec2", "describe_subnets"),
        arguments: r#"{"SubnetIds": ["$id"]}"#,
        rows: &[
            ("/vpc_id", "Subnets[0].VpcId"),
            ("/cidr_block", "Subnets[0].CidrBlock"),
            ("/availability_zone", "Subnets[0].AvailabilityZone"),
            ("/map_public_ip_on_launch", "Subnets[0].MapPublicIpOnLaunch"),
            ("/private_dns_hostname_type_on_launch", "Subnets[0].PrivateDnsNameOptionsOnLaunch.HostnameType"),
            ("/tags/Name", "Subnets[0].Tags[?Key=='Name'].Value | [0]"),
        ],
    },
    Look {
        type_name: "aws_eip",
        call: ("ec2", "describe_addresses"),
        arguments: r#"{"AllocationIds": ["$id"]}"#,
        rows: &[("/tags/Name", "Addresses[0].Tags[?Key=='Name'].Value | [0]")],
    },
    Look {
        type_name: "aws_nat_gateway",
        call: ("ec2", "describe_nat_gateways"),
        arguments: r#"{"NatGatewayIds": ["$id"]}"#,
        rows: &[
            ("/subnet_id", "NatGateways[0].SubnetId"),
            ("/allocation_id", "NatGateways[0].NatGatewayAddresses[0].AllocationId"),
            ("/tags/Name", "NatGateways[0].Tags[?Key=='Name'].Value | [0]"),
        ],
    },
    Look {
        type_name: "aws_route_table",
        call: ("ec2", "describe_route_tables"),
        arguments: r#"{"RouteTableIds": ["$id"]}"#,
        rows: &[
            ("/vpc_id", "RouteTables[0].VpcId"),
            ("/tags/Name", "RouteTables[0].Tags[?Key=='Name'].Value | [0]"),
        ],
    },
    Look {
        type_name: "aws_route",
        call: ("ec2", "describe_route_tables"),
        arguments: r#"{"RouteTableIds": ["$/route_table_id"]}"#,
        rows: &[
            (
                "/destination_cidr_block",
                "RouteTables[0].Routes[?DestinationCidrBlock=='0.0.0.0/0'].DestinationCidrBlock | [0]",
            ),
            ("/gateway_id", "RouteTables[0].Routes[?DestinationCidrBlock=='0.0.0.0/0'].GatewayId | [0]"),
        ],
    },
    Look {
        type_name: "aws_route_table_association",
        call: ("ec2", "describe_route_tables"),
        arguments: r#"{"RouteTableIds": ["$/route_table_id"]}"#,
        rows: &[("/subnet_id", "RouteTables[0].Associations[?SubnetId].SubnetId | [0]")],
    },
    Look {
        type_name: "aws_iam_role",
        call: ("iam", "get_role"),
        arguments: r#"{"RoleName": "$/name"}"#,
        rows: &[
            ("/assume_role_policy", "Role.AssumeRolePolicyDocument"),
            ("/description", "Role.Description"),
            ("/path", "Role.Path"),
            ("/permissions_boundary", "Role.PermissionsBoundary.PermissionsBoundaryArn"),
            ("/tags/Name", "Role.Tags[?Key=='Name'].Value | [0]"),
        ],
    },
    Look {
        type_name: "aws_lb_target_group",
        call: ("elbv2", "describe_target_groups"),
        arguments: r#"{"TargetGroupArns": ["$id"]}"#,
        rows: &[
            ("/name", "TargetGroups[0].TargetGroupName"),
            ("/vpc_id", "TargetGroups[0].VpcId"),
            ("/protocol", "TargetGroups[0].Protocol"),
            ("/port", "TargetGroups[0].Port"),
            ("/target_type", "TargetGroups[0].TargetType"),
            ("/ip_address_type", "TargetGroups[0].IpAddressType"),
            ("/health_check/protocol", "TargetGroups[0].HealthCheckProtocol"),
            ("/health_check/interval", "TargetGroups[0].HealthCheckIntervalSeconds"),
        ],
    },
    Look {
        type_name: "aws_lb_target_group",
        call: ("elbv2", "describe_target_group_attributes"),
        arguments: r#"{"TargetGroupArn": "$id"}"#,
        rows: &[
            ("/deregistration_delay", "Attributes[?Key=='deregistration_delay.timeout_seconds'].Value | [0]"),
            ("/stickiness/type", "Attributes[?Key=='stickiness.type'].Value | [0]"),
            ("/stickiness=true", "Attributes[?Key=='stickiness.enabled'].Value | [0]"),
            (
                "/target_health_state/enable_unhealthy_connection_termination",
                "Attributes[?Key=='target_health_state.unhealthy.connection_termination.enabled'].Value | [0]",
            ),
            (
                "/target_health_state/unhealthy_draining_interval",
                "Attributes[?Key=='target_health_state.unhealthy.draining_interval_seconds'].Value | [0]",
            ),
        ],
    },
    Look {
        type_name: "aws_lb_target_group",
        call: ("elbv2", "describe_tags"),
        arguments: r#"{"ResourceArns": ["$id"]}"#,
        rows: &[("/tags/Name", "TagDescriptions[0].Tags[?Key=='Name'].Value | [0]")],
    },
    Look {
        type_name: "aws_security_group",
        call: ("ec2", "describe_security_groups"),
        arguments: r#"{"GroupIds": ["$id"]}"#,
        rows: &[
            ("/vpc_id", "SecurityGroups[0].VpcId"),
            ("/name", "SecurityGroups[0].GroupName"),
            ("/description", "SecurityGroups[0].Description"),
            ("/tags/Name", "SecurityGroups[0].Tags[?Key=='Name'].Value | [0]"),
        ],
    },
    Look {
        type_name: "aws_egress_only_internet_gateway",
        call: ("ec2", "describe_egress_only_internet_gateways"),
        arguments: r#"{"EgressOnlyInternetGatewayIds": ["$id"]}"#,
        rows: &[
            ("/vpc_id", "EgressOnlyInternetGateways[0].Attachments[0].VpcId"),
            ("/tags/Name", "EgressOnlyInternetGateways[0].Tags[?Key=='Name'].Value | [0]"),
        ],
    },
    Look {
        type_name: "aws_key_pair",
        call: ("ec2", "describe_key_pairs"),
        arguments: r#"{"KeyNames": ["$/key_name"], "IncludePublicKey": true}"#,
        rows: &[
            ("/public_key", "KeyPairs[0].PublicKey"),
            ("/tags/Name", "KeyPairs[0].Tags[?Key=='Name'].Value | [0]"),
        ],
    },
    Look {
        type_name: "aws_vpc_ipv4_cidr_block_association",
        call: ("ec2", "describe_vpcs"),
        arguments: r#"{"VpcIds": ["$/vpc_id"]}"#,
        rows: &[(
            "/cidr_block",
            "Vpcs[0].CidrBlockAssociationSet[?CidrBlock=='10.7.0.0/16'].CidrBlock | [0]",
        )],
    },
    Look {
        type_name: "aws_ebs_volume",
        call: ("ec2", "describe_volumes"),
        arguments: r#"{"VolumeIds": ["$id"]}"#,
        rows: &[
            ("/availability_zone", "Volumes[0].AvailabilityZone"),
            ("/size", "Volumes[0].Size"),
            ("/type", "Volumes[0].VolumeType"),
            ("/tags/Name", "Volumes[0].Tags[?Key=='Name'].Value | [0]"),
        ],
    },
    Look {
        type_name: "aws_iam_instance_profile",
        call: ("iam", "get_instance_profile"),
        arguments: r#"{"InstanceProfileName": "$/name"}"#,
        rows: &[
            ("/role", "InstanceProfile.Roles[0].RoleName"),
            ("/path", "InstanceProfile.Path"),
            ("/tags/Name", "InstanceProfile.Tags[?Key=='Name'].Value | [0]"),
        ],
    },
    Look {
        type_name: "aws_iam_policy",
        call: ("iam", "get_policy"),
        arguments: r#"{"PolicyArn": "$id"}"#,
        rows: &[
            ("/name", "Policy.PolicyName"),
            ("/description", "Policy.Description"),
            ("/path", "Policy.Path"),
            ("/tags/Name", "Policy.Tags[?Key=='Name'].Value | [0]"),
        ],
    },
    Look {
        type_name: "aws_iam_policy",
        call: ("iam", "get_policy_version"),
        arguments: r#"{"PolicyArn": "$id", "VersionId": "v1"}"#,
        rows: &[("/policy", "PolicyVersion.Document")],
    },
    Look {
        type_name: "aws_iam_role_policy",
        call: ("iam", "get_role_policy"),
        arguments: r#"{"RoleName": "$/role", "PolicyName": "$/name"}"#,
        rows: &[("/policy", "PolicyDocument")],
    },
    Look {
        type_name: "aws_iam_role_policy_attachment",
        call: ("iam", "list_attached_role_policies"),
        arguments: r#"{"RoleName": "$/role"}"#,
        rows: &[("/policy_arn", "AttachedPolicies[].PolicyArn | [0]")],
    },
];
