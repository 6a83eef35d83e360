//! What is inside a value: the items of a list, the fields of a section, and the word of an enumeration.

use serde::de::{
    self, DeserializeSeed, EnumAccess, IntoDeserializer, MapAccess, SeqAccess, VariantAccess, Visitor,
};
use serde_saphyr::Spanned;

use super::{Fault, Node};
use crate::source::{Scalar, Tree};

/// The items of a list.
pub(super) struct Items<'n, 't, 'r> {
    pub(super) node: &'n Node<'t, 'r>,
    pub(super) items: std::iter::Enumerate<std::slice::Iter<'t, Spanned<Tree>>>,
}

impl<'de, 't: 'r, 'r> SeqAccess<'de> for Items<'_, 't, 'r> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Fault> {
        for (index, item) in self.items.by_ref() {
            let path = format!("{}[{index}]", self.node.path);
            if !self.node.reading.left_out.borrow().contains(&path) {
                let node = self.node.child(item, path.clone());
                let read = seed.deserialize(node).map(Some);
                return read.map_err(|fault| self.node.child(item, path).placed(fault));
            }
        }
        Ok(None)
    }
}

/// The fields of a section, or the entries of a mapping.
pub(super) struct Fields<'n, 't, 'r> {
    pub(super) node: &'n Node<'t, 'r>,
    pub(super) entries: std::slice::Iter<'t, (Spanned<String>, Spanned<Tree>)>,
    /// The names of fields. `None` for a mapping, which takes any name.
    pub(super) fields: Option<&'static [&'static str]>,
    pub(super) value: Option<(&'t Spanned<Tree>, String)>,
}

impl<'t> Fields<'_, 't, '_> {
    /// Goes on to the next entry to read. Returns its key and keeps its value.
    fn advance(&mut self) -> Option<&'t Spanned<String>> {
        for (key, value) in self.entries.by_ref() {
            let path = self.node.path_of(&key.value);
            if self.node.reading.left_out.borrow().contains(&path) {
                continue;
            }
            if let Some(fields) = self.fields {
                if !fields.contains(&key.value.as_str()) {
                    self.node.unknown(key, fields);
                    continue;
                }
                // An empty value means the default.
                if matches!(value.value, Tree::Scalar(Scalar::Null)) {
                    continue;
                }
            }
            self.value = Some((value, path));
            return Some(key);
        }
        None
    }
}

impl<'de, 't: 'r, 'r> MapAccess<'de> for Fields<'_, 't, 'r> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Fault> {
        let Some(key) = self.advance() else { return Ok(None) };
        match seed.deserialize(key.value.as_str().into_deserializer()) {
            Ok(read) => Ok(Some(read)),
            // A key that is not one of the supported words is the fault of its entry.
            Err(fault) => {
                Err(Fault { path: self.node.path_of(&key.value), at: Some(key.referenced), ..fault })
            }
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        let Some((value, path)) = self.value.take() else {
            return Err(de::Error::custom("a value without its key"));
        };
        match seed.deserialize(self.node.child(value, path.clone())) {
            Err(fault) => Err(self.node.child(value, path).placed(fault)),
            read => read,
        }
    }
}

/// A word of an enumeration.
pub(super) struct Word<'t>(pub(super) &'t str);

impl<'de> EnumAccess<'de> for Word<'_> {
    type Error = Fault;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Fault> {
        seed.deserialize(self.0.into_deserializer()).map(|variant| (variant, self))
    }
}

impl<'de> VariantAccess<'de> for Word<'_> {
    type Error = Fault;

    fn unit_variant(self) -> Result<(), Fault> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, _: T) -> Result<T::Value, Fault> {
        Err(de::Error::custom("expected a word"))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, Fault> {
        Err(de::Error::custom("expected a word"))
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], _: V) -> Result<V::Value, Fault> {
        Err(de::Error::custom("expected a word"))
    }
}
