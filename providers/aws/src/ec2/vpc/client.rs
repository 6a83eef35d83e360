//! The calls for VPCs. Their attributes, and the objects that AWS makes with a VPC, need separate calls.

use std::collections::HashMap;

use aws_sdk_ec2::types::{
    ResourceType, Vpc as Sdk, VpcAttributeName, VpcCidrBlockStateCode as Code, VpcIpv6CidrBlockAssociation,
    VpcState,
};

use super::{Tenancy, Vpc, VpcAttributes};
use crate::{client::prelude::*, ec2::client::*};

words!(Tenancy);

#[async_trait]
impl Calls<Client> for Vpc {
    const TAGS: Option<Tagging<Client, Self>> = tagged!(tags, tag);

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        let call = client.ec2.describe_vpcs().set_filters(by(which, "vpc-id"));
        let found: Vec<Sdk> = call.into_paginator().items().send().try_collect().await.map_err(failed)?;
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<&str> = found.iter().filter_map(|vpc| vpc.vpc_id()).collect();
        let (tables, acls, groups, switches) = tokio::try_join!(
            main_route_tables(client, &ids),
            default_acls(client, &ids),
            default_groups(client, &ids),
            each(ids.iter().copied(), |id| dns(client, id)),
        )?;
        let switches: HashMap<String, Dns> = switches.into_iter().collect();
        let parts = |id: &str| {
            Some(Parts {
                dns: *switches.get(id)?,
                table: tables.get(id)?,
                acl: acls.get(id)?,
                group: groups.get(id)?,
            })
        };
        let seen = found.iter().map(|vpc| seen(client, vpc, parts(vpc.vpc_id().unwrap_or_default())));
        seen.collect()
    }

    async fn make(&self, client: &Client, attempt: &Attempt<'_>) -> Result<Made<Self>> {
        let call = client
            .ec2
            .create_vpc()
            .set_cidr_block(self.cidr_block.wire())
            .set_instance_tenancy(self.instance_tenancy.wire())
            .amazon_provided_ipv6_cidr_block(self.assign_generated_ipv6_cidr_block)
            .set_ipv6_cidr_block_network_border_group(self.ipv6_cidr_block_network_border_group.wire())
            .tag_specifications(tagged_as(ResourceType::Vpc, attempt));
        let made = call.send().await.map_err(failed)?.vpc;
        Made::answered(made.and_then(|vpc| vpc.vpc_id))
    }

    async fn change(&self, client: &Client, seen: &Seen<Self>, due: &Due<'_>) -> Result<Next> {
        let modify = || client.ec2.modify_vpc_attribute().vpc_id(seen.id());
        let (support, names) = (flag(self.enable_dns_support), flag(self.enable_dns_hostnames));
        // Host names need the DNS server, so the client turns it on first and off last.
        let switched = if self.enable_dns_support {
            changes!(self, due, failed;
                [enable_dns_support] => modify().enable_dns_support(support),
                [enable_dns_hostnames] => modify().enable_dns_hostnames(names),
            )
        } else {
            changes!(self, due, failed;
                [enable_dns_hostnames] => modify().enable_dns_hostnames(names),
                [enable_dns_support] => modify().enable_dns_support(support),
            )
        };
        let switched = if due.has("enable_network_address_usage_metrics") {
            let metrics = flag(self.enable_network_address_usage_metrics);
            modify().enable_network_address_usage_metrics(metrics).send().await.map_err(failed)?;
            Next::Changed
        } else {
            switched
        };
        if !due.has("assign_generated_ipv6_cidr_block") {
            return Ok(switched);
        }
        match &seen.object.attributes.ipv6_association_id {
            Some(old) => {
                let call = client.ec2.disassociate_vpc_cidr_block().association_id(old);
                call.send().await.map_err(failed)?;
            }
            None => {
                let call = client.ec2.associate_vpc_cidr_block().vpc_id(seen.id());
                let call = call.set_ipv6_cidr_block_network_border_group(
                    self.ipv6_cidr_block_network_border_group.wire(),
                );
                call.amazon_provided_ipv6_cidr_block(true).send().await.map_err(failed)?;
            }
        }
        Ok(Next::Changed)
    }

    async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        client.ec2.delete_vpc().vpc_id(prior.id()).send().await.map_err(failed)?;
        Ok(Next::Done)
    }

    async fn holders(client: &Client, id: &str) -> Result<Vec<String>> {
        interfaces(client, "vpc-id", id).await
    }
}

/// The parts of a VPC that other calls show. A new VPC lacks some of them for a while.
struct Parts<'a> {
    dns: Dns,
    table: &'a str,
    acl: &'a str,
    group: &'a str,
}

#[derive(Clone, Copy)]
struct Dns {
    support: bool,
    hostnames: bool,
    metrics: bool,
}

fn seen(client: &Client, vpc: &Sdk, parts: Option<Parts<'_>>) -> Result<Seen<Vpc>> {
    let id: String = read(vpc.vpc_id.clone(), "vpc_id")?;
    let account = vpc.owner_id().unwrap_or_default();
    let range = ipv6(vpc);
    let moving = vpc
        .ipv6_cidr_block_association_set()
        .iter()
        .any(|range| matches!(code(range), Some(Code::Associating | Code::Disassociating)));
    let whole = parts.is_some();
    let parts = parts.unwrap_or(Parts {
        dns: Dns { support: true, hostnames: false, metrics: false },
        table: "",
        acl: "",
        group: "",
    });
    let arguments = Vpc {
        cidr_block: read(vpc.cidr_block.clone(), "cidr_block")?,
        instance_tenancy: read(vpc.instance_tenancy.clone(), "instance_tenancy")?,
        enable_dns_support: parts.dns.support,
        enable_dns_hostnames: parts.dns.hostnames,
        enable_network_address_usage_metrics: parts.dns.metrics,
        ipv6_cidr_block_network_border_group: range.and_then(|range| range.network_border_group.clone()),
        assign_generated_ipv6_cidr_block: range.is_some(),
        tags: Default::default(),
    };
    let attributes = VpcAttributes {
        arn: client.arn(account, &format!("vpc/{id}")),
        id: Id::new(id),
        owner_id: account.to_owned(),
        main_route_table_id: Id::new(parts.table),
        default_network_acl_id: parts.acl.to_owned(),
        default_security_group_id: Id::new(parts.group),
        ipv6_cidr_block: read(range.and_then(|range| range.ipv6_cidr_block.clone()), "ipv6_cidr_block")?,
        ipv6_association_id: range.and_then(|range| range.association_id.clone()),
    };
    let pending = moving || !whole || vpc.state() == Some(&VpcState::Pending);
    let state = State::busy_if(pending, "waiting for the VPC to become available");
    Ok(Seen::new(arguments, attributes).tags(given(vpc.tags.clone())).state(state))
}

/// Whether a VPC has a DNS server, public host names, and metrics of its addresses.
async fn dns(client: &Client, id: &str) -> Result<Option<(String, Dns)>> {
    let ask = |name| client.ec2.describe_vpc_attribute().vpc_id(id).attribute(name).send();
    let all = tokio::try_join!(
        ask(VpcAttributeName::EnableDnsSupport),
        ask(VpcAttributeName::EnableDnsHostnames),
        ask(VpcAttributeName::EnableNetworkAddressUsageMetrics),
    );
    let (support, hostnames, metrics) = all.map_err(failed)?;
    let is = |value: Option<&aws_sdk_ec2::types::AttributeBooleanValue>| {
        value.and_then(|value| value.value).unwrap_or_default()
    };
    let (support, hostnames) = (is(support.enable_dns_support()), is(hostnames.enable_dns_hostnames()));
    let metrics = is(metrics.enable_network_address_usage_metrics());
    Ok(Some((id.to_owned(), Dns { support, hostnames, metrics })))
}

/// The main route tables of VPCs, by VPC.
pub(crate) async fn main_route_tables(client: &Client, vpcs: &[&str]) -> Result<HashMap<String, String>> {
    let call = client.ec2.describe_route_tables().filters(filter("vpc-id", vpcs.iter().copied()));
    let pages = call.filters(filter("association.main", ["true"])).into_paginator();
    let found: Vec<_> = pages.items().send().try_collect().await.map_err(failed)?;
    Ok(found.into_iter().filter_map(|table| table.vpc_id.zip(table.route_table_id)).collect())
}

async fn default_acls(client: &Client, vpcs: &[&str]) -> Result<HashMap<String, String>> {
    let call = client.ec2.describe_network_acls().filters(filter("vpc-id", vpcs.iter().copied()));
    let pages = call.filters(filter("default", ["true"])).into_paginator();
    let found: Vec<_> = pages.items().send().try_collect().await.map_err(failed)?;
    Ok(found.into_iter().filter_map(|acl| acl.vpc_id.zip(acl.network_acl_id)).collect())
}

async fn default_groups(client: &Client, vpcs: &[&str]) -> Result<HashMap<String, String>> {
    let call = client.ec2.describe_security_groups().filters(filter("vpc-id", vpcs.iter().copied()));
    let pages = call.filters(filter("group-name", ["default"])).into_paginator();
    let found: Vec<_> = pages.items().send().try_collect().await.map_err(failed)?;
    Ok(found.into_iter().filter_map(|group| group.vpc_id.zip(group.group_id)).collect())
}

/// The IPv6 range that is associated or being associated.
pub(crate) fn ipv6(vpc: &Sdk) -> Option<&VpcIpv6CidrBlockAssociation> {
    let mut ranges = vpc.ipv6_cidr_block_association_set().iter();
    ranges.find(|range| matches!(code(range), Some(Code::Associated | Code::Associating)))
}

fn code(range: &VpcIpv6CidrBlockAssociation) -> Option<&Code> {
    range.ipv6_cidr_block_state().and_then(|state| state.state())
}
