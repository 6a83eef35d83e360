//! Landform's types as Terraform's shapes.

use landform_core::{
    ResourceType, Schema,
    schema::{Field, Kind, Nesting},
};

use super::{is_decimal, is_wrapped};
use crate::{
    shape::{Attribute, Block, Holds, Mode, Nested, Shape},
    value::Type,
};

/// The names that Terraform's language keeps for itself.
const RESERVED: [&str; 7] =
    ["connection", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioner"];

/// The shape of a served type.
///
/// # Errors
/// A field has a name that Terraform's language does not allow.
pub(crate) fn served(resource_type: &ResourceType) -> Result<Shape, String> {
    let mut block = configuration(&resource_type.arguments)?;
    for field in resource_type.attributes.fields() {
        check(&field.name)?;
        match block.attributes.iter_mut().find(|attribute| attribute.name == field.name) {
            Some(both) => (both.optional, both.computed, both.required) = (true, true, false),
            None => block.attributes.push(Attribute {
                holds: Holds::Value(value_type(field)),
                required: false,
                optional: false,
                computed: true,
                ..attribute(field)
            }),
        }
    }
    block.doc = resource_type.doc.to_string();
    Ok(Shape { version: resource_type.version.into(), block })
}

/// The shape of a provider's configuration.
///
/// # Errors
/// A field has a name that Terraform's language does not allow.
pub(crate) fn configuration(schema: &Schema) -> Result<Block, String> {
    let mut block = Block::default();
    for field in schema.fields() {
        check(&field.name)?;
        match nested(field) {
            Some(nested) => block.blocks.push(nested),
            None => block.attributes.push(attribute(field)),
        }
    }
    Ok(block)
}

fn check(name: &str) -> Result<(), String> {
    let plain = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    if RESERVED.contains(&name) || !plain || name.is_empty() {
        return Err(format!(
            "the field {name:?} cannot be written in Terraform's language, expected a name of lower-case letters, \
             digits and '_' other than {}",
            RESERVED.join(", ")
        ));
    }
    Ok(())
}

/// The block of a field that is written as one. A provider may choose only attributes, so a computed field is none.
fn nested(field: &Field) -> Option<Nested> {
    if field.computed || field.write_only || field.nesting == Nesting::Attribute {
        return None;
    }
    let (mode, schema) = match &field.kind {
        Kind::Block(schema) if field.nesting == Nesting::Single => (Mode::Single, schema),
        Kind::Block(schema) => (Mode::List, schema),
        Kind::List(item) => (Mode::List, in_block(item)?),
        Kind::Set(item) => (Mode::Set, in_block(item)?),
        Kind::Map(item) => (Mode::Map, in_block(item)?),
        Kind::Bool | Kind::Integer | Kind::Number | Kind::Text { .. } | Kind::Any => return None,
    };
    if field.default.is_some() || !fits(schema, mode) {
        return None;
    }
    let required = usize::from(field.required);
    let (min, max) = match mode {
        Mode::Single | Mode::Group | Mode::Map => (0, 0),
        Mode::List | Mode::Set if is_wrapped(field) => (required, 1),
        Mode::List | Mode::Set => (field.size.min.unwrap_or(required), field.size.max.unwrap_or(0)),
    };
    let mut block =
        Block { doc: field.doc.clone(), deprecated: field.deprecated.is_some(), ..Block::default() };
    for inner in schema.fields() {
        match nested(inner) {
            Some(nested) => block.blocks.push(nested),
            None => {
                // A secret field has only secret parts.
                let mut inner = attribute(inner);
                inner.sensitive |= field.secret && !inner.write_only;
                block.attributes.push(inner);
            }
        }
    }
    Some(Nested { name: field.name.clone(), mode, block, min, max })
}

fn in_block(kind: &Kind) -> Option<&Schema> {
    match kind {
        Kind::Block(schema) => Some(schema),
        _ => None,
    }
}

/// Whether Terraform allows a block of these fields: values of any type cannot be in a set.
fn fits(schema: &Schema, mode: Mode) -> bool {
    let holds_any = schema.any(&mut |place| matches!(place.kind(), Some(Kind::Any)) || place.is_write_only());
    let names = schema.fields().iter().all(|field| !field.name.bytes().any(|byte| byte.is_ascii_uppercase()));
    names && !(holds_any && matches!(mode, Mode::Set | Mode::Map))
}

fn attribute(field: &Field) -> Attribute {
    // A provider may fill in a default only where Terraform expects a value of its choice.
    let computed = field.computed || field.default.is_some();
    let required = field.required && !computed;
    Attribute {
        name: field.name.clone(),
        holds: holds(field),
        required,
        optional: !required,
        computed: computed && !field.write_only,
        sensitive: field.secret && !field.write_only,
        write_only: field.write_only,
        deprecated: field.deprecated.clone(),
        doc: field.doc.clone(),
    }
}

/// Nested attributes where the type says so, and a plain type elsewhere. Terraform also takes the syntax of blocks for
/// an attribute whose type is a list or a set of objects.
fn holds(field: &Field) -> Holds {
    if field.nesting == Nesting::Attribute {
        let (mode, schema) = match &field.kind {
            Kind::Block(schema) => (Mode::Single, Some(schema)),
            Kind::List(item) => (Mode::List, in_block(item)),
            Kind::Set(item) => (Mode::Set, in_block(item)),
            Kind::Map(item) => (Mode::Map, in_block(item)),
            Kind::Bool | Kind::Integer | Kind::Number | Kind::Text { .. } | Kind::Any => (Mode::Single, None),
        };
        if let Some(schema) = schema.filter(|schema| fits(schema, mode)) {
            let attributes = schema.fields().iter().map(|inner| {
                let mut inner = attribute(inner);
                // Nested attributes have no blocks inside.
                inner.sensitive |= field.secret && !inner.write_only;
                inner
            });
            return Holds::Attributes(mode, attributes.collect());
        }
    }
    Holds::Value(value_type(field))
}

/// The type of a field's value.
fn value_type(field: &Field) -> Type {
    let kind = kind_type(&field.kind);
    if is_wrapped(field) { Type::List(Box::new(kind)) } else { kind }
}

fn kind_type(kind: &Kind) -> Type {
    match kind {
        Kind::Bool => Type::Bool,
        Kind::Integer | Kind::Number => Type::Number,
        Kind::Text { .. } if is_decimal(kind) => Type::Number,
        Kind::Text { .. } => Type::Text,
        Kind::List(item) => Type::List(Box::new(kind_type(item))),
        // A set cannot hold values of any type.
        Kind::Set(item) if holds_any(item) => Type::List(Box::new(kind_type(item))),
        Kind::Set(item) => Type::Set(Box::new(kind_type(item))),
        // The values of a map have one type, and those of any type need not.
        Kind::Map(item) if holds_any(item) => Type::Dynamic,
        Kind::Map(item) => Type::Map(Box::new(kind_type(item))),
        Kind::Block(schema) => Type::Object(
            schema.fields().iter().map(|field| (field.name.clone(), value_type(field))).collect(),
        ),
        Kind::Any => Type::Dynamic,
    }
}

fn holds_any(kind: &Kind) -> bool {
    match kind {
        Kind::Any => true,
        Kind::List(item) | Kind::Set(item) | Kind::Map(item) => holds_any(item),
        Kind::Block(schema) => schema.any(&mut |place| matches!(place.kind(), Some(Kind::Any))),
        Kind::Bool | Kind::Integer | Kind::Number | Kind::Text { .. } => false,
    }
}
