//! The parts of Terraform's JSON plan that say what was declared and what it refers to.

use std::collections::BTreeSet;

use landform_core::{
    Address, Path, ProviderName, Stack,
    expr::Expr,
    schema::{Inside, Place, Schema},
};
use serde_json::{Map, Value as Json, json};

use super::{
    identity, provider, provider_name, steps,
    value::{Parts, holds_true, parts},
};
use crate::{
    plan::Plan,
    view::{
        pieces::{entries, is_single, items},
        terraform::traversal,
    },
};

/// The stack as a configuration: constants and what is referred to.
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
        let place = schema.map_or(Place::UNKNOWN, Schema::top);
        resource.insert("expressions".into(), expressions(stack, place, &node.arguments));
        let version = node.resource_type().map_or(0, |resource_type| resource_type.version);
        resource.insert("schema_version".into(), version.into());
        if !node.depends_on.is_empty() {
            resource.insert("depends_on".into(), json!(node.depends_on));
        }
        resources.push(Json::from(resource));
    }
    let outputs: Map<String, Json> = stack
        .outputs()
        .iter()
        .map(|(name, value)| (name.clone(), json!({ "expression": expression(stack, value) })))
        .collect();
    json!({ "provider_config": providers, "root_module": { "outputs": outputs, "resources": resources } })
}

/// What the changes and outputs refer to.
pub(super) fn relevant_attributes(plan: &Plan, stack: &Stack) -> Vec<Json> {
    let mut known: BTreeSet<(&Address, &Path)> = BTreeSet::new();
    let changed = plan.changes.iter().filter_map(|change| stack.node(change.address.as_str()));
    for value in changed.map(|node| &node.arguments).chain(stack.outputs().values()) {
        value.each_reference(&mut |_, reference| {
            known.insert((&reference.node, &reference.path));
        });
    }
    let attribute = |(node, path)| json!({ "resource": node, "attribute": steps(schema(stack, node), path) });
    known.into_iter().map(attribute).collect()
}

/// The expressions of what stands in a block or map; a block of its own stands in a list.
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

/// One expression: its value if it is constant, or what it refers to. Of a secret nothing is said.
fn expression(stack: &Stack, value: &Expr) -> Json {
    let mut references = Vec::new();
    value.each_reference(&mut |_, reference| {
        let path = traversal(schema(stack, &reference.node), &reference.path);
        for name in [format!("{}{path}", reference.node), reference.node.to_string()] {
            if !references.contains(&name) {
                references.push(name);
            }
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
