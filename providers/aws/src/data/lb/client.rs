//! `data.aws_lb`.

use aws_sdk_elasticloadbalancingv2::operation::describe_load_balancers::DescribeLoadBalancersError;

use super::{Lb, LbAttributes};
use crate::{
    client::{error::one, prelude::*},
    elbv2::client::with_tags,
};

#[async_trait]
impl DataSource<Lb> for Client {
    async fn read(&self, asked: &Lb) -> Result<LbAttributes> {
        let call = self.elbv2.describe_load_balancers();
        let call = call.set_load_balancer_arns(asked.arn.as_ref().map(|arn| vec![arn.as_str().to_owned()]));
        // One call accepts ARNs or names, not both.
        let names = asked.name.iter().filter(|_| asked.arn.is_none()).cloned().collect::<Vec<_>>();
        let pages = call.set_names((!names.is_empty()).then_some(names)).into_paginator();
        let mut found: Vec<_> = match pages.items().send().try_collect().await.map_err(failed) {
            Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
            found => found?,
        };
        found.retain(|one| asked.name.as_deref().is_none_or(|name| one.load_balancer_name() == Some(name)));
        let mut found = with_tags(self, found, |one| one.load_balancer_arn()).await?;
        found.retain(|(_, tags)| asked.tags.iter().all(|(key, value)| tags.get(key) == Some(value)));
        let (balancer, tags) = one::<DescribeLoadBalancersError, _>(asked, found)?;
        let arn: String = read(balancer.load_balancer_arn, "load_balancer_arn")?;
        let zones = balancer.availability_zones.unwrap_or_default().into_iter();
        Ok(read!(balancer => LbAttributes {
            id = Id::new(&arn),
            arn = arn,
            name: load_balancer_name,
            dns_name,
            zone_id: canonical_hosted_zone_id,
            internal = balancer.scheme.is_some_and(|scheme| scheme.as_str() == "internal"),
            ip_address_type,
            load_balancer_type: r#type,
            security_groups,
            subnets = zones.filter_map(|zone| zone.subnet_id).map(Id::new).collect(),
            vpc_id,
            tags = self.shown(tags.into_iter()),
        }))
    }
}
