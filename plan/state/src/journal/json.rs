//! JSON that is kept as text until somebody reads it. So a state of 100,000 objects opens without building their
//! values.

use std::fmt;

use landform_core::Canonical;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, value::RawValue};

use super::JournalError;

/// A JSON value as its text. Two values are equal if their texts are. The text is canonical (sorted keys, no spaces) if
/// it was made from a [`Value`].
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Json(Box<RawValue>);

impl Json {
    /// The text of any value that serialises, with the keys of maps sorted.
    pub fn new(value: &impl Serialize) -> Result<Self, JournalError> {
        Ok(Self::from(&serde_json::to_value(value)?))
    }

    /// Takes JSON text without a change.
    pub fn from_text(text: String) -> Result<Self, JournalError> {
        Ok(Self(RawValue::from_string(text)?))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        self.0.get()
    }

    /// The value. Each call builds it again.
    ///
    /// Fails only for text that no writer of this crate makes: numbers out of range, or nesting deeper than 128.
    pub fn value(&self) -> Result<Value, JournalError> {
        self.parse()
    }

    /// The value as another type.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, JournalError> {
        Ok(serde_json::from_str(self.as_str())?)
    }
}

impl From<&Value> for Json {
    fn from(value: &Value) -> Self {
        Self(serde_json::value::to_raw_value(&Canonical(value)).unwrap_or_else(|_| RawValue::NULL.to_owned()))
    }
}

impl From<Value> for Json {
    fn from(value: Value) -> Self {
        Self::from(&value)
    }
}

impl Default for Json {
    fn default() -> Self {
        Self(RawValue::NULL.to_owned())
    }
}

impl PartialEq for Json {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Json {}

impl fmt::Debug for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
