//! The calls for regional health checks.

use super::RegionHealthCheck;
use crate::client::prelude::*;

/// The fields of the probes on the wire, with the type that belongs to each.
const PROBES: [(&str, &str); 6] = [
    ("tcpHealthCheck", "TCP"),
    ("sslHealthCheck", "SSL"),
    ("httpHealthCheck", "HTTP"),
    ("httpsHealthCheck", "HTTPS"),
    ("http2HealthCheck", "HTTP2"),
    ("grpcHealthCheck", "GRPC"),
];

impl Entry for RegionHealthCheck {
    const TABLE: Table = Table {
        collection: "healthChecks",
        scope: Scope::Region,
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
            ],
            &["type"],
        )],
    };

    fn sent(body: &mut Map<String, Json>, _: &Place) {
        with_type(body);
    }
}

/// Adds the type of the probe that a body has.
pub(crate) fn with_type(body: &mut Map<String, Json>) {
    if let Some((_, of)) = PROBES.iter().find(|(probe, _)| body.contains_key(*probe)) {
        body.insert("type".to_owned(), (*of).into());
    }
}

calls!(RegionHealthCheck);
