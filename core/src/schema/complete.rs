//! Fills in defaults, marks secrets, and removes repeated items from sets. Checks nothing.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::{Inside, Place, Schema};
use crate::{
    expr::{Expr, Glance},
    secret::is_sealed,
};

impl Schema {
    /// Fills in the defaults of missing fields, drops null fields, and marks secret fields as secret.
    pub fn complete(&self, arguments: Expr) -> Expr {
        let is_map = matches!(arguments, Expr::Map(_) | Expr::Literal(Json::Object(_)));
        if is_map && self.top().is_complete(Glance::at(&arguments)) {
            return arguments;
        }
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
    /// A known value as it is, with its secrets marked.
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

    /// Whether the value is complete: no part needs a default, a removal or a mark. False for a set of several items,
    /// because it may contain an item twice.
    fn is_complete(self, value: Glance<'_>) -> bool {
        if !self.is_nested() {
            return true;
        }
        if let Glance::Expr(expr) = value {
            match expr {
                Expr::Secret(inner) => return self.is_complete(Glance::at(inner)),
                Expr::Ref(_) | Expr::Call(..) => return true,
                Expr::Literal(_) | Expr::List(_) | Expr::Map(_) => {}
            }
        }
        match (self.inside(), value.entries(), value.list_len()) {
            (Inside::Fields(schema), Some(mut entries), _) => {
                entries.all(|(name, value)| !value.is_null() && self.key(name).is_complete_field(self, value))
                    && schema
                        .fields
                        .iter()
                        .all(|field| field.default.is_none() || value.get(&field.name).is_some())
            }
            (Inside::Entries(_), Some(mut entries), _) => {
                entries.all(|(name, value)| self.key(name).is_complete_field(self, value))
            }
            (Inside::Items(_), _, Some(len)) => {
                let item = self.index(0);
                (len < 2 || !self.is_set())
                    && (!item.is_nested() || value.items().all(|value| item.is_complete(value)))
            }
            // A value with another form than its schema says stays as it is.
            _ => true,
        }
    }

    /// Whether a field of `block` is complete, and marked if it is secret.
    fn is_complete_field(self, block: Place<'_>, value: Glance<'_>) -> bool {
        let marked = !self.is_secret() || block.is_secret() || is_marked_at(value);
        marked && self.is_complete(value)
    }

    /// Whether a part of the value may need a default or a mark.
    fn is_nested(self) -> bool {
        match self.inside() {
            Inside::Nothing | Inside::Anything => false,
            Inside::Items(_) => self.is_set() || self.index(0).is_nested(),
            Inside::Entries(_) => self.key("").is_nested(),
            Inside::Fields(_) => true,
        }
    }
}

/// A secret, or the seal of one. A seal reveals nothing and is kept.
fn is_marked(value: &Expr) -> bool {
    is_marked_at(Glance::at(value))
}

fn is_marked_at(value: Glance<'_>) -> bool {
    match value {
        Glance::Json(value) => is_sealed(value),
        Glance::Expr(value) => matches!(value, Expr::Secret(_)),
    }
}

fn literals(fields: serde_json::Map<String, Json>) -> impl Iterator<Item = (String, Expr)> {
    fields.into_iter().map(|(key, value)| (key, Expr::Literal(value)))
}
