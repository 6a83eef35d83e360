//! The canonical form of a value: values with the same meaning by their schema have the same form. Compares nothing.

use std::collections::HashMap;

use serde_json::Value as Json;

use super::{Inside, Kind, Place, Schema};
use crate::{expr::Expr, number};

impl Schema {
    /// The canonical form of a value: see [`Place::canonical`].
    pub fn canonical(&self, value: &Json) -> Json {
        self.top().canonical(value)
    }
}

impl Place<'_> {
    /// The canonical form of the value here: texts by their meaning, numbers in one spelling, sets sorted and without
    /// repetitions, and without empty values.
    pub fn canonical(self, value: &Json) -> Json {
        if let Some(meaning) = self.meaning()
            && matches!(self.inside(), Inside::Nothing | Inside::Anything)
        {
            return meaning.canonical_value(value);
        }
        match (self.inside(), value) {
            (Inside::Items(_), Json::Array(items)) => {
                let items = items.iter().enumerate();
                let mut items: Vec<Json> =
                    items.map(|(place, item)| self.index(place).canonical(item)).collect();
                if self.is_set() {
                    items.sort_by_cached_key(Json::to_string);
                    items.dedup();
                }
                items.into()
            }
            (Inside::Entries(_) | Inside::Fields(_), Json::Object(fields)) => {
                let mut fields: Vec<(&String, &Json)> = fields.iter().collect();
                fields.sort_unstable_by_key(|(key, _)| *key);
                let fields = fields.into_iter().filter_map(|(key, value)| {
                    let place = self.key(key);
                    (!place.says_nothing(value)).then(|| (key.clone(), place.canonical(value)))
                });
                fields.collect()
            }
            (
                Inside::Nothing
                | Inside::Anything
                | Inside::Items(_)
                | Inside::Entries(_)
                | Inside::Fields(_),
                value,
            ) => self.plain(value),
        }
    }

    /// Whether a value counts as no value. Clouds and types leave out empty values. An empty list or map differs from
    /// nothing only if its field says that null differs.
    pub fn says_nothing(self, value: &Json) -> bool {
        value.is_null() || !self.is_null_different() && is_empty(value)
    }

    /// A key for looking up items of sets: values with the same meaning have the same key, and perhaps others too.
    /// `None` for values that cannot be compared: unknown ones, and those that a provider may extend.
    pub(super) fn key_of(self, value: &Json) -> Option<String> {
        match self.inside() {
            Inside::Nothing | Inside::Anything => match (self.meaning(), value) {
                (Some(meaning), Json::String(text)) => Some(meaning.key(text).into_owned()),
                _ => Some(self.canonical(value).to_string()),
            },
            Inside::Items(_) | Inside::Entries(_) | Inside::Fields(_) => None,
        }
    }

    fn plain(self, value: &Json) -> Json {
        match (self.kind(), value) {
            (Some(Kind::Block(_) | Kind::List(_) | Kind::Set(_) | Kind::Map(_)), _) => value.clone(),
            _ => number::plain(value),
        }
    }

    /// Removes repeated items from each set. Leaves items that are unknown yet.
    pub(super) fn once(self, items: Vec<Expr>) -> Vec<Expr> {
        let item = self.index(0);
        let mut seen: HashMap<String, Vec<(usize, Json)>> = HashMap::with_capacity(items.len());
        let mut left: Vec<Expr> = Vec::with_capacity(items.len());
        for value in items {
            let Some(known) = value.expose() else {
                left.push(value);
                continue;
            };
            let key = item.key_of(&known).unwrap_or_else(|| item.canonical(&known).to_string());
            let alike = seen.entry(key).or_default();
            match alike.iter().find(|(_, other)| item.same(other, &known)) {
                // A secret in one place is secret in the other too.
                Some((place, _)) if holds_secrets(&value) => left[*place] = value,
                Some(_) => {}
                None => {
                    alike.push((left.len(), known));
                    left.push(value);
                }
            }
        }
        left
    }
}

/// Whether a value is an empty list or map.
pub(crate) fn is_empty(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::Array(items) => items.is_empty(),
        Json::Object(fields) => fields.is_empty(),
        Json::Bool(_) | Json::Number(_) | Json::String(_) => false,
    }
}

fn holds_secrets(expr: &Expr) -> bool {
    match expr {
        Expr::Secret(_) => true,
        Expr::List(items) => items.iter().any(holds_secrets),
        Expr::Map(fields) => fields.values().any(holds_secrets),
        Expr::Literal(_) | Expr::Ref(_) | Expr::Call(..) => false,
    }
}
