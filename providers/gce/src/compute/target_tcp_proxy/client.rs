//! The calls for target TCP proxies.

use super::TargetTcpProxy;
use crate::client::prelude::*;

impl Entry for TargetTcpProxy {
    const TABLE: Table = Table {
        collection: "targetTcpProxies",
        scope: Scope::Global,
        renamed: &[("backend_service", "service")],
        changes: &[
            Change::Method("setBackendService", &["backend_service"]),
            Change::Method("setProxyHeader", &["proxy_header"]),
        ],
    };
}

calls!(TargetTcpProxy);
