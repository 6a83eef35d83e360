//! `data.aws_security_groups`.

use aws_sdk_ec2::types::SecurityGroup as Sdk;

use super::{SecurityGroups, SecurityGroupsAttributes};
use crate::{
    client::prelude::*,
    data::filter::client::{Filters, tagged_with},
};

#[async_trait]
impl DataSource<SecurityGroups> for Client {
    async fn read(&self, asked: &SecurityGroups) -> Result<SecurityGroupsAttributes> {
        let filters = Filters::given(&asked.filter).tags(&asked.tags);
        let pages = self.ec2.describe_security_groups().set_filters(filters.sent()).into_paginator();
        let mut found: Vec<Sdk> = pages.items().send().try_collect().await.map_err(failed)?;
        found.retain(|group| tagged_with(group.tags(), &asked.tags));
        found.sort_by(|one, other| one.group_id().cmp(&other.group_id()));
        let mut answer = SecurityGroupsAttributes {
            id: Id::new(self.region()),
            ids: Vec::new(),
            arns: Vec::new(),
            vpc_ids: Vec::new(),
        };
        for group in found {
            let id = group.group_id.unwrap_or_default();
            let account = group.owner_id.unwrap_or_default();
            let arn = group.security_group_arn;
            answer.arns.push(arn.unwrap_or_else(|| self.arn(&account, &format!("security-group/{id}"))));
            answer.vpc_ids.push(group.vpc_id.unwrap_or_default());
            answer.ids.push(Id::new(id));
        }
        Ok(answer)
    }
}
