//! Values in JSON: as a state holds them, with types beside values of any type, and as Landform holds them.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::{Number, Type, Value, ValueError};

impl Value {
    /// A value from the JSON of a message or of a state. Attributes that the type does not have are left out, and those
    /// that are missing are null, because a state may be older than its type.
    ///
    /// # Errors
    /// The JSON is no value of this type.
    pub(crate) fn from_wire_json(json: &Json, kind: &Type) -> Result<Self, ValueError> {
        let expected = |what: &str| Err(ValueError::new(format!("expected {what}")));
        Ok(match (kind, json) {
            (_, Json::Null) => Self::Null,
            (Type::Bool, Json::Bool(it)) => Self::Bool(*it),
            (Type::Bool, Json::String(it)) if it == "true" || it == "false" => Self::Bool(it == "true"),
            (Type::Bool, _) => return expected("true or false"),
            (Type::Number, Json::Number(it)) => Self::Number(it.into()),
            (Type::Number, Json::String(it)) => Self::Number(Number::parse(it)?),
            (Type::Number, _) => return expected("a number"),
            (Type::Text, Json::String(it)) => Self::Text(it.clone()),
            (Type::Text, Json::Number(it)) => Self::Text(it.to_string()),
            (Type::Text, Json::Bool(it)) => Self::Text(it.to_string()),
            (Type::Text, _) => return expected("text"),
            (Type::Dynamic, Json::Object(pair)) => match (pair.get("type"), pair.get("value")) {
                (Some(kind), Some(value)) => {
                    let kind = Type::parse(kind.to_string().as_bytes(), "a value of any type")?;
                    Self::from_wire_json(value, &kind)?
                }
                _ => return expected("a type and a value"),
            },
            (Type::Dynamic, _) => return expected("a type and a value"),
            (Type::List(item) | Type::Set(item), Json::Array(items)) => {
                let items = items
                    .iter()
                    .enumerate()
                    .map(|(place, it)| Self::from_wire_json(it, item).map_err(|error| error.within(place)));
                Self::List(items.collect::<Result<_, _>>()?)
            }
            (Type::List(_) | Type::Set(_), _) => return expected("a list"),
            (Type::Tuple(kinds), Json::Array(items)) if items.len() == kinds.len() => {
                let items = items.iter().zip(kinds).map(|(it, kind)| Self::from_wire_json(it, kind));
                Self::List(items.collect::<Result<_, _>>()?)
            }
            (Type::Tuple(kinds), _) => return expected(&format!("a list of {} items", kinds.len())),
            (Type::Map(item), Json::Object(entries)) => {
                let entries = entries.iter().map(|(key, it)| {
                    let value = Self::from_wire_json(it, item).map_err(|error| error.within(key))?;
                    Ok((key.clone(), value))
                });
                Self::Map(entries.collect::<Result<_, ValueError>>()?)
            }
            (Type::Map(_), _) => return expected("a map"),
            (Type::Object(fields), Json::Object(given)) => {
                let fields = fields.iter().map(|(name, kind)| {
                    let it = given.get(name).unwrap_or(&Json::Null);
                    let value = Self::from_wire_json(it, kind).map_err(|error| error.within(name))?;
                    Ok((name.clone(), value))
                });
                Self::Map(fields.collect::<Result<_, ValueError>>()?)
            }
            (Type::Object(_), _) => return expected("an object"),
        })
    }

    /// The JSON of a state, with the types of values of any type.
    ///
    /// # Errors
    /// A number has more digits than JSON holds, or a part is unknown.
    pub(crate) fn to_wire_json(&self, kind: &Type) -> Result<Json, ValueError> {
        Ok(match (kind, self) {
            (_, Self::Null) => Json::Null,
            (Type::Dynamic, value) => {
                let kind = Type::of(value);
                serde_json::json!({ "type": kind.to_json(), "value": value.to_wire_json(&kind)? })
            }
            (Type::List(item) | Type::Set(item), Self::List(items)) => {
                Json::Array(items.iter().map(|it| it.to_wire_json(item)).collect::<Result<_, _>>()?)
            }
            (Type::Map(item), Self::Map(entries)) => {
                let entries = entries.iter().map(|(key, it)| Ok((key.clone(), it.to_wire_json(item)?)));
                Json::Object(entries.collect::<Result<_, ValueError>>()?)
            }
            (Type::Object(fields), Self::Map(given)) => {
                let fields = fields.iter().map(|(name, kind)| {
                    let value = given.get(name).unwrap_or(&Self::Null);
                    Ok((name.clone(), value.to_wire_json(kind).map_err(|error| error.within(name))?))
                });
                Json::Object(fields.collect::<Result<_, ValueError>>()?)
            }
            (_, value) => value.to_plain_json()?,
        })
    }

    /// The value as plain JSON.
    ///
    /// # Errors
    /// A number has more digits than JSON holds, or a part is unknown.
    pub(crate) fn to_plain_json(&self) -> Result<Json, ValueError> {
        Ok(match self {
            Self::Null => Json::Null,
            Self::Unknown => return Err(ValueError::new("it is not known yet")),
            Self::Bool(it) => (*it).into(),
            Self::Number(it) => it.to_json()?.into(),
            Self::Text(it) => it.clone().into(),
            Self::List(items) => {
                Json::Array(items.iter().map(Self::to_plain_json).collect::<Result<_, _>>()?)
            }
            Self::Map(fields) => {
                let fields = fields.iter().map(|(key, it)| {
                    Ok((key.clone(), it.to_plain_json().map_err(|error| error.within(key))?))
                });
                Json::Object(fields.collect::<Result<_, ValueError>>()?)
            }
        })
    }
}

impl From<&Json> for Value {
    fn from(json: &Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(it) => Self::Bool(*it),
            Json::Number(it) => Self::Number(it.into()),
            Json::String(it) => Self::Text(it.clone()),
            Json::Array(items) => Self::List(items.iter().map(Self::from).collect()),
            Json::Object(fields) => {
                let fields = fields.iter().map(|(key, it)| (key.clone(), Self::from(it)));
                Self::Map(fields.collect::<BTreeMap<_, _>>())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    fn kind(json: Json) -> Type {
        Type::parse(json.to_string().as_bytes(), "a test").unwrap()
    }

    fn travelled(value: &Value, kind: &Type) -> Value {
        let message = value.write(kind).unwrap();
        Value::read(message.as_ref(), kind).unwrap()
    }

    #[test]
    fn values_come_back_as_they_were_written() {
        let object = kind(json!(["object", {
            "name": "string", "ports": ["set", "number"], "tags": ["map", "string"], "any": "dynamic",
            "pair": ["tuple", ["bool", "number"]], "rules": ["list", ["object", { "port": "number" }]],
        }]));
        let plain = json!({
            "name": "é", "ports": [1, 18_446_744_073_709_551_615_u64, -5, 0.1], "tags": { "a": "b" },
            "any": { "list": [1, "two", null], "deep": { "yes": true } }, "pair": [true, 1.5],
            "rules": [{ "port": 80 }, { "port": null }],
        });
        let value = object.whole(Value::from(&plain));
        assert_eq!(travelled(&value, &object), value);
        assert_eq!(value.to_plain_json().unwrap(), plain);
        let stored = value.to_wire_json(&object).unwrap();
        assert_eq!(stored["any"]["type"][0], "object");
        assert_eq!(Value::from_wire_json(&stored, &object).unwrap(), value);
    }

    #[test]
    fn unknown_values_travel_at_any_depth() {
        let object = kind(json!(["object", { "id": "string", "list": ["list", "string"] }]));
        let value = Value::Map(BTreeMap::from([
            ("id".to_owned(), Value::Unknown),
            ("list".to_owned(), Value::List(vec![Value::Text("a".into()), Value::Unknown])),
        ]));
        let read = travelled(&value, &object);
        assert_eq!(read, value);
        assert!(!read.is_known() && read.clone().known().is_known());
        // What Terraform knows of a name that is made by interpolation.
        let refined = rmpv::Value::Ext(12, vec![0x82, 0x01, 0xc2, 0x02, 0xa2, b'a', b'-']);
        let mut msgpack = Vec::new();
        rmpv::encode::write_value(&mut msgpack, &refined).unwrap();
        let message = crate::wire::DynamicValue { msgpack, json: Vec::new() };
        assert_eq!(Value::read(Some(&message), &Type::Text).unwrap(), Value::Unknown);
    }

    #[test]
    fn numbers_keep_every_digit() {
        for text in ["0.1", "1e300", "18446744073709551616", "-9223372036854775809", "3.14159265358979323846"]
        {
            let number = Value::Number(Number::parse(text).unwrap());
            assert_eq!(travelled(&number, &Type::Number), number, "{text}");
        }
        let long = Value::Number(Number::parse("3.14159265358979323846").unwrap());
        let error = long.to_plain_json().unwrap_err();
        assert!(error.to_string().contains("more digits"), "{error}");
    }

    #[test]
    fn malformed_values_are_errors_with_their_place_and_without_their_content() {
        let object = kind(json!(["object", { "name": "string", "ports": ["list", "number"] }]));
        let text = kind(json!(["object", { "name": "string", "ports": ["list", "string"] }]));
        let given = text.whole(Value::from(&json!({ "name": "a", "ports": ["1", "hunter2"] })));
        let error = Value::read(given.write(&text).unwrap().as_ref(), &object).unwrap_err().to_string();
        assert!(error.starts_with("ports: 1: "), "{error}");
        for bytes in [&b"\xd9"[..], b"\xa3ab", b"\x93\x01\x02", b"\xc0\xc0", b"\x81\xa1a"] {
            let message = crate::wire::DynamicValue { msgpack: bytes.to_vec(), json: Vec::new() };
            Value::read(Some(&message), &object).unwrap_err();
        }
        for bytes in [&b"\"strin\""[..], b"[\"list\"]", b"{}", b"[\"tuple\",\"string\"]", b"", b"[[]]"] {
            Type::parse(bytes, "a test").unwrap_err();
        }
        let deep = format!("{}\"string\"{}", "[\"list\",".repeat(100), "]".repeat(100));
        Type::parse(deep.as_bytes(), "a test").unwrap_err();
    }
}
