//! The positions of a document's fields in its file. Knows YAML, but nothing of specs.

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use serde_saphyr::{Location, Spanned};
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// The file's name, as it was given.
    pub file: Arc<str>,
    /// The line, from 1; 0 for the file as a whole.
    pub line: u32,
    /// The column, from 1; 0 for the file as a whole.
    pub column: u32,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 {
            write!(f, ":{}:{}", self.line, self.column)?;
        }
        Ok(())
    }
}

/// The positions of a document and of each of its fields.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Place {
    file: Option<Arc<str>>,
    fields: Arc<HashMap<String, (u32, u32)>>,
}

impl Place {
    /// The position of a field such as `spec.subnets[0].cidr`, or of the innermost section around it. `None` for a
    /// document built in code.
    pub fn of(&self, path: &str) -> Option<Position> {
        let file = self.file.clone()?;
        let mut path = path;
        loop {
            if let Some(&(line, column)) = self.fields.get(path) {
                return Some(Position { file, line, column });
            }
            if path.is_empty() {
                return Some(Position { file, line: 0, column: 0 });
            }
            path = &path[..path.rfind(['.', '[']).unwrap_or(0)];
        }
    }

    pub(crate) fn new(file: Arc<str>, tree: &Spanned<Tree>, first_line: u32) -> Self {
        let mut fields = HashMap::new();
        visit(tree, String::new(), &mut |path, location| {
            fields.insert(path.to_string(), shift(location, first_line));
        });
        Self { file: Some(file), fields: Arc::new(fields) }
    }
}

/// A document's shape: keys, items and scalars with their locations.
#[derive(Debug)]
pub(crate) enum Tree {
    Scalar(Scalar),
    Sequence(Vec<Spanned<Tree>>),
    Mapping(Vec<(Spanned<String>, Spanned<Tree>)>),
}

/// A scalar as YAML understands it. Other scalars than texts keep their spelling, which is the file's after
/// [`as_written`].
#[derive(Debug)]
pub(crate) enum Scalar {
    Null,
    Bool(bool, String),
    Int(i64, String),
    Float(f64, String),
    Text(String),
}

impl Tree {
    /// The shape of a JSON value, which has no places.
    pub(crate) fn from_json(value: &Value) -> Spanned<Self> {
        let tree = match value {
            Value::Null => Self::Scalar(Scalar::Null),
            Value::Bool(truth) => Self::Scalar(Scalar::Bool(*truth, truth.to_string())),
            Value::Number(number) => Self::Scalar(match number.as_i64() {
                Some(whole) => Scalar::Int(whole, number.to_string()),
                None => Scalar::Float(number.as_f64().unwrap_or_default(), number.to_string()),
            }),
            Value::String(text) => Self::Scalar(Scalar::Text(text.clone())),
            Value::Array(items) => Self::Sequence(items.iter().map(Self::from_json).collect()),
            Value::Object(entries) => {
                let entries = entries.iter();
                Self::Mapping(
                    entries.map(|(key, value)| (nowhere(key.clone()), Self::from_json(value))).collect(),
                )
            }
        };
        nowhere(tree)
    }

    /// The text of the scalar under a key of a mapping.
    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        match self.child(key)? {
            Self::Scalar(Scalar::Null) => None,
            Self::Scalar(
                Scalar::Text(text) | Scalar::Bool(_, text) | Scalar::Int(_, text) | Scalar::Float(_, text),
            ) => Some(text),
            _ => None,
        }
    }

    /// The value under a key of a mapping.
    pub(crate) fn child(&self, key: &str) -> Option<&Tree> {
        let Self::Mapping(entries) = self else { return None };
        entries.iter().find(|(name, _)| name.value == key).map(|(_, value)| &value.value)
    }

    /// The value as the user wrote it, for messages.
    pub(crate) fn in_words(&self) -> String {
        match self {
            Self::Scalar(Scalar::Null) => "an empty value".into(),
            Self::Scalar(Scalar::Bool(_, written) | Scalar::Int(_, written) | Scalar::Float(_, written)) => {
                written.clone()
            }
            Self::Scalar(Scalar::Text(text)) => format!("{text:?}"),
            Self::Sequence(_) => "a list".into(),
            Self::Mapping(_) => "a section".into(),
        }
    }
}

/// A value without a place.
fn nowhere<T>(value: T) -> Spanned<T> {
    Spanned { value, referenced: Location::UNKNOWN, defined: Location::UNKNOWN }
}

/// The rest of the document from the start of a value.
pub(crate) fn rest<'d>(tree: &Spanned<Tree>, document: &'d str) -> &'d str {
    let start = tree.defined.span().byte_offset().and_then(|at| usize::try_from(at).ok());
    start.and_then(|start| document.get(start..)).unwrap_or_default()
}

/// Spells numbers as the document does: `1.30`, not `1.3`; `0x10`, not `16`.
pub(crate) fn as_written(tree: &mut Spanned<Tree>, document: &str) {
    let rest = rest(tree, document);
    match &mut tree.value {
        Tree::Scalar(Scalar::Bool(_, spelling) | Scalar::Int(_, spelling) | Scalar::Float(_, spelling)) => {
            // The spelling of such a value contains none of these.
            let end = rest.find(|c: char| c.is_whitespace() || matches!(c, ',' | ']' | '}' | '#'));
            let written = &rest[..end.unwrap_or(rest.len())];
            if !written.is_empty() {
                *spelling = written.to_owned();
            }
        }
        Tree::Scalar(_) => {}
        Tree::Sequence(items) => items.iter_mut().for_each(|item| as_written(item, document)),
        Tree::Mapping(entries) => entries.iter_mut().for_each(|(_, value)| as_written(value, document)),
    }
}

/// A location's line and column, in a document that starts after some lines of its file.
pub(crate) fn shift(location: Location, first_line: u32) -> (u32, u32) {
    let fit = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
    (fit(location.line()).saturating_add(first_line), fit(location.column()))
}

/// Calls `each` with the path and location of every key and value, outermost first. A value comes after its key, so the
/// last call for a path is the value's.
fn visit(tree: &Spanned<Tree>, path: String, each: &mut impl FnMut(&str, Location)) {
    each(&path, tree.referenced);
    match &tree.value {
        Tree::Scalar(_) => {}
        Tree::Sequence(items) => {
            for (index, item) in items.iter().enumerate() {
                visit(item, format!("{path}[{index}]"), each);
            }
        }
        Tree::Mapping(entries) => {
            for (key, value) in entries {
                let path = if path.is_empty() { key.value.clone() } else { format!("{path}.{}", key.value) };
                each(&path, key.referenced);
                visit(value, path.clone(), each);
                // The position of a section is its key: the first line of its value belongs to its first field.
                if !matches!(value.value, Tree::Scalar(_)) {
                    each(&path, key.referenced);
                }
            }
        }
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TreeVisitor;

        impl<'de> Visitor<'de> for TreeVisitor {
            type Value = Tree;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("any YAML")
            }

            fn visit_bool<E>(self, value: bool) -> Result<Tree, E> {
                Ok(Tree::Scalar(Scalar::Bool(value, value.to_string())))
            }

            fn visit_i64<E>(self, value: i64) -> Result<Tree, E> {
                Ok(Tree::Scalar(Scalar::Int(value, value.to_string())))
            }

            fn visit_u64<E>(self, value: u64) -> Result<Tree, E> {
                let spelling = value.to_string();
                Ok(Tree::Scalar(match i64::try_from(value) {
                    Ok(number) => Scalar::Int(number, spelling),
                    Err(_) => Scalar::Float(value as f64, spelling),
                }))
            }

            fn visit_f64<E>(self, value: f64) -> Result<Tree, E> {
                Ok(Tree::Scalar(Scalar::Float(value, value.to_string())))
            }

            fn visit_str<E>(self, value: &str) -> Result<Tree, E> {
                Ok(Tree::Scalar(Scalar::Text(value.to_string())))
            }

            fn visit_unit<E>(self) -> Result<Tree, E> {
                Ok(Tree::Scalar(Scalar::Null))
            }

            fn visit_none<E>(self) -> Result<Tree, E> {
                Ok(Tree::Scalar(Scalar::Null))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Tree, A::Error> {
                let mut all = Vec::new();
                while let Some(item) = items.next_element()? {
                    all.push(item);
                }
                Ok(Tree::Sequence(all))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Tree, A::Error> {
                let mut all = Vec::new();
                while let Some(entry) = entries.next_entry()? {
                    all.push(entry);
                }
                Ok(Tree::Mapping(all))
            }
        }

        deserializer.deserialize_any(TreeVisitor)
    }
}
