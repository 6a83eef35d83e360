//! Values in the three parts of Terraform's JSON plan: known, unknown, and secret.

use landform_core::{
    Forecast, Path, ResourceType, SENSITIVE, Schema,
    expr::{Expr, Resolved},
    schema::{Field, Inside, Kind, Place},
};
use serde_json::{Map, Value as Json, json};

use landform_state::seal;

use crate::pieces::{entries, is_single, items};

/// The three parts of a value, in the same shape.
pub(super) struct Parts {
    /// The known part, with secrets masked. `None` if nothing is known.
    pub value: Option<Json>,
    /// True where the value is unknown.
    pub unknown: Json,
    /// True where the value is a secret.
    pub sensitive: Json,
}

/// The known attributes of a resource.
#[derive(Clone, Copy)]
pub(super) enum Attributes<'a> {
    /// All.
    Known(&'a Json),
    /// All attributes, except those that a change in place may change.
    Changing(&'a Json, Option<&'a Forecast>),
    /// Only the predicted attributes, because the resource does not exist yet.
    Unknown(Option<&'a Forecast>),
}

impl Attributes<'_> {
    /// The prediction for an attribute, or for an argument that the cloud chooses.
    fn foreseen(self, name: &str) -> Option<Resolved> {
        match self {
            Self::Known(_) => None,
            Self::Changing(_, forecast) | Self::Unknown(forecast) => forecast?.look(&Path::field(name)),
        }
    }
}

/// A whole resource: arguments and attributes together, as in Terraform.
///
/// `prior` has the previous arguments, for those that the cloud chose.
pub(super) fn object(
    resource_type: Option<&ResourceType>,
    arguments: &Expr,
    prior: Option<&Json>,
    attributes: Attributes<'_>,
) -> Parts {
    let mut gathered = Gathered::default();
    for (name, value) in entries(arguments) {
        let top = resource_type.map_or(Place::UNKNOWN, |known| known.arguments.top());
        gathered.put(&name, field(top, &name, &value));
    }
    let Some(resource_type) = resource_type else {
        if let Attributes::Known(values) | Attributes::Changing(values, _) = attributes {
            for (name, value) in values.as_object().into_iter().flatten() {
                gathered.put(name, parts(&Expr::Literal(value.clone()), Place::UNKNOWN));
            }
        }
        return gathered.finish();
    };
    let (arguments, computed) = (resource_type.arguments.top(), resource_type.attributes.top());
    for Field { name, kind, computed, secret, .. } in resource_type.arguments.fields() {
        if gathered.holds(name) {
            continue;
        }
        let chosen = prior.and_then(|prior| prior.get(name)).filter(|_| *computed);
        let value = match (chosen, attributes) {
            _ if *computed && let Some(foreseen) = attributes.foreseen(name) => {
                resolved(arguments, name, foreseen)
            }
            (Some(value), _) => field(arguments, name, &Expr::Literal(value.clone())),
            (None, Attributes::Unknown(_)) if *computed => unknown(*secret),
            (None, _) => nothing(kind),
        };
        gathered.put(name, value);
    }
    for Field { name, volatile, secret, .. } in resource_type.attributes.fields() {
        let value = match attributes {
            _ if let Some(foreseen) = attributes.foreseen(name) => resolved(computed, name, foreseen),
            Attributes::Unknown(_) => unknown(*secret),
            Attributes::Changing(..) if *volatile => unknown(*secret),
            Attributes::Known(values) | Attributes::Changing(values, _) => {
                let value = values.get(name).cloned().unwrap_or(Json::Null);
                field(computed, name, &Expr::Literal(value))
            }
        };
        gathered.put(name, value);
    }
    gathered.finish()
}

/// The parts of a predicted field.
fn resolved(around: Place<'_>, name: &str, foreseen: Resolved) -> Parts {
    match foreseen {
        Resolved::Known(value) => field(around, name, &Expr::Literal(value)),
        Resolved::Secret(_) => secret_value(),
        Resolved::Unknown => unknown(around.key(name).is_secret()),
    }
}

/// The parts of a field. A single block becomes a list of one.
fn field(around: Place<'_>, name: &str, value: &Expr) -> Parts {
    let place = around.key(name);
    let parts = parts(value, place);
    let is_map = matches!(parts.value, Some(Json::Object(_)));
    match parts {
        Parts { value, unknown, sensitive } if is_map && is_single(around, place) => {
            Parts { value: Some(json!([value])), unknown: json!([unknown]), sensitive: json!([sensitive]) }
        }
        parts => parts,
    }
}

/// A value's three parts.
pub(super) fn parts(value: &Expr, place: Place<'_>) -> Parts {
    match value {
        Expr::Ref(_) | Expr::Call(..) => unknown(place.is_secret()),
        Expr::Secret(inner) if inner.is_known() => secret_value(),
        Expr::Secret(_) => unknown(true),
        Expr::Literal(Json::Null) => place.kind().map_or_else(|| known(Json::Null), nothing),
        _ if place.is_secret() => secret_value(),
        Expr::Literal(text) if seal::is_sealed(text) => secret_value(),
        Expr::Map(_) | Expr::Literal(Json::Object(_)) => {
            let mut gathered = Gathered::default();
            for (name, value) in entries(value) {
                gathered.put(&name, field(place, &name, &value));
            }
            for field in place.schema().map_or(&[][..], Schema::fields) {
                if !gathered.holds(&field.name) {
                    gathered.put(&field.name, nothing(&field.kind));
                }
            }
            gathered.finish()
        }
        Expr::List(_) | Expr::Literal(Json::Array(_)) => {
            let items = items(value).unwrap_or_default();
            let items = items.iter().enumerate();
            let each: Vec<Parts> = items.map(|(number, value)| parts(value, place.index(number))).collect();
            Parts {
                value: Some(each.iter().map(|each| each.value.clone().unwrap_or(Json::Null)).collect()),
                unknown: each.iter().map(|each| each.unknown.clone()).collect(),
                sensitive: each.into_iter().map(|each| each.sensitive).collect(),
            }
        }
        Expr::Literal(scalar) => known(scalar.clone()),
    }
}

/// Whether a mask has any true value.
pub(super) fn holds_true(mask: &Json) -> bool {
    match mask {
        Json::Bool(set) => *set,
        Json::Array(items) => items.iter().any(holds_true),
        Json::Object(fields) => fields.values().any(holds_true),
        _ => false,
    }
}

/// The parts of a map without the false ones, as Terraform leaves them out.
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

/// The value of a field that is not given.
fn nothing(kind: &Kind) -> Parts {
    let blocks = match kind.inside() {
        Inside::Fields(_) => true,
        Inside::Items(item) => matches!(item.inside(), Inside::Fields(_)),
        Inside::Nothing | Inside::Anything | Inside::Entries(_) => false,
    };
    match blocks {
        true => Parts { value: Some(json!([])), unknown: json!([]), sensitive: json!([]) },
        false => known(Json::Null),
    }
}
