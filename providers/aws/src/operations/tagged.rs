//! The resources that have a tag, of the types that can be listed by tags.

use aws_sdk_autoscaling::types::Filter as GroupFilter;
use aws_sdk_ec2::types::{Filter, TagDescription};

use crate::{
    client::{prelude::*, tags::given},
    elbv2::client::{PAGE, with_tags},
};

/// EC2's names of its kinds of resources, and the types that they are.
const KINDS: [(&str, &str); 14] = [
    ("dhcp-options", "aws_vpc_dhcp_options"),
    ("egress-only-internet-gateway", "aws_egress_only_internet_gateway"),
    ("elastic-ip", "aws_eip"),
    ("instance", "aws_instance"),
    ("internet-gateway", "aws_internet_gateway"),
    ("launch-template", "aws_launch_template"),
    ("natgateway", "aws_nat_gateway"),
    ("network-acl", "aws_network_acl"),
    ("route-table", "aws_route_table"),
    ("security-group", "aws_security_group"),
    ("subnet", "aws_subnet"),
    ("volume", "aws_ebs_volume"),
    ("vpc", "aws_vpc"),
    ("vpc-peering-connection", "aws_vpc_peering_connection"),
];

impl Client {
    /// The resources with a tag, each as its type and id: of EC2, groups of Auto Scaling, load balancers and target
    /// groups. Deleted resources of EC2 may still be among them for a while.
    ///
    /// # Errors
    /// Those of `ec2:DescribeTags`, `autoscaling:DescribeAutoScalingGroups`, and the calls
    /// `elasticloadbalancing:DescribeLoadBalancers`, `DescribeTargetGroups` and `DescribeTags`.
    ///
    /// # Cancel safety
    /// It only reads. Dropping the future leaves nothing behind.
    pub async fn tagged(&self, key: &str, value: &str) -> Result<Vec<(&'static str, String)>> {
        let filter = |name: &str, value: &str| Filter::builder().name(name).values(value).build();
        let call = self.ec2.describe_tags().filters(filter("key", key)).filters(filter("value", value));
        let group_filter = GroupFilter::builder().name(format!("tag:{key}")).values(value).build();
        let groups = self.autoscaling.describe_auto_scaling_groups().filters(group_filter).into_paginator();
        let (resources, groups, balancers, classic) = tokio::try_join!(
            async { call.into_paginator().items().send().try_collect().await.map_err(failed) },
            async { groups.items().send().try_collect().await.map_err(failed) },
            self.balancers_tagged(key, value),
            self.classic_balancers_tagged(key, value),
        )?;
        let resources: Vec<TagDescription> = resources;
        let groups: Vec<aws_sdk_autoscaling::types::AutoScalingGroup> = groups;
        let resources = resources.into_iter().filter_map(|tag| {
            let (kind, id) = (tag.resource_type?, tag.resource_id?);
            let (_, type_name) = KINDS.iter().find(|(known, _)| *known == kind.as_str())?;
            Some((*type_name, id))
        });
        let groups = groups.into_iter().filter_map(|group| group.auto_scaling_group_name);
        let groups = groups.map(|name| ("aws_autoscaling_group", name));
        let mut found: Vec<(&str, String)> =
            resources.chain(groups).chain(balancers).chain(classic).collect();
        found.sort_unstable();
        Ok(found)
    }

    /// Load balancers (v2) and target groups with a tag, by ARN.
    async fn balancers_tagged(&self, key: &str, value: &str) -> Result<Vec<(&'static str, String)>> {
        let balancers = self.elbv2.describe_load_balancers().into_paginator();
        let targets = self.elbv2.describe_target_groups().into_paginator();
        let balancers: Vec<_> = balancers.items().send().try_collect().await.map_err(failed)?;
        let targets: Vec<_> = targets.items().send().try_collect().await.map_err(failed)?;
        let balancers = balancers.into_iter().filter_map(|one| Some(("aws_lb", one.load_balancer_arn?)));
        let targets =
            targets.into_iter().filter_map(|one| Some(("aws_lb_target_group", one.target_group_arn?)));
        let all: Vec<(&'static str, String)> = balancers.chain(targets).collect();
        let mut tagged = with_tags(self, all, |(_, arn)| Some(arn.as_str())).await?;
        tagged.retain(|(_, tags)| tags.get(key).is_some_and(|own| own == value));
        Ok(tagged.into_iter().map(|(one, _)| one).collect())
    }

    /// Classic load balancers with a tag, by name.
    async fn classic_balancers_tagged(&self, key: &str, value: &str) -> Result<Vec<(&'static str, String)>> {
        let pages = self.elb.describe_load_balancers().into_paginator();
        let found: Vec<_> = pages.items().send().try_collect().await.map_err(failed)?;
        let names: Vec<String> = found.into_iter().filter_map(|one| one.load_balancer_name).collect();
        let tags = each(names.chunks(PAGE), async |names| {
            let call = self.elb.describe_tags().set_load_balancer_names(Some(names.to_vec()));
            Ok(Some(call.send().await.map_err(failed)?.tag_descriptions.unwrap_or_default()))
        });
        let tagged = tags.await?.into_iter().flatten().filter_map(|one| {
            let name = one.load_balancer_name?;
            let is_tagged = given(one.tags).any(|(its, of)| its == key && of == value);
            is_tagged.then_some(("aws_elb", name))
        });
        Ok(tagged.collect())
    }

    /// The ids of a rule's targets.
    ///
    /// # Errors
    /// Those of `events:ListTargetsByRule`.
    ///
    /// # Cancel safety
    /// It only reads. Dropping the future leaves nothing behind.
    pub async fn targets_of_rule(&self, rule: &str) -> Result<Vec<String>> {
        let (bus, name) = crate::events::client::rule(rule);
        let call = self.events.list_targets_by_rule().event_bus_name(bus).rule(name);
        let targets = match call.send().await.map_err(failed) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            answer => answer?.targets.unwrap_or_default(),
        };
        Ok(targets.into_iter().map(|target| format!("{bus}/{name}/{}", target.id)).collect())
    }

    /// The URL of the queue with a name, which is its id.
    ///
    /// # Errors
    /// Those of `sqs:GetQueueUrl`.
    ///
    /// # Cancel safety
    /// It only reads. Dropping the future leaves nothing behind.
    pub async fn queue_url(&self, name: &str) -> Result<Option<String>> {
        let answer = self.sqs.get_queue_url().queue_name(name).send().await.map_err(failed);
        Ok(landform_kit::existing(answer)?.and_then(|found| found.queue_url))
    }
}
