//! Looking into expressions and paths without regard for whether they are known.

use std::borrow::Cow;

use landform_core::{
    Path,
    expr::Expr,
    path::Step,
    schema::{Kind, Schema},
};
use serde_json::Value as Json;

/// The fields of a map or block.
pub(super) fn entries(value: &Expr) -> Vec<(Cow<'_, str>, Cow<'_, Expr>)> {
    match value {
        Expr::Map(fields) => {
            fields.iter().map(|(key, value)| (Cow::Borrowed(key.as_str()), Cow::Borrowed(value))).collect()
        }
        Expr::Literal(Json::Object(fields)) => fields
            .iter()
            .map(|(key, value)| (Cow::Borrowed(key.as_str()), Cow::Owned(Expr::Literal(value.clone()))))
            .collect(),
        _ => Vec::new(),
    }
}

/// The items of a list.
pub(super) fn items(value: &Expr) -> Option<Cow<'_, [Expr]>> {
    match value {
        Expr::List(items) => Some(Cow::Borrowed(items)),
        Expr::Literal(Json::Array(items)) => Some(items.iter().cloned().map(Expr::Literal).collect()),
        _ => None,
    }
}

/// Whether a value is a map or block.
pub(super) fn is_map(value: &Expr) -> bool {
    matches!(value, Expr::Map(_) | Expr::Literal(Json::Object(_)))
}

/// A path as Terraform walks it: a single block is a list of one there.
pub(super) fn terraform_steps(schema: Option<&Schema>, path: &Path) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut schema = schema;
    let mut kind: Option<&Kind> = None;
    for step in path.steps() {
        if let (Some(Kind::Block(inner)), Step::Key(_)) = (kind, step) {
            if !matches!(steps.last(), Some(Step::Index(_))) {
                steps.push(Step::Index(0));
            }
            (schema, kind) = (Some(inner), None);
        }
        kind = match (kind, step) {
            (Some(Kind::List(item) | Kind::Set(item)), Step::Index(_)) => Some(item),
            (Some(Kind::Map(item)), Step::Key(_)) => Some(item),
            (None, Step::Key(key)) => schema.and_then(|schema| schema.field(key)).map(|field| &field.kind),
            _ => None,
        };
        steps.push(step.clone());
    }
    steps
}
