//! JSON in one canonical text, for digests and comparisons: sorted keys, no spaces.
//!
//! `serde_json` sorts the keys of maps itself, unless any crate of a program turns on its feature `preserve_order`. The
//! canonical text is the same in both programs, so they read each other's states.

use std::fmt;

use serde::ser::{Serialize, SerializeMap as _, Serializer};
use serde_json::Value;

/// A value that serialises and prints as its canonical text.
///
/// ```
/// use landform_core::Canonical;
/// use serde_json::json;
///
/// let value = json!({ "b": [{ "d": 1, "c": 2 }], "a": null });
/// assert_eq!(Canonical(&value).to_string(), r#"{"a":null,"b":[{"c":2,"d":1}]}"#);
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Canonical<'a>(pub &'a Value);

impl Serialize for Canonical<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Array(items) => serializer.collect_seq(items.iter().map(Canonical)),
            Value::Object(fields) => {
                let mut map = serializer.serialize_map(Some(fields.len()))?;
                // The usual map is sorted already.
                if fields.keys().is_sorted() {
                    for (key, value) in fields {
                        map.serialize_entry(key, &Canonical(value))?;
                    }
                } else {
                    let mut fields: Vec<(&String, &Value)> = fields.iter().collect();
                    fields.sort_unstable_by_key(|(key, _)| *key);
                    for (key, value) in fields {
                        map.serialize_entry(key, &Canonical(value))?;
                    }
                }
                map.end()
            }
            plain => plain.serialize(serializer),
        }
    }
}

impl fmt::Display for Canonical<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match serde_json::to_string(self) {
            Ok(text) => f.write_str(&text),
            Err(_) => Err(fmt::Error),
        }
    }
}
