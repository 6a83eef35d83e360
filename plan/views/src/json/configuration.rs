//! The parts of Terraform's JSON plan about the configuration and its references.

use std::collections::BTreeSet;

use landform_core::{
    Address, Path, ProviderName, Stack,
    expr::Expr,
    path::Step,
    schema::{Inside, Place, Schema},
};
use serde_json::{Map, Value as Json, json};

use super::{
    identity, provider, provider_name, steps,
    value::{Parts, holds_true, parts},
    world::{in_order, place},
};
use landform_engine::plan::{Change, ChangeKind, Plan};

use crate::{
    pieces::{entries, holds_blocks, is_single, items, terraform_steps},
    secrets::Secrets,
    terraform::steps as traversal_of,
};

/// The stack as a configuration: constants and references.
pub(super) fn configuration(stack: &Stack) -> Json {
    let mut providers = Map::new();
    let mut resources = Vec::new();
    for node in stack.nodes() {
        let name = provider(&node.address);
        let alias = node.provider.as_ref().and_then(ProviderName::alias);
        let key = alias.map_or_else(|| name.clone(), |alias| format!("{name}.{alias}"));
        let full = || {
            let mut provider = json!({ "name": name, "full_name": provider_name(&node.address) });
            if let Some(alias) = alias {
                provider["alias"] = alias.into();
            }
            provider
        };
        providers.entry(key.clone()).or_insert_with(full);
        let mut resource = identity(&node.address);
        resource.remove("provider_name");
        resource.insert("provider_config_key".into(), key.into());
        let schema = schema(stack, &node.address);
        let top = schema.map_or(Place::UNKNOWN, Schema::top);
        let expressions = expressions(stack, top, &node.arguments);
        if expressions != json!({}) {
            resource.insert("expressions".into(), expressions);
        }
        let version = node.resource_type().map_or(0, |resource_type| resource_type.version);
        resource.insert("schema_version".into(), version.into());
        if !node.depends_on.is_empty() {
            resource.insert("depends_on".into(), json!(node.depends_on));
        }
        resources.push((place(&node.address, None), Json::from(resource)));
    }
    let secrets = Secrets::of(stack);
    let output = |value: &Expr| {
        let mut output = Map::new();
        if secrets.is_secret(value) {
            output.insert("sensitive".into(), true.into());
        }
        output.insert("expression".into(), expression(stack, value));
        Json::from(output)
    };
    let outputs: Map<String, Json> =
        stack.outputs().iter().map(|(name, value)| (name.clone(), output(value))).collect();
    let mut root = Map::new();
    if !outputs.is_empty() {
        root.insert("outputs".into(), outputs.into());
    }
    if !resources.is_empty() {
        root.insert("resources".into(), in_order(resources).into());
    }
    json!({ "provider_config": providers, "root_module": root })
}

/// The sources of the changes and of the changing outputs, also through arguments of other nodes.
pub(super) fn relevant_attributes(
    plan: &Plan,
    stack: &Stack,
    output_changes: &Map<String, Json>,
) -> Vec<Json> {
    let changes =
        |name: &str| output_changes.get(name).is_some_and(|change| change["actions"] != json!(["no-op"]));
    let outputs = stack.outputs().iter().filter(|(name, _)| changes(name)).map(|(_, value)| value);
    let changed = plan.changes.iter().filter(|change| changes_something(change));
    let changed = changed.filter_map(|change| stack.node(change.address.as_str()));
    let mut known: BTreeSet<(&Address, &Path)> = BTreeSet::new();
    let mut open: Vec<&Expr> = changed.map(|node| &node.arguments).chain(outputs).collect();
    while let Some(value) = open.pop() {
        value.each_reference(&mut |_, reference| {
            if known.insert((&reference.node, &reference.path)) {
                open.extend(argument(stack, &reference.node, &reference.path));
            }
        });
    }
    let attribute = |(node, path)| json!({ "resource": node, "attribute": steps(schema(stack, node), path) });
    known.into_iter().map(attribute).collect()
}

fn changes_something(change: &Change) -> bool {
    change.kind != ChangeKind::Adopt || !change.fields.is_empty()
}

/// The argument in which a path of a node ends. Terraform takes arguments as a whole, except blocks.
fn argument<'a>(stack: &'a Stack, address: &Address, path: &Path) -> Option<&'a Expr> {
    let mut value = &stack.node(address.as_str())?.arguments;
    let mut place = schema(stack, address).map_or(Place::UNKNOWN, Schema::top);
    for step in path.steps() {
        let next = match (step, value) {
            (Step::Key(key), Expr::Map(fields)) => fields.get(&**key)?,
            (Step::Index(index), Expr::List(items)) => items.get(*index as usize)?,
            // Only literal.
            _ => return None,
        };
        place = match step {
            Step::Key(key) => place.key(key),
            Step::Index(index) => place.index(*index as usize),
        };
        value = next;
        if !holds_blocks(place) {
            break;
        }
    }
    Some(value)
}

/// The expressions in a block or map. A block is inside a list.
fn expressions(stack: &Stack, around: Place<'_>, block: &Expr) -> Json {
    let mut expressions_of = Map::new();
    for (name, value) in entries(block) {
        if matches!(&*value, Expr::Literal(Json::Null)) {
            continue;
        }
        let place = around.key(&name);
        let described = match (place.inside(), items(&value)) {
            _ if place.is_secret() => json!({}),
            (Inside::Fields(_), _) if is_single(around, place) => json!([expressions(stack, place, &value)]),
            (Inside::Fields(_), _) => expressions(stack, place, &value),
            (Inside::Items(item), Some(items)) if matches!(item.inside(), Inside::Fields(_)) => {
                let items = items.iter().enumerate();
                items.map(|(number, value)| expressions(stack, place.index(number), value)).collect()
            }
            (Inside::Entries(item), _) if matches!(item.inside(), Inside::Fields(_)) => {
                expressions(stack, place, &value)
            }
            (Inside::Nothing | Inside::Anything | Inside::Items(_) | Inside::Entries(_), _) => {
                expression(stack, &value)
            }
        };
        expressions_of.insert(name.into_owned(), described);
    }
    expressions_of.into()
}

/// One expression: its value if it is constant, otherwise its references. Says nothing about a secret.
fn expression(stack: &Stack, value: &Expr) -> Json {
    // Each reference, with everything that contains it.
    let mut references = Vec::new();
    value.each_reference(&mut |_, reference| {
        let path = terraform_steps(schema(stack, &reference.node), &reference.path);
        for length in (0..=path.len()).rev() {
            references.push(format!("{}{}", reference.node, traversal_of(&path[..length])));
        }
    });
    if !references.is_empty() {
        return json!({ "references": references });
    }
    match parts(value, Place::UNKNOWN) {
        Parts { value: Some(value), sensitive, unknown }
            if !holds_true(&sensitive) && !holds_true(&unknown) =>
        {
            json!({ "constant_value": value })
        }
        _ => json!({}),
    }
}

fn schema<'a>(stack: &'a Stack, address: &Address) -> Option<&'a Schema> {
    Some(&stack.node(address.as_str())?.resource_type()?.arguments)
}
