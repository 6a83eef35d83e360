//! Which places of a value hold secrets because somebody marked them, beyond the schema. Seals nothing.
//!
//! The items of a list or set are treated alike, because a cloud may return them in another order.

use std::collections::{BTreeMap, HashSet};

use landform_core::expr::Expr;
use serde_json::Value as Json;

use super::{holds_seals, is_sealed};

/// The marks at one place and below.
#[derive(Default)]
pub(super) struct Marks {
    /// Whether the value here is a secret.
    secret: bool,
    /// The texts here that are in the clear beside secrets. One place of a list's items may have both.
    clear: HashSet<String>,
    fields: BTreeMap<String, Marks>,
    items: Option<Box<Marks>>,
}

impl Marks {
    /// The places that the declaration marks, or that the record has sealed; `None` if there are none.
    pub(super) fn of(wanted: Option<&Expr>, before: Option<&Json>) -> Option<Self> {
        let wanted = wanted.filter(|wanted| holds_secrets(wanted));
        let before = before.filter(|before| holds_seals(before));
        if wanted.is_none() && before.is_none() {
            return None;
        }
        let mut marks = Self::default();
        if let Some(wanted) = wanted {
            marks.add_wanted(wanted);
        }
        if let Some(before) = before {
            marks.add_recorded(before);
        }
        Some(marks)
    }

    /// Whether a value here is a secret.
    pub(super) fn hide(&self, value: &Json) -> bool {
        self.secret && (self.clear.is_empty() || !self.clear.contains(&value.to_string()))
    }

    pub(super) fn key(&self, key: &str) -> Option<&Self> {
        self.fields.get(key)
    }

    pub(super) fn items(&self) -> Option<&Self> {
        self.items.as_deref()
    }

    fn add_wanted(&mut self, wanted: &Expr) {
        match wanted {
            Expr::Secret(_) => self.secret = true,
            Expr::Literal(value) => self.add_recorded(value),
            Expr::Map(fields) => {
                for (key, field) in fields {
                    self.fields.entry(key.clone()).or_default().add_wanted(field);
                }
            }
            Expr::List(items) => {
                let marks = self.items.get_or_insert_default();
                items.iter().for_each(|item| marks.add_wanted(item));
            }
            Expr::Ref(_) | Expr::Call(..) => {}
        }
    }

    fn add_recorded(&mut self, value: &Json) {
        match value {
            Json::String(_) if is_sealed(value) => self.secret = true,
            Json::Object(fields) => {
                for (key, field) in fields {
                    self.fields.entry(key.clone()).or_default().add_recorded(field);
                }
            }
            Json::Array(items) => {
                let marks = self.items.get_or_insert_default();
                items.iter().for_each(|item| marks.add_recorded(item));
            }
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {
                self.clear.insert(value.to_string());
            }
        }
    }
}

/// Whether anything in an expression is secret or sealed.
pub fn holds_secrets(expr: &Expr) -> bool {
    match expr {
        Expr::Secret(_) => true,
        Expr::Literal(value) => holds_seals(value),
        Expr::List(items) => items.iter().any(holds_secrets),
        Expr::Map(fields) => fields.values().any(holds_secrets),
        Expr::Ref(_) | Expr::Call(..) => false,
    }
}
