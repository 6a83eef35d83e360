//! Sealing: what is stored in the place of a secret, so that a change of it can be told without knowing it.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use landform_core::{
    Error, SENSITIVE,
    expr::Expr,
    schema::{Kind, Schema},
};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

/// Shorter secrets are not looked for in messages, where they would be found in any word.
const SHORTEST: usize = 4;

/// How a sealed value begins.
pub(crate) const MARK: &str = "$sealed:";

/// The seal of one value. The salt is the state's lineage: seals of two states tell nothing about each other.
pub(crate) fn seal_value(value: &Json, salt: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(salt);
    hash.update([0]);
    hash.update(value.to_string());
    let digest: String = hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("{MARK}{digest}")
}

/// Whether a value is a seal.
pub(crate) fn is_sealed(value: &Json) -> bool {
    value.as_str().is_some_and(|text| text.starts_with(MARK))
}

/// Seals what the schema says is secret, what `wanted` marks as secret, and what stood sealed in `before`.
pub(crate) fn seal(
    schema: &Schema,
    value: &mut Json,
    wanted: Option<&Expr>,
    before: Option<&Json>,
    salt: &str,
) {
    if let Json::Object(fields) = value {
        for (name, value) in fields {
            let field = schema.field(name);
            let wanted = wanted.and_then(|wanted| wanted.get(name));
            let before = before.and_then(|before| before.get(name));
            if field.is_some_and(|field| field.secret) {
                seal_one(value, salt);
            } else {
                seal_kind(field.map(|field| &field.kind), value, wanted.as_deref(), before, salt);
            }
        }
    }
}

fn seal_kind(
    kind: Option<&Kind>,
    value: &mut Json,
    wanted: Option<&Expr>,
    before: Option<&Json>,
    salt: &str,
) {
    if matches!(wanted, Some(Expr::Secret(_))) || before.is_some_and(is_sealed) {
        return seal_one(value, salt);
    }
    match (kind, value) {
        (Some(Kind::Block(schema)), value @ Json::Object(_)) => seal(schema, value, wanted, before, salt),
        (Some(Kind::List(item) | Kind::Set(item)), Json::Array(items)) => {
            for (place, value) in items.iter_mut().enumerate() {
                let wanted = match wanted {
                    Some(Expr::List(items)) => items.get(place),
                    _ => None,
                };
                seal_kind(Some(item), value, wanted, before.and_then(|before| before.get(place)), salt);
            }
        }
        (Some(Kind::Map(item)), Json::Object(fields)) => {
            for (key, value) in fields {
                let wanted = match wanted {
                    Some(Expr::Map(fields)) => fields.get(key),
                    _ => None,
                };
                seal_kind(Some(item), value, wanted, before.and_then(|before| before.get(key)), salt);
            }
        }
        _ => {}
    }
}

fn seal_one(value: &mut Json, salt: &str) {
    if !value.is_null() && !is_sealed(value) {
        *value = Json::String(seal_value(value, salt));
    }
}

/// Secrets in the clear, by their seals, for as long as the engine lives and nowhere but in memory: what one resource
/// is given of another's secret comes from here.
#[derive(Default)]
pub(crate) struct Vault(Mutex<HashMap<String, Json>>);

impl Vault {
    /// Keeps what stands in the clear where the other value has seals.
    pub(crate) fn keep(&self, clear: &Json, sealed: &Json) {
        match (clear, sealed) {
            (clear, Json::String(seal)) if is_sealed(sealed) && clear != sealed => {
                let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
                known.insert(seal.clone(), clear.clone());
            }
            (Json::Object(clear), Json::Object(sealed)) => {
                for (name, sealed) in sealed {
                    if let Some(clear) = clear.get(name) {
                        self.keep(clear, sealed);
                    }
                }
            }
            (Json::Array(clear), Json::Array(sealed)) => {
                clear.iter().zip(sealed).for_each(|(clear, sealed)| self.keep(clear, sealed));
            }
            _ => {}
        }
    }

    /// What a provider says, without the secrets that it may repeat.
    pub(crate) fn hide(&self, error: Error) -> Error {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let secrets = known.values().filter_map(Json::as_str).filter(|secret| secret.len() >= SHORTEST);
        secrets.fold(error, |error, secret| error.replace(secret, SENSITIVE))
    }

    /// Puts secrets in the place of their seals; `false` if one of them is not known.
    pub(crate) fn open(&self, value: &mut Json) -> bool {
        match value {
            Json::String(_) if is_sealed(value) => {
                let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
                let Some(clear) = value.as_str().and_then(|seal| known.get(seal)) else { return false };
                *value = clear.clone();
                true
            }
            Json::Object(fields) => fields.values_mut().all(|value| self.open(value)),
            Json::Array(items) => items.iter_mut().all(|value| self.open(value)),
            _ => true,
        }
    }
}

/// Whether a seal stands anywhere in a value.
pub(crate) fn holds_seals(value: &Json) -> bool {
    match value {
        Json::String(_) => is_sealed(value),
        Json::Object(fields) => fields.values().any(holds_seals),
        Json::Array(items) => items.iter().any(holds_seals),
        _ => false,
    }
}
