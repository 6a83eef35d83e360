//! The calls for target groups. Tags and attributes need separate calls.

use std::collections::HashMap;

use aws_sdk_elasticloadbalancingv2::types::{
    Matcher, ProtocolEnum, Tag, TargetGroup as Sdk, TargetGroupAttribute,
};

use super::{LbTargetGroup, LbTargetGroupAttributes, TargetHealthCheck};
use crate::{client::prelude::*, elbv2::client::*};

/// Sets the parameters that the calls to create and to modify a group share.
macro_rules! set_health_check {
    ($call:expr, $group:expr) => {{
        let check = $group.health_check.as_ref();
        // The check of a function is a call of it, without a protocol and a port.
        let invoked = $group.target_type == "lambda";
        let codes = check.and_then(|check| check.matcher.as_deref());
        let matcher = codes.map(|codes| match $group.protocol_version.as_deref() {
            Some("GRPC") => Matcher::builder().grpc_code(codes).build(),
            _ => Matcher::builder().http_code(codes).build(),
        });
        $call
            .set_health_check_enabled(check.map(|check| check.enabled))
            .set_health_check_protocol(check.filter(|_| !invoked).and_then(|check| check.protocol.wire()))
            .set_health_check_port(check.filter(|_| !invoked).and_then(|check| check.port.wire()))
            .set_health_check_path(check.and_then(|check| check.path.wire()))
            .set_matcher(matcher)
            .set_health_check_interval_seconds(check.and_then(|check| check.interval.wire()))
            .set_health_check_timeout_seconds(check.and_then(|check| check.timeout.wire()))
            .set_healthy_threshold_count(check.and_then(|check| check.healthy_threshold.wire()))
            .set_unhealthy_threshold_count(check.and_then(|check| check.unhealthy_threshold.wire()))
    }};
}

#[async_trait]
impl Calls<Client> for LbTargetGroup {
    const TAGS: Option<Tagging<Client, Self>> = tagged!(tags, tag);
    /// With the same settings AWS answers with the existing target group.
    const REPEATED: Repeated = Repeated::MayBeAnothers;
    const PAGE: usize = PAGE;

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        let groups = match which {
            Which::Ids(ids) | Which::Beside(ids) => in_halves(ids, |ids| described(client, ids, &[])).await?,
            Which::Attempt(_, group) => {
                in_halves(&[&group.name], |names| described(client, &[], names)).await?
            }
        };
        let arns: Vec<String> = groups.iter().filter_map(|group| group.target_group_arn.clone()).collect();
        if arns.is_empty() {
            return Ok(Vec::new());
        }
        let attributes = each(&arns, |arn| attributes(client, arn));
        let (mut tags, attributes) = tokio::try_join!(tags_of(client, &arns), attributes)?;
        let mut attributes: HashMap<String, _> = attributes.into_iter().collect();
        let seen = groups.into_iter().map(|group| {
            let arn = group.target_group_arn.clone().unwrap_or_default();
            seen(group, attributes.remove(&arn).unwrap_or_default(), tags.remove(&arn))
        });
        seen.collect()
    }

    async fn make(&self, client: &Client, attempt: &Attempt<'_>) -> Result<Made<Self>> {
        let call = client
            .elbv2
            .create_target_group()
            .name(&self.name)
            .set_vpc_id(self.vpc_id.wire())
            .set_protocol(self.protocol.wire())
            .set_port(self.port.wire())
            .set_protocol_version(self.protocol_version.wire())
            .set_ip_address_type(self.ip_address_type.wire())
            .set_target_control_port(self.target_control_port.wire())
            .set_target_type(self.target_type.wire())
            .set_tags(sent(&attempt.tags));
        let made = set_health_check!(call, self).send().await.map_err(failed)?.target_groups;
        Made::answered(made.into_iter().flatten().find_map(|group| group.target_group_arn))
    }

    async fn change(&self, client: &Client, seen: &Seen<Self>, due: &Due<'_>) -> Result<Next> {
        let attributes: Vec<_> = due_pairs(self.settings(), due)
            .map(|(key, value)| TargetGroupAttribute::builder().key(key).value(value).build())
            .collect();
        let modify = set_health_check!(client.elbv2.modify_target_group().target_group_arn(seen.id()), self);
        let mut next = changes!(self, due, failed; [health_check] => modify);
        if !attributes.is_empty() {
            let call = client.elbv2.modify_target_group_attributes().target_group_arn(seen.id());
            call.set_attributes(Some(attributes)).send().await.map_err(failed)?;
            next = Next::Changed;
        }
        Ok(next)
    }

    async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        client.elbv2.delete_target_group().target_group_arn(prior.id()).send().await.map_err(failed)?;
        Ok(Next::Done)
    }
}

async fn described(client: &Client, arns: &[&str], names: &[&str]) -> Result<Vec<Sdk>> {
    let texts = |all: &[&str]| (!all.is_empty()).then(|| all.iter().map(|&text| text.to_owned()).collect());
    let call =
        client.elbv2.describe_target_groups().set_target_group_arns(texts(arns)).set_names(texts(names));
    call.into_paginator().items().send().try_collect().await.map_err(failed)
}

async fn attributes(client: &Client, arn: &str) -> Result<Option<(String, HashMap<String, String>)>> {
    let call = client.elbv2.describe_target_group_attributes().target_group_arn(arn);
    let found = call.send().await.map_err(failed)?.attributes.unwrap_or_default();
    Ok(Some((arn.to_owned(), found.into_iter().filter_map(|one| one.key.zip(one.value)).collect())))
}

fn seen(group: Sdk, set: HashMap<String, String>, tags: Option<Vec<Tag>>) -> Result<Seen<LbTargetGroup>> {
    let arn: String = read(group.target_group_arn, "target_group_arn")?;
    let codes = group.matcher.and_then(|matcher| matcher.http_code.or(matcher.grpc_code));
    let health_check = read!(group => TargetHealthCheck {
        enabled = group.health_check_enabled.unwrap_or(true),
        // The check of a function has no protocol and no port.
        protocol = read(group.health_check_protocol.or(Some(ProtocolEnum::Http)), "health_check_protocol")?,
        port = group.health_check_port.unwrap_or_else(|| "traffic-port".to_owned()),
        path: health_check_path,
        matcher = codes,
        interval: health_check_interval_seconds,
        timeout: health_check_timeout_seconds,
        healthy_threshold: healthy_threshold_count,
        unhealthy_threshold: unhealthy_threshold_count,
    });
    let attributes = LbTargetGroupAttributes { id: Id::new(&arn), arn_suffix: suffix(&arn), arn };
    let arguments = read!(group => LbTargetGroup { name_prefix = None,
        name: target_group_name, vpc_id, protocol, protocol_version, port, target_type, ip_address_type,
        target_control_port,
        connection_termination = false,
        deregistration_delay = 0,
        slow_start = 0,
        load_balancing_algorithm_type = None,
        load_balancing_anomaly_mitigation = None,
        load_balancing_cross_zone_enabled = None,
        lambda_multi_value_headers_enabled = false,
        stickiness = None,
        target_failover = None,
        target_group_health = None,
        target_health_state = None,
        preserve_client_ip = None,
        proxy_protocol_v2 = false,
        health_check = Some(health_check),
        tags = Default::default(),
    });
    Ok(Seen::new(arguments.with_settings(&set)?, attributes).tags(given(tags)))
}
