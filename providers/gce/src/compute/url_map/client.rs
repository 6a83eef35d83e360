//! The calls for URL maps.

use super::UrlMap;
use crate::client::prelude::*;

impl Entry for UrlMap {
    const TABLE: Table = Table {
        collection: "urlMaps",
        scope: Scope::Global,
        renamed: &[
            ("host_rule", "hostRules"),
            ("path_matcher", "pathMatchers"),
            ("path_matcher.path_rule", "pathRules"),
            ("test", "tests"),
        ],
        changes: &[Change::Patch(
            &["description", "default_service", "default_url_redirect", "host_rule", "path_matcher", "test"],
            &[],
        )],
    };
}

calls!(UrlMap);
