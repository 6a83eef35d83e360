//! Secrets in the clear, only in memory and only as long as the engine lives. Stores nothing.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use landform_core::{Diagnostic, Error, SENSITIVE, secret::SEALED};
use serde_json::Value as Json;

use super::{UNSEEN, is_sealed};

/// Shorter secrets are not searched for in messages, because they occur in ordinary words.
const SHORTEST: usize = 4;

/// Secrets by their seals. A resource that uses the secret of another resource gets it from here.
#[derive(Default)]
pub struct Vault(Mutex<HashMap<String, Json>>);

impl Vault {
    /// Keeps the values that are in the clear where the other value has seals.
    pub fn keep(&self, clear: &Json, sealed: &Json) {
        match (clear, sealed) {
            (clear, Json::String(seal)) if is_sealed(sealed) && clear != sealed && !clear.is_null() => {
                self.known().insert(seal.clone(), clear.clone());
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

    /// A provider's message without the secrets that it may repeat, in plain form or as JSON or Rust spell text.
    pub fn hide(&self, error: Error) -> Error {
        self.without_secrets(error, |error, secret| error.replace(secret, SENSITIVE))
    }

    /// Like [`Vault::hide`], in a warning.
    pub fn hide_in(&self, warning: Diagnostic) -> Diagnostic {
        self.without_secrets(warning, |warning, secret| warning.replace(secret, SENSITIVE))
    }

    fn without_secrets<T>(&self, said: T, hide: impl Fn(T, &str) -> T) -> T {
        let mut texts = Vec::new();
        self.known().values().for_each(|secret| gather(secret, &mut texts));
        texts.retain(|text| text.len() >= SHORTEST);
        // The longest first, because one secret may be a part of another.
        texts.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        texts.dedup();
        texts.iter().fold(said, |said, secret| hide(said, secret))
    }

    /// Replaces seals by their secrets; `false` if one of them is unknown.
    pub fn open(&self, value: &mut Json) -> bool {
        match value {
            Json::String(seal) if seal.starts_with(SEALED) => {
                let seal = seal.strip_suffix(UNSEEN).unwrap_or(seal);
                let Some(clear) = self.known().get(seal).cloned() else { return false };
                *value = clear;
                true
            }
            // Opens all known seals, even if others are unknown.
            Json::Object(fields) => self.open_all(fields.values_mut()),
            Json::Array(items) => self.open_all(items.iter_mut()),
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => true,
        }
    }

    fn open_all<'a>(&self, values: impl Iterator<Item = &'a mut Json>) -> bool {
        let mut all = true;
        for value in values {
            all &= self.open(value);
        }
        all
    }

    fn known(&self) -> MutexGuard<'_, HashMap<String, Json>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The texts and numbers of a secret, in each spelling that a message may use.
fn gather(secret: &Json, texts: &mut Vec<String>) {
    match secret {
        Json::String(text) => {
            let quoted = Json::from(text.as_str()).to_string();
            let debug = format!("{text:?}");
            texts.extend([quoted[1..quoted.len() - 1].to_owned(), debug[1..debug.len() - 1].to_owned()]);
            texts.push(text.clone());
        }
        Json::Number(number) => texts.push(number.to_string()),
        Json::Object(fields) => fields.values().for_each(|value| gather(value, texts)),
        Json::Array(items) => items.iter().for_each(|value| gather(value, texts)),
        Json::Null | Json::Bool(_) => {}
    }
}
