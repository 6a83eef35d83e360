//! nodeup's settings of the API server: its flags, its names, and the authentication of users.

use super::renamed;
use crate::keys::Keyset;
use crate::populate::Populated;
use crate::spec::{Authentication, ClusterSpec, KubeApiServer};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

pub(super) fn api_server(populated: &Populated) -> Value {
    let cluster = populated.cluster();
    let api = cluster.api.clone().unwrap_or_default();
    let mut reached = Map::new();
    if !cluster.master_public_name.is_empty() {
        reached.insert("publicName".into(), cluster.master_public_name.as_str().into());
    }
    if !cluster.additional_sans.is_empty() {
        reached.insert("additionalSANs".into(), json!(cluster.additional_sans));
    }
    if api.dns.is_some() {
        reached.insert("dns".into(), json!({}));
    }
    if api.load_balancer.is_some_and(|balancer| balancer.use_for_internal_api) {
        reached.insert("loadBalancer".into(), json!({ "useForInternalAPI": true }));
    }
    let flags = cluster.kube_api_server.clone().unwrap_or_default();
    let mut config = json!({
        "API": reached,
        "ClusterDNSDomain": cluster.cluster_dns_domain,
        "KubeAPIServer": api_server_flags(&flags),
        "ServiceAccountPublicKeys":
            populated.keysets.get("service-account").map(Keyset::public_keys).unwrap_or_default(),
    });
    if let Some(users) = authentication(cluster) {
        config["Authentication"] = users;
    }
    if let Some(digest) = &populated.encryption_digest {
        config["EncryptionConfigSecretHash"] = digest.as_str().into();
    }
    config
}

fn api_server_flags(flags: &KubeApiServer) -> Value {
    let mut value = renamed(
        flags,
        &[
            ("authorizationRbacSuperUser", "authorizationRBACSuperUser"),
            ("authorizationWebhookCacheAuthorizedTtl", "authorizationWebhookCacheAuthorizedTTL"),
            ("authorizationWebhookCacheUnauthorizedTtl", "authorizationWebhookCacheUnauthorizedTTL"),
            ("etcdCaFile", "etcdCAFile"),
        ],
    );
    if let Value::Object(fields) = &mut value {
        // The section on authentication has these.
        fields.retain(|name, _| !name.starts_with("oidc") || name == "oidcCAFile");
    }
    value
}

/// The authentication of users. The manifest of the webhook contains its settings.
fn authentication(cluster: &ClusterSpec) -> Option<Value> {
    let given = cluster.authentication.clone();
    let flags = cluster.kube_api_server.clone().unwrap_or_default();
    let mut provider = Map::new();
    let mut set = |name: &str, value: Value| {
        if !value.is_null() && value != json!([]) && value != json!({}) {
            provider.insert(name.into(), value);
        }
    };
    set("clientID", json!(flags.oidc_client_id));
    let groups = flags.oidc_groups_claim.as_deref().map(|claims| claims.split(',').collect::<Vec<_>>());
    set("groupsClaims", json!(groups));
    set("groupsPrefix", json!(flags.oidc_groups_prefix));
    set("issuerURL", json!(flags.oidc_issuer_url));
    let claims = flags.oidc_required_claim.iter().filter_map(|claim| claim.split_once('='));
    set("requiredClaims", json!(claims.collect::<BTreeMap<_, _>>()));
    set("usernameClaim", json!(flags.oidc_username_claim));
    set("usernamePrefix", json!(flags.oidc_username_prefix));
    if given.is_none() && provider.is_empty() {
        return None;
    }
    let Authentication { kopeio, aws } = given.unwrap_or_default();
    let mut users = Map::new();
    if kopeio.is_some() {
        users.insert("kopeio".into(), json!({}));
    }
    if aws.is_some() {
        users.insert("aws".into(), json!({}));
    }
    if !provider.is_empty() {
        users.insert("oidc".into(), provider.into());
    }
    Some(users.into())
}
