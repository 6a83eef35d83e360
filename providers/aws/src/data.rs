//! Data sources: objects that Landform reads from AWS and never manages, with the names and shapes of Terraform's
//! provider. A data source has the name of the resource type that it finds, so all of them are in this module.
//!
//! ```
//! use landform_aws::{self as aws, data};
//! use landform_core::{Cidr, Stack};
//!
//! let mut stack = Stack::new("guest");
//! let zones = stack.read("here", data::AvailabilityZones::new().state(data::ZoneState::Available));
//! let vpc = stack.read("shared", data::Vpc::new().tag("Name", "shared"));
//! let block: Cidr = "10.20.64.0/24".parse()?;
//! stack.add("guest-a", aws::Subnet::ipv4(vpc.id(), block).availability_zone(zones.names().at(0)));
//! stack.check()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod filter;

pub use filter::*;

mod ami;
mod autoscaling_groups;
mod availability_zones;
mod caller_identity;
mod ec2_instance_type;
mod eip;
mod iam_policy_document;
mod internet_gateway;
mod key_pair;
mod lb;
mod nat_gateway;
mod nat_gateways;
mod partition;
mod region;
mod route53_zone;
mod route_table;
mod route_tables;
mod security_group;
mod security_groups;
mod ssm_parameter;
mod subnet;
mod subnets;
mod vpc;

landform_kit::types! {
    with crate::client::Client, all "sdk";
    "sdk" {
        data iam_policy_document::IamPolicyDocument;
        data partition::Partition;
        data region::Region;
    }
    "autoscaling" {
        data autoscaling_groups::AutoscalingGroups;
    }
    "ec2" {
        data ami::Ami;
        data availability_zones::AvailabilityZones;
        data ec2_instance_type::Ec2InstanceType;
        data eip::Eip;
        data internet_gateway::InternetGateway;
        data key_pair::KeyPair;
        data nat_gateway::NatGateway;
        data nat_gateways::NatGateways;
        data route_table::RouteTable;
        data route_tables::RouteTables;
        data security_group::SecurityGroup;
        data security_groups::SecurityGroups;
        data subnet::Subnet;
        data subnets::Subnets;
        data vpc::Vpc;
    }
    "elbv2" {
        data lb::Lb;
    }
    "route53" {
        data route53_zone::Route53Zone;
    }
    "ssm" {
        data ssm_parameter::SsmParameter;
    }
    "sts" {
        data caller_identity::CallerIdentity;
    }
}
