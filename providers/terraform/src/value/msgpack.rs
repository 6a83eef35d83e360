//! Values in MessagePack. An unknown value is an extension, a large number is a text, and a value of any type is a pair
//! of its type and itself.

use rmpv::Value as Pack;

use super::{Number, Type, Value, ValueError};
use crate::wire::DynamicValue;

/// Deeper than any value of a real provider.
const DEEPEST: usize = 128;

/// The extension of an unknown value of which nothing is known.
const UNKNOWN: i8 = 0;

impl Value {
    /// Reads a message. An absent one is null.
    ///
    /// # Errors
    /// The bytes are no value of this type. The message names the place and never repeats a value.
    pub(crate) fn read(message: Option<&DynamicValue>, kind: &Type) -> Result<Self, ValueError> {
        match message {
            None => Ok(Self::Null),
            Some(message) if !message.msgpack.is_empty() => {
                let mut rest = message.msgpack.as_slice();
                let pack = rmpv::decode::read_value_with_max_depth(&mut rest, DEEPEST)
                    .map_err(|error| ValueError::new(format!("a value is no MessagePack: {error}")))?;
                if !rest.is_empty() {
                    return Err(ValueError::new("a value in MessagePack has bytes after its end"));
                }
                unpack(pack, kind)
            }
            Some(message) if !message.json.is_empty() => {
                let json = serde_json::from_slice(&message.json)
                    .map_err(|error| ValueError::new(format!("a value is not JSON: {error}")))?;
                Self::from_wire_json(&json, kind)
            }
            Some(_) => Ok(Self::Null),
        }
    }

    /// The message with this value.
    ///
    /// # Errors
    /// The value is not of this type.
    pub(crate) fn write(&self, kind: &Type) -> Result<Option<DynamicValue>, ValueError> {
        let mut msgpack = Vec::new();
        rmpv::encode::write_value(&mut msgpack, &pack(self, kind)?)
            .map_err(|error| ValueError::new(error.to_string()))?;
        Ok(Some(DynamicValue { msgpack, json: Vec::new() }))
    }
}

fn expected(what: &str) -> ValueError {
    ValueError::new(format!("expected {what}"))
}

fn unpack(pack: Pack, kind: &Type) -> Result<Value, ValueError> {
    Ok(match (kind, pack) {
        (_, Pack::Nil) => Value::Null,
        // The limits of an unknown value have no use here.
        (_, Pack::Ext(..)) => Value::Unknown,
        (Type::Bool, Pack::Boolean(it)) => Value::Bool(it),
        (Type::Bool, _) => return Err(expected("true or false")),
        (Type::Number, Pack::Integer(it)) => Value::Number(Number::parse(&it.to_string())?),
        (Type::Number, Pack::F64(it)) => Value::Number(Number::parse(&it.to_string())?),
        (Type::Number, Pack::F32(it)) => Value::Number(Number::parse(&it.to_string())?),
        (Type::Number, Pack::String(it)) => {
            Value::Number(Number::parse(it.as_str().ok_or_else(|| expected("a number"))?)?)
        }
        (Type::Number, _) => return Err(expected("a number")),
        (Type::Text, Pack::String(it)) => {
            Value::Text(it.into_str().ok_or_else(|| expected("text in UTF-8"))?)
        }
        (Type::Text, _) => return Err(expected("text")),
        (Type::Dynamic, Pack::Array(pair)) => {
            let [kind, value]: [Pack; 2] =
                pair.try_into().map_err(|_| expected("a pair of a type and a value"))?;
            let kind = match &kind {
                Pack::Binary(bytes) => bytes.as_slice(),
                Pack::String(text) => text.as_bytes(),
                _ => return Err(expected("a pair of a type and a value")),
            };
            unpack(value, &Type::parse(kind, "a value of any type")?)?
        }
        (Type::Dynamic, _) => return Err(expected("a pair of a type and a value")),
        (Type::List(item) | Type::Set(item), Pack::Array(items)) => {
            let items = items.into_iter().enumerate();
            let items = items.map(|(place, it)| unpack(it, item).map_err(|error| error.within(place)));
            Value::List(items.collect::<Result<_, _>>()?)
        }
        (Type::List(_) | Type::Set(_), _) => return Err(expected("a list")),
        (Type::Tuple(kinds), Pack::Array(items)) if items.len() == kinds.len() => {
            let items = items.into_iter().zip(kinds).enumerate();
            let items =
                items.map(|(place, (it, kind))| unpack(it, kind).map_err(|error| error.within(place)));
            Value::List(items.collect::<Result<_, _>>()?)
        }
        (Type::Tuple(kinds), _) => return Err(expected(&format!("a list of {} items", kinds.len()))),
        (Type::Map(item), Pack::Map(entries)) => Value::Map(
            entries
                .into_iter()
                .map(|(key, it)| {
                    let key = text(&key)?;
                    let value = unpack(it, item).map_err(|error| error.within(&key))?;
                    Ok((key, value))
                })
                .collect::<Result<_, ValueError>>()?,
        ),
        (Type::Map(_), _) => return Err(expected("a map")),
        (Type::Object(fields), Pack::Map(entries)) => {
            let mut given = entries
                .into_iter()
                .map(|(key, it)| Ok((text(&key)?, it)))
                .collect::<Result<std::collections::BTreeMap<_, _>, ValueError>>()?;
            let read = fields.iter().map(|(name, kind)| {
                let it = given.remove(name).ok_or_else(|| expected("a value").within(name))?;
                Ok((name.clone(), unpack(it, kind).map_err(|error| error.within(name))?))
            });
            let read = read.collect::<Result<_, ValueError>>()?;
            match given.keys().next() {
                Some(other) => return Err(ValueError::new(format!("{other}: no such attribute"))),
                None => Value::Map(read),
            }
        }
        (Type::Object(_), _) => return Err(expected("an object")),
    })
}

fn text(key: &Pack) -> Result<String, ValueError> {
    key.as_str().map(str::to_owned).ok_or_else(|| expected("a text as key"))
}

fn pack(value: &Value, kind: &Type) -> Result<Pack, ValueError> {
    Ok(match (kind, value) {
        (_, Value::Null) => Pack::Nil,
        (_, Value::Unknown) => Pack::Ext(UNKNOWN, vec![0]),
        (Type::Dynamic, value) => {
            let kind = Type::of(value);
            Pack::Array(vec![Pack::Binary(kind.to_json().to_string().into_bytes()), pack(value, &kind)?])
        }
        (Type::Bool, Value::Bool(it)) => Pack::Boolean(*it),
        (Type::Number, Value::Number(it)) => packed_number(it),
        (Type::Text, Value::Text(it)) => it.as_str().into(),
        (Type::List(item) | Type::Set(item), Value::List(items)) => {
            let items = items.iter().enumerate();
            let items = items.map(|(place, it)| pack(it, item).map_err(|error| error.within(place)));
            Pack::Array(items.collect::<Result<_, _>>()?)
        }
        (Type::Tuple(kinds), Value::List(items)) if items.len() == kinds.len() => {
            let items = items.iter().zip(kinds).enumerate();
            let items = items.map(|(place, (it, kind))| pack(it, kind).map_err(|error| error.within(place)));
            Pack::Array(items.collect::<Result<_, _>>()?)
        }
        (Type::Map(item), Value::Map(entries)) => {
            let entries = entries.iter().map(|(key, it)| {
                Ok((key.as_str().into(), pack(it, item).map_err(|error| error.within(key))?))
            });
            Pack::Map(entries.collect::<Result<_, ValueError>>()?)
        }
        (Type::Object(fields), Value::Map(given)) => {
            let fields = fields.iter().map(|(name, kind)| {
                let value = given.get(name).unwrap_or(&Value::Null);
                Ok((name.as_str().into(), pack(value, kind).map_err(|error| error.within(name))?))
            });
            Pack::Map(fields.collect::<Result<_, ValueError>>()?)
        }
        (kind, value) => {
            return Err(ValueError::new(format!("found {value:?}, expected the type {}", kind.to_json())));
        }
    })
}

/// A whole number of 64 bits, or the digits as text. A float would not always be the number that was written.
fn packed_number(number: &Number) -> Pack {
    let text = number.as_str();
    match (text.parse::<i64>(), text.parse::<u64>()) {
        (Ok(it), _) => it.into(),
        (_, Ok(it)) => it.into(),
        _ => text.into(),
    }
}
