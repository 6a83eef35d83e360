//! Routes, known by table and destination.

use std::{borrow::Cow, collections::BTreeMap, collections::BTreeSet};

use async_trait::async_trait;
use aws_sdk_ec2::types::{RouteOrigin, RouteState, Tag};
use landform_core::{Call, Cidr, Error, ErrorKind, FindBy, Id, Observed, Result};

use super::{
    Client,
    contract::{Ec2, Next, Which},
    error::failed,
    once,
    values::{cidr, text},
};
use crate::{Route, RouteAttributes};

/// A route and its table's id.
pub(super) struct Seen {
    table: String,
    id: String,
    route: aws_sdk_ec2::types::Route,
}

#[async_trait]
impl Ec2 for Route {
    type Seen = Seen;
    const FIND: FindBy = FindBy::Identity;
    const PREFIX: &'static str = "rtb-";

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen>> {
        let one;
        let wanted: BTreeSet<&str> = match which {
            Which::Ids(ids) => ids.iter().copied().collect(),
            Which::Attempt(_, arguments) => {
                one = arguments.identity()?;
                BTreeSet::from([one.as_str()])
            }
        };
        let tables: BTreeSet<&str> =
            wanted.iter().filter_map(|id| id.split_once('_')).map(|(table, _)| table).collect();
        if tables.is_empty() {
            return Ok(Vec::new());
        }
        let tables = client.route_tables("route-table-id", tables).await?;
        let routes = tables.into_iter().flat_map(|table| {
            let id = table.route_table_id.unwrap_or_default();
            let routes = table.routes.unwrap_or_default();
            routes.into_iter().map(move |route| (id.clone(), route))
        });
        Ok(routes
            .filter_map(|(table, route)| {
                let destination = route.destination_cidr_block().or(route.destination_ipv6_cidr_block())?;
                Some(Seen { id: format!("{table}_{destination}"), table, route })
            })
            .filter(|seen| wanted.contains(seen.id.as_str()))
            .collect())
    }

    fn id(seen: &Seen) -> Cow<'_, str> {
        seen.id.as_str().into()
    }

    fn tags<'a>(&'a self, _: &'a Seen) -> Option<(&'a [Tag], &'a BTreeMap<String, String>)> {
        None
    }

    fn observe(_: &Client, seen: &Seen) -> Result<Observed<Self>> {
        let route = &seen.route;
        let network = |text: &str| cidr("DescribeRouteTables", text);
        Ok(Observed {
            arguments: Route {
                route_table_id: Id::new(seen.table.clone()),
                destination_cidr_block: route.destination_cidr_block().map(network).transpose()?,
                destination_ipv6_cidr_block: route.destination_ipv6_cidr_block().map(network).transpose()?,
                gateway_id: route.gateway_id().map(Id::new),
                nat_gateway_id: route.nat_gateway_id().map(Id::new),
                egress_only_gateway_id: route.egress_only_internet_gateway_id().map(Id::new),
                transit_gateway_id: route.transit_gateway_id().map(str::to_owned),
                vpc_peering_connection_id: route.vpc_peering_connection_id().map(str::to_owned),
                network_interface_id: route.network_interface_id().map(str::to_owned),
            },
            attributes: RouteAttributes {
                id: Id::new(seen.id.clone()),
                origin: text(route.origin().map(RouteOrigin::as_str)),
                state: text(route.state().map(RouteState::as_str)),
            },
        })
    }

    async fn make(&self, client: &Client, _: Call<'_>) -> Result<String> {
        let id = self.identity()?;
        let call = client
            .ec2
            .create_route()
            .route_table_id(self.route_table_id.as_str())
            .set_destination_cidr_block(self.destination_cidr_block.as_ref().map(Cidr::to_string))
            .set_destination_ipv6_cidr_block(self.destination_ipv6_cidr_block.as_ref().map(Cidr::to_string))
            .set_gateway_id(self.gateway_id.as_ref().map(Id::to_string))
            .set_nat_gateway_id(self.nat_gateway_id.as_ref().map(Id::to_string))
            .set_egress_only_internet_gateway_id(self.egress_only_gateway_id.as_ref().map(Id::to_string))
            .set_transit_gateway_id(self.transit_gateway_id.clone())
            .set_vpc_peering_connection_id(self.vpc_peering_connection_id.clone())
            .set_network_interface_id(self.network_interface_id.clone());
        let call = call.customize().config_override(once());
        call.send().await.map_err(failed("CreateRoute"))?;
        Ok(id)
    }

    async fn approach(&self, client: &Client, seen: &Seen) -> Result<Next> {
        let present = Self::observe(client, seen)?.arguments;
        if present.targets() == self.targets() {
            return Ok(Next::Done);
        }
        let call = client
            .ec2
            .replace_route()
            .route_table_id(self.route_table_id.as_str())
            .set_destination_cidr_block(self.destination_cidr_block.as_ref().map(Cidr::to_string))
            .set_destination_ipv6_cidr_block(self.destination_ipv6_cidr_block.as_ref().map(Cidr::to_string))
            .set_gateway_id(self.gateway_id.as_ref().map(Id::to_string))
            .set_nat_gateway_id(self.nat_gateway_id.as_ref().map(Id::to_string))
            .set_egress_only_internet_gateway_id(self.egress_only_gateway_id.as_ref().map(Id::to_string))
            .set_transit_gateway_id(self.transit_gateway_id.clone())
            .set_vpc_peering_connection_id(self.vpc_peering_connection_id.clone())
            .set_network_interface_id(self.network_interface_id.clone());
        call.send().await.map_err(failed("ReplaceRoute"))?;
        Ok(Next::Changed)
    }

    async fn remove(client: &Client, prior: &Observed<Self>) -> Result<()> {
        let route = &prior.arguments;
        let call = client
            .ec2
            .delete_route()
            .route_table_id(route.route_table_id.as_str())
            .set_destination_cidr_block(route.destination_cidr_block.as_ref().map(Cidr::to_string))
            .set_destination_ipv6_cidr_block(route.destination_ipv6_cidr_block.as_ref().map(Cidr::to_string));
        call.send().await.map_err(failed("DeleteRoute"))?;
        Ok(())
    }
}

impl Route {
    /// Table and destination, by which AWS knows a route.
    fn identity(&self) -> Result<String> {
        match (self.destination_cidr_block, self.destination_ipv6_cidr_block) {
            (Some(destination), None) | (None, Some(destination)) => {
                Ok(format!("{}_{destination}", self.route_table_id))
            }
            _ => {
                let message = "expected one of destination_cidr_block and destination_ipv6_cidr_block";
                Err(Error::new(ErrorKind::Invalid, message))
            }
        }
    }

    /// The targets, of which one is given.
    fn targets(&self) -> [Option<&str>; 6] {
        [
            self.gateway_id.as_ref().map(Id::as_str),
            self.nat_gateway_id.as_ref().map(Id::as_str),
            self.egress_only_gateway_id.as_ref().map(Id::as_str),
            self.transit_gateway_id.as_deref(),
            self.vpc_peering_connection_id.as_deref(),
            self.network_interface_id.as_deref(),
        ]
    }
}
