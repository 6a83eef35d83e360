//! Checks arguments against a schema. Accepts unknown parts. Changes nothing.

use serde_json::Value as Json;

use super::{Inside, Kind, Place, Range, Schema};
use crate::{
    Decimal, Path, Printable,
    cidr::{self, Cidr},
    decimal,
    expr::{DEEPEST, Expr, Function, Glance},
    path::Trail,
    secret::SENSITIVE,
    suggest,
};

/// An argument that the schema does not allow.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {}, expected {expected}", Printable(path).in_a_line(), Printable(found).in_a_line())]
pub struct Violation {
    /// Which argument.
    pub path: Path,
    /// What was found there.
    pub found: String,
    /// What would have been right.
    pub expected: String,
}

/// The violations so far.
struct Violations {
    all: Vec<Violation>,
    /// Whether the values are declared, not read.
    declared: bool,
}

impl Violations {
    fn push(&mut self, violation: Violation) {
        self.all.push(violation);
    }
}

impl Schema {
    /// Checks declared arguments and accepts unknown values.
    pub fn check(&self, arguments: &Expr) -> Vec<Violation> {
        self.violations(arguments, true)
    }

    /// Checks values that a cloud shows, which need not keep the demands on a declaration: a cloud may fill in a field
    /// that a declaration must leave out.
    pub fn check_values(&self, values: &Expr) -> Vec<Violation> {
        self.violations(values, false)
    }

    fn violations(&self, arguments: &Expr, declared: bool) -> Vec<Violation> {
        let mut violations = Violations { all: Vec::new(), declared };
        if arguments.is_too_deep() {
            let found = "lists and maps nested too deeply to be stored".to_owned();
            let expected = format!("at most {DEEPEST} levels");
            return vec![Violation { path: Path::default(), found, expected }];
        }
        self.check_fields(self.top(), Glance::at(arguments), &Trail::Top, &mut violations);
        violations.all
    }

    fn check_fields(&self, place: Place<'_>, value: Glance<'_>, at: &Trail<'_>, violations: &mut Violations) {
        let Some(entries) = value.entries() else {
            return violations.push(wrong(place, at, value, "a block".into()));
        };
        for (name, value) in entries {
            let at = Trail::Key(at, name);
            match self.field(name) {
                Some(field) if !value.is_null() => place.enter(field).check(value, &at, violations),
                Some(_) => {}
                None => violations.push(self.unknown(name, at.path())),
            }
        }
        for field in self.fields.iter().filter(|field| field.required) {
            if value.get(&field.name).is_none_or(Glance::is_null) {
                let path = Trail::Key(at, &field.name).path();
                violations.push(Violation { path, found: "missing".into(), expected: field.kind.expected() });
            }
        }
        if violations.declared {
            self.check_choices(value, at, &mut violations.all);
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

impl Place<'_> {
    fn check(self, value: Glance<'_>, at: &Trail<'_>, violations: &mut Violations) {
        let Some(kind) = self.kind() else { return };
        match value {
            // A field that the stored form left out is missing only where it is needed.
            Glance::Expr(Expr::Secret(inner)) if matches!(**inner, Expr::Call(Function::Fail, _)) => return,
            Glance::Expr(Expr::Secret(inner)) => {
                return self.marked_secret().check(Glance::at(inner), at, violations);
            }
            Glance::Expr(expr @ (Expr::Ref(_) | Expr::Call(..))) => {
                return expr.each_failure(at, &mut |at, message| {
                    let (path, found) = (at.path(), message.to_owned());
                    violations.push(Violation { path, found, expected: kind.expected() });
                });
            }
            Glance::Expr(Expr::Literal(_) | Expr::List(_) | Expr::Map(_)) | Glance::Json(_) => {}
        }
        if let Some(expected) = self.expected_size(value) {
            return violations.push(wrong(self, at, value, expected));
        }
        match self.inside() {
            Inside::Anything => {
                if let Glance::Expr(expr) = value {
                    expr.each_failure(at, &mut |at, message| {
                        let (path, found) = (at.path(), message.to_owned());
                        violations.push(Violation { path, found, expected: kind.expected() });
                    });
                }
                self.check_limits(value, at, violations);
            }
            Inside::Fields(schema) => schema.check_fields(self, value, at, violations),
            Inside::Items(_) => match value.list_len() {
                Some(_) => {
                    value.items().enumerate().for_each(|(place, value)| {
                        self.index(place).check(value, &Trail::Index(at, place), violations);
                    });
                }
                None => violations.push(wrong(self, at, value, kind.expected())),
            },
            Inside::Entries(_) => match value.entries() {
                Some(entries) => {
                    entries.for_each(|(key, value)| {
                        self.key(key).check(value, &Trail::Key(at, key), violations);
                    });
                }
                None => violations.push(wrong(self, at, value, kind.expected())),
            },
            Inside::Nothing => match value {
                Glance::Json(found) if !kind.allows(found) => {
                    violations.push(wrong(self, at, value, kind.expected()));
                }
                Glance::Json(found) => match kind.expected_form(found) {
                    Some(expected) => violations.push(wrong(self, at, value, expected)),
                    None => self.check_limits(value, at, violations),
                },
                Glance::Expr(_) => violations.push(wrong(self, at, value, kind.expected())),
            },
        }
    }
}

impl Place<'_> {
    /// Checks a number or a text against the limits of its field.
    fn check_limits(self, value: Glance<'_>, at: &Trail<'_>, violations: &mut Violations) {
        let (Glance::Json(found), Some(field)) = (value, self.field()) else { return };
        violations.all.extend(field.limits.expected(found).map(|expected| wrong(self, at, value, expected)));
    }

    /// The expected number of items or entries; `None` if the number is right or unknown.
    fn expected_size(self, value: Glance<'_>) -> Option<String> {
        let field =
            self.field().filter(|field| self.kind().is_some_and(|kind| std::ptr::eq(kind, &field.kind)))?;
        if field.size == Range::default() {
            return None;
        }
        let len = value.list_len().or_else(|| value.entries().map(Iterator::count))?;
        (!field.size.contains(&len)).then(|| format!("{} of them, not {len}", field.size))
    }
}

impl Kind {
    /// Whether a scalar is of this kind.
    fn allows(&self, value: &Json) -> bool {
        match self {
            Self::Bool => value.is_boolean(),
            Self::Integer => value.is_i64() || value.is_u64(),
            Self::Number => value.is_number(),
            Self::Text { one_of, .. } => {
                value.as_str().is_some_and(|text| one_of.is_empty() || one_of.iter().any(|one| one == text))
            }
            Self::List(_) | Self::Set(_) | Self::Map(_) | Self::Block(_) | Self::Any => true,
        }
    }

    /// The expected form of a malformed network or number; `None` if the text is right, or needs no form.
    fn expected_form(&self, value: &Json) -> Option<String> {
        let Self::Text { format: Some(format), .. } = self else { return None };
        match format.as_str() {
            cidr::FORMAT => value.as_str()?.parse::<Cidr>().err().map(|error| error.expected()),
            decimal::FORMAT => value.as_str()?.parse::<Decimal>().err().map(|_| self.expected()),
            _ => None,
        }
    }
}

fn wrong(place: Place<'_>, at: &Trail<'_>, value: Glance<'_>, expected: String) -> Violation {
    let found = match value {
        _ if place.is_secret() => SENSITIVE.to_owned(),
        _ if value.entries().is_some() => "a map".to_owned(),
        _ if value.list_len().is_some() => "a list".to_owned(),
        Glance::Json(value) => value.to_string(),
        Glance::Expr(other) => format!("{other:?}"),
    };
    Violation { path: at.path(), found, expected }
}
