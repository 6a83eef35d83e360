//! `data.aws_nat_gateway`.

use aws_sdk_ec2::{operation::describe_nat_gateways::DescribeNatGatewaysError, types::NatGateway as Sdk};

use super::{NatGateway, NatGatewayAttributes};
use crate::{
    client::{error::one, prelude::*},
    data::filter::client::{Filters, tagged_with},
};

#[async_trait]
impl DataSource<NatGateway> for Client {
    async fn read(&self, asked: &NatGateway) -> Result<NatGatewayAttributes> {
        let filters = Filters::given(&asked.filter)
            .equal("nat-gateway-id", asked.id.as_ref())
            .equal("subnet-id", asked.subnet_id.as_ref())
            .equal("vpc-id", asked.vpc_id.as_ref())
            .equal("state", asked.state.as_ref())
            .tags(&asked.tags);
        let pages = self.ec2.describe_nat_gateways().set_filter(filters.sent()).into_paginator();
        let mut found: Vec<Sdk> = pages.items().send().try_collect().await.map_err(failed)?;
        found.retain(|found| tagged_with(found.tags(), &asked.tags));
        let found = one::<DescribeNatGatewaysError, _>(asked, found)?;
        let address = found.nat_gateway_addresses.unwrap_or_default().into_iter().next();
        let (allocation, interface, private, public) = address.map_or((None, None, None, None), |address| {
            (address.allocation_id, address.network_interface_id, address.private_ip, address.public_ip)
        });
        Ok(read!(found => NatGatewayAttributes {
            id: nat_gateway_id,
            allocation_id = read(allocation, "allocation_id")?,
            // Older gateways do not report a type. They are public.
            connectivity_type = found.connectivity_type.as_ref().map_or("public", |kind| kind.as_str()).to_owned(),
            network_interface_id = interface,
            private_ip = private,
            public_ip = public,
            state, subnet_id, vpc_id,
            tags = self.shown(given(found.tags)),
        }))
    }
}
