//! The documents of the issuer of service account tokens, with which others verify tokens (OpenID Connect Discovery
//! 1.0).

use super::File;
use crate::populate::Populated;
use serde_json::{Value, json};

/// The documents. Empty if the API itself serves them.
pub(super) fn files(populated: &Populated) -> Vec<File> {
    let discovery = populated.cluster().service_account_issuer_discovery.clone().unwrap_or_default();
    let (Some(keyset), Some(store)) =
        (populated.keysets.get("service-account"), discovery.discovery_store.as_deref())
    else {
        return Vec::new();
    };
    let public = populated.on_aws().is_some_and(|home| home.issuer_bucket_needs_acl);
    let file = |name: &str, path: &str, document: &Value| File {
        name: name.into(),
        place: store.join(path),
        text: unindented(document),
        public,
    };
    let issuer = populated.issuer();
    let configuration = json!({
        "issuer": issuer,
        "jwks_uri": format!("{issuer}/openid/v1/jwks"),
        "authorization_endpoint": "urn:kubernetes:programmatic_authorization",
        "response_types_supported": ["id_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "claims_supported": ["sub", "iss"],
    });
    vec![
        file("keys.json", "openid/v1/jwks", &keyset.web_keys()),
        file("discovery.json", ".well-known/openid-configuration", &configuration),
    ]
}

/// JSON with one item a line, without indentation.
fn unindented(document: &Value) -> String {
    let text = format!("{document:#}");
    let lines: Vec<&str> = text.lines().map(str::trim_start).collect();
    lines.join("\n")
}
