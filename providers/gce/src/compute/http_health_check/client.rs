//! The calls for legacy HTTP health checks.

use super::HttpHealthCheck;
use crate::client::prelude::*;

impl Entry for HttpHealthCheck {
    const TABLE: Table = Table {
        collection: "httpHealthChecks",
        scope: Scope::Global,
        renamed: &[],
        changes: &[Change::Patch(
            &[
                "description",
                "host",
                "port",
                "request_path",
                "check_interval_sec",
                "timeout_sec",
                "healthy_threshold",
                "unhealthy_threshold",
            ],
            &[],
        )],
    };
}

calls!(HttpHealthCheck);
