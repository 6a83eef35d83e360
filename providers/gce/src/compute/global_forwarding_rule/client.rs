//! The calls for global forwarding rules.

use super::GlobalForwardingRule;
use crate::{
    client::{prelude::*, reserved},
    compute::forwarding_rule::client::as_declared,
};

impl Entry for GlobalForwardingRule {
    const TABLE: Table = Table {
        collection: "forwardingRules",
        scope: Scope::Global,
        renamed: &[("ip_address", "IPAddress"), ("ip_protocol", "IPProtocol")],
        changes: &[Change::Method("setTarget", &["target"]), Change::Patch(&["load_balancing_scheme"], &[])],
    };
    const MADE_WITH_LABELS: bool = false;

    fn sent(body: &mut Map<String, Json>, place: &Place) {
        reserved::as_sent(body, place);
    }

    fn shown(answer: &mut Map<String, Json>) {
        as_declared(answer);
    }
}

calls!(GlobalForwardingRule, labels, later);
