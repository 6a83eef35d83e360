//! The addresses of load balancers.

use aws_sdk_ec2::types::Filter;

use crate::{client::prelude::*, elbv2::client::with_tags};

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
        let mut balancers = with_tags(self, balancers, |one| one.load_balancer_arn()).await?;
        balancers.retain(|(_, tags)| tags.get("Name").is_some_and(|own| own == name));
        let mut addresses = Vec::new();
        for (balancer, _) in balancers {
            let Some(arn) = balancer.load_balancer_arn else { continue };
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
