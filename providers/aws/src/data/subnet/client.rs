//! `data.aws_subnet`.

use aws_sdk_ec2::{operation::describe_subnets::DescribeSubnetsError, types::Subnet as Sdk};

use super::{Subnet, SubnetAttributes};
use crate::{
    client::{error::one, prelude::*},
    data::filter::client::{Filters, tagged_with},
};

#[async_trait]
impl DataSource<Subnet> for Client {
    async fn read(&self, asked: &Subnet) -> Result<SubnetAttributes> {
        let filters = Filters::given(&asked.filter)
            .equal("subnet-id", asked.id.as_ref())
            .equal("vpc-id", asked.vpc_id.as_ref())
            .equal("availability-zone", asked.availability_zone.as_ref())
            .equal("cidr-block", asked.cidr_block)
            .tags(&asked.tags);
        let pages = self.ec2.describe_subnets().set_filters(filters.sent()).into_paginator();
        let mut found: Vec<Sdk> = pages.items().send().try_collect().await.map_err(failed)?;
        found.retain(|subnet| tagged_with(subnet.tags(), &asked.tags));
        let subnet = one::<DescribeSubnetsError, _>(asked, found)?;
        let account = subnet.owner_id.unwrap_or_default();
        let id: String = read(subnet.subnet_id, "subnet_id")?;
        Ok(read!(subnet => SubnetAttributes {
            arn = subnet.subnet_arn.unwrap_or_else(|| self.arn(&account, &format!("subnet/{id}"))),
            id = Id::new(&id),
            availability_zone,
            cidr_block,
            vpc_id,
            tags = self.shown(given(subnet.tags)),
        }))
    }
}
