//! The state that a plugin is offered when it plans: the configuration, and what exists where the configuration is
//! silent and the plugin chooses. The rules are Terraform's.

use crate::{
    shape::{Attribute, Block, Holds, Mode},
    value::Value,
};

/// The proposed state.
pub(super) fn proposed(block: &Block, prior: &Value, config: &Value) -> Value {
    let Value::Map(fields) = config else { return config.clone() };
    let mut fields = fields.clone();
    for attribute in &block.attributes {
        let value = of_attribute(attribute, prior.get(&attribute.name), config.get(&attribute.name));
        fields.insert(attribute.name.clone(), value);
    }
    for nested in &block.blocks {
        let (before, said) = (prior.get(&nested.name), config.get(&nested.name));
        let value = items(nested.mode, before, said, &|before, said| proposed(&nested.block, before, said));
        fields.insert(nested.name.clone(), value);
    }
    Value::Map(fields)
}

fn of_attribute(attribute: &Attribute, prior: &Value, config: &Value) -> Value {
    if config.is_null() {
        return if attribute.computed { prior.clone() } else { Value::Null };
    }
    let Holds::Attributes(mode, inner) = &attribute.holds else { return config.clone() };
    items(*mode, prior, config, &|prior, config| {
        let Value::Map(fields) = config else { return config.clone() };
        let mut fields = fields.clone();
        for attribute in inner {
            let value = of_attribute(attribute, prior.get(&attribute.name), config.get(&attribute.name));
            fields.insert(attribute.name.clone(), value);
        }
        Value::Map(fields)
    })
}

/// Each item beside the existing one in its place. In a set, the existing one is that which the configuration allows.
fn items(mode: Mode, prior: &Value, config: &Value, each: &dyn Fn(&Value, &Value) -> Value) -> Value {
    match (mode, config) {
        (Mode::List, Value::List(items)) => {
            let before = match prior {
                Value::List(items) => items.as_slice(),
                _ => &[],
            };
            let items = items.iter().enumerate();
            Value::List(
                items.map(|(place, it)| each(before.get(place).unwrap_or(&Value::Null), it)).collect(),
            )
        }
        (Mode::Set, Value::List(items)) => {
            let mut left: Vec<&Value> = match prior {
                Value::List(items) => items.iter().collect(),
                _ => Vec::new(),
            };
            let items =
                items.iter().map(|it| match left.iter().position(|before| each(before, it) == **before) {
                    Some(place) => left.swap_remove(place).clone(),
                    None => each(&Value::Null, it),
                });
            Value::List(items.collect())
        }
        (Mode::Map, Value::Map(entries)) => {
            let entries = entries.iter().map(|(key, it)| (key.clone(), each(prior.get(key), it)));
            Value::Map(entries.collect())
        }
        (Mode::Single | Mode::Group, config @ Value::Map(_)) => each(prior, config),
        (_, other) => other.clone(),
    }
}
