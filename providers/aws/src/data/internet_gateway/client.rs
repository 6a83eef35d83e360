//! `data.aws_internet_gateway`.

use aws_sdk_ec2::{
    operation::describe_internet_gateways::DescribeInternetGatewaysError, types::InternetGateway as Sdk,
};

use super::{InternetGateway, InternetGatewayAttributes};
use crate::{
    client::{error::one, prelude::*},
    data::filter::client::{Filters, tagged_with},
};

#[async_trait]
impl DataSource<InternetGateway> for Client {
    async fn read(&self, asked: &InternetGateway) -> Result<InternetGatewayAttributes> {
        let filters = Filters::given(&asked.filter)
            .equal("internet-gateway-id", asked.internet_gateway_id.as_ref())
            .tags(&asked.tags);
        let pages = self.ec2.describe_internet_gateways().set_filters(filters.sent()).into_paginator();
        let mut found: Vec<Sdk> = pages.items().send().try_collect().await.map_err(failed)?;
        found.retain(|found| tagged_with(found.tags(), &asked.tags));
        let found = one::<DescribeInternetGatewaysError, _>(asked, found)?;
        let id: String = read(found.internet_gateway_id, "internet_gateway_id")?;
        let account = found.owner_id.unwrap_or_default();
        Ok(InternetGatewayAttributes {
            arn: self.arn(&account, &format!("internet-gateway/{id}")),
            id: Id::new(id),
            owner_id: account,
            tags: self.shown(given(found.tags)),
        })
    }
}
