//! A type as Terraform sees it: attributes and blocks. It knows how a whole object of the type looks, and nothing of
//! Landform's schemas.

use std::collections::BTreeMap;

use crate::value::{Type, Value};

/// The schema of a type with its version.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Shape {
    pub version: i64,
    pub block: Block,
}

/// What stands between two braces.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Block {
    pub attributes: Vec<Attribute>,
    pub blocks: Vec<Nested>,
    pub doc: String,
    pub deprecated: bool,
}

/// `name = value`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Attribute {
    pub name: String,
    pub holds: Holds,
    pub required: bool,
    pub optional: bool,
    pub computed: bool,
    pub sensitive: bool,
    pub write_only: bool,
    pub deprecated: Option<String>,
    pub doc: String,
}

/// What an attribute holds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Holds {
    /// A value of a type.
    Value(Type),
    /// Nested attributes, which protocol 6 has.
    Attributes(Mode, Vec<Attribute>),
}

/// `name { … }`. A `max` of 0 is no limit.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Nested {
    pub name: String,
    pub mode: Mode,
    pub block: Block,
    pub min: usize,
    pub max: usize,
}

/// How often something may stand there, and in which form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Once or not at all.
    Single,
    List,
    Set,
    /// By label.
    Map,
    /// Always there, perhaps empty.
    Group,
}

impl Mode {
    fn of(self, item: Type) -> Type {
        match self {
            Self::Single | Self::Group => item,
            Self::List => Type::List(Box::new(item)),
            Self::Set => Type::Set(Box::new(item)),
            Self::Map => Type::Map(Box::new(item)),
        }
    }
}

impl Attribute {
    /// The type of its value.
    pub(crate) fn value_type(&self) -> Type {
        match &self.holds {
            Holds::Value(kind) => kind.clone(),
            Holds::Attributes(mode, attributes) => {
                let fields = attributes.iter().map(|inner| (inner.name.clone(), inner.value_type()));
                mode.of(Type::Object(fields.collect()))
            }
        }
    }
}

impl Block {
    /// The type of an object of this block.
    pub(crate) fn value_type(&self) -> Type {
        let attributes = self.attributes.iter().map(|inner| (inner.name.clone(), inner.value_type()));
        let blocks =
            self.blocks.iter().map(|inner| (inner.name.clone(), inner.mode.of(inner.block.value_type())));
        Type::Object(attributes.chain(blocks).collect())
    }

    /// A whole object: every attribute is there, and no blocks are an empty list.
    pub(crate) fn whole(&self, mut given: BTreeMap<String, Value>) -> Value {
        let attributes = self.attributes.iter().map(|attribute| {
            let value = given.remove(&attribute.name).unwrap_or(Value::Null);
            let value = match &attribute.holds {
                Holds::Value(kind) => kind.whole(value),
                Holds::Attributes(mode, attributes) => {
                    each(*mode, value, &|item| whole_attributes(attributes, item))
                }
            };
            (attribute.name.clone(), value)
        });
        let mut fields: BTreeMap<String, Value> = attributes.collect();
        for nested in &self.blocks {
            let value = given.remove(&nested.name).unwrap_or(Value::Null);
            let value = match (nested.mode, value) {
                (Mode::List | Mode::Set, Value::Null) => Value::List(Vec::new()),
                (Mode::Map | Mode::Group, Value::Null) => Value::Map(BTreeMap::new()),
                (_, value) => value,
            };
            let value = each(nested.mode, value, &|item| match item {
                Value::Map(fields) => nested.block.whole(fields),
                other => other,
            });
            fields.insert(nested.name.clone(), value);
        }
        Value::Map(fields)
    }

    /// Sets the value of each write-only attribute to null: nobody may return one.
    pub(crate) fn without_write_only(&self, value: Value) -> Value {
        let Value::Map(mut fields) = value else { return value };
        for attribute in &self.attributes {
            if let Some(value) = fields.get_mut(&attribute.name) {
                *value = forget(attribute, std::mem::replace(value, Value::Null));
            }
        }
        for nested in &self.blocks {
            if let Some(value) = fields.get_mut(&nested.name) {
                let inside = std::mem::replace(value, Value::Null);
                *value = each(nested.mode, inside, &|item| nested.block.without_write_only(item));
            }
        }
        Value::Map(fields)
    }
}

/// A planned object with the write-only values of the configuration, which no plan holds.
pub(crate) fn with_write_only(block: &Block, planned: &Value, config: &Value) -> Value {
    let Value::Map(fields) = planned else { return planned.clone() };
    let mut fields = fields.clone();
    for attribute in block.attributes.iter().filter(|attribute| attribute.write_only) {
        fields.insert(attribute.name.clone(), config.get(&attribute.name).clone());
    }
    for nested in &block.blocks {
        let inside = |planned: &Value, config: Option<&Value>| {
            with_write_only(&nested.block, planned, config.unwrap_or(&Value::Null))
        };
        let filled = match (planned.get(&nested.name), config.get(&nested.name)) {
            (Value::List(items), Value::List(said)) if nested.mode == Mode::List => {
                let items = items.iter().enumerate();
                Value::List(items.map(|(place, item)| inside(item, said.get(place))).collect())
            }
            (Value::Map(entries), Value::Map(said)) if nested.mode == Mode::Map => {
                let entries = entries.iter().map(|(key, item)| (key.clone(), inside(item, said.get(key))));
                Value::Map(entries.collect())
            }
            (planned @ Value::Map(_), said) if matches!(nested.mode, Mode::Single | Mode::Group) => {
                inside(planned, Some(said))
            }
            (planned, _) => planned.clone(),
        };
        fields.insert(nested.name.clone(), filled);
    }
    Value::Map(fields)
}

fn forget(attribute: &Attribute, value: Value) -> Value {
    match &attribute.holds {
        _ if attribute.write_only => Value::Null,
        Holds::Value(_) => value,
        Holds::Attributes(mode, inner) => each(*mode, value, &|item| match item {
            Value::Map(mut fields) => {
                for attribute in inner {
                    if let Some(value) = fields.get_mut(&attribute.name) {
                        *value = forget(attribute, std::mem::replace(value, Value::Null));
                    }
                }
                Value::Map(fields)
            }
            other => other,
        }),
    }
}

fn whole_attributes(attributes: &[Attribute], item: Value) -> Value {
    let Value::Map(mut given) = item else { return item };
    let fields = attributes.iter().map(|attribute| {
        let value = given.remove(&attribute.name).unwrap_or(Value::Null);
        let value = match &attribute.holds {
            Holds::Value(kind) => kind.whole(value),
            Holds::Attributes(mode, inner) => each(*mode, value, &|item| whole_attributes(inner, item)),
        };
        (attribute.name.clone(), value)
    });
    Value::Map(fields.collect())
}

/// The value with each object in it changed.
pub(crate) fn each(mode: Mode, value: Value, change: &dyn Fn(Value) -> Value) -> Value {
    match (mode, value) {
        (Mode::List | Mode::Set, Value::List(items)) => Value::List(items.into_iter().map(change).collect()),
        (Mode::Map, Value::Map(entries)) => {
            Value::Map(entries.into_iter().map(|(key, value)| (key, change(value))).collect())
        }
        (Mode::Single | Mode::Group, value @ Value::Map(_)) => change(value),
        (_, other) => other,
    }
}
