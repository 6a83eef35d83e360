//! Sections of the spec whose single values this layer passes on rather than models: the flags of
//! Kubernetes components and the options of add-ons.
//!
//! Each section knows the names of its fields, so that a misspelt flag is an error at its line; the values
//! stay as written. The field names are those of kops `pkg/apis/kops/v1alpha2`.

use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::{Map, Value};
use std::fmt;
use std::marker::PhantomData;

/// A section of the spec with a closed set of field names.
pub trait Section {
    /// The names a field of this section may have.
    const FIELDS: &'static [&'static str];
}

/// The values given in one [`Section`].
#[derive(Debug, Clone, PartialEq)]
pub struct Settings<S> {
    values: Map<String, Value>,
    section: PhantomData<S>,
}

impl<S> Settings<S> {
    /// The value of a field, if the spec gives one.
    pub fn get(&self, field: &str) -> Option<&Value> {
        self.values.get(field)
    }

    /// A field as a truth value.
    pub fn flag(&self, field: &str) -> Option<bool> {
        self.get(field)?.as_bool()
    }

    /// A field as text.
    pub fn text(&self, field: &str) -> Option<&str> {
        self.get(field)?.as_str()
    }

    /// A truth value inside a nested section, such as `nvidiaGPU` / `enabled`.
    pub fn nested_flag(&self, field: &str, inner: &str) -> Option<bool> {
        self.get(field)?.get(inner)?.as_bool()
    }

    /// All fields given.
    pub fn values(&self) -> &Map<String, Value> {
        &self.values
    }
}

impl<S> Default for Settings<S> {
    fn default() -> Self {
        Self { values: Map::new(), section: PhantomData }
    }
}

impl<'de, S: Section> Deserialize<'de> for Settings<S> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(SettingsVisitor(PhantomData))
    }
}

struct SettingsVisitor<S>(PhantomData<S>);

impl<'de, S: Section> Visitor<'de> for SettingsVisitor<S> {
    type Value = Settings<S>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a mapping")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut values = Map::new();
        while let Some(field) = map.next_key::<FieldName<S>>()? {
            values.insert(field.0, map.next_value()?);
        }
        Ok(Settings { values, section: PhantomData })
    }
}

/// A key that must be one of the section's names; checked while the key is read, so that the error points
/// at the key.
struct FieldName<S>(String, PhantomData<S>);

impl<'de, S: Section> Deserialize<'de> for FieldName<S> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        if S::FIELDS.contains(&name.as_str()) {
            Ok(Self(name, PhantomData))
        } else {
            Err(de::Error::unknown_field(&name, S::FIELDS))
        }
    }
}
