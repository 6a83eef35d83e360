//! The calls for subnetworks.

use super::Subnetwork;
use crate::client::prelude::*;

impl Entry for Subnetwork {
    const TABLE: Table = Table {
        collection: "subnetworks",
        scope: Scope::Region,
        renamed: &[("secondary_ip_range", "secondaryIpRanges")],
        changes: &[
            Change::Patch(&["secondary_ip_range"], &[]),
            Change::Patch(&["log_config"], &[]),
            Change::Patch(&["stack_type"], &[]),
            Change::Patch(&["role"], &[]),
            Change::Method("setPrivateIpGoogleAccess", &["private_ip_google_access"]),
        ],
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

calls!(Subnetwork);
