//! Route tables, without their routes.

use std::{borrow::Cow, collections::BTreeMap};

use async_trait::async_trait;
use aws_sdk_ec2::types::{ResourceType, Tag};
use landform_core::{Call, Id, Observed, Result};

use super::{
    Client,
    contract::{Ec2, Next, Which},
    error::failed,
    tags,
    values::{filter, given, text},
};
use crate::{RouteTable, RouteTableAttributes};

type Seen = aws_sdk_ec2::types::RouteTable;

#[async_trait]
impl Ec2 for RouteTable {
    type Seen = Seen;
    const PREFIX: &'static str = "rtb-";

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen>> {
        let call = client.ec2.describe_route_tables().filters(which.filter("route-table-id"));
        let pages = call.into_paginator();
        pages.items().send().try_collect().await.map_err(failed("DescribeRouteTables"))
    }

    fn id(seen: &Seen) -> Cow<'_, str> {
        seen.route_table_id().unwrap_or_default().into()
    }

    fn tags<'a>(&'a self, seen: &'a Seen) -> Option<(&'a [Tag], &'a BTreeMap<String, String>)> {
        Some((seen.tags(), &self.tags))
    }

    fn observe(client: &Client, seen: &Seen) -> Result<Observed<Self>> {
        let (id, account) = (text(seen.route_table_id()), text(seen.owner_id()));
        Ok(Observed {
            arguments: RouteTable { vpc_id: Id::new(text(seen.vpc_id())), tags: tags::given(seen.tags()) },
            attributes: RouteTableAttributes {
                arn: client.arn(&account, &format!("route-table/{id}")),
                id: Id::new(id),
                owner_id: account,
            },
        })
    }

    async fn make(&self, client: &Client, call: Call<'_>) -> Result<String> {
        let request = client
            .ec2
            .create_route_table()
            .client_token(call.token.as_str())
            .vpc_id(self.vpc_id.as_str())
            .tag_specifications(tags::specification(ResourceType::RouteTable, &self.tags, call.token)?);
        let answer = request.send().await.map_err(failed("CreateRouteTable"))?;
        given("CreateRouteTable", "an id", answer.route_table.and_then(|table| table.route_table_id))
    }

    async fn approach(&self, _: &Client, _: &Seen) -> Result<Next> {
        Ok(Next::Done)
    }

    async fn remove(client: &Client, prior: &Observed<Self>) -> Result<()> {
        let call = client.ec2.delete_route_table().route_table_id(prior.id());
        call.send().await.map_err(failed("DeleteRouteTable"))?;
        Ok(())
    }
}

impl Client {
    /// The route tables that a filter lets through.
    pub(super) async fn route_tables<'a>(
        &self,
        name: &str,
        values: impl IntoIterator<Item = &'a str>,
    ) -> Result<Vec<Seen>> {
        let pages = self.ec2.describe_route_tables().filters(filter(name, values)).into_paginator();
        pages.items().send().try_collect().await.map_err(failed("DescribeRouteTables"))
    }
}
