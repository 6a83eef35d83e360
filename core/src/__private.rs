//! The code that the macros generate calls this. It may change in any release.

pub mod slips;

use std::collections::BTreeMap;

pub use schemars::{self, JsonSchema};
pub use serde::{self, Deserialize, Serialize};
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
    Expr::map(entries.into_iter().map(|(key, value)| (key.into(), value.into_input().into_expr())).collect())
}

/// Adds entries to a map field.
pub fn extend(
    fields: &mut BTreeMap<String, Expr>,
    field: &str,
    entries: impl IntoIterator<Item = (String, Expr)>,
) {
    let mut map = match fields.remove(field) {
        Some(Expr::Map(map)) => map,
        Some(Expr::Literal(Json::Object(map))) => {
            map.into_iter().map(|(key, value)| (key, Expr::Literal(value))).collect()
        }
        _ => BTreeMap::new(),
    };
    map.extend(entries);
    fields.insert(field.to_owned(), Expr::map(map));
}
