//! The calls for route tables.

use aws_sdk_ec2::types::{Filter, ResourceType, RouteTable as Sdk};

use super::{RouteTable, RouteTableAttributes, inline};
use crate::{client::prelude::*, ec2::client::*};

#[async_trait]
impl Calls<Client> for RouteTable {
    const TAGS: Option<Tagging<Client, Self>> = tagged!(tags, tag);
    const LISTS: bool = true;

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        let call = client.ec2.describe_route_tables().set_filters(by(which, "route-table-id"));
        let found: Vec<_> = call.into_paginator().items().send().try_collect().await.map_err(failed)?;
        let seen = found.into_iter().map(|mut table| {
            let routes = table.routes.take().unwrap_or_default().into_iter();
            let route = routes.filter_map(|route| inline::seen(route).transpose()).collect::<Result<_>>()?;
            let gateways = table.propagating_vgws.take().unwrap_or_default().into_iter();
            let id: String = read(table.route_table_id, "route_table_id")?;
            let account = table.owner_id.unwrap_or_default();
            let arguments = read!(table => RouteTable {
                vpc_id,
                route = route,
                propagating_vgws = gateways.filter_map(|one| one.gateway_id).collect(),
                tags = Default::default(),
            });
            let arn = client.arn(&account, &format!("route-table/{id}"));
            let attributes = RouteTableAttributes { id: Id::new(id), arn, owner_id: account };
            Ok(Seen::new(arguments, attributes).tags(given(table.tags)))
        });
        seen.collect()
    }

    async fn make(&self, client: &Client, attempt: &Attempt<'_>) -> Result<Made<Self>> {
        let call = client
            .ec2
            .create_route_table()
            .client_token(attempt.token().as_str())
            .set_vpc_id(self.vpc_id.wire())
            .tag_specifications(tagged_as(ResourceType::RouteTable, attempt));
        let made = call.send().await.map_err(failed)?.route_table;
        Made::answered(made.and_then(|table| table.route_table_id))
    }

    async fn change(&self, client: &Client, seen: &Seen<Self>, due: &Due<'_>) -> Result<Next> {
        let (id, there) = (seen.id(), &seen.object.arguments);
        let mut next = Next::Done;
        if due.has("route") {
            inline::change(client, id, &self.route, &there.route).await?;
            next = Next::Changed;
        }
        if due.has("propagating_vgws") {
            for gateway in self.propagating_vgws.difference(&there.propagating_vgws) {
                let call = client.ec2.enable_vgw_route_propagation().route_table_id(id).gateway_id(gateway);
                call.send().await.map_err(failed)?;
            }
            for gateway in there.propagating_vgws.difference(&self.propagating_vgws) {
                let call = client.ec2.disable_vgw_route_propagation().route_table_id(id).gateway_id(gateway);
                call.send().await.map_err(failed)?;
            }
            next = Next::Changed;
        }
        Ok(next)
    }

    async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        client.ec2.delete_route_table().route_table_id(prior.id()).send().await.map_err(failed)?;
        Ok(Next::Done)
    }
}

/// The route tables that match the filters. Without filters, all of the region.
pub(crate) async fn route_tables(client: &Client, filters: Option<Vec<Filter>>) -> Result<Vec<Sdk>> {
    let pages = client.ec2.describe_route_tables().set_filters(filters).into_paginator();
    pages.items().send().try_collect().await.map_err(failed)
}
