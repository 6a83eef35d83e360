//! The code that the macros generate calls this. It may change in any release.

pub mod slips;
pub mod tables;

use std::collections::BTreeMap;

pub use landform_derive::FromMap;
pub use schemars::{self, JsonSchema};
pub use serde::{self, Deserialize, Serialize};
pub use serde_json;
use serde_json::Value as Json;

use crate::{Argument, expr::Expr};

/// One argument.
pub fn one<T>(value: impl Argument<T>) -> Expr {
    value.into_input().into_expr()
}

/// A list.
pub fn many<T, V: Argument<T>>(items: impl IntoIterator<Item = V>) -> Expr {
    Expr::list(items.into_iter().map(|item| item.into_input().into_expr()).collect())
}

/// A map.
pub fn map<T, K: Into<String>, V: Argument<T>>(entries: impl IntoIterator<Item = (K, V)>) -> Expr {
    let mut map = BTreeMap::new();
    // To collect compiles a sort for each type of iterator.
    for (key, value) in entries {
        map.insert(key.into(), value.into_input().into_expr());
    }
    Expr::map(map)
}

/// Adds entries to a map field.
pub fn extend(
    fields: &mut BTreeMap<String, Expr>,
    field: &str,
    entries: impl IntoIterator<Item = (String, Expr)>,
) {
    let mut map = taken(fields, field);
    for (key, value) in entries {
        map.insert(key, value);
    }
    fields.insert(field.to_owned(), Expr::map(map));
}

/// Takes the entries of a map field.
fn taken(fields: &mut BTreeMap<String, Expr>, field: &str) -> BTreeMap<String, Expr> {
    match fields.remove(field) {
        Some(Expr::Map(map)) => map,
        Some(Expr::Literal(Json::Object(map))) => {
            map.into_iter().map(|(key, value)| (key, Expr::Literal(value))).collect()
        }
        _ => BTreeMap::new(),
    }
}
