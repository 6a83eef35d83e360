//! The calls for forwarding rules.

use super::ForwardingRule;
use crate::client::prelude::*;

impl Entry for ForwardingRule {
    const TABLE: Table = Table {
        collection: "forwardingRules",
        scope: Scope::Region,
        renamed: &[("ip_address", "IPAddress"), ("ip_protocol", "IPProtocol")],
        changes: &[Change::Method("setTarget", &["target"])],
    };
    const MADE_WITH_LABELS: bool = false;

    fn shown(answer: &mut Map<String, Json>) {
        // Compute Engine answers a single port as a range from that port to itself.
        if let Some(Json::String(range)) = answer.get_mut("portRange")
            && let Some((first, last)) = range.split_once('-')
            && first == last
        {
            *range = first.to_owned();
        }
    }
}

calls!(ForwardingRule, labels, later);
