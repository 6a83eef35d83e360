//! What differs between what is wanted and what is, by the schema. Pure; unknown values differ until they are known.

use landform_core::{
    Path,
    expr::{Expr, Glance},
    path::Trail,
    schema::{Kind, Schema},
};
use serde_json::Value as Json;

use crate::{plan::FieldChange, seal};

/// The differences of arguments, in the order of the fields' names. Paths that lie under `ignore` are left out.
///
/// `salt` is what secrets were sealed with.
pub(crate) fn differences(
    schema: &Schema,
    wanted: &Expr,
    is: &Json,
    ignore: &[Path],
    salt: &str,
) -> Vec<FieldChange> {
    let mut found = Vec::new();
    let walk = Walk { salt, replaces: false, sensitive: false };
    walk.block(schema, Glance::at(wanted), is, &Trail::Top, &mut found);
    found.retain(|change| !ignore.iter().any(|path| change.path.starts_with(path)));
    found
}

#[derive(Clone, Copy)]
struct Walk<'a> {
    salt: &'a str,
    replaces: bool,
    sensitive: bool,
}

impl Walk<'_> {
    fn block(
        self,
        schema: &Schema,
        wanted: Glance<'_>,
        is: &Json,
        at: &Trail<'_>,
        found: &mut Vec<FieldChange>,
    ) {
        for field in schema.fields() {
            let wanted = given(wanted, &field.name);
            let is = is.get(&field.name).unwrap_or(&Json::Null);
            let at = Trail::Key(at, &field.name);
            let inner = Walk {
                replaces: self.replaces || field.immutable,
                sensitive: self.sensitive || field.secret,
                ..self
            };
            match wanted {
                None if field.computed || is_empty(is) => {}
                None => inner.report(&at, is, Expr::NULL, found),
                Some(wanted) => inner.value(&field.kind, wanted, is, &at, found),
            }
        }
    }

    fn value(self, kind: &Kind, wanted: Glance<'_>, is: &Json, at: &Trail<'_>, found: &mut Vec<FieldChange>) {
        match (kind, wanted) {
            (_, Glance::Expr(secret @ Expr::Secret(inner))) => {
                let same = inner.expose().is_some_and(|value| {
                    is.as_str().is_some_and(|sealed| sealed == seal::seal_value(&value, self.salt))
                        || value == *is
                });
                if !same {
                    Walk { sensitive: true, ..self }.report(at, is, secret.clone(), found);
                }
            }
            (_, Glance::Expr(open @ (Expr::Ref(_) | Expr::Call(..)))) => {
                self.report(at, is, open.clone(), found);
            }
            (_, Glance::Json(wanted)) if wanted == is => {}
            (Kind::Block(schema), wanted) if is.is_object() && wanted.entries().is_some() => {
                self.block(schema, wanted, is, at, found);
            }
            (Kind::List(item), wanted) if wanted.list_len().is_some() => {
                self.list(item, wanted, is, at, found)
            }
            (Kind::Set(_), Glance::Json(value)) if same_set(value, is) => {}
            (Kind::Map(item), wanted) if wanted.entries().is_some() => self.map(item, wanted, is, at, found),
            (kind, Glance::Json(value)) if !matches!(kind, Kind::Set(_)) && same(value, is) => {}
            _ => self.report(at, is, wanted.to_expr(), found),
        }
    }

    /// Lists of equal length are compared item by item, others as wholes: an item in the middle has no identity.
    fn list(self, item: &Kind, wanted: Glance<'_>, is: &Json, at: &Trail<'_>, found: &mut Vec<FieldChange>) {
        let present = is.as_array().map(Vec::as_slice).unwrap_or_default();
        if wanted.list_len() != Some(present.len()) {
            return self.report(at, is, wanted.to_expr(), found);
        }
        for (place, is) in present.iter().enumerate() {
            if let Some(wanted) = wanted.item(place) {
                self.value(item, wanted, is, &Trail::Index(at, place), found);
            }
        }
    }

    fn map(self, item: &Kind, wanted: Glance<'_>, is: &Json, at: &Trail<'_>, found: &mut Vec<FieldChange>) {
        for (key, _) in wanted.entries().into_iter().flatten() {
            if let Some(wanted) = given(wanted, key) {
                let is = is.get(key).unwrap_or(&Json::Null);
                self.value(item, wanted, is, &Trail::Key(at, key), found);
            }
        }
        for (key, is) in is.as_object().into_iter().flatten() {
            if !is.is_null() && given(wanted, key).is_none() {
                self.report(&Trail::Key(at, key), is, Expr::NULL, found);
            }
        }
    }

    fn report(self, at: &Trail<'_>, is: &Json, wanted: Expr, found: &mut Vec<FieldChange>) {
        let (before, after) = if self.sensitive && !matches!(wanted, Expr::Secret(_)) {
            (Json::Null, Expr::Secret(Box::new(wanted)))
        } else if self.sensitive {
            (Json::Null, wanted)
        } else {
            (is.clone(), wanted)
        };
        found.push(FieldChange {
            path: at.path(),
            before,
            after,
            replaces: self.replaces,
            sensitive: self.sensitive,
        });
    }
}

/// A field that is given: null and empty are the same as nothing.
fn given<'a>(value: Glance<'a>, key: &str) -> Option<Glance<'a>> {
    value.get(key).filter(|value| !matches!(value, Glance::Json(value) if is_empty(value)))
}

/// Clouds and types leave out what is empty, so nothing, null and empty are one.
fn is_empty(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::Array(items) => items.is_empty(),
        Json::Object(fields) => fields.is_empty(),
        _ => false,
    }
}

fn same(wanted: &Json, is: &Json) -> bool {
    match (wanted, is) {
        (Json::Number(a), Json::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (Json::Object(a), Json::Object(b)) => {
            let present = |fields: &serde_json::Map<String, Json>| {
                fields.values().filter(|value| !is_empty(value)).count()
            };
            present(a) == present(b)
                && a.iter()
                    .all(|(key, value)| is_empty(value) || b.get(key).is_some_and(|other| same(value, other)))
        }
        (Json::Array(a), Json::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (a, b) => a == b || (is_empty(a) && is_empty(b)),
    }
}

fn same_set(wanted: &Json, is: &Json) -> bool {
    let (Json::Array(wanted), Json::Array(is)) = (wanted, is) else { return same(wanted, is) };
    if wanted.len() != is.len() {
        return false;
    }
    let sorted = |items: &[Json]| {
        let mut texts: Vec<String> = items.iter().map(Json::to_string).collect();
        texts.sort_unstable();
        texts
    };
    sorted(wanted) == sorted(is)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::collections::{BTreeMap, BTreeSet};

    use landform_core::{Id, Resource, attributes, block, resource};
    use serde_json::json;

    use super::*;

    /// A thing.
    #[resource("demo_thing")]
    pub struct Thing {
        /// Fixed.
        #[field(immutable)]
        pub place: String,
        /// Chosen.
        #[field(computed)]
        pub zone: Option<String>,
        /// Ports.
        pub ports: BTreeSet<u16>,
        /// Tags.
        pub tags: BTreeMap<String, String>,
        /// Doors.
        pub doors: Vec<Door>,
        /// Code.
        #[field(secret)]
        pub code: Option<String>,
    }

    /// Attributes.
    #[attributes]
    pub struct ThingAttributes {
        /// Id.
        pub id: Id<Thing>,
    }

    /// A door.
    #[block]
    pub struct Door {
        /// Width.
        pub width: u32,
        /// Its wall.
        #[field(immutable)]
        pub wall: Option<String>,
    }

    fn diff(wanted: Json, is: Json) -> Vec<String> {
        let schema = &Thing::resource_type().arguments;
        let wanted = schema.complete(Expr::Literal(wanted));
        let changes = differences(schema, &wanted, &is, &["tags.ignored".parse().unwrap()], "salt");
        changes
            .iter()
            .map(|change| format!("{}{}", change.path, if change.replaces { "!" } else { "" }))
            .collect()
    }

    #[test]
    fn equal_things_do_not_differ_whatever_their_form() {
        let is = json!({ "place": "a", "zone": "z1", "ports": [443, 80], "tags": {}, "doors": null });
        assert!(diff(json!({ "place": "a", "ports": [80, 443], "doors": [] }), is).is_empty());
    }

    #[test]
    fn differences_are_named_by_path_and_force_replacement_where_immutable() {
        let is = json!({
            "place": "a", "tags": { "x": "1", "y": "2", "ignored": "3" },
            "doors": [{ "width": 1, "wall": "n" }, { "width": 2, "wall": "s" }], "ports": [1],
        });
        let wanted = json!({
            "place": "b", "tags": { "x": "1", "z": "4" },
            "doors": [{ "width": 5, "wall": "n" }, { "width": 2, "wall": "e" }],
        });
        assert_eq!(
            diff(wanted, is),
            ["doors[0].width", "doors[1].wall!", "place!", "ports", "tags.z", "tags.y"]
        );
    }

    #[test]
    fn secrets_are_compared_by_their_seal_and_never_shown() {
        let sealed = seal::seal_value(&json!("1234"), "salt");
        let is = json!({ "place": "a", "code": sealed });
        assert!(diff(json!({ "place": "a", "code": "1234" }), is.clone()).is_empty());
        let schema = &Thing::resource_type().arguments;
        let wanted = schema.complete(Expr::Literal(json!({ "place": "a", "code": "9876" })));
        let changes = differences(schema, &wanted, &is, &[], "salt");
        assert_eq!(changes.len(), 1);
        assert!(changes[0].sensitive);
        assert!(!serde_json::to_string(&changes).unwrap().contains("9876"));
    }
}
