//! The settings of a target group that AWS keeps as pairs of a key and a text. Which keys there are depends on the type of
//! the targets and on the protocol: a missing key means the default.

use std::collections::HashMap;

use super::*;
use crate::{client::prelude::*, elbv2::client::*};

words!(LoadBalancingAlgorithm, OnOff, CrossZone, StickinessType, FlowTreatment);

const TERMINATION: &str = "deregistration_delay.connection_termination.enabled";
const DELAY: &str = "deregistration_delay.timeout_seconds";
const CLIENT_IP: &str = "preserve_client_ip.enabled";
const PROXY: &str = "proxy_protocol_v2.enabled";
const SLOW_START: &str = "slow_start.duration_seconds";
const ALGORITHM: &str = "load_balancing.algorithm.type";
const ANOMALIES: &str = "load_balancing.algorithm.anomaly_mitigation";
const CROSS_ZONE: &str = "load_balancing.cross_zone.enabled";
const LISTS: &str = "lambda.multi_value_headers.enabled";
const STICKY: &str = "stickiness.enabled";
const STICKY_BY: &str = "stickiness.type";
const LB_COOKIE_LIFE: &str = "stickiness.lb_cookie.duration_seconds";
const APP_COOKIE_LIFE: &str = "stickiness.app_cookie.duration_seconds";
const APP_COOKIE: &str = "stickiness.app_cookie.cookie_name";
const ON_LEAVING: &str = "target_failover.on_deregistration";
const ON_FAILING: &str = "target_failover.on_unhealthy";
const DNS_COUNT: &str = "target_group_health.dns_failover.minimum_healthy_targets.count";
const DNS_PERCENTAGE: &str = "target_group_health.dns_failover.minimum_healthy_targets.percentage";
const ROUTING_COUNT: &str = "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count";
const ROUTING_PERCENTAGE: &str =
    "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage";
const ENDS: &str = "target_health_state.unhealthy.connection_termination.enabled";
const DRAINS: &str = "target_health_state.unhealthy.draining_interval_seconds";

impl LbTargetGroup {
    /// The settings: the field of each, its key and its value.
    pub(super) fn settings(&self) -> Vec<Setting> {
        let sticky = self.stickiness.as_ref();
        let life = |kind| sticky.filter(|one| one.r#type == kind).map(|one| one.cookie_duration);
        let failover = self.target_failover.as_ref();
        let health = self.target_group_health.as_ref();
        let dns = health.and_then(|health| health.dns_failover.as_ref());
        let routing = health.and_then(|health| health.unhealthy_state_routing.as_ref());
        let state = self.target_health_state.as_ref();
        let interval = state.filter(|state| !state.enable_unhealthy_connection_termination);
        vec![
            set("connection_termination", TERMINATION, Some(self.connection_termination)),
            set("deregistration_delay", DELAY, Some(self.deregistration_delay)),
            set("preserve_client_ip", CLIENT_IP, self.preserve_client_ip),
            set("proxy_protocol_v2", PROXY, Some(self.proxy_protocol_v2)),
            set("slow_start", SLOW_START, Some(self.slow_start)),
            word("load_balancing_algorithm_type", ALGORITHM, self.load_balancing_algorithm_type.as_ref()),
            word(
                "load_balancing_anomaly_mitigation",
                ANOMALIES,
                self.load_balancing_anomaly_mitigation.as_ref(),
            ),
            word(
                "load_balancing_cross_zone_enabled",
                CROSS_ZONE,
                self.load_balancing_cross_zone_enabled.as_ref(),
            ),
            set("lambda_multi_value_headers_enabled", LISTS, Some(self.lambda_multi_value_headers_enabled)),
            set("stickiness", STICKY, sticky.map(|one| one.enabled)),
            word("stickiness", STICKY_BY, sticky.map(|one| &one.r#type)),
            set("stickiness", LB_COOKIE_LIFE, life(StickinessType::LbCookie)),
            set("stickiness", APP_COOKIE_LIFE, life(StickinessType::AppCookie)),
            set("stickiness", APP_COOKIE, sticky.and_then(|one| one.cookie_name.as_ref())),
            word("target_failover", ON_LEAVING, failover.map(|one| &one.on_deregistration)),
            word("target_failover", ON_FAILING, failover.map(|one| &one.on_unhealthy)),
            set("target_group_health", DNS_COUNT, dns.map(|one| &one.minimum_healthy_targets_count)),
            set(
                "target_group_health",
                DNS_PERCENTAGE,
                dns.map(|one| &one.minimum_healthy_targets_percentage),
            ),
            set("target_group_health", ROUTING_COUNT, routing.map(|one| one.minimum_healthy_targets_count)),
            set(
                "target_group_health",
                ROUTING_PERCENTAGE,
                routing.map(|one| &one.minimum_healthy_targets_percentage),
            ),
            set(
                "target_health_state",
                ENDS,
                state.map(|state| state.enable_unhealthy_connection_termination),
            ),
            set("target_health_state", DRAINS, interval.map(|state| state.unhealthy_draining_interval)),
        ]
    }

    /// The same group with the settings that AWS shows.
    pub(super) fn with_settings(self, all: &HashMap<String, String>) -> Result<Self> {
        Ok(Self {
            connection_termination: attribute(all, TERMINATION).unwrap_or_default(),
            deregistration_delay: attribute(all, DELAY).unwrap_or(300),
            preserve_client_ip: attribute(all, CLIENT_IP),
            proxy_protocol_v2: attribute(all, PROXY).unwrap_or_default(),
            slow_start: attribute(all, SLOW_START).unwrap_or_default(),
            load_balancing_algorithm_type: read_word(all, ALGORITHM)?,
            load_balancing_anomaly_mitigation: read_word(all, ANOMALIES)?,
            load_balancing_cross_zone_enabled: read_word(all, CROSS_ZONE)?,
            lambda_multi_value_headers_enabled: attribute(all, LISTS).unwrap_or_default(),
            stickiness: stickiness(all)?,
            target_failover: failover(all)?,
            target_group_health: Some(health(all)).filter(|health| health.is_told()),
            // The interval of earlier settings does not count while connections end.
            target_health_state: attribute(all, ENDS).map(|ends| TargetHealthState {
                enable_unhealthy_connection_termination: ends,
                unhealthy_draining_interval: attribute(all, DRAINS).filter(|_| !ends).unwrap_or_default(),
            }),
            ..self
        })
    }
}

fn stickiness(all: &HashMap<String, String>) -> Result<Option<TargetStickiness>> {
    let Some(kind) = read_word::<StickinessType>(all, STICKY_BY)? else { return Ok(None) };
    let life = match kind {
        StickinessType::AppCookie => APP_COOKIE_LIFE,
        _ => LB_COOKIE_LIFE,
    };
    Ok(Some(TargetStickiness {
        enabled: attribute(all, STICKY).unwrap_or_default(),
        cookie_duration: attribute(all, life).unwrap_or(86400),
        cookie_name: attribute::<String>(all, APP_COOKIE)
            .filter(|name| kind == StickinessType::AppCookie && !name.is_empty()),
        r#type: kind,
    }))
}

fn failover(all: &HashMap<String, String>) -> Result<Option<TargetFailover>> {
    let (leaving, failing) = (read_word(all, ON_LEAVING)?, read_word(all, ON_FAILING)?);
    Ok(leaving
        .zip(failing)
        .map(|(on_deregistration, on_unhealthy)| TargetFailover { on_deregistration, on_unhealthy }))
}

fn health(all: &HashMap<String, String>) -> TargetGroupHealth {
    let off = || "off".to_owned();
    let dns = all.contains_key(DNS_COUNT) || all.contains_key(DNS_PERCENTAGE);
    let routing = all.contains_key(ROUTING_COUNT) || all.contains_key(ROUTING_PERCENTAGE);
    TargetGroupHealth {
        dns_failover: dns.then(|| DnsFailover {
            minimum_healthy_targets_count: attribute(all, DNS_COUNT).unwrap_or_else(off),
            minimum_healthy_targets_percentage: attribute(all, DNS_PERCENTAGE).unwrap_or_else(off),
        }),
        unhealthy_state_routing: routing.then(|| UnhealthyStateRouting {
            minimum_healthy_targets_count: attribute(all, ROUTING_COUNT).unwrap_or(1),
            minimum_healthy_targets_percentage: attribute(all, ROUTING_PERCENTAGE).unwrap_or_else(off),
        }),
    }
}

impl TargetGroupHealth {
    fn is_told(&self) -> bool {
        self.dns_failover.is_some() || self.unhealthy_state_routing.is_some()
    }
}
