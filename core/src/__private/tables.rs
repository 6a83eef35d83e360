//! Reads and describes the structs that the macros declare, from the tables that they write.

use std::marker::PhantomData;

use schemars::{Schema, SchemaGenerator};
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, Visitor},
};
use serde_json::{Map, Value as Json};

use crate::schema::CHOICES;

/// The description of a struct.
pub struct Table {
    /// Its doc comment.
    pub docs: &'static str,
    /// The demands on its fields.
    pub choices: Option<fn() -> Json>,
    pub fields: &'static [Field],
}

/// The description of a field.
pub struct Field {
    pub name: &'static str,
    /// Its doc comment.
    pub docs: &'static str,
    /// The schema of its type.
    pub schema: fn(&mut SchemaGenerator) -> Schema,
    pub presence: Presence,
    /// The properties of the schema that follow from its options.
    pub extensions: &'static [(&'static str, Extension)],
}

/// What an absent field means.
pub enum Presence {
    /// An error.
    Required,
    /// Nothing, or an empty collection.
    Optional,
    /// This default.
    Default(fn() -> Option<Json>),
}

/// A property of a field.
pub enum Extension {
    True,
    Text(&'static str),
    Number(i64),
}

/// A default as JSON.
pub fn json<T: Serialize>(value: &T) -> Option<Json> {
    serde_json::to_value(value).ok()
}

impl Table {
    /// The JSON Schema of the struct.
    pub fn schema(&self, generator: &mut SchemaGenerator) -> Schema {
        let (mut properties, mut required) = (Map::new(), Vec::new());
        for field in self.fields {
            properties.insert(field.name.to_owned(), field.schema(generator).into());
            if matches!(field.presence, Presence::Required) {
                required.push(Json::from(field.name));
            }
        }
        let mut schema = Schema::default();
        schema.insert("type".to_owned(), Json::from("object"));
        if !properties.is_empty() {
            schema.insert("properties".to_owned(), Json::Object(properties));
        }
        if !required.is_empty() {
            schema.insert("required".to_owned(), Json::Array(required));
        }
        document(&mut schema, self.docs);
        if let Some(choices) = self.choices {
            schema.insert(CHOICES.to_owned(), choices());
        }
        schema
    }
}

impl Field {
    fn schema(&self, generator: &mut SchemaGenerator) -> Schema {
        let mut schema = (self.schema)(generator);
        document(&mut schema, self.docs);
        for (key, extension) in self.extensions {
            let value = match extension {
                Extension::True => Json::Bool(true),
                Extension::Text(text) => Json::from(*text),
                Extension::Number(number) => Json::from(*number),
            };
            schema.insert((*key).to_owned(), value);
        }
        if let Presence::Default(default) = self.presence
            && let Some(default) = default()
        {
            schema.insert("default".to_owned(), default);
        }
        schema
    }
}

/// Adds a doc comment as schemars does: a heading in its first line is the title.
fn document(schema: &mut Schema, docs: &str) {
    let docs = docs.trim_ascii();
    let (title, description) = match docs.strip_prefix('#') {
        Some(docs) => docs.split_once('\n').unwrap_or((docs, "")),
        None => ("", docs),
    };
    let texts =
        [("title", title.trim_start_matches('#').trim_ascii()), ("description", description.trim_ascii())];
    for (key, text) in texts {
        if !text.is_empty() {
            schema.insert(key.to_owned(), Json::from(text));
        }
    }
}

/// A struct that is read from a map.
pub trait FromMap: Sized {
    const NAME: &'static str;
    /// The names of its fields.
    const FIELDS: &'static [&'static str];
    /// Whether unknown fields are an error.
    const IS_CLOSED: bool;

    /// # Errors
    /// A field is missing, unknown, occurs twice or has the wrong type.
    fn from_map<'de, A: MapAccess<'de>>(map: A) -> Result<Self, A::Error>;
}

/// Reads a struct.
///
/// # Errors
/// As [`FromMap::from_map`], or the value is no map.
pub fn deserialize<'de, T: FromMap, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_struct(T::NAME, T::FIELDS, Struct(PhantomData))
}

/// The place of the next field among the fields of `T`. An unknown field is at the place after the last one.
///
/// # Errors
/// The map cannot be read, or the field is unknown and `T` is closed.
pub fn next<'de, T: FromMap, A: MapAccess<'de>>(map: &mut A) -> Result<Option<usize>, A::Error> {
    map.next_key_seed(Names { names: T::FIELDS, is_closed: T::IS_CLOSED })
}

/// Reads the value of a field into its slot.
///
/// # Errors
/// The field occurs twice or has the wrong type.
pub fn read<'de, T: FromMap, V: Deserialize<'de>, A: MapAccess<'de>>(
    map: &mut A,
    slot: &mut Option<V>,
    place: usize,
) -> Result<(), A::Error> {
    if slot.is_some() {
        return Err(A::Error::duplicate_field(T::FIELDS.get(place).copied().unwrap_or_default()));
    }
    *slot = Some(map.next_value()?);
    Ok(())
}

/// Passes over the value of an unknown field.
///
/// # Errors
/// The map cannot be read.
pub fn skip<'de, A: MapAccess<'de>>(map: &mut A) -> Result<(), A::Error> {
    map.next_value::<IgnoredAny>().map(drop)
}

/// The value of a required field.
///
/// # Errors
/// The field is missing.
pub fn required<T, E: serde::de::Error>(slot: Option<T>, name: &'static str) -> Result<T, E> {
    slot.ok_or_else(|| E::missing_field(name))
}

struct Struct<T>(PhantomData<T>);

impl<'de, T: FromMap> Visitor<'de> for Struct<T> {
    type Value = T;

    fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "struct {}", T::NAME)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::from_map(map)
    }
}

/// Reads a name as its place among these.
struct Names {
    names: &'static [&'static str],
    is_closed: bool,
}

impl<'de> DeserializeSeed<'de> for Names {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Names {
    type Value = usize;

    fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("field identifier")
    }

    fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<usize, E> {
        match self.names.iter().position(|known| *known == name) {
            Some(place) => Ok(place),
            None if self.is_closed => Err(E::unknown_field(name, self.names)),
            None => Ok(self.names.len()),
        }
    }
}
