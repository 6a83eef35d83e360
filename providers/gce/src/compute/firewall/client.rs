//! The calls for firewall rules.

use super::Firewall;
use crate::client::prelude::*;

impl Entry for Firewall {
    const TABLE: Table = Table {
        collection: "firewalls",
        scope: Scope::Global,
        renamed: &[
            ("allow", "allowed"),
            ("allow.protocol", "IPProtocol"),
            ("deny", "denied"),
            ("deny.protocol", "IPProtocol"),
        ],
        changes: &[Change::Patch(
            &[
                "description",
                "disabled",
                "priority",
                "allow",
                "deny",
                "source_ranges",
                "source_tags",
                "destination_ranges",
                "target_tags",
                "log_config",
            ],
            &["name"],
        )],
    };

    fn sent(body: &mut Map<String, Json>, _: &Place) {
        // A declaration with logging has a `log_config`, one without logging has none.
        match body.get_mut("logConfig") {
            Some(logs) => logs["enable"] = true.into(),
            None => {
                body.insert("logConfig".to_owned(), json!({ "enable": false }));
            }
        }
    }

    fn shown(answer: &mut Map<String, Json>) {
        if answer.get("logConfig").is_some_and(|logs| logs["enable"] != true) {
            answer.remove("logConfig");
        }
    }
}

calls!(Firewall);
