//! Load balancers: health checks, backend services, proxies, forwarding rules.

use landform_core::Observed;
use landform_gce::{BackendService, HealthCheck, TargetTcpProxy};
use serde_json::{Value as Json, json};

use super::Case;
use crate::world::*;

pub async fn cases(kit: &Google, base: &Base, group: &Group) -> Vec<Case> {
    let (network, subnetwork) = (base.network.id(), base.subnetwork.id());
    let (labels, others) = (json!({ "name": "a", "old": "yes" }), json!({ "name": "b", "new": "yes" }));
    let instances = &group.manager.attributes.instance_group;
    let inside = |more: Json| {
        let base = json!({
            "name": "sample", "load_balancing_scheme": "INTERNAL", "ip_protocol": "TCP", "ports": ["443", "3988"],
            "backend_service": group.service.id(), "network": network, "subnetwork": subnetwork,
        });
        merged(base, more)
    };
    let health: Observed<HealthCheck> =
        create(kit, "global", &typed(json!({ "name": "global", "tcp_health_check": { "port": 443 } }))).await;
    let service =
        |name: &str| typed(json!({ "name": name, "protocol": "TCP", "health_checks": [health.id()] }));
    let one: Observed<BackendService> = create(kit, "service-one", &service("one")).await;
    let other: Observed<BackendService> = create(kit, "service-other", &service("other")).await;
    let proxy = |service: &Observed<BackendService>, more: Json| {
        merged(json!({ "name": "sample", "backend_service": service.id() }), more)
    };
    let [to_one, to_other] = [("to-one", &one), ("to-other", &other)].map(|(name, service)| {
        (name, typed::<TargetTcpProxy>(json!({ "name": name, "backend_service": service.id() })))
    });
    let to_one: Observed<TargetTcpProxy> = create(kit, to_one.0, &to_one.1).await;
    let to_other: Observed<TargetTcpProxy> = create(kit, to_other.0, &to_other.1).await;
    let rule = |target: &Observed<TargetTcpProxy>, more: Json| {
        merged(json!({ "name": "sample", "target": target.id(), "port_range": "443" }), more)
    };
    vec![
        Case::new(
            "google_compute_region_health_check",
            json!({ "name": "sample", "check_interval_sec": 10, "tcp_health_check": { "port": 443 } }),
        )
        .changed(json!({
            "name": "sample", "timeout_sec": 3, "ssl_health_check": { "port": 3988 }, "description": "of the API",
        }))
        .optional("description"),
        Case::new(
            "google_compute_health_check",
            json!({
                "name": "sample", "http_health_check": { "port": 80, "host": "example.com", "response": "ok" },
                "log_config": { "enable": true },
            }),
        )
        // The probe loses its host and its response.
        .changed(json!({
            "name": "sample", "check_interval_sec": 30, "http_health_check": { "port": 81 },
            "source_regions": ["us-central1", "us-east1", "europe-west1"], "description": "of the web",
        }))
        .optional("description"),
        Case::new(
            "google_compute_http_health_check",
            json!({ "name": "sample", "port": 3990, "request_path": "/healthz" }),
        )
        .changed(json!({ "name": "sample", "port": 3991, "request_path": "/ready", "description": "of the API" }))
        .optional("description"),
        Case::new(
            "google_compute_target_pool",
            json!({ "name": "sample", "health_checks": [group.check.id()], "session_affinity": "CLIENT_IP" }),
        ),
        Case::new(
            "google_compute_region_backend_service",
            json!({
                "name": "sample", "protocol": "TCP", "health_checks": [group.health.id()],
                "backend": [{ "group": instances, "balancing_mode": "CONNECTION" }],
            }),
        )
        .changed(json!({
            "name": "sample", "protocol": "TCP", "health_checks": [group.health.id()], "timeout_sec": 60,
            "connection_draining_timeout_sec": 10, "description": "of the API",
        }))
        .optional("description"),
        Case::new(
            "google_compute_backend_service",
            json!({
                "name": "sample", "protocol": "HTTP", "health_checks": [health.id()],
                "backend": [{ "group": instances, "max_utilization": 0.8, "capacity_scaler": 0.5 }],
                "custom_request_headers": ["X-Client:{client_region}"],
            }),
        )
        .changed(json!({
            "name": "sample", "protocol": "HTTP", "health_checks": [health.id()], "enable_cdn": true,
            "backend": [{ "group": instances, "balancing_mode": "RATE", "max_rate_per_instance": 12.5 }],
            "load_balancing_scheme": "EXTERNAL_MANAGED", "locality_lb_policy": "LEAST_REQUEST",
            "timeout_sec": 60, "connection_draining_timeout_sec": 10, "description": "of the web",
            "log_config": { "enable": true, "sample_rate": 0.25 },
        }))
        .optional("description"),
        Case::new("google_compute_target_tcp_proxy", proxy(&one, json!({ "description": "of tests" })))
            .changed(proxy(&other, json!({ "description": "of tests", "proxy_header": "PROXY_V1" })))
            .optional("proxy_header"),
        Case::new(
            "google_compute_url_map",
            json!({
                "name": "sample", "default_service": one.id(), "description": "old",
                "host_rule": [{ "hosts": ["example.com", "*.example.com"], "path_matcher": "all" }],
                "path_matcher": [{
                    "name": "all", "default_service": one.id(),
                    "path_rule": [{ "paths": ["/api", "/api/*"], "service": other.id() }],
                }],
                "test": [{ "host": "example.com", "path": "/api", "service": other.id() }],
            }),
        )
        // The change removes the rules.
        .changed(json!({
            "name": "sample", "description": "new",
            "default_url_redirect": { "strip_query": false, "https_redirect": true, "host_redirect": "example.org" },
        }))
        .optional("description"),
        Case::new("google_compute_forwarding_rule", inside(json!({ "labels": labels })))
            .changed(inside(json!({ "labels": others })))
            .optional("labels"),
        Case::new("google_compute_global_forwarding_rule", rule(&to_one, json!({ "labels": labels })))
            .changed(rule(&to_other, json!({ "labels": others, "load_balancing_scheme": "EXTERNAL_MANAGED" })))
            .optional("labels"),
    ]
}
