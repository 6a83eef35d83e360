//! Values in the three parts into which Terraform's JSON plan takes them: what is known, what is not, what is secret.

use landform_core::{
    ResourceType, SENSITIVE,
    expr::Expr,
    schema::{Field, Kind},
};
use serde_json::{Map, Value as Json, json};

use crate::{
    seal,
    view::pieces::{entries, is_map, items},
};

/// A value's three parts, of the same shape.
pub(super) struct Parts {
    /// What is known; secrets masked. None if nothing is.
    pub value: Option<Json>,
    /// True where the value is not known yet.
    pub unknown: Json,
    /// True where it is a secret.
    pub sensitive: Json,
}

/// What is known of the attributes of a resource.
#[derive(Clone, Copy)]
pub(super) enum Attributes<'a> {
    /// All.
    Known(&'a Json),
    /// All but those that a change in place may change.
    Changing(&'a Json),
    /// None: it is still to be made.
    Unknown,
}

/// A whole resource: arguments and attributes in one, as Terraform has them.
///
/// `prior` is what the arguments were, for those that the cloud chose.
pub(super) fn object(
    resource_type: Option<&ResourceType>,
    arguments: &Expr,
    prior: Option<&Json>,
    attributes: Attributes<'_>,
) -> Parts {
    let mut gathered = Gathered::default();
    for (name, value) in entries(arguments) {
        let field = resource_type.and_then(|known| known.arguments.field(&name));
        gathered.put(&name, of_field(field, &value));
    }
    let Some(resource_type) = resource_type else {
        if let Attributes::Known(values) | Attributes::Changing(values) = attributes {
            for (name, value) in values.as_object().into_iter().flatten() {
                gathered.put(name, parts(&Expr::Literal(value.clone()), None, false));
            }
        }
        return gathered.finish();
    };
    for field in resource_type.arguments.fields() {
        if gathered.holds(&field.name) {
            continue;
        }
        let chosen = prior.and_then(|prior| prior.get(&field.name)).filter(|_| field.computed);
        let value = match (chosen, attributes) {
            (Some(value), _) => of_field(Some(field), &Expr::Literal(value.clone())),
            (None, Attributes::Unknown) if field.computed => unknown(field.secret),
            (None, _) => nothing(&field.kind),
        };
        gathered.put(&field.name, value);
    }
    for field in resource_type.attributes.fields() {
        let value = match attributes {
            Attributes::Unknown => unknown(field.secret),
            Attributes::Changing(_) if field.volatile => unknown(field.secret),
            Attributes::Known(values) | Attributes::Changing(values) => {
                let value = values.get(&field.name).cloned().unwrap_or(Json::Null);
                of_field(Some(field), &Expr::Literal(value))
            }
        };
        gathered.put(&field.name, value);
    }
    gathered.finish()
}

fn of_field(field: Option<&Field>, value: &Expr) -> Parts {
    parts(value, field.map(|field| &field.kind), field.is_some_and(|field| field.secret))
}

/// A value's three parts. Single blocks become lists of one.
pub(super) fn parts(value: &Expr, kind: Option<&Kind>, secret: bool) -> Parts {
    match value {
        Expr::Ref(_) | Expr::Call(..) => unknown(secret),
        Expr::Secret(inner) if inner.is_known() => secret_value(),
        Expr::Secret(_) => unknown(true),
        Expr::Literal(Json::Null) => kind.map_or_else(|| known(Json::Null), nothing),
        _ if secret => secret_value(),
        Expr::Literal(text) if seal::is_sealed(text) => secret_value(),
        Expr::Map(_) | Expr::Literal(Json::Object(_)) => {
            let Parts { value, unknown, sensitive } = block(value, kind);
            match kind {
                Some(Kind::Block(_)) => Parts {
                    value: Some(json!([value])),
                    unknown: json!([unknown]),
                    sensitive: json!([sensitive]),
                },
                _ => Parts { value, unknown, sensitive },
            }
        }
        Expr::List(_) | Expr::Literal(Json::Array(_)) => {
            let item = match kind {
                Some(Kind::List(item) | Kind::Set(item)) => Some(&**item),
                _ => None,
            };
            let part = |value: &Expr| match item {
                // A block in a list is one of its items already.
                Some(Kind::Block(_)) if is_map(value) => block(value, item),
                _ => parts(value, item, false),
            };
            let each: Vec<Parts> = items(value).unwrap_or_default().iter().map(part).collect();
            Parts {
                value: Some(each.iter().map(|each| each.value.clone().unwrap_or(Json::Null)).collect()),
                unknown: each.iter().map(|each| each.unknown.clone()).collect(),
                sensitive: each.into_iter().map(|each| each.sensitive).collect(),
            }
        }
        Expr::Literal(scalar) => known(scalar.clone()),
    }
}

/// A map or the inside of a block.
fn block(value: &Expr, kind: Option<&Kind>) -> Parts {
    let mut gathered = Gathered::default();
    for (name, value) in entries(value) {
        let inner = match kind {
            Some(Kind::Map(item)) => parts(&value, Some(item), false),
            Some(Kind::Block(schema)) => of_field(schema.field(&name), &value),
            _ => parts(&value, None, false),
        };
        gathered.put(&name, inner);
    }
    if let Some(Kind::Block(schema)) = kind {
        for field in schema.fields() {
            if !gathered.holds(&field.name) {
                gathered.put(&field.name, nothing(&field.kind));
            }
        }
    }
    gathered.finish()
}

/// Whether anything in a mask is true.
pub(super) fn holds_true(mask: &Json) -> bool {
    match mask {
        Json::Bool(set) => *set,
        Json::Array(items) => items.iter().any(holds_true),
        Json::Object(fields) => fields.values().any(holds_true),
        _ => false,
    }
}

/// The parts of a map, without the falses, as Terraform leaves them out.
#[derive(Default)]
struct Gathered {
    value: Map<String, Json>,
    unknown: Map<String, Json>,
    sensitive: Map<String, Json>,
}

impl Gathered {
    fn put(&mut self, name: &str, parts: Parts) {
        if let Some(value) = parts.value {
            self.value.insert(name.to_owned(), value);
        }
        if parts.unknown != Json::Bool(false) {
            self.unknown.insert(name.to_owned(), parts.unknown);
        }
        if parts.sensitive != Json::Bool(false) {
            self.sensitive.insert(name.to_owned(), parts.sensitive);
        }
    }

    fn holds(&self, name: &str) -> bool {
        self.value.contains_key(name) || self.unknown.contains_key(name)
    }

    fn finish(self) -> Parts {
        Parts {
            value: Some(self.value.into()),
            unknown: self.unknown.into(),
            sensitive: self.sensitive.into(),
        }
    }
}

fn known(value: Json) -> Parts {
    Parts { value: Some(value), unknown: false.into(), sensitive: false.into() }
}

fn unknown(secret: bool) -> Parts {
    Parts { value: None, unknown: true.into(), sensitive: secret.into() }
}

fn secret_value() -> Parts {
    Parts { value: Some(SENSITIVE.into()), unknown: false.into(), sensitive: true.into() }
}

/// What stands where nothing is given.
fn nothing(kind: &Kind) -> Parts {
    let blocks = match kind {
        Kind::Block(_) => true,
        Kind::List(item) | Kind::Set(item) => matches!(**item, Kind::Block(_)),
        _ => false,
    };
    match blocks {
        true => Parts { value: Some(json!([])), unknown: json!([]), sensitive: json!([]) },
        false => known(Json::Null),
    }
}
