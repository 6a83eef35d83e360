//! `data.aws_nat_gateways`.

use aws_sdk_ec2::types::NatGateway as Sdk;

use super::{NatGateways, NatGatewaysAttributes};
use crate::{
    client::prelude::*,
    data::filter::client::{Filters, tagged_with},
};

#[async_trait]
impl DataSource<NatGateways> for Client {
    async fn read(&self, asked: &NatGateways) -> Result<NatGatewaysAttributes> {
        let filters = Filters::given(&asked.filter).equal("vpc-id", asked.vpc_id.as_ref()).tags(&asked.tags);
        let pages = self.ec2.describe_nat_gateways().set_filter(filters.sent()).into_paginator();
        let found: Vec<Sdk> = pages.items().send().try_collect().await.map_err(failed)?;
        let fits = found.into_iter().filter(|found| tagged_with(found.tags(), &asked.tags));
        let mut ids: Vec<String> = fits.filter_map(|found| found.nat_gateway_id).collect();
        ids.sort();
        Ok(NatGatewaysAttributes { id: Id::new(self.region()), ids: ids.into_iter().map(Id::new).collect() })
    }
}
