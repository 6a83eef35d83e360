//! The calls for networks.

use super::Network;
use crate::client::prelude::*;

impl Entry for Network {
    const TABLE: Table = Table {
        collection: "networks",
        scope: Scope::Global,
        renamed: &[("routing_mode", "routingConfig.routingMode")],
        changes: &[
            Change::Patch(&["routing_mode"], &[]),
            Change::Patch(&["network_firewall_policy_enforcement_order"], &[]),
        ],
    };
}

calls!(Network);
