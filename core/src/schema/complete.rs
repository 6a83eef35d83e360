//! Filling in defaults, marking secrets, and giving each set every item once. Checks nothing.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::{Inside, Place, Schema};
use crate::{expr::Expr, secret::is_sealed};

impl Schema {
    /// Fills in the defaults of what is not given, drops the fields that are null, and marks secret fields as secret.
    pub fn complete(&self, arguments: Expr) -> Expr {
        match self.top().complete(arguments) {
            complete @ (Expr::Map(_) | Expr::Literal(Json::Object(_))) => complete,
            _ => Expr::map(self.with_defaults(BTreeMap::new())),
        }
    }

    fn with_defaults(&self, mut fields: BTreeMap<String, Expr>) -> BTreeMap<String, Expr> {
        for field in &self.fields {
            if let Some(default) = &field.default
                && !fields.contains_key(&field.name)
            {
                let default = Expr::Literal(default.clone());
                let default = if field.secret { Expr::Secret(Box::new(default)) } else { default };
                fields.insert(field.name.clone(), default);
            }
        }
        fields
    }
}

impl Place<'_> {
    /// A known value as it is, its secrets marked as such.
    pub fn mark(self, value: Json) -> Expr {
        let value = Expr::Literal(value);
        if self.is_secret() {
            return if is_marked(&value) { value } else { Expr::Secret(Box::new(value)) };
        }
        match value {
            Expr::Literal(Json::Object(fields)) if self.any(&mut Place::is_secret) => Expr::map(
                fields.into_iter().map(|(key, value)| (key.clone(), self.key(&key).mark(value))).collect(),
            ),
            Expr::Literal(Json::Array(items)) if self.any(&mut Place::is_secret) => {
                let items = items.into_iter().enumerate();
                Expr::list(items.map(|(place, value)| self.index(place).mark(value)).collect())
            }
            other => other,
        }
    }

    fn complete(self, value: Expr) -> Expr {
        if !self.is_nested() {
            return value;
        }
        match value {
            Expr::Secret(inner) => Expr::Secret(Box::new(self.complete(*inner))),
            Expr::Map(fields) => self.complete_fields(fields),
            Expr::Literal(Json::Object(fields)) => self.complete_fields(literals(fields).collect()),
            Expr::List(items) => self.complete_items(items.into_iter()),
            Expr::Literal(Json::Array(items)) => self.complete_items(items.into_iter().map(Expr::Literal)),
            other @ (Expr::Literal(_) | Expr::Ref(_) | Expr::Call(..)) => other,
        }
    }

    fn complete_fields(self, mut fields: BTreeMap<String, Expr>) -> Expr {
        if self.schema().is_some() {
            fields.retain(|_, value| !matches!(value, Expr::Literal(Json::Null)));
        }
        for (name, value) in &mut fields {
            let place = self.key(name);
            let marks = place.is_secret() && !self.is_secret() && !is_marked(value);
            if marks || place.is_nested() {
                let complete = place.complete(std::mem::replace(value, Expr::NULL));
                *value = if marks { Expr::Secret(Box::new(complete)) } else { complete };
            }
        }
        Expr::map(match self.schema() {
            Some(schema) => schema.with_defaults(fields),
            None => fields,
        })
    }

    fn complete_items(self, items: impl Iterator<Item = Expr>) -> Expr {
        let items = items.enumerate().map(|(place, value)| self.index(place).complete(value)).collect();
        Expr::list(if self.is_set() { self.once(items) } else { items })
    }

    /// Whether there is anything to fill in or to mark below.
    fn is_nested(self) -> bool {
        match self.inside() {
            Inside::Nothing | Inside::Anything => false,
            Inside::Items(_) => self.is_set() || self.index(0).is_nested(),
            Inside::Entries(_) => self.key("").is_nested(),
            Inside::Fields(_) => true,
        }
    }
}

/// A secret, or the seal of one: a seal tells nothing, and is kept.
fn is_marked(value: &Expr) -> bool {
    match value {
        Expr::Secret(_) => true,
        Expr::Literal(value) => is_sealed(value),
        Expr::Ref(_) | Expr::List(_) | Expr::Map(_) | Expr::Call(..) => false,
    }
}

fn literals(fields: serde_json::Map<String, Json>) -> impl Iterator<Item = (String, Expr)> {
    fields.into_iter().map(|(key, value)| (key, Expr::Literal(value)))
}
