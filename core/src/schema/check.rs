//! Checking arguments against a schema, with their unknown parts left open, and filling in defaults.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::{Kind, Schema};
use crate::{
    Path,
    cidr::{self, Cidr},
    expr::{Expr, Glance},
    path::Trail,
    secret::SENSITIVE,
    suggest,
};

/// An argument that its schema does not allow.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {found}, expected {expected}")]
pub struct Violation {
    /// Which argument.
    pub path: Path,
    /// What was found there.
    pub found: String,
    /// What would have been right.
    pub expected: String,
}

impl Schema {
    /// Checks arguments, unknown values being taken on trust.
    pub fn check(&self, arguments: &Expr) -> Vec<Violation> {
        let mut violations = Vec::new();
        self.check_block(Glance::at(arguments), &Trail::Top, &mut violations);
        violations
    }

    /// Fills in the defaults of what is not given, drops what is null, and marks secret fields as secret.
    pub fn complete(&self, arguments: Expr) -> Expr {
        let mut fields = into_fields(arguments);
        fields.retain(|_, value| !matches!(value, Expr::Literal(Json::Null)));
        for (name, value) in &mut fields {
            let Some(field) = self.field(name) else { continue };
            if field.kind.nests() {
                *value = field.kind.complete(std::mem::replace(value, Expr::NULL));
            }
            if field.secret && !matches!(value, Expr::Secret(_)) {
                *value = Expr::Secret(Box::new(std::mem::replace(value, Expr::NULL)));
            }
        }
        for field in &self.fields {
            if let Some(default) = &field.default
                && !fields.contains_key(&field.name)
            {
                fields.insert(field.name.clone(), Expr::Literal(default.clone()));
            }
        }
        Expr::map(fields)
    }

    fn check_block(&self, arguments: Glance<'_>, at: &Trail<'_>, violations: &mut Vec<Violation>) {
        let Some(entries) = arguments.entries() else {
            return violations.push(wrong(at, arguments, "a block".into()));
        };
        for (name, value) in entries {
            let at = Trail::Key(at, name);
            match self.field(name) {
                Some(field) if !value.is_null() => field.kind.check(value, &at, violations),
                Some(_) => {}
                None => violations.push(self.unknown(name, at.path())),
            }
        }
        for field in self.fields.iter().filter(|field| field.required) {
            if arguments.get(&field.name).is_none_or(Glance::is_null) {
                let path = Trail::Key(at, &field.name).path();
                violations.push(Violation { path, found: "missing".into(), expected: field.kind.expected() });
            }
        }
    }

    fn unknown(&self, name: &str, path: Path) -> Violation {
        let expected = match suggest::nearest(name, self.fields.iter().map(|field| field.name.as_str())) {
            Some(near) => format!("a field of this type; did you mean {near:?}?"),
            None => {
                let names: Vec<&str> = self.fields.iter().map(|field| field.name.as_str()).collect();
                format!("one of {}", names.join(", "))
            }
        };
        Violation { path, found: "unknown field".into(), expected }
    }
}

impl Kind {
    fn check(&self, value: Glance<'_>, at: &Trail<'_>, violations: &mut Vec<Violation>) {
        if let Glance::Expr(Expr::Secret(inner)) = value {
            let mut hidden = Vec::new();
            self.check(Glance::at(inner), at, &mut hidden);
            violations.extend(hidden.into_iter().map(|wrong| Violation { found: SENSITIVE.into(), ..wrong }));
            return;
        }
        if matches!(value, Glance::Expr(Expr::Ref(_) | Expr::Call(..))) {
            return;
        }
        match self {
            Self::Any => {}
            Self::Block(schema) => schema.check_block(value, at, violations),
            Self::List(item) | Self::Set(item) => match value.list_len() {
                Some(len) => {
                    for place in 0..len {
                        if let Some(value) = value.item(place) {
                            item.check(value, &Trail::Index(at, place), violations);
                        }
                    }
                }
                None => violations.push(wrong(at, value, self.expected())),
            },
            Self::Map(item) => match value.entries() {
                Some(entries) => {
                    entries.for_each(|(key, value)| item.check(value, &Trail::Key(at, key), violations));
                }
                None => violations.push(wrong(at, value, self.expected())),
            },
            scalar => match value {
                Glance::Json(found) if !scalar.allows(found) => {
                    violations.push(wrong(at, value, self.expected()));
                }
                Glance::Json(found) => {
                    let expected = self.expected_network(found);
                    violations.extend(expected.map(|expected| wrong(at, value, expected)));
                }
                Glance::Expr(_) => violations.push(wrong(at, value, self.expected())),
            },
        }
    }

    fn allows(&self, value: &Json) -> bool {
        match self {
            Self::Bool => value.is_boolean(),
            Self::Integer => value.is_i64() || value.is_u64(),
            Self::Number => value.is_number(),
            Self::Text { one_of, .. } => {
                value.as_str().is_some_and(|text| one_of.is_empty() || one_of.iter().any(|one| one == text))
            }
            _ => true,
        }
    }

    /// What a malformed network should have been; `None` where the text is a network or need not be one.
    fn expected_network(&self, value: &Json) -> Option<String> {
        let Self::Text { format: Some(format), .. } = self else { return None };
        if format != cidr::FORMAT {
            return None;
        }
        let error = value.as_str()?.parse::<Cidr>().err()?;
        Some(error.expected())
    }

    fn complete(&self, value: Expr) -> Expr {
        match (self, value) {
            (Self::Block(schema), value @ (Expr::Map(_) | Expr::Literal(Json::Object(_)))) => {
                schema.complete(value)
            }
            (Self::List(item) | Self::Set(item), Expr::List(items)) if item.nests() => {
                Expr::list(items.into_iter().map(|value| item.complete(value)).collect())
            }
            (Self::List(item) | Self::Set(item), Expr::Literal(Json::Array(items))) if item.nests() => {
                Expr::list(items.into_iter().map(|value| item.complete(Expr::Literal(value))).collect())
            }
            (_, value) => value,
        }
    }

    fn nests(&self) -> bool {
        matches!(self, Self::Block(_) | Self::List(_) | Self::Set(_))
    }
}

fn into_fields(value: Expr) -> BTreeMap<String, Expr> {
    match value {
        Expr::Map(fields) => fields,
        Expr::Literal(Json::Object(fields)) => {
            fields.into_iter().map(|(key, value)| (key, Expr::Literal(value))).collect()
        }
        _ => BTreeMap::new(),
    }
}

fn wrong(at: &Trail<'_>, value: Glance<'_>, expected: String) -> Violation {
    let found = match value {
        _ if value.entries().is_some() => "a map".to_owned(),
        _ if value.list_len().is_some() => "a list".to_owned(),
        Glance::Json(value) => value.to_string(),
        Glance::Expr(other) => format!("{other:?}"),
    };
    Violation { path: at.path(), found, expected }
}
