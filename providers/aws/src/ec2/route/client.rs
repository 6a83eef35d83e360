//! The calls for routes. A table and a destination identify a route.

use std::collections::BTreeSet;

use aws_sdk_ec2::types::{Route as Sdk, RouteState};
use landform_core::Cidr;

use super::{Route, RouteAttributes};
use crate::{client::prelude::*, ec2::route_table::client::route_tables};

/// Sets the parameters that the calls to create and to replace a route share.
macro_rules! set {
    ($call:expr, $route:expr) => {
        $call
            .set_route_table_id($route.route_table_id.wire())
            .set_destination_cidr_block($route.destination_cidr_block.wire())
            .set_destination_ipv6_cidr_block($route.destination_ipv6_cidr_block.wire())
            .set_gateway_id($route.gateway_id.wire())
            .set_nat_gateway_id($route.nat_gateway_id.wire())
            .set_egress_only_internet_gateway_id($route.egress_only_gateway_id.wire())
            .set_transit_gateway_id($route.transit_gateway_id.wire())
            .set_vpc_peering_connection_id($route.vpc_peering_connection_id.wire())
            .set_network_interface_id($route.network_interface_id.wire())
    };
}

#[async_trait]
impl Calls<Client> for Route {
    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        let wanted = which.ids_or(|route| route.identity().into());
        let tables: BTreeSet<&str> = wanted.iter().filter_map(|id| Some(id.split_once('_')?.0)).collect();
        if tables.is_empty() {
            return Ok(Vec::new());
        }
        let mut all = Vec::new();
        for table in route_tables(client, "route-table-id", tables).await? {
            let id = table.route_table_id.unwrap_or_default();
            for route in table.routes.unwrap_or_default() {
                let seen = seen(&id, route)?;
                all.extend(seen.filter(|seen| wanted.iter().any(|id| *id == *seen.id())));
            }
        }
        Ok(all)
    }

    async fn make(&self, client: &Client, _: &Attempt<'_>) -> Result<Made<Self>> {
        if self.destination_cidr_block.is_some() == self.destination_ipv6_cidr_block.is_some() {
            let message = "expected one of destination_cidr_block and destination_ipv6_cidr_block";
            return Err(Error::new(ErrorKind::Invalid, message));
        }
        set!(client.ec2.create_route(), self).send().await.map_err(failed)?;
        Ok(Made::id(self.identity()))
    }

    async fn change(&self, client: &Client, _: &Seen<Self>, _: &Due<'_>) -> Result<Next> {
        set!(client.ec2.replace_route(), self).send().await.map_err(failed)?;
        Ok(Next::Changed)
    }

    async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        let route = &prior.arguments;
        let call = client
            .ec2
            .delete_route()
            .set_route_table_id(route.route_table_id.wire())
            .set_destination_cidr_block(route.destination_cidr_block.wire())
            .set_destination_ipv6_cidr_block(route.destination_ipv6_cidr_block.wire());
        call.send().await.map_err(failed)?;
        Ok(Next::Done)
    }
}

impl Route {
    /// The table and the destination, which identify a route in AWS.
    fn identity(&self) -> String {
        let destination = self.destination_cidr_block.or(self.destination_ipv6_cidr_block);
        format!("{}_{}", self.route_table_id, destination.map(|block| block.to_string()).unwrap_or_default())
    }
}

/// A route. `None` for a route to a prefix list, which declarations cannot express.
fn seen(table: &str, route: Sdk) -> Result<Option<Seen<Route>>> {
    let state = route.state.as_ref().map_or("", RouteState::as_str).to_owned();
    let origin = route.origin.as_ref().map_or("", |origin| origin.as_str()).to_owned();
    let arguments = read!(route => Route {
        route_table_id = Id::new(table),
        destination_cidr_block,
        destination_ipv6_cidr_block,
        gateway_id,
        nat_gateway_id,
        egress_only_gateway_id: egress_only_internet_gateway_id,
        transit_gateway_id,
        vpc_peering_connection_id,
        network_interface_id,
    });
    let destination: Option<Cidr> =
        arguments.destination_cidr_block.or(arguments.destination_ipv6_cidr_block);
    let id = Id::new(arguments.identity());
    Ok(destination.map(|_| Seen::new(arguments, RouteAttributes { id, origin, state })))
}
