//! The first difference between what was asked for and what exists, by the schema.

use serde_json::Value as Json;

use crate::{
    Path, Schema,
    expr::Expr,
    schema::{Field, Kind},
    secret::SENSITIVE,
};

/// Where what exists differs from what was asked for, in words; `None` if nowhere.
///
/// Defaults count as asked for. What was not asked for may be there if the cloud chooses it, or if it says nothing.
/// A secret that the cloud does not give back is no difference. The order in sets does not count.
pub fn difference(schema: &Schema, asked: &Json, found: &Json) -> Option<String> {
    let asked = schema.complete(Expr::Literal(asked.clone())).expose()?;
    let found = schema.complete(Expr::Literal(found.clone())).expose()?;
    block(schema, &asked, &found, &Path::default())
}

fn block(schema: &Schema, asked: &Json, found: &Json, at: &Path) -> Option<String> {
    schema.fields().iter().find_map(|field| {
        let given = |values: &Json| values.get(&field.name).filter(|value| !says_nothing(value)).cloned();
        let at = at.key(&field.name);
        match (given(asked), given(found)) {
            (None, None) => None,
            (None, Some(_)) if field.computed => None,
            (Some(_), None) if field.secret => None,
            (asked, found) => {
                let (asked, found) = (asked.unwrap_or(Json::Null), found.unwrap_or(Json::Null));
                value(field, &field.kind, &asked, &found, &at)
            }
        }
    })
}

fn value(field: &Field, kind: &Kind, asked: &Json, found: &Json, at: &Path) -> Option<String> {
    if asked == found {
        return None;
    }
    match (kind, asked, found) {
        (Kind::Block(schema), Json::Object(_), Json::Object(_)) => block(schema, asked, found, at),
        (Kind::List(item), Json::Array(ours), Json::Array(theirs)) if ours.len() == theirs.len() => {
            let mut pairs = ours.iter().zip(theirs).enumerate();
            pairs.find_map(|(place, (asked, found))| value(field, item, asked, found, &at.index(place)))
        }
        (Kind::Set(item), Json::Array(ours), Json::Array(theirs)) if ours.len() == theirs.len() => {
            let alike = |asked: &Json, found: &Json| value(field, item, asked, found, at).is_none();
            let mut open: Vec<&Json> = theirs.iter().collect();
            ours.iter().find_map(|asked| match open.iter().position(|found| alike(asked, found)) {
                Some(place) => {
                    open.swap_remove(place);
                    None
                }
                None => Some(told(field, asked, found, at)),
            })
        }
        (Kind::Number, Json::Number(ours), Json::Number(theirs)) if ours.as_f64() == theirs.as_f64() => None,
        _ => Some(told(field, asked, found, at)),
    }
}

fn told(field: &Field, asked: &Json, found: &Json, at: &Path) -> String {
    if field.secret {
        return format!("{at}: {SENSITIVE} differs");
    }
    format!("{at}: {found}, expected {asked}")
}

fn says_nothing(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::Array(items) => items.is_empty(),
        Json::Object(entries) => entries.is_empty(),
        _ => false,
    }
}
