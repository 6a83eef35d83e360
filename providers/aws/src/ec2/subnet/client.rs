//! The calls for subnets. EC2 takes their attributes one at a time.

use std::time::Duration;

use aws_sdk_ec2::types::{ResourceType, Subnet as Sdk, SubnetCidrBlockStateCode as Code, SubnetState};

use super::{HostnameType, Subnet, SubnetAttributes};
use crate::{client::prelude::*, ec2::client::*};

words!(HostnameType);

#[async_trait]
impl Calls<Client> for Subnet {
    const TAGS: Option<Tagging<Client, Self>> = tagged!(tags, tag);
    const LISTS: bool = true;
    /// AWS keeps interfaces of load balancers and functions for up to half an hour.
    const PATIENCE: Patience = Patience { held: Duration::from_secs(1800), ..Patience::USUAL };

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        let call = client.ec2.describe_subnets().set_filters(by(which, "subnet-id"));
        let found: Vec<_> = call.into_paginator().items().send().try_collect().await.map_err(failed)?;
        found.into_iter().map(|subnet| seen(client, subnet)).collect()
    }

    async fn make(&self, client: &Client, attempt: &Attempt<'_>) -> Result<Made<Self>> {
        let call = client
            .ec2
            .create_subnet()
            .set_vpc_id(self.vpc_id.wire())
            .set_cidr_block(self.cidr_block.wire())
            .set_ipv6_cidr_block(self.ipv6_cidr_block.wire())
            .set_ipv6_native(self.ipv6_native.then_some(true))
            .set_availability_zone(self.availability_zone.wire())
            .set_availability_zone_id(self.availability_zone_id.wire())
            .tag_specifications(tagged_as(ResourceType::Subnet, attempt));
        let made = call.send().await.map_err(failed)?.subnet;
        Made::answered(made.and_then(|subnet| subnet.subnet_id))
    }

    async fn change(&self, client: &Client, seen: &Seen<Self>, due: &Due<'_>) -> Result<Next> {
        let modify = || client.ec2.modify_subnet_attribute().subnet_id(seen.id());
        if due.has("ipv6_cidr_block") {
            // One step at a time. The next look waits until it takes effect.
            if seen.object.arguments.assign_ipv6_address_on_creation {
                modify().assign_ipv6_address_on_creation(flag(false)).send().await.map_err(failed)?;
            } else if let Some(old) = &seen.object.attributes.ipv6_cidr_block_association_id {
                let call = client.ec2.disassociate_subnet_cidr_block().association_id(old);
                call.send().await.map_err(failed)?;
            } else {
                let call = client.ec2.associate_subnet_cidr_block().subnet_id(seen.id());
                let call = call.set_ipv6_cidr_block(self.ipv6_cidr_block.wire());
                call.send().await.map_err(failed)?;
            }
            return Ok(Next::Changed);
        }
        let (a, aaaa) = (
            self.enable_resource_name_dns_a_record_on_launch,
            self.enable_resource_name_dns_aaaa_record_on_launch,
        );
        Ok(changes!(self, due, failed;
            [map_public_ip_on_launch] => modify().map_public_ip_on_launch(flag(self.map_public_ip_on_launch)),
            [assign_ipv6_address_on_creation] =>
                modify().assign_ipv6_address_on_creation(flag(self.assign_ipv6_address_on_creation)),
            [enable_dns64] => modify().enable_dns64(flag(self.enable_dns64)),
            [enable_resource_name_dns_a_record_on_launch] =>
                modify().enable_resource_name_dns_a_record_on_launch(flag(a)),
            [enable_resource_name_dns_aaaa_record_on_launch] =>
                modify().enable_resource_name_dns_aaaa_record_on_launch(flag(aaaa)),
            [private_dns_hostname_type_on_launch] =>
                modify().set_private_dns_hostname_type_on_launch(self.private_dns_hostname_type_on_launch.wire()),
        ))
    }

    async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        client.ec2.delete_subnet().subnet_id(prior.id()).send().await.map_err(failed)?;
        Ok(Next::Done)
    }

    async fn holders(client: &Client, id: &str) -> Result<Vec<String>> {
        interfaces(client, "subnet-id", id).await
    }
}

fn seen(client: &Client, subnet: Sdk) -> Result<Seen<Subnet>> {
    let id: String = read(subnet.subnet_id, "subnet_id")?;
    let account = subnet.owner_id.unwrap_or_default();
    let ranges = subnet.ipv6_cidr_block_association_set.unwrap_or_default();
    let code = |range: &aws_sdk_ec2::types::SubnetIpv6CidrBlockAssociation| {
        range.ipv6_cidr_block_state().and_then(|state| state.state()).cloned()
    };
    let moving =
        ranges.iter().any(|range| matches!(code(range), Some(Code::Associating | Code::Disassociating)));
    let range =
        ranges.into_iter().find(|range| matches!(code(range), Some(Code::Associated | Code::Associating)));
    let (range, association) =
        range.map_or((None, None), |range| (range.ipv6_cidr_block, range.association_id));
    let names = subnet.private_dns_name_options_on_launch.clone();
    let pending = moving || subnet.state == Some(SubnetState::Pending);
    let arguments = read!(subnet => Subnet {
        vpc_id, cidr_block, ipv6_native, availability_zone, availability_zone_id, map_public_ip_on_launch,
        assign_ipv6_address_on_creation, enable_dns64,
        ipv6_cidr_block = read(range, "ipv6_cidr_block")?,
        enable_resource_name_dns_a_record_on_launch =
            names.as_ref().and_then(|names| names.enable_resource_name_dns_a_record).unwrap_or_default(),
        enable_resource_name_dns_aaaa_record_on_launch =
            names.as_ref().and_then(|names| names.enable_resource_name_dns_aaaa_record).unwrap_or_default(),
        private_dns_hostname_type_on_launch = read(names.and_then(|names| names.hostname_type), "hostname_type")?,
        tags = Default::default(),
    });
    let attributes = SubnetAttributes {
        arn: subnet.subnet_arn.unwrap_or_else(|| client.arn(&account, &format!("subnet/{id}"))),
        id: Id::new(id),
        owner_id: account,
        ipv6_cidr_block_association_id: association,
    };
    let state = State::busy_if(pending, "waiting for the subnet to become available");
    Ok(Seen::new(arguments, attributes).tags(given(subnet.tags)).state(state))
}
