//! `data.aws_subnets`.

use aws_sdk_ec2::types::Subnet as Sdk;

use super::{Subnets, SubnetsAttributes};
use crate::{
    client::prelude::*,
    data::filter::client::{Filters, tagged_with},
};

#[async_trait]
impl DataSource<Subnets> for Client {
    async fn read(&self, asked: &Subnets) -> Result<SubnetsAttributes> {
        let filters = Filters::given(&asked.filter).tags(&asked.tags);
        let pages = self.ec2.describe_subnets().set_filters(filters.sent()).into_paginator();
        let found: Vec<Sdk> = pages.items().send().try_collect().await.map_err(failed)?;
        let fits = found.into_iter().filter(|subnet| tagged_with(subnet.tags(), &asked.tags));
        let mut ids: Vec<String> = fits.filter_map(|subnet| subnet.subnet_id).collect();
        ids.sort();
        Ok(SubnetsAttributes { id: Id::new(self.region()), ids: ids.into_iter().map(Id::new).collect() })
    }
}
