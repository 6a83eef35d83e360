//! Reads typed values from the tree of a document. Finds all faults at once: it notes a field that cannot be read,
//! leaves it out and continues.

mod parts;

use super::fault::{Fault, in_words};
use crate::problem::Kind;
use crate::source::{Scalar, Tree, rest};
use landform_core::suggest::nearest;
use parts::{Fields, Items, Word};
use serde::de::{DeserializeOwned, Deserializer, Expected, Visitor};
use serde_saphyr::Spanned;
use std::cell::RefCell;
use std::collections::BTreeSet;

/// Reads a document as far as it can be read. Returns all faults with it. Faulty fields are left out. `text` is what
/// the tree was parsed from.
pub(super) fn read<T: DeserializeOwned>(tree: &Spanned<Tree>, text: &str) -> (Option<T>, Vec<Fault>) {
    read_tree(tree, Some(text))
}

/// Reads JSON, in which every value has exactly the type that it shows. `None` if anything in it is wrong.
pub(super) fn read_json<T: DeserializeOwned>(value: &serde_json::Value) -> Option<T> {
    let (value, faults) = read_tree(&Tree::from_json(value), None);
    value.filter(|_| faults.is_empty())
}

fn read_tree<T: DeserializeOwned>(tree: &Spanned<Tree>, text: Option<&str>) -> (Option<T>, Vec<Fault>) {
    let reading = Reading { text, left_out: RefCell::default(), faults: RefCell::default() };
    loop {
        reading.faults.borrow_mut().retain(|fault| fault.kind != Kind::UnknownField);
        let node = Node { tree, path: String::new(), reading: &reading };
        match T::deserialize(node) {
            Ok(value) => return (Some(value), reading.faults.into_inner()),
            Err(fault) => {
                // Every round leaves out one more field, so the loop ends.
                let further = reading.left_out.borrow_mut().insert(fault.path.clone());
                // An empty item of a list has no default.
                if !fault.empty || fault.path.ends_with(']') {
                    reading.faults.borrow_mut().push(fault);
                }
                if !further {
                    return (None, reading.faults.into_inner());
                }
            }
        }
    }
}

/// What all nodes of a document share.
struct Reading<'t> {
    /// What the tree was parsed from, if it was YAML.
    text: Option<&'t str>,
    /// The paths of fields that the next round leaves out.
    left_out: RefCell<BTreeSet<String>>,
    faults: RefCell<Vec<Fault>>,
}

/// A value with its path.
struct Node<'t, 'r> {
    tree: &'t Spanned<Tree>,
    path: String,
    reading: &'r Reading<'t>,
}

/// An entry of a mapping.
type Entry = (Spanned<String>, Spanned<Tree>);

/// The names of fields in other versions and tools, with the names here.
const ELSEWHERE: [(&str, &str); 8] = [
    ("instanceType", "machineType"),
    ("volumeSize", "rootVolumeSize"),
    ("volumeType", "rootVolumeType"),
    ("controlPlaneKubelet", "masterKubelet"),
    ("externalDNS", "externalDns"),
    ("tagSubnets", "DisableSubnetTags"),
    ("access", "kubernetesApiAccess"),
    ("size", "minSize and maxSize"),
];

impl<'t, 'r> Node<'t, 'r> {
    fn fault(&self, kind: Kind, detail: String) -> Fault {
        Fault { path: self.path.clone(), at: Some(self.tree.referenced), kind, detail, empty: false }
    }

    /// The fault of a value with another type than expected.
    fn mistaken(&self, expected: &dyn Expected) -> Fault {
        let expected = in_words(&expected.to_string());
        let quotes = match &self.tree.value {
            Tree::Scalar(Scalar::Bool(..) | Scalar::Int(..) | Scalar::Float(..)) if expected == "text" => {
                ", in quotes"
            }
            _ => "",
        };
        self.fault(Kind::WrongType, format!("{}: expected {expected}{quotes}", self.tree.value.in_words()))
    }

    /// Adds the path and the position to a fault, unless it has them.
    fn placed(&self, fault: Fault) -> Fault {
        if fault.at.is_some() {
            fault
        } else {
            Fault { path: self.path.clone(), at: Some(self.tree.referenced), ..fault }
        }
    }

    /// The boolean that an unquoted word means in YAML 1.1.
    fn truth(&self) -> Option<bool> {
        let (Tree::Scalar(Scalar::Text(word)), Some(text)) = (&self.tree.value, self.reading.text) else {
            return None;
        };
        let truth = match word.as_str() {
            "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => true,
            "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => false,
            _ => return None,
        };
        let is_quoted = rest(self.tree, text).starts_with(['"', '\'', '|', '>']);
        (!is_quoted).then_some(truth)
    }

    fn child(&self, tree: &'t Spanned<Tree>, path: String) -> Self {
        Self { tree, path, reading: self.reading }
    }

    fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// The entries of a mapping. An empty value has none.
    fn entries(&self, expected: &dyn Expected) -> Result<&'t [Entry], Fault> {
        match &self.tree.value {
            Tree::Mapping(entries) => Ok(entries),
            Tree::Scalar(Scalar::Null) => Ok(&[]),
            _ => Err(self.mistaken(expected)),
        }
    }

    /// Notes an unknown field of a section.
    fn unknown(&self, key: &Spanned<String>, fields: &'static [&'static str]) {
        let hint = match ELSEWHERE.iter().find(|(name, _)| *name == key.value) {
            Some((_, here)) if here.split(' ').all(|word| word == "and" || fields.contains(&word)) => {
                format!("expected {here}")
            }
            _ => match nearest(&key.value, fields.iter().copied()) {
                Some(near) => format!("did you mean {near:?}?"),
                // A long list would not help.
                None if fields.len() > 12 => "this section has no field of that or a similar name".into(),
                None => format!("expected one of: {}", fields.join(", ")),
            },
        };
        self.reading.faults.borrow_mut().push(Fault {
            path: self.path_of(&key.value),
            at: Some(key.referenced),
            kind: Kind::UnknownField,
            detail: format!("unknown field {:?}; {hint}", key.value),
            empty: false,
        });
    }
}

macro_rules! whole_numbers {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
            match &self.tree.value {
                Tree::Scalar(Scalar::Int(number, written)) => visitor.visit_i64(*number).map_err(|fault| {
                    let fault = self.placed(fault);
                    Fault { detail: fault.detail.replacen(&number.to_string(), written, 1), ..fault }
                }),
                _ => Err(self.mistaken(&visitor)),
            }
        }
    )*};
}

impl<'de, 't: 'r, 'r> Deserializer<'de> for Node<'t, 'r> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let place = |fault: Fault| self.placed(fault);
        match &self.tree.value {
            Tree::Scalar(Scalar::Null) => visitor.visit_unit().map_err(place),
            Tree::Scalar(Scalar::Bool(truth, _)) => visitor.visit_bool(*truth).map_err(place),
            Tree::Scalar(Scalar::Int(number, _)) => visitor.visit_i64(*number).map_err(place),
            Tree::Scalar(Scalar::Float(number, _)) => visitor.visit_f64(*number).map_err(place),
            Tree::Scalar(Scalar::Text(text)) => match self.truth() {
                Some(truth) => visitor.visit_bool(truth).map_err(place),
                None => visitor.visit_str(text).map_err(place),
            },
            Tree::Sequence(_) => self.deserialize_seq(visitor),
            Tree::Mapping(_) => self.deserialize_map(visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let truth = match &self.tree.value {
            Tree::Scalar(Scalar::Bool(truth, _)) => Some(*truth),
            _ => self.truth(),
        };
        match truth {
            Some(truth) => visitor.visit_bool(truth).map_err(|fault| self.placed(fault)),
            None => Err(self.mistaken(&visitor)),
        }
    }

    whole_numbers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_f64(visitor)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match &self.tree.value {
            Tree::Scalar(Scalar::Int(number, _)) => {
                visitor.visit_i64(*number).map_err(|fault| self.placed(fault))
            }
            Tree::Scalar(Scalar::Float(number, _)) => {
                visitor.visit_f64(*number).map_err(|fault| self.placed(fault))
            }
            _ => Err(self.mistaken(&visitor)),
        }
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_str(visitor)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match &self.tree.value {
            Tree::Scalar(Scalar::Text(text)) if self.truth().is_none() => visitor
                .visit_str(text)
                .map_err(|fault| Fault { empty: text.is_empty(), ..self.placed(fault) }),
            Tree::Scalar(Scalar::Text(_)) => {
                let told = self.mistaken(&visitor);
                Err(Fault { detail: format!("{}, in quotes", told.detail), ..told })
            }
            _ => Err(self.mistaken(&visitor)),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_str(visitor)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match &self.tree.value {
            Tree::Scalar(Scalar::Null) => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let items: &[Spanned<Tree>] = match &self.tree.value {
            Tree::Sequence(items) => items,
            Tree::Scalar(Scalar::Null) => &[],
            _ => return Err(self.mistaken(&visitor)),
        };
        visitor
            .visit_seq(Items { node: &self, items: items.iter().enumerate() })
            .map_err(|fault| self.placed(fault))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let entries = self.entries(&visitor)?;
        visitor
            .visit_map(Fields { node: &self, entries: entries.iter(), fields: None, value: None })
            .map_err(|fault| self.placed(fault))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let entries = self.entries(&visitor)?;
        visitor
            .visit_map(Fields { node: &self, entries: entries.iter(), fields: Some(fields), value: None })
            .map_err(|fault| self.placed(fault))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        words: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match &self.tree.value {
            // Without quotes, YAML reads a boolean, not the word.
            Tree::Scalar(Scalar::Bool(_, written)) if words.contains(&written.as_str()) => {
                Err(self.mistaken(&"text"))
            }
            Tree::Scalar(Scalar::Text(text)) => visitor.visit_enum(Word(text)).map_err(|fault| {
                let fault = self.placed(fault);
                Fault { empty: text.is_empty(), ..fault }
            }),
            Tree::Scalar(Scalar::Bool(_, written) | Scalar::Int(_, written) | Scalar::Float(_, written)) => {
                visitor.visit_enum(Word(written)).map_err(|fault| {
                    let fault = self.placed(fault);
                    // It has no quotes in the file.
                    Fault { detail: fault.detail.replacen(&format!("{written:?}"), written, 1), ..fault }
                })
            }
            _ => Err(self.mistaken(&"text")),
        }
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_str(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_unit()
    }
}
