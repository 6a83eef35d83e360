//! Hides the defaults that a plugin fills in. An older provider puts the default of an argument into the state, although
//! the schema says that only the user sets it. A declaration without it must not differ from that.

use crate::{
    shape::{Attribute, Block, Holds, Mode},
    value::Value,
};

/// What a state is compared with.
#[derive(Clone, Copy)]
pub(super) enum Against<'a> {
    /// The configuration that led to it.
    Config(&'a Value),
    /// The arguments that Landform recorded before, and the state behind them.
    Before { arguments: &'a Value, state: &'a Value },
    /// Nothing is known about it.
    Nothing,
}

impl<'a> Against<'a> {
    fn field(self, name: &str) -> Self {
        match self {
            Self::Config(config) => Self::Config(config.get(name)),
            Self::Before { arguments, state } => {
                Self::Before { arguments: arguments.get(name), state: state.get(name) }
            }
            Self::Nothing => Self::Nothing,
        }
    }

    fn item(self, place: usize) -> Self {
        fn of(list: &Value, place: usize) -> &Value {
            match list {
                Value::List(items) => items.get(place).unwrap_or(&Value::Null),
                _ => &Value::Null,
            }
        }
        match self {
            Self::Config(config) => Self::Config(of(config, place)),
            Self::Before { arguments, state } => {
                Self::Before { arguments: of(arguments, place), state: of(state, place) }
            }
            Self::Nothing => Self::Nothing,
        }
    }

    /// Whether the value of a field is one that nobody set.
    fn hides(self, value: &Value) -> bool {
        match self {
            Self::Config(config) => config.is_null(),
            Self::Before { arguments, state } => arguments.is_null() && state == value,
            Self::Nothing => false,
        }
    }
}

/// The state as it is recorded. The whole state goes back to the plugin all the same.
pub(super) fn shown(block: &Block, against: Against<'_>, state: &Value) -> Value {
    let Value::Map(fields) = state else { return state.clone() };
    let mut fields = fields.clone();
    for attribute in block.attributes.iter().filter(|attribute| is_the_users(attribute)) {
        if let Some(value) = fields.get_mut(&attribute.name)
            && against.field(&attribute.name).hides(value)
        {
            *value = Value::Null;
        }
    }
    for nested in &block.blocks {
        let Some(value) = fields.get_mut(&nested.name) else { continue };
        let against = against.field(&nested.name);
        match (nested.mode, &mut *value) {
            // The items of a set have no places, and those of a map are seldom blocks.
            (Mode::List, Value::List(items)) => {
                for (place, item) in items.iter_mut().enumerate() {
                    *item = shown(&nested.block, against.item(place), item);
                }
            }
            (Mode::Single | Mode::Group, Value::Map(_)) => *value = shown(&nested.block, against, value),
            _ => {}
        }
    }
    Value::Map(fields)
}

fn is_the_users(attribute: &Attribute) -> bool {
    attribute.optional && !attribute.computed
}

/// The state without sensitive values. Without a key, none is set by a user, and none may be recorded.
pub(super) fn without_sensitive(block: &Block, state: &Value) -> Value {
    let Value::Map(fields) = state else { return state.clone() };
    let mut fields = fields.clone();
    for attribute in block.attributes.iter().filter(|attribute| is_sensitive(attribute)) {
        fields.insert(attribute.name.clone(), Value::Null);
    }
    for nested in &block.blocks {
        match fields.get_mut(&nested.name) {
            Some(Value::List(items)) => {
                items.iter_mut().for_each(|item| *item = without_sensitive(&nested.block, item));
            }
            Some(Value::Map(items)) if nested.mode == Mode::Map => {
                items.values_mut().for_each(|item| *item = without_sensitive(&nested.block, item));
            }
            Some(value @ Value::Map(_)) => *value = without_sensitive(&nested.block, value),
            _ => {}
        }
    }
    Value::Map(fields)
}

fn is_sensitive(attribute: &Attribute) -> bool {
    let inside = match &attribute.holds {
        Holds::Attributes(_, inner) => inner.iter().any(is_sensitive),
        Holds::Value(_) => false,
    };
    attribute.sensitive || inside
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{shape::Nested, value::Type};

    fn attribute(name: &str, computed: bool, sensitive: bool) -> Attribute {
        Attribute {
            name: name.to_owned(),
            holds: Holds::Value(Type::Text),
            required: false,
            optional: true,
            computed,
            sensitive,
            write_only: false,
            deprecated: None,
            doc: String::new(),
        }
    }

    fn state(mode: &str, size: &str) -> Value {
        let text = |text: &str| Value::Text(text.to_owned());
        let disk = Value::Map([("size".to_owned(), text(size))].into());
        let fields = [("mode", text(mode)), ("zone", text("a")), ("disk", Value::List(vec![disk]))];
        Value::Map(fields.map(|(name, value)| (name.to_owned(), value)).into())
    }

    #[test]
    fn only_what_nobody_set_and_nothing_changed_is_hidden() {
        let disk = Block { attributes: vec![attribute("size", false, true)], ..Block::default() };
        let nested = Nested { name: "disk".to_owned(), mode: Mode::List, block: disk, min: 0, max: 0 };
        let block = Block {
            attributes: vec![attribute("mode", false, false), attribute("zone", true, false)],
            blocks: vec![nested],
            ..Block::default()
        };
        let filled = state("0777", "10");
        let hidden = shown(&block, Against::Config(&Value::Null), &filled);
        assert!(hidden.get("mode").is_null() && !hidden.get("zone").is_null());
        let Value::List(disks) = hidden.get("disk") else { unreachable!("a list stays one") };
        assert!(disks[0].get("size").is_null());
        assert_eq!(shown(&block, Against::Config(&filled), &filled), filled);
        let before = Against::Before { arguments: &hidden, state: &filled };
        assert_eq!(shown(&block, before, &filled), hidden);
        let drifted = state("0600", "10");
        assert_eq!(*shown(&block, before, &drifted).get("mode"), Value::Text("0600".to_owned()));
        let Value::List(disks) = without_sensitive(&block, &filled).get("disk").clone() else {
            unreachable!("a list stays one")
        };
        assert!(disks[0].get("size").is_null());
    }
}
