//! Where the fields of a document stand in its file. Knows YAML's shape, nothing of specs.

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
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

/// Where a document and each of its fields stand.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Place {
    file: Option<Arc<str>>,
    fields: Arc<HashMap<String, (u32, u32)>>,
}

impl Place {
    /// The position of a field given as `spec.subnets[0].cidr`, or of the innermost section around it that is
    /// in the file. Nothing for a document built in code.
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
        visit(tree, String::new(), &mut |path, location, _| {
            fields.insert(path.to_string(), shift(location, first_line));
        });
        Self { file: Some(file), fields: Arc::new(fields) }
    }
}

/// A document's shape: keys, items and scalars with their locations.
#[derive(Debug)]
pub(crate) enum Tree {
    /// Text, or nothing.
    Scalar(Option<String>),
    /// What YAML takes for something else than text: a number, true or false. Once [`as_written`] was called, it is
    /// spelt as in the file.
    Plain(String),
    Sequence(Vec<Spanned<Tree>>),
    Mapping(Vec<(Spanned<String>, Spanned<Tree>)>),
}

impl Tree {
    /// The scalar under a key of a mapping.
    pub(crate) fn scalar(&self, key: &str) -> Option<&str> {
        let Self::Mapping(entries) = self else { return None };
        match &entries.iter().find(|(name, _)| name.value == key)?.1.value {
            Self::Scalar(text) => text.as_deref(),
            Self::Plain(text) => Some(text),
            _ => None,
        }
    }

    /// What stands under a key of a mapping.
    pub(crate) fn child(&self, key: &str) -> Option<&Tree> {
        let Self::Mapping(entries) = self else { return None };
        entries.iter().find(|(name, _)| name.value == key).map(|(_, value)| &value.value)
    }
}

/// Spells numbers as the document does: `1.30`, not `1.3`; `0x10`, not `16`.
pub(crate) fn as_written(tree: &mut Spanned<Tree>, document: &str) {
    let start = tree.defined.span().byte_offset().and_then(|at| usize::try_from(at).ok());
    match &mut tree.value {
        Tree::Plain(text) => {
            let rest = start.and_then(|start| document.get(start..)).unwrap_or_default();
            // Such a value has none of these in it.
            let end = rest.find(|c: char| c.is_whitespace() || matches!(c, ',' | ']' | '}' | '#'));
            let written = &rest[..end.unwrap_or(rest.len())];
            if !written.is_empty() {
                *text = written.to_owned();
            }
        }
        Tree::Scalar(_) => {}
        Tree::Sequence(items) => items.iter_mut().for_each(|item| as_written(item, document)),
        Tree::Mapping(entries) => entries.iter_mut().for_each(|(_, value)| as_written(value, document)),
    }
}

/// What stands at a location.
pub(crate) struct Found {
    /// The path of the field.
    pub path: String,
    /// What stands there, as messages quote it; nothing for a key.
    pub what: Option<String>,
}

/// The field whose key or value stands at a location. A value comes after its key, so that the value is found where both
/// do.
pub(crate) fn tree_at(tree: &Spanned<Tree>, line: u64, column: u64) -> Found {
    let mut found = Found { path: String::new(), what: None };
    visit(tree, String::new(), &mut |path, location, value| {
        if (location.line(), location.column()) == (line, column) {
            found = Found { path: path.to_string(), what: value.and_then(quoted) };
        }
    });
    found
}

/// A value as messages quote it: text in quotes, a number as it is written.
fn quoted(value: &Tree) -> Option<String> {
    Some(match value {
        Tree::Scalar(text) => format!("{:?}", text.as_deref()?),
        Tree::Plain(text) => text.clone(),
        Tree::Sequence(_) => "a list".into(),
        Tree::Mapping(_) => "a section".into(),
    })
}

/// A location's line and column, in a document that starts after some lines of its file.
pub(crate) fn shift(location: Location, first_line: u32) -> (u32, u32) {
    let fit = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
    (fit(location.line()).saturating_add(first_line), fit(location.column()))
}

/// Calls `each` with the path and location of every key and value, and the value itself, outermost first.
fn visit(tree: &Spanned<Tree>, path: String, each: &mut impl FnMut(&str, Location, Option<&Tree>)) {
    each(&path, tree.referenced, Some(&tree.value));
    match &tree.value {
        Tree::Scalar(_) | Tree::Plain(_) => {}
        Tree::Sequence(items) => {
            for (index, item) in items.iter().enumerate() {
                visit(item, format!("{path}[{index}]"), each);
            }
        }
        Tree::Mapping(entries) => {
            for (key, value) in entries {
                let path = if path.is_empty() { key.value.clone() } else { format!("{path}.{}", key.value) };
                each(&path, key.referenced, None);
                visit(value, path.clone(), each);
                // Sections are found at their key: the value's first line is already the first field's.
                if matches!(value.value, Tree::Sequence(_) | Tree::Mapping(_)) {
                    each(&path, key.referenced, None);
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
                Ok(Tree::Plain(value.to_string()))
            }

            fn visit_i64<E>(self, value: i64) -> Result<Tree, E> {
                Ok(Tree::Plain(value.to_string()))
            }

            fn visit_u64<E>(self, value: u64) -> Result<Tree, E> {
                Ok(Tree::Plain(value.to_string()))
            }

            fn visit_f64<E>(self, value: f64) -> Result<Tree, E> {
                Ok(Tree::Plain(value.to_string()))
            }

            fn visit_str<E>(self, value: &str) -> Result<Tree, E> {
                Ok(Tree::Scalar(Some(value.to_string())))
            }

            fn visit_unit<E>(self) -> Result<Tree, E> {
                Ok(Tree::Scalar(None))
            }

            fn visit_none<E>(self) -> Result<Tree, E> {
                Ok(Tree::Scalar(None))
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
