//! The routes inside a route table: how AWS shows them, and the calls that make them as declared. The destination
//! identifies a route of a table.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_ec2::types::{Route as Sdk, RouteOrigin};

use super::InlineRoute;
use crate::{
    client::prelude::*,
    ec2::route::client::{gateway_and_endpoint, set_target},
};

/// The target of the routes that AWS adds for the VPC's own ranges.
const LOCAL: &str = "local";

/// A route that a user can declare. `None` for one that AWS adds: for the VPC's ranges, for a gateway endpoint, for a
/// virtual private gateway.
pub(super) fn seen(mut route: Sdk) -> Result<Option<InlineRoute>> {
    let is_own =
        matches!(route.origin, Some(RouteOrigin::CreateRouteTable | RouteOrigin::EnableVgwRoutePropagation))
            || route.gateway_id() == Some(LOCAL);
    let of_endpoint = route.destination_prefix_list_id().is_some()
        && route.gateway_id().is_some_and(|id| id.starts_with("vpce-"));
    if is_own || of_endpoint {
        return Ok(None);
    }
    let (gateway, endpoint) = gateway_and_endpoint(route.gateway_id.take());
    Ok(Some(read!(route => InlineRoute {
        cidr_block: destination_cidr_block,
        ipv6_cidr_block: destination_ipv6_cidr_block,
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
    })))
}

/// Makes the routes as they are wanted. A route to a new target replaces the old one in one call, without a gap.
pub(super) async fn change(
    client: &Client,
    table: &str,
    wanted: &BTreeSet<InlineRoute>,
    there: &BTreeSet<InlineRoute>,
) -> Result<()> {
    let by_destination = |routes: &'_ BTreeSet<InlineRoute>| -> BTreeMap<String, InlineRoute> {
        routes.iter().map(|route| (route.destination(), route.clone())).collect()
    };
    let (wanted, there) = (by_destination(wanted), by_destination(there));
    for (destination, route) in &wanted {
        match there.get(destination) {
            Some(is) if is == route => {}
            Some(_) => {
                let call = set_target!(client.ec2.replace_route().route_table_id(table), route)
                    .set_destination_cidr_block(route.cidr_block.wire())
                    .set_destination_ipv6_cidr_block(route.ipv6_cidr_block.wire())
                    .set_destination_prefix_list_id(route.destination_prefix_list_id.wire());
                call.send().await.map_err(failed)?;
            }
            None => {
                let call = set_target!(client.ec2.create_route().route_table_id(table), route)
                    .set_destination_cidr_block(route.cidr_block.wire())
                    .set_destination_ipv6_cidr_block(route.ipv6_cidr_block.wire())
                    .set_destination_prefix_list_id(route.destination_prefix_list_id.wire());
                call.send().await.map_err(failed)?;
            }
        }
    }
    for (destination, route) in &there {
        if !wanted.contains_key(destination) {
            let call = client
                .ec2
                .delete_route()
                .route_table_id(table)
                .set_destination_cidr_block(route.cidr_block.wire())
                .set_destination_ipv6_cidr_block(route.ipv6_cidr_block.wire())
                .set_destination_prefix_list_id(route.destination_prefix_list_id.wire());
            call.send().await.map_err(failed)?;
        }
    }
    Ok(())
}

impl InlineRoute {
    fn destination(&self) -> String {
        let network = self.cidr_block.or(self.ipv6_cidr_block).map(|network| network.to_string());
        network.or_else(|| self.destination_prefix_list_id.clone()).unwrap_or_default()
    }
}
