//! The calls for regional backend services.

use super::RegionBackendService;
use crate::client::prelude::*;

impl Entry for RegionBackendService {
    const TABLE: Table = Table {
        collection: "backendServices",
        scope: Scope::Region,
        renamed: &[
            ("backend", "backends"),
            ("connection_draining_timeout_sec", "connectionDraining.drainingTimeoutSec"),
        ],
        changes: &[Change::Patch(
            &[
                "description",
                "backend",
                "health_checks",
                "protocol",
                "session_affinity",
                "timeout_sec",
                "connection_draining_timeout_sec",
            ],
            &[],
        )],
    };
}

calls!(RegionBackendService);
