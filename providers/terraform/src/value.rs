//! Values and types as Terraform has them: any part may be unknown, and numbers have any size. Converts them from and to
//! MessagePack and JSON.

mod json;
mod msgpack;
mod types;

use std::{collections::BTreeMap, fmt};

use landform_core::Decimal;

pub(crate) use types::Type;

/// A value. A set is a list here, and an object a map with every attribute of its type.
#[derive(Clone, PartialEq)]
pub(crate) enum Value {
    Null,
    Unknown,
    Bool(bool),
    Number(Number),
    Text(String),
    List(Vec<Value>),
    Map(BTreeMap<String, Value>),
}

/// A number of any size. Two are equal if they are the same number, in any spelling.
#[derive(Clone, PartialEq)]
pub(crate) struct Number(Decimal);

impl Number {
    /// The number in a text.
    ///
    /// # Errors
    /// The text is not a decimal number.
    pub(crate) fn parse(text: &str) -> Result<Self, ValueError> {
        match text.parse() {
            Ok(number) => Ok(Self(number)),
            Err(_) => Err(ValueError::new(format!("{text:?} is not a number"))),
        }
    }

    /// The digits, as they were written.
    pub(crate) fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// A JSON number.
    ///
    /// # Errors
    /// No JSON number of Landform is exactly this number.
    pub(crate) fn to_json(&self) -> Result<serde_json::Number, ValueError> {
        let text = self.as_str();
        if let Ok(whole) = text.parse::<i64>() {
            return Ok(whole.into());
        }
        if let Ok(whole) = text.parse::<u64>() {
            return Ok(whole.into());
        }
        let float = text.parse::<f64>().ok().and_then(serde_json::Number::from_f64);
        float
            .filter(|float| float.to_string().parse().is_ok_and(|again: Decimal| again == self.0))
            .ok_or_else(|| {
                ValueError::new(format!("the number {text} has more digits than a 64-bit float can hold"))
            })
    }
}

impl From<&serde_json::Number> for Number {
    fn from(number: &serde_json::Number) -> Self {
        let text = number.to_string();
        // Every JSON number is a decimal number.
        Self(text.parse().unwrap_or_else(|_| Decimal::from(0)))
    }
}

impl Value {
    /// The field of an object; null for anything else.
    pub(crate) fn get(&self, name: &str) -> &Value {
        match self {
            Self::Map(fields) => fields.get(name).unwrap_or(&Self::Null),
            _ => &Self::Null,
        }
    }

    /// Whether it is null.
    pub(crate) fn is_null(&self) -> bool {
        *self == Self::Null
    }

    /// Whether it says nothing: null, or an empty list or map.
    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Self::Null => true,
            Self::List(items) => items.is_empty(),
            Self::Map(fields) => fields.is_empty(),
            Self::Unknown | Self::Bool(_) | Self::Number(_) | Self::Text(_) => false,
        }
    }

    /// Whether no part of it is unknown.
    pub(crate) fn is_known(&self) -> bool {
        match self {
            Self::Unknown => false,
            Self::List(items) => items.iter().all(Self::is_known),
            Self::Map(fields) => fields.values().all(Self::is_known),
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::Text(_) => true,
        }
    }

    /// The value with null in the place of each unknown part.
    pub(crate) fn known(self) -> Self {
        match self {
            Self::Unknown => Self::Null,
            Self::List(items) => Self::List(items.into_iter().map(Self::known).collect()),
            Self::Map(fields) => {
                Self::Map(fields.into_iter().map(|(key, value)| (key, value.known())).collect())
            }
            other => other,
        }
    }

    /// The text, if it is one.
    pub(crate) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The fields of an object; none of anything else.
    pub(crate) fn into_fields(self) -> BTreeMap<String, Value> {
        match self {
            Self::Map(fields) => fields,
            _ => BTreeMap::new(),
        }
    }
}

/// Shows the form of a value, never its content, which may be secret.
impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Unknown => f.write_str("unknown"),
            Self::Bool(_) => f.write_str("bool"),
            Self::Number(_) => f.write_str("number"),
            Self::Text(_) => f.write_str("text"),
            Self::List(items) => items.fmt(f),
            Self::Map(fields) => fields.fmt(f),
        }
    }
}

/// A value or a type that cannot be read or written. The message never repeats a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub(crate) struct ValueError {
    message: String,
}

impl ValueError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into() }
    }

    /// The same error inside a field.
    pub(crate) fn within(self, name: impl fmt::Display) -> Self {
        Self { message: format!("{name}: {}", self.message) }
    }
}
