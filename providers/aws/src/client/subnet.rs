//! Subnets. EC2 takes their attributes one at a time.

use std::{borrow::Cow, collections::BTreeMap};

use async_trait::async_trait;
use aws_sdk_ec2::types::{
    HostnameType as SdkHostnameType, ResourceType, SubnetCidrBlockStateCode, SubnetIpv6CidrBlockAssociation,
    SubnetState, Tag,
};
use landform_core::{Call, Id, Observed, Result};

use super::{
    Client,
    contract::{Ec2, Next, Which},
    error::failed,
    once, tags,
    values::{cidr, flag, given, text},
};
use crate::{HostnameType, Subnet, SubnetAttributes};

type Seen = aws_sdk_ec2::types::Subnet;

#[async_trait]
impl Ec2 for Subnet {
    type Seen = Seen;
    const PREFIX: &'static str = "subnet-";

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen>> {
        let pages = client.ec2.describe_subnets().filters(which.filter("subnet-id")).into_paginator();
        pages.items().send().try_collect().await.map_err(failed("DescribeSubnets"))
    }

    fn id(seen: &Seen) -> Cow<'_, str> {
        seen.subnet_id().unwrap_or_default().into()
    }

    fn tags<'a>(&'a self, seen: &'a Seen) -> Option<(&'a [Tag], &'a BTreeMap<String, String>)> {
        Some((seen.tags(), &self.tags))
    }

    fn observe(client: &Client, seen: &Seen) -> Result<Observed<Self>> {
        let ipv6 = ipv6(seen);
        let range = ipv6.and_then(SubnetIpv6CidrBlockAssociation::ipv6_cidr_block);
        let range = range.map(|range| cidr("DescribeSubnets", range)).transpose()?;
        let (id, account) = (text(seen.subnet_id()), text(seen.owner_id()));
        let names = seen.private_dns_name_options_on_launch();
        let block = seen.cidr_block().filter(|text| !text.is_empty());
        Ok(Observed {
            arguments: Subnet {
                vpc_id: Id::new(text(seen.vpc_id())),
                cidr_block: block.map(|block| cidr("DescribeSubnets", block)).transpose()?,
                ipv6_cidr_block: range,
                ipv6_native: seen.ipv6_native().unwrap_or_default(),
                availability_zone: seen.availability_zone().map(str::to_owned),
                map_public_ip_on_launch: seen.map_public_ip_on_launch().unwrap_or_default(),
                assign_ipv6_address_on_creation: seen.assign_ipv6_address_on_creation().unwrap_or_default(),
                enable_dns64: seen.enable_dns64().unwrap_or_default(),
                enable_resource_name_dns_a_record_on_launch: names
                    .and_then(|names| names.enable_resource_name_dns_a_record())
                    .unwrap_or_default(),
                enable_resource_name_dns_aaaa_record_on_launch: names
                    .and_then(|names| names.enable_resource_name_dns_aaaa_record())
                    .unwrap_or_default(),
                private_dns_hostname_type_on_launch: hostname_type(seen),
                tags: tags::given(seen.tags()),
            },
            attributes: SubnetAttributes {
                arn: match seen.subnet_arn() {
                    Some(arn) => arn.to_owned(),
                    None => client.arn(&account, &format!("subnet/{id}")),
                },
                id: Id::new(id),
                owner_id: account,
                ipv6_cidr_block_association_id: ipv6
                    .and_then(|range| range.association_id())
                    .map(str::to_owned),
            },
        })
    }

    async fn make(&self, client: &Client, call: Call<'_>) -> Result<String> {
        let request = client
            .ec2
            .create_subnet()
            .vpc_id(self.vpc_id.as_str())
            .set_cidr_block(self.cidr_block.map(|block| block.to_string()))
            .set_ipv6_cidr_block(self.ipv6_cidr_block.map(|block| block.to_string()))
            .set_ipv6_native(self.ipv6_native.then_some(true))
            .set_availability_zone(self.availability_zone.clone())
            .tag_specifications(tags::specification(ResourceType::Subnet, &self.tags, call.token)?);
        let answer = request.customize().config_override(once()).send().await;
        let answer = answer.map_err(failed("CreateSubnet"))?;
        given("CreateSubnet", "an id", answer.subnet.and_then(|subnet| subnet.subnet_id))
    }

    async fn approach(&self, client: &Client, seen: &Seen) -> Result<Next> {
        let present = ipv6(seen);
        if seen.state() == Some(&SubnetState::Pending) || present.is_some_and(is_associating) {
            return Ok(Next::Wait("waiting for the subnet to become available"));
        }
        let ranged = self.approach_ipv6(client, seen, present).await?;
        let switched = self.approach_attributes(client, seen).await?;
        Ok(if ranged || switched { Next::Changed } else { Next::Done })
    }

    async fn remove(client: &Client, prior: &Observed<Self>) -> Result<()> {
        client.ec2.delete_subnet().subnet_id(prior.id()).send().await.map_err(failed("DeleteSubnet"))?;
        Ok(())
    }
}

impl Subnet {
    /// Brings the IPv6 range to what is wanted; tells whether there was anything to do.
    async fn approach_ipv6(
        &self,
        client: &Client,
        seen: &Seen,
        present: Option<&SubnetIpv6CidrBlockAssociation>,
    ) -> Result<bool> {
        let range = present.and_then(|present| present.ipv6_cidr_block());
        let range = range.map(|range| cidr("DescribeSubnets", range)).transpose()?;
        if range == self.ipv6_cidr_block {
            return Ok(false);
        }
        if let Some(present) = present {
            let call = client.ec2.disassociate_subnet_cidr_block();
            let call = call.set_association_id(present.association_id.clone());
            call.send().await.map_err(failed("DisassociateSubnetCidrBlock"))?;
        }
        if let Some(wanted) = self.ipv6_cidr_block {
            let call = client.ec2.associate_subnet_cidr_block().set_subnet_id(seen.subnet_id.clone());
            let call = call.ipv6_cidr_block(wanted.to_string());
            call.send().await.map_err(failed("AssociateSubnetCidrBlock"))?;
        }
        Ok(true)
    }

    /// Brings the attributes to what is wanted; tells whether there was anything to do.
    async fn approach_attributes(&self, client: &Client, seen: &Seen) -> Result<bool> {
        let modify = || client.ec2.modify_subnet_attribute().set_subnet_id(seen.subnet_id.clone());
        let names = seen.private_dns_name_options_on_launch();
        let mut calls = Vec::new();
        let differs = |wanted: bool, present: Option<bool>| wanted != present.unwrap_or_default();
        if differs(self.map_public_ip_on_launch, seen.map_public_ip_on_launch()) {
            calls.push(modify().map_public_ip_on_launch(flag(self.map_public_ip_on_launch)));
        }
        if differs(self.assign_ipv6_address_on_creation, seen.assign_ipv6_address_on_creation()) {
            calls.push(modify().assign_ipv6_address_on_creation(flag(self.assign_ipv6_address_on_creation)));
        }
        if differs(self.enable_dns64, seen.enable_dns64()) {
            calls.push(modify().enable_dns64(flag(self.enable_dns64)));
        }
        let wanted = self.enable_resource_name_dns_a_record_on_launch;
        if differs(wanted, names.and_then(|names| names.enable_resource_name_dns_a_record())) {
            calls.push(modify().enable_resource_name_dns_a_record_on_launch(flag(wanted)));
        }
        let wanted = self.enable_resource_name_dns_aaaa_record_on_launch;
        if differs(wanted, names.and_then(|names| names.enable_resource_name_dns_aaaa_record())) {
            calls.push(modify().enable_resource_name_dns_aaaa_record_on_launch(flag(wanted)));
        }
        if let Some(wanted) = self.private_dns_hostname_type_on_launch
            && hostname_type(seen) != Some(wanted)
        {
            calls.push(modify().private_dns_hostname_type_on_launch(match wanted {
                HostnameType::IpName => SdkHostnameType::IpName,
                HostnameType::ResourceName => SdkHostnameType::ResourceName,
            }));
        }
        let due = !calls.is_empty();
        for call in calls {
            call.send().await.map_err(failed("ModifySubnetAttribute"))?;
        }
        Ok(due)
    }
}

fn hostname_type(seen: &Seen) -> Option<HostnameType> {
    match seen.private_dns_name_options_on_launch()?.hostname_type()? {
        SdkHostnameType::IpName => Some(HostnameType::IpName),
        SdkHostnameType::ResourceName => Some(HostnameType::ResourceName),
        _ => None,
    }
}

/// The IPv6 range that is or will be associated.
fn ipv6(subnet: &Seen) -> Option<&SubnetIpv6CidrBlockAssociation> {
    subnet.ipv6_cidr_block_association_set().iter().find(|range| {
        let state = range.ipv6_cidr_block_state().and_then(|state| state.state());
        matches!(state, Some(SubnetCidrBlockStateCode::Associated | SubnetCidrBlockStateCode::Associating))
    })
}

fn is_associating(range: &SubnetIpv6CidrBlockAssociation) -> bool {
    let state = range.ipv6_cidr_block_state().and_then(|state| state.state());
    state == Some(&SubnetCidrBlockStateCode::Associating)
}
