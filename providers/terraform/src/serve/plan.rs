//! Plans a change as Terraform asks for it: defaults, values that are known later, paths that force a replacement. Has no
//! effect. The rules are those of Landform's planner: the schema decides what differs.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::ControlFlow::Continue,
};

use landform_core::{
    Abilities, Path, Schema,
    expr::{Expr, Glance},
    form::words,
    schema::{Comparison, Field, Kind},
};
use serde_json::Value as Json;

use super::{filled::with_defaults, served::Served};
use crate::{
    form,
    shape::{Attribute, Block, Holds, Mode, Nested},
    value::{Value, ValueError},
};

/// A planned change.
pub(super) struct Plan {
    /// The planned state.
    pub state: Value,
    /// The arguments that cannot be changed in place.
    pub replaces: Vec<Path>,
    /// The arguments that differ from the existing ones.
    pub differs: Vec<Path>,
    /// The wanted arguments, with their defaults.
    pub arguments: Expr,
    /// Whether anything changes.
    pub changes: bool,
}

/// Plans a creation.
pub(super) fn create(served: &Served, config: &Value) -> Result<Plan, ValueError> {
    let arguments = served.arguments(config)?;
    let state = Planner { changing: true, changed: BTreeSet::new() }.object(served, config, None);
    Ok(Plan { state, replaces: Vec::new(), differs: Vec::new(), arguments, changes: true })
}

/// Plans a change of an existing resource.
pub(super) fn update(
    served: &Served,
    abilities: Abilities,
    prior: &Value,
    config: &Value,
) -> Result<Plan, ValueError> {
    let schema = &served.resource_type.arguments;
    let arguments = served.arguments(config)?;
    let is = form::json_from_value(schema, &with_defaults(served, prior.clone().known()))?;
    let (mut differs, mut replaces) = (Vec::new(), Vec::new());
    let comparison = Comparison::default();
    comparison.differences(schema.top(), Glance::at(&arguments), &is, &mut |at, difference| {
        let path = at.path();
        if difference.place.is_immutable() || !abilities.update {
            replaces.push(path.clone());
        }
        differs.push(path);
        Continue(())
    });
    let differs_in = |name: &str| differs.iter().any(|path: &Path| path.head() == Some(name));
    let plan = |changing| {
        let changed = differs.iter().filter_map(|path: &Path| path.head().map(str::to_owned)).collect();
        let planned = Planner { changing, changed }.object(served, config, Some(prior));
        keep_same(served, planned, prior, config, &differs_in)
    };
    let mut state = plan(false);
    let changes = !differs.is_empty() || state != *prior;
    if changes {
        state = plan(true);
    }
    Ok(Plan { state, replaces, differs, arguments, changes })
}

/// Takes each field that means the same from the state, in its spelling there. Terraform accepts that, except for the
/// items of a set of blocks, which it compares with the configuration.
fn keep_same(
    served: &Served,
    planned: Value,
    prior: &Value,
    config: &Value,
    differs: &dyn Fn(&str) -> bool,
) -> Value {
    let Value::Map(mut fields) = planned else { return planned };
    let schema = &served.resource_type.arguments;
    for (name, value) in &mut fields {
        let Some(field) = schema.field(name).filter(|field| !field.write_only && !differs(name)) else {
            continue;
        };
        let before = prior.get(name);
        if (field.volatile && *value == Value::Unknown) || !config.get(name).is_known() {
            continue;
        }
        let nested = served.shape.block.blocks.iter().find(|nested| nested.name == *name);
        let may = match nested {
            None => true,
            Some(nested) if nested.mode == Mode::Set => false,
            // The number of blocks is the configuration's.
            Some(_) => same_counts(value, before),
        };
        if may {
            *value = before.clone();
        }
    }
    Value::Map(fields)
}

fn same_counts(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::List(a), Value::List(b)) => a.len() == b.len(),
        (Value::Map(a), Value::Map(b)) => a.keys().eq(b.keys()),
        (a, b) => a.is_null() == b.is_null(),
    }
}

struct Planner {
    /// Whether the change is made, so volatile values become unknown.
    changing: bool,
    /// The arguments that change.
    changed: BTreeSet<String>,
}

impl Planner {
    fn object(&self, served: &Served, config: &Value, prior: Option<&Value>) -> Value {
        let resource_type = &served.resource_type;
        let planned = self.block(&resource_type.arguments, &served.shape.block, config, prior);
        let Value::Map(mut fields) = planned else { return planned };
        let follows = self.following(served);
        for field in resource_type.attributes.fields() {
            if resource_type.arguments.field(&field.name).is_some() {
                continue;
            }
            let value = match prior {
                Some(prior) if !follows.contains(field.name.as_str()) => prior.get(&field.name).clone(),
                _ => Value::Unknown,
            };
            fields.insert(field.name.clone(), value);
        }
        Value::Map(fields)
    }

    /// The attributes that may have another value after the change: volatile ones, those that depend on a changed
    /// argument by their declaration, and those that depend on other such attributes.
    fn following<'a>(&self, served: &'a Served) -> BTreeSet<&'a str> {
        let mut follows = BTreeSet::new();
        let attributes = served.resource_type.attributes.fields();
        loop {
            let before = follows.len();
            for field in attributes {
                let moves = |name: &str| self.changed.contains(name) || follows.contains(name);
                let depends = field.only_with.as_deref().is_some_and(moves)
                    || field.form.as_deref().is_some_and(|form| words(form).any(moves));
                if field.volatile && self.changing || depends {
                    follows.insert(field.name.as_str());
                }
            }
            if follows.len() == before {
                return follows;
            }
        }
    }

    fn block(&self, schema: &Schema, block: &Block, config: &Value, prior: Option<&Value>) -> Value {
        let mut fields = self.attributes(schema, &block.attributes, config, prior);
        for nested in &block.blocks {
            let field = schema.field(&nested.name);
            let value =
                self.nested(field, nested, config.get(&nested.name), prior.map(|it| it.get(&nested.name)));
            fields.insert(nested.name.clone(), value);
        }
        Value::Map(fields)
    }

    fn attributes(
        &self,
        schema: &Schema,
        attributes: &[Attribute],
        config: &Value,
        prior: Option<&Value>,
    ) -> BTreeMap<String, Value> {
        let planned = attributes.iter().map(|attribute| {
            let before = prior.map(|prior| prior.get(&attribute.name));
            let field = schema.field(&attribute.name);
            (attribute.name.clone(), self.attribute(field, attribute, config.get(&attribute.name), before))
        });
        planned.collect()
    }

    fn attribute(
        &self,
        field: Option<&Field>,
        attribute: &Attribute,
        config: &Value,
        prior: Option<&Value>,
    ) -> Value {
        let Some(field) = field else { return Value::Null };
        if attribute.write_only {
            return Value::Null;
        }
        if config.is_null() {
            return match &field.default {
                Some(default) => Value::from(default),
                None if !attribute.computed => Value::Null,
                None => match prior {
                    Some(prior) if !(field.volatile && self.changing) => prior.clone(),
                    _ => Value::Unknown,
                },
            };
        }
        match (&attribute.holds, inner_schema(&field.kind)) {
            (Holds::Attributes(mode, inner), Some(schema)) => {
                items(*mode, config, prior, &|config, prior| {
                    Value::Map(self.attributes(schema, inner, config, prior))
                })
            }
            _ => config.clone(),
        }
    }

    fn nested(&self, field: Option<&Field>, nested: &Nested, config: &Value, prior: Option<&Value>) -> Value {
        let Some(schema) = field.and_then(|field| inner_schema(&field.kind)) else { return config.clone() };
        items(nested.mode, config, prior, &|config, prior| self.block(schema, &nested.block, config, prior))
    }
}

/// Plans each item of a block or a nested attribute, beside the existing item in the same place. Items of a set have no
/// places: an existing one counts if the configuration allows it as it is.
fn items(
    mode: Mode,
    config: &Value,
    prior: Option<&Value>,
    plan: &dyn Fn(&Value, Option<&Value>) -> Value,
) -> Value {
    match (mode, config) {
        (Mode::List, Value::List(items)) => {
            let before = |place: usize| match prior {
                Some(Value::List(items)) => items.get(place),
                _ => None,
            };
            Value::List(
                items.iter().enumerate().map(|(place, it)| plan_one(it, before(place), plan)).collect(),
            )
        }
        (Mode::Set, Value::List(items)) => {
            let mut left: Vec<&Value> = match prior {
                Some(Value::List(items)) => items.iter().collect(),
                _ => Vec::new(),
            };
            let planned = items.iter().map(|item| {
                let found = left.iter().position(|before| plan_one(item, Some(*before), plan) == **before);
                match found {
                    Some(place) => left.swap_remove(place).clone(),
                    None => plan_one(item, None, plan),
                }
            });
            Value::List(planned.collect())
        }
        (Mode::Map, Value::Map(entries)) => {
            let before = |key: &str| match prior {
                Some(Value::Map(entries)) => entries.get(key),
                _ => None,
            };
            let planned = entries.iter().map(|(key, it)| (key.clone(), plan_one(it, before(key), plan)));
            Value::Map(planned.collect())
        }
        (Mode::Single | Mode::Group, config @ Value::Map(_)) => {
            plan_one(config, prior.filter(|prior| !prior.is_null()), plan)
        }
        (_, other) => other.clone(),
    }
}

fn plan_one(config: &Value, prior: Option<&Value>, plan: &dyn Fn(&Value, Option<&Value>) -> Value) -> Value {
    match config {
        Value::Map(_) => plan(config, prior),
        other => other.clone(),
    }
}

/// The schema of the blocks in a field.
pub(super) fn inner_schema(kind: &Kind) -> Option<&Schema> {
    match kind {
        Kind::Block(schema) => Some(schema),
        Kind::List(item) | Kind::Set(item) | Kind::Map(item) => match &**item {
            Kind::Block(schema) => Some(schema),
            _ => None,
        },
        Kind::Bool | Kind::Integer | Kind::Number | Kind::Text { .. } | Kind::Any => None,
    }
}

/// Puts a predicted value into a planned state. A path into a list or a map of it is left out: Terraform then learns the
/// value from the apply.
pub(super) fn foresee(served: &Served, config: &Value, state: &mut Value, path: &Path, value: Option<&Json>) {
    let [landform_core::path::Step::Key(name)] = path.steps() else { return };
    let Value::Map(fields) = state else { return };
    let resource_type = &served.resource_type;
    let (field, is_argument) = match resource_type.arguments.field(name) {
        Some(field) => (field, true),
        None => match resource_type.attributes.field(name) {
            Some(field) => (field, false),
            None => return,
        },
    };
    let Some(planned) = fields.get_mut(&field.name) else { return };
    // What the configuration says is not the provider's to foresee.
    if is_argument && !config.get(name).is_null() {
        return;
    }
    let schema = if is_argument { &resource_type.arguments } else { &resource_type.attributes };
    match value {
        None => *planned = Value::Unknown,
        Some(value) => {
            let given = Json::Object([(field.name.clone(), value.clone())].into_iter().collect());
            if let Ok(mut found) = form::to_value(schema, &Expr::Literal(given)) {
                *planned = found.remove(&field.name).unwrap_or(Value::Null);
            }
        }
    }
}
