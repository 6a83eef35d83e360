//! The calls for ingress rules: see [`single_rule`](crate::ec2::rules).

use aws_sdk_ec2::types::{
    IpPermission, IpRange, Ipv6Range, PrefixListId, ResourceType, SecurityGroupRuleRequest,
    SecurityGroupRuleUpdate, UserIdGroupPair,
};
use landform_core::{Forecast, Proposal};

use super::{VpcSecurityGroupIngressRule, VpcSecurityGroupIngressRuleAttributes};
use crate::{
    client::prelude::*,
    ec2::{client::*, rules::*},
};

single_rule!(
    VpcSecurityGroupIngressRule,
    VpcSecurityGroupIngressRuleAttributes,
    false,
    authorize_security_group_ingress
);
