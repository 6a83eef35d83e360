//! The deletions that AWS refuses while a resource is in use, and how to see its users.

/// A deletion that AWS refuses while the resource is in use.
pub(super) struct Held {
    pub(super) operation: &'static str,
    pub(super) field: &'static str,
    pub(super) asks: &'static str,
    pub(super) filters: &'static [(&'static str, &'static str)],
    /// The text in an answer that shows a user, and the allowed number of occurrences.
    pub(super) sign: &'static str,
    pub(super) allowed: usize,
    /// The filter that finds the resource among its own users, where it does not count.
    pub(super) itself: Option<&'static str>,
}

const fn held(
    (operation, field): (&'static str, &'static str),
    asks: &'static str,
    filters: &'static [(&'static str, &'static str)],
    sign: &'static str,
    allowed: usize,
) -> Held {
    Held { operation, field, asks, filters, sign, allowed, itself: None }
}

const VPC: (&str, &str) = ("DeleteVpc", "VpcId");
const SUBNET: (&str, &str) = ("DeleteSubnet", "SubnetId");
const GROUP: (&str, &str) = ("DeleteSecurityGroup", "GroupId");

pub(super) const HOLDERS: &[Held] = &[
    held(VPC, "DescribeInternetGateways", &[("attachment.vpc-id", "$id")], "<internetGatewayId>", 0),
    // AWS deletes the default group and access list with the VPC.
    held(VPC, "DescribeSecurityGroups", &[("vpc-id", "$id")], "<groupName>", 1),
    held(VPC, "DescribeNetworkAcls", &[("vpc-id", "$id"), ("default", "false")], "<networkAclId>", 0),
    held(VPC, "DescribeVpcEndpoints", &[("vpc-id", "$id")], "<vpcEndpointId>", 0),
    held(
        SUBNET,
        "DescribeInstances",
        &[("subnet-id", "$id"), ("instance-state-name", "running")],
        "<instanceId>",
        0,
    ),
    held(SUBNET, "DescribeNatGateways", &[("subnet-id", "$id"), ("state", "available")], "<natGatewayId>", 0),
    // A group whose rule names the group itself can go.
    Held {
        itself: Some("group-id"),
        ..held(GROUP, "DescribeSecurityGroups", &[("ip-permission.group-id", "$id")], "<groupName>", 0)
    },
    held(
        GROUP,
        "DescribeInstances",
        &[("instance.group-id", "$id"), ("instance-state-name", "running")],
        "<instanceId>",
        0,
    ),
    held(
        ("ReleaseAddress", "AllocationId"),
        "DescribeNatGateways",
        &[("state", "available")],
        "<allocationId>$id</allocationId>",
        0,
    ),
];
