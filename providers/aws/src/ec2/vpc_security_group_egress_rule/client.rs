//! The calls for egress rules: see [`single_rule`](crate::ec2::single_rule).

use aws_sdk_ec2::types::SecurityGroupRule as Sdk;
use landform_core::{Forecast, Proposal};

use super::{VpcSecurityGroupEgressRule, VpcSecurityGroupEgressRuleAttributes};
use crate::{
    client::prelude::*,
    ec2::{client::*, rules::*, single_rule::*},
};

single_rule!(VpcSecurityGroupEgressRule, VpcSecurityGroupEgressRuleAttributes, egress = true);
