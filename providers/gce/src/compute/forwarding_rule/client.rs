//! The calls for forwarding rules.

use super::ForwardingRule;
use crate::client::{prelude::*, reserved};

impl Entry for ForwardingRule {
    const TABLE: Table = Table {
        collection: "forwardingRules",
        scope: Scope::Region,
        renamed: &[("ip_address", "IPAddress"), ("ip_protocol", "IPProtocol")],
        changes: &[Change::Method("setTarget", &["target"])],
    };
    const MADE_WITH_LABELS: bool = false;

    fn sent(body: &mut Map<String, Json>, place: &Place) {
        reserved::as_sent(body, place);
    }

    fn shown(answer: &mut Map<String, Json>) {
        as_declared(answer);
    }
}

/// Spells a single port as declarations do. Compute Engine answers a range from that port to itself.
pub(crate) fn as_declared(answer: &mut Map<String, Json>) {
    if let Some(Json::String(range)) = answer.get_mut("portRange")
        && let Some((first, last)) = range.split_once('-')
        && first == last
    {
        *range = first.to_owned();
    }
}

calls!(ForwardingRule, labels, later);
