//! Finds the fields that a type reads, by probing its deserialisation.

use serde::de::value::{Error, StrDeserializer};
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;
use std::cell::Cell;

/// The kind of value at a path.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Shape {
    Section(&'static [&'static str]),
    List,
    Map,
    Boolean,
    Number,
    Text,
    Choice(&'static [&'static str]),
    /// A notation of its own.
    Other,
}

/// The fields of a type, as `spec.subnets[].cidr` and `spec.cloudLabels.*`, and what each holds. A section without fields
/// is one itself.
pub fn fields<T: DeserializeOwned>(root: &str) -> Vec<(String, Shape)> {
    let mut found = Vec::new();
    below::<T>(&mut Vec::new(), root, &mut found);
    found.sort_by(|(one, _), (other, _)| one.cmp(other));
    found
}

fn below<T: DeserializeOwned>(path: &mut Vec<Step>, name: &str, found: &mut Vec<(String, Shape)>) {
    let shape = Cell::new(None);
    // Deserialisation fails as soon as the shape is known.
    let _ = T::deserialize(Probe { path, shape: &shape });
    let mut go = |step, name: String| {
        path.push(step);
        below::<T>(path, &name, found);
        path.pop();
    };
    match shape.get().unwrap_or_else(|| panic!("{name}: nothing is read there")) {
        Shape::Section(fields) if !fields.is_empty() => {
            fields.iter().for_each(|field| go(Step::Field(field), format!("{name}.{field}")));
        }
        Shape::List => go(Step::Item, format!("{name}[]")),
        Shape::Map => go(Step::Field("x"), format!("{name}.*")),
        leaf => found.push((name.to_owned(), leaf)),
    }
}

#[derive(Clone, Copy)]
enum Step {
    Field(&'static str),
    Item,
}

/// Gives a type what it requests along a path, and notes what it requests at the end.
#[derive(Clone, Copy)]
struct Probe<'a> {
    path: &'a [Step],
    shape: &'a Cell<Option<Shape>>,
}

impl<'a> Probe<'a> {
    fn is<T>(self, shape: Shape) -> Result<T, Error> {
        assert!(self.path.is_empty(), "{shape:?} inside of which there is more");
        self.shape.set(Some(shape));
        Err(Error::custom("found"))
    }

    /// The next step, unless this is the end.
    fn step(self) -> Option<(Step, Self)> {
        let (first, path) = self.path.split_first()?;
        Some((*first, Self { path, ..self }))
    }
}

/// One entry or item.
struct One<'a> {
    key: Option<&'static str>,
    value: Option<Probe<'a>>,
}

/// The key of an entry. A key that is a choice is the first of its words.
struct Key(&'static str);

impl<'de> Deserializer<'de> for Key {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_str(self.0)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        words: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_enum(StrDeserializer::new(words[0]))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

impl<'de> MapAccess<'de> for One<'_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        self.key.take().map(|key| seed.deserialize(Key(key))).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        seed.deserialize(self.value.take().unwrap())
    }
}

impl<'de> SeqAccess<'de> for One<'_> {
    type Error = Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Error> {
        self.value.take().map(|value| seed.deserialize(value)).transpose()
    }
}

/// Implements the methods without arguments.
macro_rules! leaves {
    ($($method:ident $shape:ident,)*) => {$(
        fn $method<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
            self.is(Shape::$shape)
        }
    )*};
}

impl<'de> Deserializer<'de> for Probe<'_> {
    type Error = Error;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.step() {
            Some((Step::Field(key), value)) => visitor.visit_map(One { key: Some(key), value: Some(value) }),
            _ => self.is(Shape::Section(fields)),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.step() {
            Some((Step::Field(key), value)) => visitor.visit_map(One { key: Some(key), value: Some(value) }),
            _ => self.is(Shape::Map),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.step() {
            Some((Step::Item, value)) => visitor.visit_seq(One { key: None, value: Some(value) }),
            _ => self.is(Shape::List),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Error> {
        self.is(Shape::Choice(variants))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, Error> {
        self.is(Shape::Other)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        _: V,
    ) -> Result<V::Value, Error> {
        self.is(Shape::Other)
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, _: V) -> Result<V::Value, Error> {
        self.is(Shape::Section(&[]))
    }

    leaves! {
        deserialize_any Other, deserialize_bool Boolean, deserialize_string Text, deserialize_str Text,
        deserialize_char Text, deserialize_i8 Number, deserialize_i16 Number, deserialize_i32 Number,
        deserialize_i64 Number, deserialize_u8 Number, deserialize_u16 Number, deserialize_u32 Number,
        deserialize_u64 Number, deserialize_f32 Number, deserialize_f64 Number, deserialize_bytes Other,
        deserialize_byte_buf Other, deserialize_unit Other, deserialize_identifier Other,
        deserialize_ignored_any Other,
    }
}
