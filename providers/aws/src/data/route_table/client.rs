//! `data.aws_route_table`.

use aws_sdk_ec2::{operation::describe_route_tables::DescribeRouteTablesError, types::RouteTable as Sdk};

use super::{RouteTable, RouteTableAttributes};
use crate::{
    client::{error::one, prelude::*},
    data::filter::client::{Filters, tagged_with},
};

#[async_trait]
impl DataSource<RouteTable> for Client {
    async fn read(&self, asked: &RouteTable) -> Result<RouteTableAttributes> {
        let filters = Filters::given(&asked.filter)
            .equal("route-table-id", asked.route_table_id.as_ref())
            .equal("vpc-id", asked.vpc_id.as_ref())
            .equal("association.subnet-id", asked.subnet_id.as_ref())
            .equal("association.gateway-id", asked.gateway_id.as_ref())
            .tags(&asked.tags);
        let pages = self.ec2.describe_route_tables().set_filters(filters.sent()).into_paginator();
        let mut found: Vec<Sdk> = pages.items().send().try_collect().await.map_err(failed)?;
        found.retain(|found| tagged_with(found.tags(), &asked.tags));
        let found = one::<DescribeRouteTablesError, _>(asked, found)?;
        let id: String = read(found.route_table_id, "route_table_id")?;
        let account: String = read(found.owner_id, "owner_id")?;
        Ok(read!(found => RouteTableAttributes {
            arn = self.arn(&account, &format!("route-table/{id}")),
            id = Id::new(&id),
            owner_id = account,
            vpc_id,
            tags = self.shown(given(found.tags)),
        }))
    }
}
