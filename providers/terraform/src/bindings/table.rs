//! The table of references: which attribute holds a value of which other attribute. No schema tells that.

use std::collections::BTreeMap;

use landform_core::{
    ResourceType, Schema,
    schema::{Field, Kind},
    suggest,
};

use super::BindingsError;
use crate::Catalog;

/// What refers to what, as no schema tells: `aws_subnet.vpc_id` holds an `aws_vpc.id`.
///
/// A key is the name of a type with the path of a field in it, through blocks and lists. A value is the name of a type and
/// one of its fields. Both fields are texts, or lists, sets or maps of texts. A data source's name begins with `data.`.
///
/// ```
/// use landform_terraform::bindings::References;
///
/// let references: References = r#"
///     [aws_subnet]
///     vpc_id = "aws_vpc.id"
///
///     [aws_instance]
///     network_interface.subnet_id = "aws_subnet.id"
///
///     [data.aws_route_table]
///     vpc_id = "aws_vpc.id"
/// "#.parse()?;
/// assert_eq!(references.iter().count(), 3);
/// # Ok::<(), landform_terraform::bindings::BindingsError>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct References {
    entries: BTreeMap<String, String>,
}

/// A field of a type, by name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Target {
    pub type_name: String,
    pub field: String,
}

impl std::str::FromStr for References {
    type Err = BindingsError;

    /// Reads a table from TOML.
    fn from_str(text: &str) -> Result<Self, BindingsError> {
        let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            let line = before.lines().count().max(1);
            BindingsError::Table(format!("line {line}: {}", error.message().replace('\n', ", ")))
        })?;
        let mut entries = BTreeMap::new();
        flatten("", table, &mut entries)?;
        Ok(Self { entries })
    }
}

fn flatten(
    before: &str,
    table: toml::Table,
    entries: &mut BTreeMap<String, String>,
) -> Result<(), BindingsError> {
    for (key, value) in table {
        let key = if before.is_empty() { key } else { format!("{before}.{key}") };
        match value {
            toml::Value::Table(inner) => flatten(&key, inner, entries)?,
            toml::Value::String(target) => {
                if entries.insert(key.clone(), target).is_some() {
                    return Err(BindingsError::Table(format!("{key} stands there twice")));
                }
            }
            other => {
                let message = format!(
                    "{key}: found {}, expected the name of a type and a field, as in \"aws_vpc.id\"",
                    other.type_str()
                );
                return Err(BindingsError::Table(message));
            }
        }
    }
    Ok(())
}

impl References {
    /// A table of such entries.
    pub fn new<K: Into<String>, V: Into<String>>(entries: impl IntoIterator<Item = (K, V)>) -> Self {
        let entries = entries.into_iter().map(|(from, to)| (from.into(), to.into()));
        Self { entries: entries.collect() }
    }

    /// The entries: the field that refers, and the field that it refers to.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.entries.iter().map(|(from, to)| (from.as_str(), to.as_str()))
    }

    /// The target of each field, by the type's name and the field's path.
    ///
    /// # Errors
    /// Every entry that names an unknown type or field, or a field that holds no text.
    pub(super) fn checked(
        &self,
        catalog: &Catalog,
    ) -> Result<BTreeMap<(String, String), Target>, BindingsError> {
        let mut targets = BTreeMap::new();
        let mut wrong = Vec::new();
        for (from, to) in self.iter() {
            match (entry(catalog, from), entry(catalog, to)) {
                (Ok((known, from_path)), Ok((target, field))) if !field.contains('.') => {
                    let target = Target { type_name: target.name_str().to_owned(), field: field.to_owned() };
                    targets.insert((known.name_str().to_owned(), from_path.to_owned()), target);
                }
                (from_side, to_side) => {
                    let long = format!("{to} is inside a block, expected a field of the type itself");
                    let to_side =
                        to_side.and_then(|(_, path)| if path.contains('.') { Err(long) } else { Ok(()) });
                    let said = [from_side.err(), to_side.err()].into_iter().flatten();
                    wrong.extend(said.map(|said| format!("{from} = {to:?}: {said}")));
                }
            }
        }
        if wrong.is_empty() { Ok(targets) } else { Err(BindingsError::References(wrong)) }
    }
}

/// The type and the path of an entry, checked.
fn entry<'a, 'b>(catalog: &'a Catalog, text: &'b str) -> Result<(&'a ResourceType, &'b str), String> {
    let behind = text.strip_prefix("data.").unwrap_or(text);
    let Some((bare, path)) = behind.split_once('.') else {
        return Err(format!("{text:?} names no field, expected a type and a field, as in \"aws_vpc.id\""));
    };
    let name = &text[..text.len() - behind.len() + bare.len()];
    let known = catalog.named(name).map_err(|error| error.to_string())?;
    let mut schemas = vec![&known.arguments, &known.attributes];
    let mut steps = path.split('.').peekable();
    while let Some(step) = steps.next() {
        let Some(field) = schemas.iter().find_map(|schema| schema.field(step)) else {
            return Err(unknown(text, step, &schemas));
        };
        match (innermost(&field.kind), steps.peek()) {
            (Kind::Block(inner), Some(_)) => schemas = vec![inner],
            (Kind::Text { .. }, None) if !field.secret => {}
            (Kind::Text { .. }, None) => {
                return Err(format!("{text} is sensitive: its references are secrets already"));
            }
            _ => return Err(format!("{text} holds {}, expected a text", field.kind.expected())),
        }
    }
    Ok((known, path))
}

fn unknown(text: &str, step: &str, schemas: &[&Schema]) -> String {
    let names = || schemas.iter().flat_map(|schema| schema.fields()).map(|field: &Field| field.name.as_str());
    match suggest::nearest(step, names()) {
        Some(near) => format!("{text} has no field {step:?}; did you mean {near:?}?"),
        None => format!(
            "{text} has no field {step:?}, expected one of {}",
            names().collect::<Vec<_>>().join(", ")
        ),
    }
}

/// The kind of the values in lists, sets and maps.
pub(super) fn innermost(kind: &Kind) -> &Kind {
    match kind {
        Kind::List(item) | Kind::Set(item) | Kind::Map(item) => innermost(item),
        other => other,
    }
}
