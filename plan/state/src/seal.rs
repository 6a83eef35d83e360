//! Sealing replaces a stored secret. A seal shows that a secret has changed, and nothing else about it.

mod marks;
mod sealed;
mod vault;

use std::borrow::Cow;

use landform_core::{
    Canonical, Path,
    expr::{Expr, Glance, Resolved},
    path::Step,
    schema::{Comparison, Place, Schema},
    secret::SEALED,
};
use serde_json::{Map, Value as Json};
use sha2::{Digest, Sha256};

pub use landform_core::secret::{holds_seals, is_sealed};
use marks::Marks;
pub use marks::holds_secrets;
pub use sealed::{Sealed, Sealer};
pub use vault::Vault;

/// The end of a seal whose secret the cloud did not show when it was written. If the cloud shows none later, nothing
/// has changed.
const UNSEEN: &str = ":unseen";

/// The seal of one value. The salt is the lineage of the state, so seals of two states tell nothing about each other.
pub fn seal_value(value: &Json, salt: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(salt);
    hash.update([0]);
    hash.update(Canonical(value).to_string());
    format!("{SEALED}{}", hex::encode(&hash.finalize()[..16]))
}

/// Whether a seal belongs to a value.
pub fn fits(place: Place<'_>, sealed: &Json, clear: &Json, salt: &str) -> bool {
    let Some(sealed) = sealed.as_str() else { return false };
    let sealed = sealed.strip_suffix(UNSEEN).unwrap_or(sealed);
    // Earlier releases sealed the value in its original spelling.
    sealed.starts_with(SEALED) && (sealed == seal_at(place, clear, salt) || sealed == seal_value(clear, salt))
}

/// The value at a path of a recorded value. A value inside a secret is unknown unless the vault has the secret.
pub fn find(value: &Json, path: &Path, is_secret: bool, vault: &Vault) -> Resolved {
    let mut value = Cow::Borrowed(value);
    let mut is_secret = is_secret;
    for step in path.steps() {
        if is_sealed(&value) {
            if !vault.open(value.to_mut()) {
                return Resolved::Unknown;
            }
            is_secret = true;
        }
        let next = match step {
            Step::Key(key) => value.get(&**key),
            Step::Index(index) => value.get(*index as usize),
        };
        value = Cow::Owned(next.cloned().unwrap_or(Json::Null));
    }
    let value = value.into_owned();
    if is_secret { Resolved::Secret(value) } else { Resolved::Known(value) }
}

/// Makes a recorded value readable for a provider: puts known secrets in place of their seals, and placeholders of the
/// right type in place of the others.
pub fn make_readable(schema: &Schema, value: &mut Json, vault: &Vault) {
    if holds_seals(value) && !vault.open(value) {
        schema.top().each_mut(value, &mut |place, value| {
            if is_sealed(value) && !place.is_text() {
                *value = place.blank();
            }
        });
    }
}

/// Seals the values that the schema calls secret, that `wanted` marks as secret, and that `before` has sealed.
///
/// A secret in `wanted` or `before` that the cloud does not show is sealed as it was written.
fn seal(schema: &Schema, value: &mut Json, wanted: Option<&Expr>, before: Option<&Json>, salt: &str) {
    leave_out(schema, value);
    let marks = Marks::of(wanted, before);
    seal_below(schema.top(), value, marks.as_ref(), salt);
    if let Some(wanted) = wanted {
        write_down(schema.top(), value, wanted, salt);
    }
    if let Some(before) = before {
        keep_unseen(schema.top(), value, before, salt);
    }
}

/// A value without its write-only fields.
pub fn kept<'a>(schema: &Schema, value: &'a Json) -> Cow<'a, Json> {
    if !schema.any(&mut |place| place.is_write_only()) {
        return Cow::Borrowed(value);
    }
    let mut kept = value.clone();
    leave_out_below(schema.top(), &mut kept);
    Cow::Owned(kept)
}

/// Leaves out write-only fields.
fn leave_out(schema: &Schema, value: &mut Json) {
    if schema.any(&mut |place| place.is_write_only()) {
        leave_out_below(schema.top(), value);
    }
}

fn leave_out_below(place: Place<'_>, value: &mut Json) {
    match value {
        Json::Object(fields) => {
            fields.retain(|key, _| !place.key(key).is_write_only());
            fields.iter_mut().for_each(|(key, value)| leave_out_below(place.key(key), value));
        }
        Json::Array(items) => {
            let items = items.iter_mut().enumerate();
            items.for_each(|(number, value)| leave_out_below(place.index(number), value));
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
    }
}

fn seal_below(place: Place<'_>, value: &mut Json, marks: Option<&Marks>, salt: &str) {
    if place.is_secret() || marks.is_some_and(|marks| marks.hide(value)) {
        if !value.is_null() && !is_sealed(value) {
            *value = Json::String(seal_at(place, value, salt));
        }
        return;
    }
    match value {
        Json::Object(fields) => {
            for (key, value) in fields {
                seal_below(place.key(key), value, marks.and_then(|marks| marks.key(key)), salt);
            }
        }
        Json::Array(items) => {
            let marks = marks.and_then(Marks::items);
            let items = items.iter_mut().enumerate();
            items.for_each(|(number, value)| seal_below(place.index(number), value, marks, salt));
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
    }
}

/// The seal of a value at a place. Values with the same meaning there have the same seal.
fn seal_at(place: Place<'_>, value: &Json, salt: &str) -> String {
    seal_value(&place.canonical(value), salt)
}

/// Seals secrets that were written and that the cloud does not show. Items of lists correspond only if both lists have
/// the same length.
fn write_down(place: Place<'_>, value: &mut Json, wanted: &Expr, salt: &str) {
    if place.is_write_only() {
        return;
    }
    match (wanted, value) {
        (Expr::Secret(inner), value @ Json::Null) => {
            if let Some(clear) = inner.expose().filter(|clear| !clear.is_null()) {
                *value = Json::String(format!("{}{UNSEEN}", seal_at(place, &clear, salt)));
            }
        }
        (Expr::Map(wanted), Json::Object(fields)) => {
            for (key, wanted) in wanted {
                let place = place.key(key);
                within(fields, key, |value| write_down(place, value, wanted, salt));
            }
        }
        (Expr::List(wanted), Json::Array(items)) => {
            let glances: Vec<Glance<'_>> = wanted.iter().map(Glance::at).collect();
            for (number, other) in alike(place, &glances, items, salt) {
                write_down(place.index(number), &mut items[number], &wanted[other], salt);
            }
        }
        _ => {}
    }
}

/// Keeps the seals of secrets that the cloud showed neither when they were written nor now.
fn keep_unseen(place: Place<'_>, value: &mut Json, before: &Json, salt: &str) {
    match (before, value) {
        (Json::String(seal), value @ Json::Null) if seal.ends_with(UNSEEN) && is_sealed(before) => {
            *value = before.clone();
        }
        (Json::Object(before), Json::Object(fields)) => {
            for (key, before) in before {
                let place = place.key(key);
                within(fields, key, |value| keep_unseen(place, value, before, salt));
            }
        }
        (Json::Array(before), Json::Array(items)) if before.iter().any(holds_seals) => {
            let glances: Vec<Glance<'_>> = before.iter().map(Glance::Json).collect();
            for (number, other) in alike(place, &glances, items, salt) {
                keep_unseen(place.index(number), &mut items[number], &before[other], salt);
            }
        }
        _ => {}
    }
}

/// Changes a field. The field may be missing before, and is removed if it becomes null.
fn within(fields: &mut Map<String, Json>, key: &str, change: impl FnOnce(&mut Json)) {
    match fields.get_mut(key) {
        Some(value) => change(value),
        None => {
            let mut value = Json::Null;
            change(&mut value);
            if !value.is_null() {
                fields.insert(key.to_owned(), value);
            }
        }
    }
}

/// The corresponding items: in sets those with the same meaning, in lists those at the same index.
fn alike(place: Place<'_>, others: &[Glance<'_>], items: &[Json], salt: &str) -> Vec<(usize, usize)> {
    if !place.is_set() {
        return if others.len() == items.len() {
            (0..items.len()).map(|at| (at, at)).collect()
        } else {
            Vec::new()
        };
    }
    let fits = |place: Place<'_>, kept: &Json, clear: &Json| fits(place, kept, clear, salt);
    let pairs = Comparison { fits: &fits, trusts: true }.pairs(place, others, items);
    let pairs = pairs.into_iter().enumerate();
    pairs.filter_map(|(other, number)| Some((number?, other))).collect()
}
