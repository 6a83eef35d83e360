//! `data.aws_lb`.

use std::collections::BTreeMap;

use aws_sdk_elasticloadbalancingv2::operation::describe_load_balancers::DescribeLoadBalancersError;

use super::{Lb, LbAttributes};
use crate::{
    client::{error::one, prelude::*},
    elbv2::client::{PAGE, tags_of},
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
        let arns: Vec<String> = found.iter().filter_map(|one| one.load_balancer_arn.clone()).collect();
        let tags = each(arns.chunks(PAGE), async |arns| tags_of(self, arns).await.map(Some)).await?;
        let mut tags: BTreeMap<String, BTreeMap<String, String>> =
            tags.into_iter().flatten().map(|(arn, tags)| (arn, given(Some(tags)).collect())).collect();
        found.retain(|one| {
            let own = one.load_balancer_arn().and_then(|arn| tags.get(arn));
            asked.tags.iter().all(|(key, value)| own.and_then(|own| own.get(key)) == Some(value))
        });
        let balancer = one::<DescribeLoadBalancersError, _>(asked, found)?;
        let arn: String = read(balancer.load_balancer_arn, "load_balancer_arn")?;
        let zones = balancer.availability_zones.unwrap_or_default().into_iter();
        let tags = tags.remove(&arn).unwrap_or_default();
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
