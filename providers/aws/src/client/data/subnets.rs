//! `data.aws_subnets`.

use async_trait::async_trait;
use landform_core::{DataSource, Id, Result};

use super::filters::{Filters, tagged};
use crate::{
    client::{Client, error::failed},
    data::{Subnets, SubnetsAttributes},
};

#[async_trait]
impl DataSource<Subnets> for Client {
    async fn read(&self, asked: &Subnets) -> Result<SubnetsAttributes> {
        let filters = Filters::given(&asked.filter).tags(&asked.tags);
        let pages = self.ec2.describe_subnets().set_filters(filters.sent()).into_paginator();
        let found = pages.items().send().try_collect().await.map_err(failed("DescribeSubnets"))?;
        let fits = found.into_iter().filter(|subnet| tagged(subnet.tags(), &asked.tags));
        let mut ids: Vec<String> = fits.filter_map(|subnet| subnet.subnet_id).collect();
        ids.sort();
        Ok(SubnetsAttributes { id: Id::new(self.region()), ids: ids.into_iter().map(Id::new).collect() })
    }
}
