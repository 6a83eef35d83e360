//! `data.aws_subnet`.

use async_trait::async_trait;
use landform_core::{DataSource, Id, Result, only};

use super::filters::{Filters, tagged};
use crate::{
    client::{
        Client,
        error::failed,
        tags,
        values::{cidr, given, text},
    },
    data::{Subnet, SubnetAttributes},
};

const OPERATION: &str = "DescribeSubnets";

#[async_trait]
impl DataSource<Subnet> for Client {
    async fn read(&self, asked: &Subnet) -> Result<SubnetAttributes> {
        let filters = Filters::given(&asked.filter)
            .equal("subnet-id", asked.id.as_ref().map(Id::as_str))
            .equal("vpc-id", asked.vpc_id.as_ref().map(Id::as_str))
            .equal("availability-zone", asked.availability_zone.as_ref())
            .equal("cidr-block", asked.cidr_block)
            .tags(&asked.tags);
        let pages = self.ec2.describe_subnets().set_filters(filters.sent()).into_paginator();
        let mut found = pages.items().send().try_collect().await.map_err(failed(OPERATION))?;
        found.retain(|subnet| tagged(subnet.tags(), &asked.tags));
        let subnet = only(asked, found).map_err(|error| error.operation(OPERATION))?;
        let id = given(OPERATION, "an id", subnet.subnet_id())?;
        let block = subnet.cidr_block().filter(|text| !text.is_empty());
        Ok(SubnetAttributes {
            id: Id::new(id),
            arn: match subnet.subnet_arn() {
                Some(arn) => arn.to_owned(),
                None => self.arn(&text(subnet.owner_id()), &format!("subnet/{id}")),
            },
            availability_zone: text(subnet.availability_zone()),
            cidr_block: block.map(|block| cidr(OPERATION, block)).transpose()?,
            vpc_id: Id::new(text(subnet.vpc_id())),
            tags: tags::given(subnet.tags()),
        })
    }
}
