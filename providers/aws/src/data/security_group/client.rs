//! `data.aws_security_group`.

use aws_sdk_ec2::{
    operation::describe_security_groups::DescribeSecurityGroupsError, types::SecurityGroup as Sdk,
};

use super::{SecurityGroup, SecurityGroupAttributes};
use crate::{
    client::{error::one, prelude::*},
    data::filter::client::{Filters, tagged_with},
};

#[async_trait]
impl DataSource<SecurityGroup> for Client {
    async fn read(&self, asked: &SecurityGroup) -> Result<SecurityGroupAttributes> {
        let filters = Filters::given(&asked.filter)
            .equal("group-id", asked.id.as_ref())
            .equal("group-name", asked.name.as_ref())
            .equal("vpc-id", asked.vpc_id.as_ref())
            .tags(&asked.tags);
        let pages = self.ec2.describe_security_groups().set_filters(filters.sent()).into_paginator();
        let mut found: Vec<Sdk> = pages.items().send().try_collect().await.map_err(failed)?;
        found.retain(|found| tagged_with(found.tags(), &asked.tags));
        let found = one::<DescribeSecurityGroupsError, _>(asked, found)?;
        let id: String = read(found.group_id, "group_id")?;
        let account = found.owner_id.unwrap_or_default();
        Ok(read!(found => SecurityGroupAttributes {
            arn = found.security_group_arn.unwrap_or_else(|| self.arn(&account, &format!("security-group/{id}"))),
            id = Id::new(&id),
            name: group_name,
            description, vpc_id,
            tags = self.shown(given(found.tags)),
        }))
    }
}
