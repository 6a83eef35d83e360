//! A type on both sides: Landform's schema and Terraform's shape. Converts values between them.
//!
//! A block that Landform holds as one value is a list of at most one in Terraform, unless its nesting says otherwise.

mod paths;
mod read;
mod write;

use std::collections::BTreeMap;

use landform_core::{
    Address, Path, Schema,
    expr::{Expr, Reference},
    schema::{Field, Kind, Nesting},
};
use serde_json::Value as Json;

pub(crate) use paths::{landform_path, wire_path};
pub(crate) use read::{abilities, hosted};
pub(crate) use write::{configuration, served};

use crate::value::{Number, Value, ValueError};

/// Whether Terraform's value of a field is a list of at most one, where Landform has one block.
pub(crate) fn is_wrapped(field: &Field) -> bool {
    matches!(field.kind, Kind::Block(_)) && field.nesting == Nesting::Block
}

/// Arguments or attributes as a value. Unknown parts of an expression become unknown.
pub(crate) fn to_value(schema: &Schema, given: &Expr) -> Result<BTreeMap<String, Value>, ValueError> {
    let fields = match given {
        Expr::Secret(inner) => return to_value(schema, inner),
        Expr::Literal(Json::Object(fields)) => {
            let fields =
                fields.iter().map(|(name, value)| field(schema, name, &Expr::Literal(value.clone())));
            return fields.collect();
        }
        Expr::Map(fields) => fields,
        Expr::Literal(_) | Expr::List(_) | Expr::Ref(_) | Expr::Call(..) => return Ok(BTreeMap::new()),
    };
    fields.iter().map(|(name, value)| field(schema, name, value)).collect()
}

fn field(schema: &Schema, name: &str, given: &Expr) -> Result<(String, Value), ValueError> {
    let Some(field) = schema.field(name) else {
        return Err(ValueError::new(format!("{name}: no such field")));
    };
    let value = kind_to_value(&field.kind, given).map_err(|error| error.within(name))?;
    let value = match value {
        Value::Null | Value::Unknown => value,
        value if is_wrapped(field) => Value::List(vec![value]),
        value => value,
    };
    Ok((name.to_owned(), value))
}

fn kind_to_value(kind: &Kind, given: &Expr) -> Result<Value, ValueError> {
    match given {
        Expr::Secret(inner) => return kind_to_value(kind, inner),
        Expr::Ref(_) | Expr::Call(..) => return Ok(Value::Unknown),
        Expr::Literal(Json::Null) => return Ok(Value::Null),
        Expr::Literal(_) | Expr::List(_) | Expr::Map(_) => {}
    }
    Ok(match kind {
        Kind::List(item) | Kind::Set(item) => match given {
            Expr::List(items) => {
                Value::List(items.iter().map(|it| kind_to_value(item, it)).collect::<Result<_, _>>()?)
            }
            Expr::Literal(Json::Array(items)) => {
                let items = items.iter().map(|it| kind_to_value(item, &Expr::Literal(it.clone())));
                Value::List(items.collect::<Result<_, _>>()?)
            }
            _ => return Err(ValueError::new(format!("expected {}", kind.expected()))),
        },
        Kind::Map(item) => match given {
            Expr::Map(entries) => {
                let entries = entries.iter().map(|(key, it)| Ok((key.clone(), kind_to_value(item, it)?)));
                Value::Map(entries.collect::<Result<_, ValueError>>()?)
            }
            Expr::Literal(Json::Object(entries)) => {
                let entries = entries
                    .iter()
                    .map(|(key, it)| Ok((key.clone(), kind_to_value(item, &Expr::Literal(it.clone()))?)));
                Value::Map(entries.collect::<Result<_, ValueError>>()?)
            }
            _ => return Err(ValueError::new(format!("expected {}", kind.expected()))),
        },
        Kind::Block(schema) => Value::Map(to_value(schema, given)?),
        Kind::Any => any(given),
        Kind::Text { .. } if is_decimal(kind) => match given {
            Expr::Literal(Json::String(text)) => Value::Number(Number::parse(text)?),
            _ => any(given),
        },
        Kind::Bool | Kind::Integer | Kind::Number | Kind::Text { .. } => any(given),
    })
}

fn any(given: &Expr) -> Value {
    match given {
        Expr::Literal(value) => Value::from(value),
        Expr::Ref(_) | Expr::Call(..) => Value::Unknown,
        Expr::List(items) => Value::List(items.iter().map(any).collect()),
        Expr::Map(fields) => Value::Map(fields.iter().map(|(key, it)| (key.clone(), any(it))).collect()),
        Expr::Secret(inner) => any(inner),
    }
}

/// Whether a field holds a decimal number as text, which is a number in Terraform.
pub(crate) fn is_decimal(kind: &Kind) -> bool {
    matches!(kind, Kind::Text { format: Some(format), .. } if format == "decimal")
}

/// Arguments or attributes of Landform. Null fields are left out, and unknown parts become references to nothing.
pub(crate) fn from_value(schema: &Schema, value: &Value) -> Result<Expr, ValueError> {
    let Value::Map(given) = value else { return Ok(Expr::map(BTreeMap::new())) };
    let mut fields = BTreeMap::new();
    for field in schema.fields() {
        let value = given.get(&field.name).unwrap_or(&Value::Null);
        let value = match value {
            Value::List(items) if is_wrapped(field) => match items.as_slice() {
                [] => &Value::Null,
                [one] => one,
                more => {
                    let message = format!("{}: {} blocks, expected at most one", field.name, more.len());
                    return Err(ValueError::new(message));
                }
            },
            value => value,
        };
        if !value.is_null() {
            let value = kind_from_value(&field.kind, value).map_err(|error| error.within(&field.name))?;
            fields.insert(field.name.clone(), value);
        }
    }
    Ok(Expr::map(fields))
}

/// The same as JSON.
///
/// # Errors
/// A part is unknown or malformed.
pub(crate) fn json_from_value(schema: &Schema, value: &Value) -> Result<Json, ValueError> {
    from_value(schema, value)?.expose().ok_or_else(|| ValueError::new("a value is not known yet"))
}

fn kind_from_value(kind: &Kind, value: &Value) -> Result<Expr, ValueError> {
    Ok(match (kind, value) {
        (_, Value::Null) => Expr::NULL,
        (_, Value::Unknown) => unknown(),
        (Kind::List(item) | Kind::Set(item), Value::List(items)) => {
            Expr::list(items.iter().map(|it| kind_from_value(item, it)).collect::<Result<_, _>>()?)
        }
        (Kind::Map(item), Value::Map(entries)) => {
            let entries = entries.iter().map(|(key, it)| Ok((key.clone(), kind_from_value(item, it)?)));
            Expr::map(entries.collect::<Result<_, ValueError>>()?)
        }
        (Kind::Block(schema), value @ Value::Map(_)) => from_value(schema, value)?,
        (Kind::Text { .. }, Value::Number(number)) if is_decimal(kind) => {
            Expr::Literal(number.as_str().into())
        }
        (_, Value::List(items)) => {
            Expr::list(items.iter().map(|it| kind_from_value(&Kind::Any, it)).collect::<Result<_, _>>()?)
        }
        (_, Value::Map(entries)) => {
            let entries = entries.iter().map(|(key, it)| Ok((key.clone(), kind_from_value(&Kind::Any, it)?)));
            Expr::map(entries.collect::<Result<_, ValueError>>()?)
        }
        (_, scalar) => Expr::Literal(scalar.to_plain_json()?),
    })
}

/// A value that is known later. It refers to a node that no stack can have.
fn unknown() -> Expr {
    static NOWHERE: std::sync::OnceLock<Option<Address>> = std::sync::OnceLock::new();
    let nowhere = NOWHERE.get_or_init(|| "terraform_value.unknown".parse().ok());
    match nowhere {
        Some(address) => Expr::Ref(Reference::new(address.clone(), Path::default())),
        None => Expr::NULL,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use landform_core::ResourceType;
    use serde_json::json;

    use super::*;
    use crate::{
        shape::{Holds, Mode, Shape},
        wire::{
            ServerCapabilities,
            schema::{Types, v5, v6},
        },
    };

    fn machine() -> ResourceType {
        let arguments = json!({
            "type": "object", "required": ["name"],
            "properties": {
                "name": { "type": "string", "x-immutable": true },
                "size": { "type": "integer", "default": 2 },
                "price": { "type": "string", "format": "decimal" },
                "password": { "type": "string", "x-write-only": true },
                "disk": { "type": "array", "items": {
                    "type": "object", "required": ["size"],
                    "properties": { "size": { "type": "integer" }, "kind": { "type": "string", "default": "ssd" } },
                } },
                "rule": { "type": "array", "uniqueItems": true, "items": {
                    "type": "object", "properties": { "port": { "type": "integer" } },
                } },
                "watch": { "type": "object", "properties": { "every": { "type": "integer" } } },
                "repair": { "type": "object", "x-nesting": "single", "properties": { "day": { "type": "string" } } },
                "bill": { "type": "object", "x-nesting": "attribute", "properties": { "center": { "type": "string" } } },
                "chosen": { "type": "object", "x-computed": true, "properties": { "zone": { "type": "string" } } },
                "notes": {},
            },
        });
        let attributes = json!({
            "type": "object", "properties": { "id": { "type": "string" }, "key": { "type": "string", "x-secret": true } },
        });
        let [arguments, attributes] =
            [arguments, attributes].map(|it| Schema::from_json_schema(&it).unwrap());
        ResourceType {
            version: 3,
            ..ResourceType::new("demo_machine".parse().unwrap(), arguments, attributes)
        }
    }

    fn types(shape: Shape) -> Types {
        Types {
            resources: vec![("demo_machine".to_owned(), shape)],
            capabilities: ServerCapabilities::default(),
            ..Types::default()
        }
    }

    #[test]
    fn a_shape_survives_both_protocols() {
        let shape = served(&machine()).unwrap();
        let six = v6::WireSchemas::write(&types(shape.clone())).read().unwrap();
        assert_eq!(six.resources[0].1, shape);
        let five = v5::WireSchemas::write(&types(shape.clone())).read().unwrap();
        let attribute = |shape: &Shape, name: &str| {
            shape.block.attributes.iter().find(|attribute| attribute.name == name).unwrap().clone()
        };
        let bill = attribute(&five.resources[0].1, "bill");
        assert_eq!(bill.holds, Holds::Value(bill.value_type()), "version 5 has no nested attributes");
        assert_eq!(five.resources[0].1.block.value_type(), shape.block.value_type());
        let modes: Vec<_> = shape.block.blocks.iter().map(|it| (it.name.as_str(), it.mode, it.max)).collect();
        let expected = [
            ("disk", Mode::List, 0),
            ("repair", Mode::Single, 0),
            ("rule", Mode::Set, 0),
            ("watch", Mode::List, 1),
        ];
        assert_eq!(modes, expected);
        let size = attribute(&shape, "size");
        assert!(size.optional && size.computed && !size.required);
        assert!(attribute(&shape, "password").write_only);
        assert_eq!(shape.version, 3);
    }

    #[test]
    fn values_come_back_from_terraforms_form() {
        let known = machine();
        let given = json!({
            "name": "a", "size": 4, "price": "0.10", "disk": [{ "size": 1, "kind": "hdd" }], "watch": { "every": 5 },
            "repair": { "day": "monday" }, "bill": { "center": "7" }, "chosen": { "zone": "z" },
            "rule": [{ "port": 1 }], "notes": { "any": [1, null] },
        });
        let shape = served(&known).unwrap();
        let value = shape.block.whole(to_value(&known.arguments, &Expr::Literal(given.clone())).unwrap());
        assert_eq!(value.get("watch").to_plain_json().unwrap(), json!([{ "every": 5 }]));
        assert_eq!(value.get("repair").to_plain_json().unwrap(), json!({ "day": "monday" }));
        assert_eq!(value.get("chosen").to_plain_json().unwrap(), json!([{ "zone": "z" }]));
        assert_eq!(json_from_value(&known.arguments, &value).unwrap(), given);
        let twin = hosted("demo_machine", &shape).unwrap();
        let hosted = json_from_value(&twin.arguments, &value).unwrap();
        assert_eq!(hosted["price"], json!(0.1));
        assert_eq!(hosted["watch"], given["watch"]);
        assert!(
            twin.attributes.field("key").unwrap().secret
                && twin.arguments.field("password").unwrap().write_only
        );
    }

    #[test]
    fn unknown_parts_stay_unknown() {
        let known = machine();
        let shape = served(&known).unwrap();
        let fields = BTreeMap::from([
            ("name".to_owned(), Value::Unknown),
            ("disk".to_owned(), Value::List(vec![Value::Unknown])),
        ]);
        let arguments = from_value(&known.arguments, &shape.block.whole(fields)).unwrap();
        assert!(!arguments.is_known() && arguments.get("size").is_none());
        let again = to_value(&known.arguments, &arguments).unwrap();
        assert_eq!((&again["name"], &again["disk"]), (&Value::Unknown, &Value::List(vec![Value::Unknown])));
    }

    #[test]
    fn paths_have_terraforms_steps_and_end_above_a_set() {
        let schema = &machine().arguments;
        for (ours, steps, back) in [
            ("name", 1, "name"),
            ("disk[1].size", 3, "disk[1].size"),
            ("watch.every", 3, "watch.every"),
            ("repair.day", 2, "repair.day"),
            ("rule[0].port", 1, "rule"),
            ("watch", 1, "watch"),
            ("nothing.at", 0, ""),
        ] {
            let path: Path = ours.parse().unwrap();
            let wire = wire_path(schema, &path);
            assert_eq!(wire.steps.len(), steps, "{ours}");
            assert_eq!(landform_path(schema, &wire).to_string(), back, "{ours}");
        }
    }

    #[test]
    fn names_that_terraform_keeps_are_refused() {
        for name in ["count", "Name", "a-b"] {
            let schema = json!({ "type": "object", "properties": { name: { "type": "string" } } });
            let schema = Schema::from_json_schema(&schema).unwrap();
            let known = ResourceType::new("demo_x".parse().unwrap(), schema, Schema::default());
            let error = served(&known).unwrap_err();
            assert!(error.contains(name), "{error}");
        }
    }
}
