//! The calls for routes. A table and a destination identify a route.

use std::collections::BTreeSet;

use aws_sdk_ec2::types::{Route as Sdk, RouteState};

use super::{Route, RouteAttributes};
use crate::{
    client::prelude::*,
    ec2::{
        client::{filter, unless_all},
        route_table::client::route_tables,
    },
};

/// Sets the parameters that the calls to create and to replace a route share.
macro_rules! set {
    ($call:expr, $route:expr) => {
        crate::ec2::route::client::set_target!($call, $route)
            .set_route_table_id($route.route_table_id.wire())
            .set_destination_cidr_block($route.destination_cidr_block.wire())
            .set_destination_ipv6_cidr_block($route.destination_ipv6_cidr_block.wire())
            .set_destination_prefix_list_id($route.destination_prefix_list_id.wire())
    };
}

/// Sets the target of a route, here and in a table of routes.
macro_rules! set_target {
    ($call:expr, $route:expr) => {
        $call
            .set_gateway_id($route.gateway_id.wire())
            .set_nat_gateway_id($route.nat_gateway_id.wire())
            .set_egress_only_internet_gateway_id($route.egress_only_gateway_id.wire())
            .set_transit_gateway_id($route.transit_gateway_id.wire())
            .set_vpc_peering_connection_id($route.vpc_peering_connection_id.wire())
            .set_network_interface_id($route.network_interface_id.wire())
            .set_vpc_endpoint_id($route.vpc_endpoint_id.wire())
            .set_local_gateway_id($route.local_gateway_id.wire())
            .set_carrier_gateway_id($route.carrier_gateway_id.wire())
            .set_core_network_arn($route.core_network_arn.wire())
    };
}
pub(crate) use set_target;

/// AWS shows the endpoint of a gateway load balancer as a gateway. Returns the gateway and the endpoint.
pub(crate) fn gateway_and_endpoint<G, E>(shown: Option<String>) -> (Option<Id<G>>, Option<Id<E>>) {
    match shown {
        Some(id) if id.starts_with("vpce-") => (None, Some(Id::new(id))),
        other => (other.map(Id::new), None),
    }
}

#[async_trait]
impl Calls<Client> for Route {
    const LISTS: bool = true;

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        let wanted = which.ids_or(|route| route.identity().into());
        let tables: BTreeSet<&str> = wanted.iter().filter_map(|id| Some(id.split_once('_')?.0)).collect();
        if tables.is_empty() {
            return Ok(Vec::new());
        }
        let whole = matches!(which, Which::Beside(_));
        let mut all = Vec::new();
        let tables = unless_all(which, filter("route-table-id", tables));
        for table in route_tables(client, tables).await? {
            let id = table.route_table_id.unwrap_or_default();
            for route in table.routes.unwrap_or_default() {
                let seen = seen(&id, route)?;
                all.extend(seen.filter(|seen| whole || wanted.iter().any(|id| *id == *seen.id())));
            }
        }
        Ok(all)
    }

    async fn make(&self, client: &Client, _: &Attempt<'_>) -> Result<Made<Self>> {
        let destinations = [
            self.destination_cidr_block.is_some(),
            self.destination_ipv6_cidr_block.is_some(),
            self.destination_prefix_list_id.is_some(),
        ];
        if destinations.into_iter().filter(|given| *given).count() != 1 {
            let message = "expected one of destination_cidr_block, destination_ipv6_cidr_block and \
                           destination_prefix_list_id";
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
            .set_destination_ipv6_cidr_block(route.destination_ipv6_cidr_block.wire())
            .set_destination_prefix_list_id(route.destination_prefix_list_id.wire());
        call.send().await.map_err(failed)?;
        Ok(Next::Done)
    }
}

impl Route {
    /// The table and the destination, which identify a route in AWS.
    fn identity(&self) -> String {
        format!("{}_{}", self.route_table_id, self.destination().unwrap_or_default())
    }

    fn destination(&self) -> Option<String> {
        let network = self.destination_cidr_block.or(self.destination_ipv6_cidr_block);
        network.map(|network| network.to_string()).or_else(|| self.destination_prefix_list_id.clone())
    }
}

/// A route. `None` for one without a destination.
fn seen(table: &str, mut route: Sdk) -> Result<Option<Seen<Route>>> {
    let state = route.state.as_ref().map_or("", RouteState::as_str).to_owned();
    let origin = route.origin.as_ref().map_or("", |origin| origin.as_str()).to_owned();
    let (instance_id, instance_owner_id) = (route.instance_id.take(), route.instance_owner_id.take());
    let (gateway, endpoint) = gateway_and_endpoint(route.gateway_id.take());
    let arguments = read!(route => Route {
        route_table_id = Id::new(table),
        destination_cidr_block,
        destination_ipv6_cidr_block,
        destination_prefix_list_id,
        gateway_id = gateway,
        nat_gateway_id,
        egress_only_gateway_id: egress_only_internet_gateway_id,
        transit_gateway_id,
        vpc_peering_connection_id,
        network_interface_id,
        vpc_endpoint_id = endpoint,
        local_gateway_id,
        carrier_gateway_id,
        core_network_arn,
    });
    if arguments.destination().is_none() {
        return Ok(None);
    }
    let id = Id::new(arguments.identity());
    let attributes = RouteAttributes { id, origin, state, instance_id, instance_owner_id };
    Ok(Some(Seen::new(arguments, attributes)))
}
