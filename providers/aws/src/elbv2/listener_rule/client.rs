//! The calls for the rules of listeners.

use std::collections::BTreeSet;

use aws_sdk_elasticloadbalancingv2::types::{
    HostHeaderConditionConfig, HttpHeaderConditionConfig, HttpRequestMethodConditionConfig,
    PathPatternConditionConfig, QueryStringConditionConfig, QueryStringKeyValuePair, Rule as Sdk,
    RuleCondition as SdkCondition, RulePriorityPair, SourceIpConditionConfig, Tag,
};

use super::{
    ConditionValues, HttpHeaderCondition, LbListenerRule, LbListenerRuleAttributes, PatternCondition,
    QueryStringCondition, RuleCondition, transform,
};
use crate::{
    client::prelude::*,
    elbv2::{client::*, listener::action},
};

#[async_trait]
impl Calls<Client> for LbListenerRule {
    const TAGS: Option<Tagging<Client, Self>> = tagged!(tags, tag);
    const PAGE: usize = PAGE;

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        let rules = match which {
            Which::Ids(ids) | Which::Beside(ids) => in_halves(ids, |ids| described(client, ids)).await?,
            Which::Attempt(_, rule) => rules_of(client, rule.listener_arn.as_str()).await?,
        };
        let rules: Vec<Sdk> = rules.into_iter().filter(|rule| rule.is_default != Some(true)).collect();
        let arns: Vec<String> = rules.iter().filter_map(|rule| rule.rule_arn.clone()).collect();
        let mut all = Vec::new();
        for (rules, arns) in rules.chunks(PAGE).zip(arns.chunks(PAGE)) {
            let mut tags = tags_of(client, arns).await?;
            for rule in rules {
                let tags = tags.remove(rule.rule_arn.as_deref().unwrap_or_default());
                all.push(seen(rule.clone(), tags)?);
            }
        }
        Ok(all)
    }

    async fn make(&self, client: &Client, attempt: &Attempt<'_>) -> Result<Made<Self>> {
        let priority = match self.priority {
            Some(priority) => priority,
            None => behind_all(&rules_of(client, self.listener_arn.as_str()).await?),
        };
        let call = client
            .elbv2
            .create_rule()
            .set_listener_arn(self.listener_arn.wire())
            .set_priority(priority.wire())
            .set_actions(action::requests("action", &self.action)?)
            .set_conditions(Some(self.condition.iter().flat_map(conditions_sent).collect()))
            .set_transforms(transform::requests(&self.transform))
            .set_tags(sent(&attempt.tags));
        let made = call.send().await.map_err(failed)?.rules;
        Made::answered(made.into_iter().flatten().find_map(|rule| rule.rule_arn))
    }

    async fn change(&self, client: &Client, seen: &Seen<Self>, due: &Due<'_>) -> Result<Next> {
        let pair = RulePriorityPair::builder().rule_arn(seen.id()).set_priority(self.priority.wire()).build();
        let actions = action::requests("action", &self.action)?;
        let conditions = self.condition.iter().flat_map(conditions_sent).collect();
        let transforms = transform::requests(&self.transform);
        let modify = client
            .elbv2
            .modify_rule()
            .rule_arn(seen.id())
            .set_reset_transforms(transforms.is_none().then_some(true))
            .set_transforms(transforms);
        Ok(changes!(self, due, failed;
            [priority] => client.elbv2.set_rule_priorities().rule_priorities(pair),
            [action, condition, transform] => modify.set_actions(actions).set_conditions(Some(conditions)),
        ))
    }

    async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        client.elbv2.delete_rule().rule_arn(prior.id()).send().await.map_err(failed)?;
        Ok(Next::Done)
    }
}

async fn described(client: &Client, arns: &[&str]) -> Result<Vec<Sdk>> {
    let arns = arns.iter().map(|arn| (*arn).to_owned()).collect();
    let call = client.elbv2.describe_rules().set_rule_arns(Some(arns));
    call.into_paginator().items().send().try_collect().await.map_err(failed)
}

/// The rules of a listener. Empty if there is no such listener.
async fn rules_of(client: &Client, listener: &str) -> Result<Vec<Sdk>> {
    let call = client.elbv2.describe_rules().listener_arn(listener);
    match call.into_paginator().items().send().try_collect().await.map_err(failed) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        other => other,
    }
}

/// The priority after all present rules. The default rule has no priority.
fn behind_all(rules: &[Sdk]) -> u32 {
    let taken = rules.iter().filter_map(|rule| rule.priority()?.parse::<u32>().ok());
    taken.max().unwrap_or_default() + 1
}

fn conditions_sent(condition: &RuleCondition) -> Vec<SdkCondition> {
    let of = |field: &str| SdkCondition::builder().field(field);
    let values = |values: &ConditionValues| Some(values.values.iter().cloned().collect::<Vec<_>>());
    let mut all = Vec::new();
    if let Some(hosts) = &condition.host_header {
        let config = HostHeaderConditionConfig::builder()
            .set_values(hosts.values.wire())
            .set_regex_values(hosts.regex_values.wire())
            .build();
        all.push(of("host-header").host_header_config(config).build());
    }
    if let Some(paths) = &condition.path_pattern {
        let config = PathPatternConditionConfig::builder()
            .set_values(paths.values.wire())
            .set_regex_values(paths.regex_values.wire())
            .build();
        all.push(of("path-pattern").path_pattern_config(config).build());
    }
    if let Some(methods) = &condition.http_request_method {
        let config = HttpRequestMethodConditionConfig::builder().set_values(values(methods)).build();
        all.push(of("http-request-method").http_request_method_config(config).build());
    }
    if let Some(networks) = &condition.source_ip {
        let config = SourceIpConditionConfig::builder().set_values(values(networks)).build();
        all.push(of("source-ip").source_ip_config(config).build());
    }
    if let Some(header) = &condition.http_header {
        let config = HttpHeaderConditionConfig::builder()
            .http_header_name(&header.http_header_name)
            .set_values(header.values.wire())
            .set_regex_values(header.regex_values.wire())
            .build();
        all.push(of("http-header").http_header_config(config).build());
    }
    if !condition.query_string.is_empty() {
        let pairs = condition.query_string.iter().map(|part| {
            QueryStringKeyValuePair::builder().set_key(part.key.clone()).value(&part.value).build()
        });
        let config = QueryStringConditionConfig::builder().set_values(Some(pairs.collect())).build();
        all.push(of("query-string").query_string_config(config).build());
    }
    all
}

/// The plain values and the regular expressions of a condition.
type Values = (Option<Vec<String>>, Option<Vec<String>>);

fn condition(condition: SdkCondition) -> RuleCondition {
    let plain = condition.values.clone().unwrap_or_default();
    // AWS repeats the older fields in a separate list.
    let values = |values: Option<Vec<String>>| -> BTreeSet<String> {
        values.unwrap_or_else(|| plain.clone()).into_iter().collect()
    };
    let set = |found: Option<Vec<String>>| Some(ConditionValues { values: values(found) });
    let patterns = |found: Option<Values>| {
        let (plain, regex) = found.unwrap_or_default();
        let regex_values: BTreeSet<String> = regex.unwrap_or_default().into_iter().collect();
        let plain = plain.or((!regex_values.is_empty()).then(Vec::new));
        Some(PatternCondition { values: values(plain), regex_values })
    };
    let nothing = RuleCondition::default();
    match condition.field.as_deref() {
        Some("host-header") => {
            let config = condition.host_header_config.map(|config| (config.values, config.regex_values));
            RuleCondition { host_header: patterns(config), ..nothing }
        }
        Some("path-pattern") => {
            let config = condition.path_pattern_config.map(|config| (config.values, config.regex_values));
            RuleCondition { path_pattern: patterns(config), ..nothing }
        }
        Some("http-request-method") => {
            let config = condition.http_request_method_config.and_then(|config| config.values);
            RuleCondition { http_request_method: set(config), ..nothing }
        }
        Some("source-ip") => {
            let config = condition.source_ip_config.and_then(|config| config.values);
            RuleCondition { source_ip: set(config), ..nothing }
        }
        Some("http-header") => {
            let http_header = condition.http_header_config.map(|config| HttpHeaderCondition {
                http_header_name: config.http_header_name.unwrap_or_default(),
                values: config.values.unwrap_or_default().into_iter().collect(),
                regex_values: config.regex_values.unwrap_or_default().into_iter().collect(),
            });
            RuleCondition { http_header, ..nothing }
        }
        Some("query-string") => {
            let pairs = condition.query_string_config.and_then(|config| config.values).unwrap_or_default();
            let pairs = pairs.into_iter().map(|pair| QueryStringCondition {
                key: pair.key.filter(|key| !key.is_empty()),
                value: pair.value.unwrap_or_default(),
            });
            RuleCondition { query_string: pairs.collect(), ..nothing }
        }
        _ => nothing,
    }
}

fn seen(rule: Sdk, tags: Option<Vec<Tag>>) -> Result<Seen<LbListenerRule>> {
    let arn: String = read(rule.rule_arn, "rule_arn")?;
    // `listener-rule/app/name/balancer/listener/rule` is a rule of `listener/app/name/balancer/listener`.
    let listener = arn.rsplit_once('/').map_or(arn.as_str(), |(listener, _)| listener);
    let arguments = LbListenerRule {
        listener_arn: Id::new(listener.replacen(":listener-rule/", ":listener/", 1)),
        priority: rule.priority.and_then(|priority| priority.parse().ok()),
        action: action::actions(rule.actions)?,
        condition: rule.conditions.unwrap_or_default().into_iter().map(condition).collect(),
        transform: transform::transforms(rule.transforms)?,
        tags: Default::default(),
    };
    Ok(Seen::new(arguments, LbListenerRuleAttributes { id: Id::new(&arn), arn }).tags(given(tags)))
}
