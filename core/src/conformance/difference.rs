//! The first difference between the wanted and the existing arguments, by the schema.

use std::ops::ControlFlow::Break;

use serde_json::Value as Json;

use crate::{
    Schema,
    expr::{Expr, Glance},
    schema::Comparison,
    secret::SENSITIVE,
};

/// Describes the first difference between the wanted and the existing arguments; `None` if there is none.
///
/// Defaults count as wanted. A value that is not wanted may exist if the cloud chooses it, or if it is empty. A secret
/// that the cloud does not return is not a difference, and neither is another spelling.
pub fn difference(schema: &Schema, asked: &Json, found: &Json) -> Option<String> {
    let asked = schema.complete(Expr::Literal(asked.clone()));
    let found = schema.complete(Expr::Literal(found.clone())).expose()?;
    let mut first = None;
    let comparison = Comparison { trusts: true, ..Comparison::default() };
    comparison.differences(schema.top(), Glance::at(&asked), &found, &mut |at, difference| {
        let wanted =
            difference.wanted.map_or(Json::Null, |wanted| wanted.to_expr().expose().unwrap_or_default());
        first = Some(match difference.place.is_secret() {
            true => format!("{}: {SENSITIVE} differs", at.path()),
            false => format!("{}: {}, expected {wanted}", at.path(), difference.is),
        });
        Break(())
    });
    first
}
