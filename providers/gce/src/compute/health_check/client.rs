//! The calls for global health checks.

use super::HealthCheck;
use crate::{client::prelude::*, compute::region_health_check::client::with_type};

impl Entry for HealthCheck {
    const TABLE: Table = Table {
        collection: "healthChecks",
        scope: Scope::Global,
        renamed: &[],
        changes: &[Change::Patch(
            &[
                "description",
                "check_interval_sec",
                "timeout_sec",
                "healthy_threshold",
                "unhealthy_threshold",
                "tcp_health_check",
                "ssl_health_check",
                "http_health_check",
                "https_health_check",
                "http2_health_check",
                "grpc_health_check",
                "log_config",
                "source_regions",
            ],
            &["type"],
        )],
    };

    fn sent(body: &mut Map<String, Json>, _: &Place) {
        with_type(body);
    }
}

calls!(HealthCheck);
