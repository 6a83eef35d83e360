//! The calls for global backend services.

use super::BackendService;
use crate::client::prelude::*;

impl Entry for BackendService {
    const TABLE: Table = Table {
        collection: "backendServices",
        scope: Scope::Global,
        renamed: &[
            ("backend", "backends"),
            ("connection_draining_timeout_sec", "connectionDraining.drainingTimeoutSec"),
            ("enable_cdn", "enableCDN"),
        ],
        changes: &[Change::Patch(
            &[
                "description",
                "backend",
                "health_checks",
                "load_balancing_scheme",
                "locality_lb_policy",
                "protocol",
                "port_name",
                "session_affinity",
                "affinity_cookie_ttl_sec",
                "timeout_sec",
                "connection_draining_timeout_sec",
                "enable_cdn",
                "custom_request_headers",
                "custom_response_headers",
                "log_config",
            ],
            &[],
        )],
    };
}

calls!(BackendService);
