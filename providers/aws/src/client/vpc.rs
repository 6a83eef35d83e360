//! VPCs. Their attributes and the things that come with one take calls of their own.

use std::{borrow::Cow, collections::BTreeMap, collections::HashMap};

use async_trait::async_trait;
use aws_sdk_ec2::types::{
    ResourceType, Tag, Tenancy as SdkTenancy, VpcAttributeName, VpcCidrBlockStateCode,
    VpcIpv6CidrBlockAssociation, VpcState,
};
use futures::future::try_join_all;
use landform_core::{Call, Id, Observed, Result};

use super::{
    Client,
    contract::{Ec2, Next, Which},
    error::failed,
    once, tags,
    values::{cidr, filter, flag, given, text},
};
use crate::{Tenancy, Vpc, VpcAttributes};

/// A VPC with what AWS tells of it elsewhere.
pub(super) struct Seen {
    vpc: aws_sdk_ec2::types::Vpc,
    dns_support: bool,
    dns_hostnames: bool,
    main_route_table: String,
    default_acl: String,
    default_group: String,
}

#[async_trait]
impl Ec2 for Vpc {
    type Seen = Seen;
    const PREFIX: &'static str = "vpc-";

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen>> {
        let pages = client.ec2.describe_vpcs().filters(which.filter("vpc-id")).into_paginator();
        let vpcs = pages.items().send().try_collect().await.map_err(failed("DescribeVpcs"))?;
        if vpcs.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<&str> = vpcs.iter().filter_map(|vpc| vpc.vpc_id()).collect();
        let (tables, acls, groups, switches) = tokio::try_join!(
            client.main_route_tables(&ids),
            client.default_acls(&ids),
            client.default_groups(&ids),
            try_join_all(ids.iter().map(|id| client.dns(id))),
        )?;
        let of = |map: &HashMap<String, String>, id: &str| map.get(id).cloned().unwrap_or_default();
        let described = ids.iter().zip(switches).map(|(id, (dns_support, dns_hostnames))| {
            (of(&tables, id), of(&acls, id), of(&groups, id), dns_support, dns_hostnames)
        });
        let described: Vec<_> = described.collect();
        let both = vpcs.into_iter().filter(|vpc| vpc.vpc_id().is_some()).zip(described);
        Ok(both
            .map(|(vpc, (main_route_table, default_acl, default_group, dns_support, dns_hostnames))| Seen {
                vpc,
                dns_support,
                dns_hostnames,
                main_route_table,
                default_acl,
                default_group,
            })
            .collect())
    }

    fn id(seen: &Seen) -> Cow<'_, str> {
        seen.vpc.vpc_id().unwrap_or_default().into()
    }

    fn tags<'a>(&'a self, seen: &'a Seen) -> Option<(&'a [Tag], &'a BTreeMap<String, String>)> {
        Some((seen.vpc.tags(), &self.tags))
    }

    fn observe(client: &Client, seen: &Seen) -> Result<Observed<Self>> {
        let vpc = &seen.vpc;
        let (id, account) = (text(vpc.vpc_id()), text(vpc.owner_id()));
        let ipv6 = ipv6(vpc);
        let range =
            ipv6.and_then(VpcIpv6CidrBlockAssociation::ipv6_cidr_block).filter(|text| !text.is_empty());
        Ok(Observed {
            arguments: Vpc {
                cidr_block: cidr("DescribeVpcs", vpc.cidr_block().unwrap_or_default())?,
                instance_tenancy: match vpc.instance_tenancy() {
                    Some(SdkTenancy::Dedicated) => Tenancy::Dedicated,
                    _ => Tenancy::Default,
                },
                enable_dns_support: seen.dns_support,
                enable_dns_hostnames: seen.dns_hostnames,
                assign_generated_ipv6_cidr_block: ipv6.is_some(),
                tags: tags::given(vpc.tags()),
            },
            attributes: VpcAttributes {
                arn: client.arn(&account, &format!("vpc/{id}")),
                id: Id::new(id),
                owner_id: account,
                main_route_table_id: Id::new(seen.main_route_table.clone()),
                default_network_acl_id: seen.default_acl.clone(),
                default_security_group_id: Id::new(seen.default_group.clone()),
                ipv6_cidr_block: range.map(|range| cidr("DescribeVpcs", range)).transpose()?,
                ipv6_association_id: ipv6.and_then(|range| range.association_id()).map(str::to_owned),
            },
        })
    }

    async fn make(&self, client: &Client, call: Call<'_>) -> Result<String> {
        let request = client
            .ec2
            .create_vpc()
            .cidr_block(self.cidr_block.to_string())
            .instance_tenancy(match self.instance_tenancy {
                Tenancy::Default => SdkTenancy::Default,
                Tenancy::Dedicated => SdkTenancy::Dedicated,
            })
            .amazon_provided_ipv6_cidr_block(self.assign_generated_ipv6_cidr_block)
            .tag_specifications(tags::specification(ResourceType::Vpc, &self.tags, call.token)?);
        let answer = request.customize().config_override(once()).send().await;
        let answer = answer.map_err(failed("CreateVpc"))?;
        given("CreateVpc", "an id", answer.vpc.and_then(|vpc| vpc.vpc_id))
    }

    async fn approach(&self, client: &Client, seen: &Seen) -> Result<Next> {
        let id = seen.vpc.vpc_id().unwrap_or_default();
        let present = ipv6(&seen.vpc);
        if seen.vpc.state() == Some(&VpcState::Pending) || present.is_some_and(is_associating) {
            return Ok(Next::Wait("waiting for the VPC to become available"));
        }
        let mut next = Next::Done;
        let support = (self.enable_dns_support != seen.dns_support).then_some(self.enable_dns_support);
        let hostnames =
            (self.enable_dns_hostnames != seen.dns_hostnames).then_some(self.enable_dns_hostnames);
        // Host names need the server: it is first to come and last to go.
        let switches = [(support, None), (None, hostnames), (support, None)];
        let due = if self.enable_dns_support { &switches[..2] } else { &switches[1..] };
        for (support, hostnames) in due {
            if support.is_some() || hostnames.is_some() {
                let call = client.ec2.modify_vpc_attribute().vpc_id(id);
                let call = call.set_enable_dns_support(support.map(flag));
                let call = call.set_enable_dns_hostnames(hostnames.map(flag));
                call.send().await.map_err(failed("ModifyVpcAttribute"))?;
                next = Next::Changed;
            }
        }
        match (self.assign_generated_ipv6_cidr_block, present) {
            (true, None) => {
                let call = client.ec2.associate_vpc_cidr_block().vpc_id(id);
                let call = call.amazon_provided_ipv6_cidr_block(true).customize().config_override(once());
                call.send().await.map_err(failed("AssociateVpcCidrBlock"))?;
                next = Next::Changed;
            }
            (false, Some(range)) => {
                let call = client.ec2.disassociate_vpc_cidr_block();
                let call = call.set_association_id(range.association_id.clone());
                call.send().await.map_err(failed("DisassociateVpcCidrBlock"))?;
                next = Next::Changed;
            }
            _ => {}
        }
        Ok(next)
    }

    async fn remove(client: &Client, prior: &Observed<Self>) -> Result<()> {
        client.ec2.delete_vpc().vpc_id(prior.id()).send().await.map_err(failed("DeleteVpc"))?;
        Ok(())
    }
}

impl Client {
    /// Whether a VPC has a DNS server, and public host names.
    async fn dns(&self, id: &str) -> Result<(bool, bool)> {
        let ask = |name| self.ec2.describe_vpc_attribute().vpc_id(id).attribute(name).send();
        let (support, hostnames) = tokio::try_join!(
            ask(VpcAttributeName::EnableDnsSupport),
            ask(VpcAttributeName::EnableDnsHostnames)
        )
        .map_err(failed("DescribeVpcAttribute"))?;
        let is = |value: Option<&aws_sdk_ec2::types::AttributeBooleanValue>| {
            value.and_then(|value| value.value()).unwrap_or_default()
        };
        Ok((is(support.enable_dns_support()), is(hostnames.enable_dns_hostnames())))
    }

    /// The main route tables of VPCs, by VPC.
    pub(super) async fn main_route_tables(&self, vpcs: &[&str]) -> Result<HashMap<String, String>> {
        let call = self.ec2.describe_route_tables().filters(filter("vpc-id", vpcs.iter().copied()));
        let pages = call.filters(filter("association.main", ["true"])).into_paginator();
        let found = pages.items().send().try_collect().await.map_err(failed("DescribeRouteTables"))?;
        Ok(found.into_iter().filter_map(|table| table.vpc_id.zip(table.route_table_id)).collect())
    }

    async fn default_acls(&self, vpcs: &[&str]) -> Result<HashMap<String, String>> {
        let call = self.ec2.describe_network_acls().filters(filter("vpc-id", vpcs.iter().copied()));
        let pages = call.filters(filter("default", ["true"])).into_paginator();
        let found = pages.items().send().try_collect().await.map_err(failed("DescribeNetworkAcls"))?;
        Ok(found.into_iter().filter_map(|acl| acl.vpc_id.zip(acl.network_acl_id)).collect())
    }

    async fn default_groups(&self, vpcs: &[&str]) -> Result<HashMap<String, String>> {
        let call = self.ec2.describe_security_groups().filters(filter("vpc-id", vpcs.iter().copied()));
        let pages = call.filters(filter("group-name", ["default"])).into_paginator();
        let found = pages.items().send().try_collect().await.map_err(failed("DescribeSecurityGroups"))?;
        Ok(found.into_iter().filter_map(|group| group.vpc_id.zip(group.group_id)).collect())
    }
}

/// The IPv6 range that is or will be associated.
pub(super) fn ipv6(vpc: &aws_sdk_ec2::types::Vpc) -> Option<&VpcIpv6CidrBlockAssociation> {
    vpc.ipv6_cidr_block_association_set().iter().find(|range| {
        let state = range.ipv6_cidr_block_state().and_then(|state| state.state());
        matches!(state, Some(VpcCidrBlockStateCode::Associated | VpcCidrBlockStateCode::Associating))
    })
}

fn is_associating(range: &VpcIpv6CidrBlockAssociation) -> bool {
    let state = range.ipv6_cidr_block_state().and_then(|state| state.state());
    state == Some(&VpcCidrBlockStateCode::Associating)
}
