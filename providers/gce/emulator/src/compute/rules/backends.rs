//! Backend services.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

use super::{fixed, objects};
use crate::{
    compute::{
        link::Scope,
        table::{Draft, Rules},
        world::{World, text},
    },
    refusal::{Refusal, Result},
};

pub(crate) struct BackendServices;

impl Rules for BackendServices {
    fn check(&self, _world: &mut World, draft: &mut Draft) -> Result<()> {
        fixed(draft, &["network"])?;
        let scheme = draft.text("loadBalancingScheme").unwrap_or_default().to_owned();
        let global = draft.place.scope == Scope::Global;
        let by_proxy = |scheme: &str| matches!(scheme, "EXTERNAL" | "EXTERNAL_MANAGED");
        let before = draft.before.as_ref().map(|before| text(before, "loadBalancingScheme"));
        if !(global && by_proxy(&scheme) && before.is_some_and(by_proxy)) {
            fixed(draft, &["loadBalancingScheme"])?;
        }
        if global && scheme == "INTERNAL" {
            let why = "A global backend service cannot be internal.";
            return Err(Refusal::invalid("resource.loadBalancingScheme", scheme, why));
        }
        let passes_through = scheme == "INTERNAL" || (!global && scheme == "EXTERNAL");
        draft.or("protocol", if passes_through { "TCP" } else { "HTTP" });
        if !passes_through && draft.text("protocol") == Some("HTTP") {
            draft.or("portName", "http");
            draft.or("port", 80);
        }
        // Requests hold the secret. Answers hold only its digest.
        draft.or("iap", json!({}));
        if let Some(iap) = draft.object.get_mut("iap").and_then(Json::as_object_mut) {
            let secret = iap.remove("oauth2ClientSecret");
            let known = iap.contains_key("oauth2ClientSecretSha256");
            if secret.is_some() || !known {
                let secret = secret.as_ref().and_then(Json::as_str).unwrap_or_default();
                let digest = hex::encode(Sha256::digest(secret));
                iap.insert("oauth2ClientSecretSha256".to_owned(), json!(digest));
            }
            iap.entry("enabled").or_insert_with(|| json!(false));
            iap.entry("oauth2ClientId").or_insert_with(|| json!(""));
        }
        let mut groups = BTreeSet::new();
        for (index, backend) in objects(&mut draft.object, "backends").enumerate() {
            let group = text(backend, "group").to_owned();
            if group.is_empty() {
                return Err(Refusal::required(&format!("resource.backends[{index}].group")));
            }
            if !groups.insert(group.clone()) {
                let why = "Duplicate instance groups in backend service.";
                return Err(Refusal::invalid(&format!("resource.backends[{index}].group"), group, why));
            }
            backend
                .entry("balancingMode")
                .or_insert_with(|| json!(if passes_through { "CONNECTION" } else { "UTILIZATION" }));
        }
        Ok(())
    }
}
