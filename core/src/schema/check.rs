//! Checking arguments against a schema, with their unknown parts left open, and filling in defaults.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::{Field, Kind, Schema};
use crate::{
    Path,
    cidr::{self, Cidr},
    expr::Expr,
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
        self.check_block(arguments, &Path::default(), &mut violations);
        violations
    }

    /// Fills in the defaults of what is not given, drops what is null, and marks secret fields as secret.
    pub fn complete(&self, arguments: Expr) -> Expr {
        let mut fields = into_fields(arguments);
        fields.retain(|_, value| !matches!(value, Expr::Literal(Json::Null)));
        for field in &self.fields {
            match fields.remove(&field.name) {
                Some(value) => {
                    let value = field.kind.complete(value);
                    let value = match value {
                        open @ (Expr::Secret(_) | Expr::Literal(Json::Null)) => open,
                        open if field.secret => Expr::Secret(Box::new(open)),
                        open => open,
                    };
                    fields.insert(field.name.clone(), value);
                }
                None => {
                    if let Some(default) = &field.default {
                        fields.insert(field.name.clone(), Expr::Literal(default.clone()));
                    }
                }
            }
        }
        Expr::map(fields)
    }

    fn check_block(&self, arguments: &Expr, at: &Path, violations: &mut Vec<Violation>) {
        let names: Vec<&str> = match arguments {
            Expr::Map(fields) => fields.keys().map(String::as_str).collect(),
            Expr::Literal(Json::Object(fields)) => fields.keys().map(String::as_str).collect(),
            _ => return violations.push(wrong(at, arguments, "a block".into())),
        };
        for name in names {
            let path = at.key(name);
            match (self.field(name), arguments.get(name)) {
                (Some(field), Some(value)) => field.check(&value, &path, violations),
                _ => violations.push(self.unknown(name, path)),
            }
        }
        for field in self.fields.iter().filter(|field| field.required) {
            let missing = match arguments.get(&field.name) {
                None => true,
                Some(value) => matches!(&*value, Expr::Literal(Json::Null)),
            };
            if missing {
                let expected = field.kind.expected();
                violations.push(Violation { path: at.key(&field.name), found: "missing".into(), expected });
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

impl Field {
    fn check(&self, value: &Expr, at: &Path, violations: &mut Vec<Violation>) {
        if !matches!(value, Expr::Literal(Json::Null)) {
            self.kind.check(value, at, violations);
        }
    }
}

impl Kind {
    fn check(&self, value: &Expr, at: &Path, violations: &mut Vec<Violation>) {
        let value = match value {
            Expr::Secret(inner) => inner,
            other => other,
        };
        if matches!(value, Expr::Ref(_) | Expr::Call(..)) {
            return;
        }
        match self {
            Self::Any => {}
            Self::Block(schema) => schema.check_block(value, at, violations),
            Self::List(item) | Self::Set(item) => match items(value) {
                Some(items) => {
                    for (place, value) in items.iter().enumerate() {
                        item.check(value, &at.index(place), violations);
                    }
                }
                None => violations.push(wrong(at, value, self.expected())),
            },
            Self::Map(item) => match value {
                Expr::Map(fields) => {
                    fields.iter().for_each(|(key, value)| item.check(value, &at.key(key), violations));
                }
                Expr::Literal(Json::Object(fields)) => {
                    for (key, value) in fields {
                        item.check(&Expr::Literal(value.clone()), &at.key(key), violations);
                    }
                }
                _ => violations.push(wrong(at, value, self.expected())),
            },
            scalar => {
                if let Expr::Literal(found) = value {
                    if !scalar.allows(found) {
                        violations.push(wrong(at, value, self.expected()));
                    } else if let Some(expected) = self.expected_network(found) {
                        violations.push(wrong(at, value, expected));
                    }
                } else if matches!(value, Expr::List(_) | Expr::Map(_)) {
                    violations.push(wrong(at, value, self.expected()));
                }
            }
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

fn items(value: &Expr) -> Option<Cow<'_, [Expr]>> {
    match value {
        Expr::List(items) => Some(Cow::Borrowed(items)),
        Expr::Literal(Json::Array(items)) => Some(items.iter().cloned().map(Expr::Literal).collect()),
        _ => None,
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

fn wrong(at: &Path, value: &Expr, expected: String) -> Violation {
    let found = match value {
        Expr::Secret(_) => SENSITIVE.to_owned(),
        Expr::Literal(Json::Object(_)) | Expr::Map(_) => "a map".to_owned(),
        Expr::Literal(Json::Array(_)) | Expr::List(_) => "a list".to_owned(),
        other => format!("{other:?}"),
    };
    Violation { path: at.clone(), found, expected }
}
