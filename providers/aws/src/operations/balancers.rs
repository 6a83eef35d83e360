//! The addresses of load balancers.

use std::collections::HashMap;

use aws_sdk_ec2::types::Filter;

use crate::{
    client::prelude::*,
    elbv2::client::{PAGE, tags_of},
};

impl Client {
    /// The addresses of the load balancer (v2) whose tag `Name` is this: its host name, and the private addresses of its
    /// network interfaces. Empty if there is no such load balancer.
    ///
    /// # Errors
    /// Those of `elasticloadbalancing:DescribeLoadBalancers`, `elasticloadbalancing:DescribeTags` and
    /// `ec2:DescribeNetworkInterfaces`.
    ///
    /// # Cancel safety
    /// It only reads. Dropping the future leaves nothing behind.
    pub async fn balancer_addresses(&self, name: &str) -> Result<Vec<String>> {
        let pages = self.elbv2.describe_load_balancers().into_paginator();
        let balancers: Vec<_> = pages.items().send().try_collect().await.map_err(failed)?;
        let arns: Vec<String> = balancers.iter().filter_map(|one| one.load_balancer_arn.clone()).collect();
        let tags = each(arns.chunks(PAGE), async |arns| tags_of(self, arns).await.map(Some)).await?;
        let tags: HashMap<String, _> = tags.into_iter().flatten().collect();
        let is_named = |arn: &str| {
            let tags = tags.get(arn).map_or(&[][..], Vec::as_slice);
            tags.iter().any(|tag| tag.key() == Some("Name") && tag.value() == Some(name))
        };
        let mut addresses = Vec::new();
        for balancer in balancers {
            let Some(arn) = balancer.load_balancer_arn.filter(|arn| is_named(arn)) else { continue };
            addresses.extend(balancer.dns_name);
            // An interface names its load balancer by the end of the ARN: `net/NAME/ID`.
            let Some((_, place)) = arn.split_once(":loadbalancer/") else { continue };
            let filter = Filter::builder().name("description").values(format!("ELB {place}")).build();
            let pages = self.ec2.describe_network_interfaces().filters(filter).into_paginator();
            let interfaces: Vec<_> = pages.items().send().try_collect().await.map_err(failed)?;
            addresses.extend(interfaces.into_iter().filter_map(|interface| interface.private_ip_address));
        }
        addresses.sort();
        Ok(addresses)
    }
}
