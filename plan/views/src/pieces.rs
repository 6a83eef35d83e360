//! Looks into expressions and paths, whether they are known or not.

use std::borrow::Cow;

use landform_core::{
    Path,
    expr::Expr,
    path::Step,
    schema::{Inside, Place, Schema},
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

/// A path in Terraform's form, where a single block is a list of one.
pub(super) fn terraform_steps(schema: Option<&Schema>, path: &Path) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut place = schema.map_or(Place::UNKNOWN, Schema::top);
    let mut single = false;
    for step in path.steps() {
        let next = match step {
            Step::Key(key) => place.key(key),
            Step::Index(index) => place.index(*index as usize),
        };
        if single && matches!(step, Step::Key(_)) {
            steps.push(Step::Index(0));
        }
        single = is_single(place, next);
        steps.push(step.clone());
        place = next;
    }
    steps
}

/// Whether the inner place is a single block, which is a list of one in Terraform.
pub(super) fn is_single(around: Place<'_>, place: Place<'_>) -> bool {
    around.schema().is_some() && place.is_block()
}

/// Whether a place is a block or a list of blocks, which Terraform's paths continue into.
pub(super) fn holds_blocks(place: Place<'_>) -> bool {
    match place.inside() {
        Inside::Fields(_) => true,
        Inside::Items(item) => matches!(item.inside(), Inside::Fields(_)),
        Inside::Nothing | Inside::Anything | Inside::Entries(_) => false,
    }
}

/// The part of a path that leads to a whole attribute, as Terraform names changes.
pub(super) fn attribute(schema: &Schema, path: &Path) -> Path {
    let mut place = schema.top();
    let mut attribute = Path::default();
    for step in path.steps() {
        (attribute, place) = match step {
            Step::Key(key) => (attribute.key(key), place.key(key)),
            Step::Index(index) => (attribute.index(*index as usize), place.index(*index as usize)),
        };
        if !holds_blocks(place) {
            break;
        }
    }
    attribute
}
