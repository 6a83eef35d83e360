//! Samples of the types of networks, IAM and disks: arguments to create with, and arguments to change to.

use serde_json::json;

use super::{Aws, Base, KEY, allow, compute::Sample, create, plain_vpc, role, shared_policy, trust};

/// Makes the resources that the samples refer to, and returns the samples.
pub async fn samples(client: &Aws, base: &Base) -> Vec<Sample> {
    let empty = create(client, "empty", &plain_vpc()).await;
    let (tags, changed) = (json!({ "Name": "a", "Old": "yes" }), json!({ "Name": "b", "New": "yes" }));
    let (vpc, subnet, eip) = (base.vpc.id(), base.subnet.id(), base.eip.id());
    let (table, other) = (base.table.id(), base.other.id());
    for name in ["first", "second"] {
        create(client, name, &role(name)).await;
    }
    let shared = create(client, "shared", &shared_policy()).await;
    vec![
        (
            "aws_vpc",
            json!({ "cidr_block": "10.9.0.0/16", "enable_dns_hostnames": true, "tags": tags }),
            json!({ "cidr_block": "10.9.0.0/16", "enable_dns_support": false, "tags": changed }),
        ),
        (
            "aws_internet_gateway",
            json!({ "vpc_id": empty.id(), "tags": tags }),
            json!({ "vpc_id": empty.id(), "tags": changed }),
        ),
        (
            "aws_subnet",
            json!({
                "vpc_id": vpc, "cidr_block": "10.0.64.0/20", "availability_zone": "us-east-2b", "tags": tags,
                "map_public_ip_on_launch": true, "private_dns_hostname_type_on_launch": "ip-name",
            }),
            json!({
                "vpc_id": vpc, "cidr_block": "10.0.64.0/20", "availability_zone": "us-east-2b", "tags": changed,
                "enable_resource_name_dns_a_record_on_launch": true, "enable_dns64": true,
                "enable_resource_name_dns_aaaa_record_on_launch": true,
                "private_dns_hostname_type_on_launch": "resource-name",
            }),
        ),
        ("aws_eip", json!({ "tags": tags }), json!({ "tags": changed })),
        (
            "aws_nat_gateway",
            json!({ "subnet_id": subnet, "allocation_id": eip, "tags": tags }),
            json!({ "subnet_id": subnet, "allocation_id": eip, "tags": changed }),
        ),
        (
            "aws_route_table",
            json!({ "vpc_id": vpc, "tags": tags }),
            json!({ "vpc_id": vpc, "tags": changed }),
        ),
        (
            "aws_route",
            json!({
                "route_table_id": table, "destination_cidr_block": "0.0.0.0/0", "gateway_id": base.gateway.id(),
            }),
            json!({
                "route_table_id": table, "destination_cidr_block": "0.0.0.0/0", "nat_gateway_id": base.nat.id(),
            }),
        ),
        (
            "aws_route_table_association",
            json!({ "subnet_id": subnet, "route_table_id": table }),
            json!({ "subnet_id": subnet, "route_table_id": other }),
        ),
        (
            "aws_iam_role",
            json!({
                "name": "nodes", "assume_role_policy": trust("ec2"), "description": "of nodes", "path": "/a/",
                "permissions_boundary": "arn:aws:iam::123456789012:policy/bound", "tags": tags,
            }),
            json!({
                "name": "nodes", "assume_role_policy": trust("lambda"), "path": "/a/",
                "max_session_duration": 7200, "tags": changed,
            }),
        ),
        (
            "aws_lb_target_group",
            json!({
                "name": "api", "vpc_id": vpc, "protocol": "TCP", "port": 443, "deregistration_delay": 60,
                "health_check": { "protocol": "TCP", "interval": 10 }, "tags": tags,
                "stickiness": { "type": "source_ip" }, "target_type": "ip", "ip_address_type": "ipv4",
                "target_health_state": {
                    "enable_unhealthy_connection_termination": false, "unhealthy_draining_interval": 60,
                },
            }),
            json!({
                "name": "api", "vpc_id": vpc, "protocol": "TCP", "port": 443, "connection_termination": true,
                "health_check": { "protocol": "TCP", "interval": 30 }, "tags": changed,
                "stickiness": { "type": "source_ip", "enabled": false }, "target_type": "ip",
                "ip_address_type": "ipv4",
                "target_health_state": { "enable_unhealthy_connection_termination": true },
            }),
        ),
        (
            "aws_security_group",
            json!({ "vpc_id": vpc, "name": "nodes", "description": "of nodes", "tags": tags }),
            json!({ "vpc_id": vpc, "name": "nodes", "description": "of nodes", "tags": changed }),
        ),
        (
            "aws_egress_only_internet_gateway",
            json!({ "vpc_id": vpc, "tags": tags }),
            json!({ "vpc_id": vpc, "tags": changed }),
        ),
        (
            "aws_key_pair",
            json!({ "key_name": "ada", "public_key": KEY, "tags": tags }),
            json!({ "key_name": "ada", "public_key": KEY, "tags": changed }),
        ),
        (
            "aws_vpc_ipv4_cidr_block_association",
            json!({ "vpc_id": vpc, "cidr_block": "10.7.0.0/16" }),
            json!({ "vpc_id": vpc, "cidr_block": "10.7.0.0/16" }),
        ),
        (
            "aws_ebs_volume",
            json!({ "availability_zone": "us-east-2a", "size": 8, "type": "gp3", "tags": tags }),
            json!({ "availability_zone": "us-east-2a", "size": 16, "type": "gp3", "tags": changed }),
        ),
        (
            "aws_iam_instance_profile",
            json!({ "name": "nodes", "role": "first", "path": "/a/", "tags": tags }),
            json!({ "name": "nodes", "role": "second", "path": "/a/", "tags": changed }),
        ),
        (
            "aws_iam_policy",
            json!({ "name": "read", "policy": allow("s3:Get*"), "description": "to read", "path": "/a/", "tags": tags }),
            json!({ "name": "read", "policy": allow("s3:List*"), "description": "to read", "path": "/a/", "tags": changed }),
        ),
        (
            "aws_iam_role_policy",
            json!({ "role": "first", "name": "read", "policy": allow("s3:Get*") }),
            json!({ "role": "first", "name": "read", "policy": allow("s3:List*") }),
        ),
        (
            "aws_iam_role_policy_attachment",
            json!({ "role": "first", "policy_arn": shared.id() }),
            json!({ "role": "first", "policy_arn": shared.id() }),
        ),
    ]
}
