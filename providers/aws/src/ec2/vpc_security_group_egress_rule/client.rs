//! The calls for egress rules: see [`single_rule`](crate::ec2::rules).

use aws_sdk_ec2::types::{
    IpPermission, IpRange, Ipv6Range, PrefixListId, ResourceType, SecurityGroupRuleRequest,
    SecurityGroupRuleUpdate, UserIdGroupPair,
};
use landform_core::{Forecast, Proposal};

use super::{VpcSecurityGroupEgressRule, VpcSecurityGroupEgressRuleAttributes};
use crate::{
    client::prelude::*,
    ec2::{client::*, rules::*},
};

single_rule!(
    VpcSecurityGroupEgressRule,
    VpcSecurityGroupEgressRuleAttributes,
    true,
    authorize_security_group_egress
);
