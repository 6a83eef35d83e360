//! Load balancing beyond one sample of each type: target groups of each kind, and users who sign in.

use landform_aws::{Lb, LbListener, LbTargetGroup, Subnet, Vpc};
use landform_core::Observed;
use serde_json::json;

use super::{
    create,
    services::{conform, strict_world},
    typed,
};

#[tokio::test]
async fn target_groups_of_each_kind_keep_the_contract() {
    let (_moto, strict, client, provider) = strict_world().await;
    let vpc: Observed<Vpc> = create(&client, "one", &typed(json!({ "cidr_block": "10.0.0.0/16" }))).await;
    let vpc = vpc.id();
    let web = |sticky: &str, algorithm: &str, share: &str| {
        json!({
            "name": "web", "vpc_id": vpc, "protocol": "HTTP", "port": 80, "protocol_version": "HTTP2",
            "slow_start": if sticky == "a" { 30 } else { 0 }, "load_balancing_algorithm_type": algorithm,
            "load_balancing_anomaly_mitigation": if sticky == "a" { "on" } else { "off" },
            "load_balancing_cross_zone_enabled": if sticky == "a" { "true" } else { "use_load_balancer_configuration" },
            "stickiness": { "type": "app_cookie", "cookie_name": sticky, "cookie_duration": 60 },
            "target_group_health": {
                "dns_failover": { "minimum_healthy_targets_count": "2", "minimum_healthy_targets_percentage": share },
                "unhealthy_state_routing": { "minimum_healthy_targets_percentage": share },
            },
            "health_check": { "path": "/healthz", "matcher": "200-299", "timeout": 3 },
        })
    };
    let function = |lists: bool| {
        json!({
            "name": "function", "target_type": "lambda", "lambda_multi_value_headers_enabled": lists,
            "health_check": { "path": "/", "enabled": lists, "interval": 60, "timeout": 30 },
        })
    };
    let appliance = |flows: &str| {
        json!({
            "name": "appliance", "vpc_id": vpc, "protocol": "GENEVE", "port": 6081,
            "health_check": { "protocol": "TCP", "port": "80" },
            "stickiness": { "type": "source_ip_dest_ip" },
            "target_failover": { "on_deregistration": flows, "on_unhealthy": flows },
        })
    };
    let group = "aws_lb_target_group";
    let samples = [
        (group, web("a", "weighted_random", "50"), web("b", "least_outstanding_requests", "off")),
        (group, function(false), function(true)),
        (group, appliance("rebalance"), appliance("no_rebalance")),
    ];
    conform(&strict, &provider, &samples).await;
}

#[tokio::test]
async fn a_rule_that_lets_users_sign_in_never_shows_the_secret() {
    let (_moto, strict, client, provider) = strict_world().await;
    let vpc: Observed<Vpc> = create(&client, "one", &typed(json!({ "cidr_block": "10.0.0.0/16" }))).await;
    let subnet = json!({ "vpc_id": vpc.id(), "cidr_block": "10.0.0.0/20" });
    let subnet: Observed<Subnet> = create(&client, "one", &typed(subnet)).await;
    let lb: Observed<Lb> =
        create(&client, "web", &typed(json!({ "name": "web", "subnets": [subnet.id()] }))).await;
    let group = json!({ "name": "web", "vpc_id": vpc.id(), "protocol": "HTTP", "port": 80 });
    let group: Observed<LbTargetGroup> = create(&client, "web", &typed(group)).await;
    let listener = json!({
        "load_balancer_arn": lb.id(), "port": 80, "protocol": "HTTP",
        "default_action": [{ "type": "forward", "target_group_arn": group.id() }],
    });
    let listener: Observed<LbListener> = create(&client, "web", &typed(listener)).await;
    let rule = |secret: &str, scope: &str| {
        let provider = "https://id.example.com";
        json!({
            "listener_arn": listener.id(), "priority": 3,
            "condition": [{ "path_pattern": { "values": ["/private/*"] } }],
            "action": [
                { "type": "authenticate-oidc", "order": 1, "authenticate_oidc": {
                    "issuer": provider, "authorization_endpoint": format!("{provider}/a"),
                    "token_endpoint": format!("{provider}/t"), "user_info_endpoint": format!("{provider}/u"),
                    "client_id": "web", "client_secret": secret, "scope": scope,
                } },
                { "type": "forward", "order": 2, "target_group_arn": group.id() },
            ],
        })
    };
    let sample = ("aws_lb_listener_rule", rule("first", "openid"), rule("second", "openid email"));
    conform(&strict, &provider, &[sample]).await;
}
