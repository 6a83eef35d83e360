//! The first difference between what was asked for and what exists, by the schema.

use std::ops::ControlFlow::Break;

use serde_json::Value as Json;

use crate::{
    Schema,
    expr::{Expr, Glance},
    schema::Comparison,
    secret::SENSITIVE,
};

/// Where what exists differs from what was asked for, in words; `None` if nowhere.
///
/// Defaults count as asked for. What was not asked for may be there if the cloud chooses it, or if it says nothing.
/// A secret that the cloud does not give back is no difference, and neither is another spelling of the same.
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
