//! `data.aws_route_tables`.

use aws_sdk_ec2::types::RouteTable as Sdk;

use super::{RouteTables, RouteTablesAttributes};
use crate::{
    client::prelude::*,
    data::filter::client::{Filters, tagged_with},
};

#[async_trait]
impl DataSource<RouteTables> for Client {
    async fn read(&self, asked: &RouteTables) -> Result<RouteTablesAttributes> {
        let filters = Filters::given(&asked.filter).equal("vpc-id", asked.vpc_id.as_ref()).tags(&asked.tags);
        let pages = self.ec2.describe_route_tables().set_filters(filters.sent()).into_paginator();
        let found: Vec<Sdk> = pages.items().send().try_collect().await.map_err(failed)?;
        let fits = found.into_iter().filter(|found| tagged_with(found.tags(), &asked.tags));
        let mut ids: Vec<String> = fits.filter_map(|found| found.route_table_id).collect();
        ids.sort();
        Ok(RouteTablesAttributes { id: Id::new(self.region()), ids: ids.into_iter().map(Id::new).collect() })
    }
}
