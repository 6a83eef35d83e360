//! The calls for target groups. Tags and attributes need separate calls.

use std::collections::HashMap;

use aws_sdk_elasticloadbalancingv2::types::{Matcher, Tag, TargetGroup as Sdk, TargetGroupAttribute};

use super::{LbTargetGroup, LbTargetGroupAttributes, TargetHealthCheck};
use crate::{client::prelude::*, elbv2::client::*};

const TERMINATION: &str = "deregistration_delay.connection_termination.enabled";
const DELAY: &str = "deregistration_delay.timeout_seconds";
const CLIENT_IP: &str = "preserve_client_ip.enabled";
const PROXY: &str = "proxy_protocol_v2.enabled";

/// Sets the parameters that the calls to create and to modify a group share.
macro_rules! set_health_check {
    ($call:expr, $group:expr) => {{
        let check = $group.health_check.as_ref();
        let matcher = check.and_then(|check| check.matcher.as_ref());
        $call
            .set_health_check_enabled(check.map(|check| check.enabled))
            .set_health_check_protocol(check.and_then(|check| check.protocol.wire()))
            .set_health_check_port(check.and_then(|check| check.port.wire()))
            .set_health_check_path(check.and_then(|check| check.path.wire()))
            .set_matcher(matcher.map(|codes| Matcher::builder().http_code(codes).build()))
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
            Which::Ids(ids) => in_halves(ids, |ids| described(client, ids, &[])).await?,
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
            .set_target_type(self.target_type.wire())
            .set_tags(sent(&attempt.tags));
        let made = set_health_check!(call, self).send().await.map_err(failed)?.target_groups;
        Made::answered(made.into_iter().flatten().find_map(|group| group.target_group_arn))
    }

    async fn change(&self, client: &Client, seen: &Seen<Self>, due: &Due<'_>) -> Result<Next> {
        let text = |value: Option<bool>| value.map(|value| value.to_string());
        let attributes = [
            ("connection_termination", TERMINATION, text(Some(self.connection_termination))),
            ("deregistration_delay", DELAY, Some(self.deregistration_delay.to_string())),
            ("preserve_client_ip", CLIENT_IP, text(self.preserve_client_ip)),
            ("proxy_protocol_v2", PROXY, text(Some(self.proxy_protocol_v2))),
        ];
        let attributes = attributes.into_iter().filter(|(field, ..)| due.has(field));
        let attributes = attributes
            .map(|(_, key, value)| TargetGroupAttribute::builder().key(key).set_value(value).build())
            .collect();
        let modify = set_health_check!(client.elbv2.modify_target_group().target_group_arn(seen.id()), self);
        let describe = client.elbv2.modify_target_group_attributes().target_group_arn(seen.id());
        Ok(changes!(self, due, failed;
            [health_check] => modify,
            [connection_termination, deregistration_delay, preserve_client_ip, proxy_protocol_v2] =>
                describe.set_attributes(Some(attributes)),
        ))
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
    let health_check = read!(group => TargetHealthCheck {
        enabled = group.health_check_enabled.unwrap_or(true),
        protocol: health_check_protocol,
        port: health_check_port,
        path: health_check_path,
        matcher = group.matcher.and_then(|matcher| matcher.http_code),
        interval: health_check_interval_seconds,
        timeout: health_check_timeout_seconds,
        healthy_threshold: healthy_threshold_count,
        unhealthy_threshold: unhealthy_threshold_count,
    });
    let arguments = read!(group => LbTargetGroup {
        name: target_group_name, vpc_id, protocol, port, target_type,
        connection_termination = attribute(&set, TERMINATION).unwrap_or_default(),
        deregistration_delay = attribute(&set, DELAY).unwrap_or(300),
        preserve_client_ip = attribute(&set, CLIENT_IP),
        proxy_protocol_v2 = attribute(&set, PROXY).unwrap_or_default(),
        health_check = Some(health_check),
        tags = Default::default(),
    });
    Ok(Seen::new(arguments, LbTargetGroupAttributes { id: Id::new(&arn), arn }).tags(given(tags)))
}
