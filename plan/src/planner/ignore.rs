//! What a node says to ignore stays as it is also when something else about it changes.

use std::{borrow::Cow, collections::BTreeMap};

use landform_core::{Path, expr::Expr, path::Step};
use serde_json::Value as Json;

use crate::seal;

/// The arguments with what exists in the place of what is ignored. A secret is not known, so it stays as declared.
pub(crate) fn keep(arguments: Expr, is: &Json, ignored: &[Path]) -> Expr {
    ignored.iter().fold(arguments, |arguments, path| match path.find(is) {
        Some(value) if seal::is_sealed(value) => arguments,
        value => put(arguments, path.steps(), value),
    })
}

fn put(within: Expr, steps: &[Step], value: Option<&Json>) -> Expr {
    let Some((step, rest)) = steps.split_first() else {
        return value.map_or(Expr::NULL, |value| Expr::Literal(value.clone()));
    };
    match step {
        Step::Key(key) => {
            let Some(mut fields) = fields(&within) else { return within };
            match (fields.remove(&**key), value) {
                (Some(_), None) if rest.is_empty() => {}
                (None, None) => {}
                (inner, value) => {
                    let inner = inner.unwrap_or_else(|| Expr::map(BTreeMap::new()));
                    fields.insert(key.to_string(), put(inner, rest, value));
                }
            }
            Expr::map(fields)
        }
        Step::Index(index) => {
            let Some(mut items) = items(&within) else { return within };
            if let Some(item) = items.get_mut(*index as usize) {
                *item = put(std::mem::replace(item, Expr::NULL), rest, value);
            }
            Expr::list(items)
        }
    }
}

fn fields(value: &Expr) -> Option<BTreeMap<String, Expr>> {
    match value {
        Expr::Map(fields) => Some(fields.clone()),
        Expr::Literal(Json::Object(fields)) => {
            Some(fields.iter().map(|(key, field)| (key.clone(), Expr::Literal(field.clone()))).collect())
        }
        _ => None,
    }
}

fn items(value: &Expr) -> Option<Vec<Expr>> {
    let items: Cow<'_, [Expr]> = match value {
        Expr::List(items) => Cow::Borrowed(items),
        Expr::Literal(Json::Array(items)) => items.iter().cloned().map(Expr::Literal).collect(),
        _ => return None,
    };
    Some(items.into_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    #[test]
    fn ignored_paths_are_as_they_are_and_all_else_as_declared() {
        let is = json!({ "a": 1, "tags": { "x": "is", "z": "is" }, "list": [{ "p": "is" }, { "p": "is" }] });
        let wanted = json!({ "a": 2, "tags": { "x": "w", "y": "w" }, "list": [{ "p": "w" }, { "p": "w" }] });
        let paths = ["tags.x", "tags.y", "tags.z", "list[1].p", "none.deep"];
        let paths: Vec<Path> = paths.iter().map(|path| path.parse().unwrap()).collect();
        let kept = keep(Expr::Literal(wanted), &is, &paths);
        let expected =
            json!({ "a": 2, "tags": { "x": "is", "z": "is" }, "list": [{ "p": "w" }, { "p": "is" }] });
        assert_eq!(kept, Expr::Literal(expected));
    }
}
