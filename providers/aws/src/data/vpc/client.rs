//! `data.aws_vpc`.

use aws_sdk_ec2::{operation::describe_vpcs::DescribeVpcsError, types::Vpc as Sdk};

use super::{Vpc, VpcAttributes};
use crate::{
    client::{error::one, prelude::*},
    data::filter::client::{Filters, tagged_with},
    ec2::vpc::client::{ipv6, main_route_tables},
};

#[async_trait]
impl DataSource<Vpc> for Client {
    async fn read(&self, asked: &Vpc) -> Result<VpcAttributes> {
        let filters = Filters::given(&asked.filter)
            .equal("vpc-id", asked.id.as_ref())
            .equal("cidr", asked.cidr_block)
            .equal("is-default", asked.default)
            .tags(&asked.tags);
        let pages = self.ec2.describe_vpcs().set_filters(filters.sent()).into_paginator();
        let mut found: Vec<Sdk> = pages.items().send().try_collect().await.map_err(failed)?;
        found.retain(|vpc| tagged_with(vpc.tags(), &asked.tags));
        let vpc = one::<DescribeVpcsError, _>(asked, found)?;
        let range = ipv6(&vpc).and_then(|range| range.ipv6_cidr_block.clone());
        let id: String = read(vpc.vpc_id, "vpc_id")?;
        let account = vpc.owner_id.unwrap_or_default();
        let mut tables = main_route_tables(self, &[&id]).await?;
        Ok(read!(vpc => VpcAttributes {
            id = Id::new(&id),
            arn = self.arn(&account, &format!("vpc/{id}")),
            owner_id = account,
            cidr_block,
            ipv6_cidr_block = read(range, "ipv6_cidr_block")?,
            default: is_default,
            main_route_table_id = tables.remove(&id).map(Id::new),
            tags = self.shown(given(vpc.tags)),
        }))
    }
}
