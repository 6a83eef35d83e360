//! `data.aws_vpc`.

use async_trait::async_trait;
use landform_core::{DataSource, Id, Result, only};

use super::filters::{Filters, tagged};
use crate::{
    client::{
        Client,
        error::failed,
        tags,
        values::{cidr, given, text},
        vpc::ipv6,
    },
    data::{Vpc, VpcAttributes},
};

const OPERATION: &str = "DescribeVpcs";

#[async_trait]
impl DataSource<Vpc> for Client {
    async fn read(&self, asked: &Vpc) -> Result<VpcAttributes> {
        let filters = Filters::given(&asked.filter)
            .equal("vpc-id", asked.id.as_ref().map(Id::as_str))
            .equal("cidr", asked.cidr_block)
            .equal("is-default", asked.default)
            .tags(&asked.tags);
        let pages = self.ec2.describe_vpcs().set_filters(filters.sent()).into_paginator();
        let mut found = pages.items().send().try_collect().await.map_err(failed(OPERATION))?;
        found.retain(|vpc| tagged(vpc.tags(), &asked.tags));
        let vpc = only(asked, found).map_err(|error| error.operation(OPERATION))?;
        let id = given(OPERATION, "an id", vpc.vpc_id())?;
        let mut tables = self.main_route_tables(&[id]).await?;
        let range = ipv6(&vpc).and_then(|range| range.ipv6_cidr_block()).filter(|text| !text.is_empty());
        let account = text(vpc.owner_id());
        Ok(VpcAttributes {
            id: Id::new(id),
            arn: self.arn(&account, &format!("vpc/{id}")),
            owner_id: account,
            cidr_block: cidr(OPERATION, vpc.cidr_block().unwrap_or_default())?,
            ipv6_cidr_block: range.map(|range| cidr(OPERATION, range)).transpose()?,
            default: vpc.is_default().unwrap_or_default(),
            main_route_table_id: tables.remove(id).map(Id::new),
            tags: tags::given(vpc.tags()),
        })
    }
}
