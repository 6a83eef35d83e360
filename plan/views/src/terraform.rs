//! A stack in Terraform's JSON syntax, for users who leave or compare. Reports everything that Terraform cannot
//! express. Secrets become variables.

mod expression;
mod text;

use std::collections::{BTreeMap, BTreeSet};

use landform_core::{
    Address, Ignore, Node, OnConflict, Printable, ProviderName, Stack,
    schema::{Place, Schema},
};
use serde_json::{Map, Value as Json, json};

use expression::Writer;
pub(super) use expression::{steps, traversal};
use text::literal;
pub(super) use text::quoted;

/// A stack in Terraform's words.
#[derive(Debug, Clone, PartialEq)]
pub struct Export {
    /// The content of `main.tf.json`.
    pub main: Json,
    /// Long texts, by their path beside `main.tf.json`.
    pub files: BTreeMap<String, String>,
    /// What Terraform cannot express, by address.
    pub notes: Vec<(Address, &'static str)>,
}

/// A stack that Terraform's syntax cannot hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {}", Printable(place).in_a_line(), Printable(message).in_a_line())]
pub struct ExportError {
    /// The argument with its address, or the output.
    pub place: String,
    /// The obstacle.
    pub message: String,
}

/// A stack in [Terraform's JSON syntax](https://developer.hashicorp.com/terraform/language/syntax/json).
///
/// References become `${aws_vpc.main.id}`, functions become Terraform's own, and nested blocks become arrays. Every
/// secret becomes a sensitive variable, whose value is not in the export.
///
/// # Errors
/// A value that could not be computed while declaring.
pub fn terraform(stack: &Stack) -> Result<Export, ExportError> {
    let mut writer = Writer::new(stack);
    let mut resources: BTreeMap<String, Map<String, Json>> = BTreeMap::new();
    let mut sources: BTreeMap<String, Map<String, Json>> = BTreeMap::new();
    let mut imports = Vec::new();
    let mut notes = Vec::new();
    for node in stack.nodes() {
        let block = resource(&mut writer, node)?;
        let of = if node.address.is_data() { &mut sources } else { &mut resources };
        let type_name = node.address.type_name().bare().to_owned();
        of.entry(type_name).or_default().insert(node.address.name().to_owned(), block);
        if let Some(id) = &node.lifecycle.import {
            imports.push(json!({ "to": node.address, "id": literal(id) }));
        }
        notes.extend(unsaid(node).map(|note| (node.address.clone(), note)));
    }
    let mut outputs = Map::new();
    for (name, value) in stack.outputs() {
        if !is_identifier(name) {
            return Err(ExportError {
                place: format!("output.{name}"),
                message: "expected a name as Terraform's outputs have: letters, digits, '_' and '-', beginning with a \
                          letter or '_'"
                    .into(),
            });
        }
        let mut output = Map::new();
        output.insert("value".into(), writer.value(&format!("output.{name}"), Place::UNKNOWN, value)?);
        if writer.is_secret(value) {
            output.insert("sensitive".into(), true.into());
        }
        outputs.insert(name.clone(), output.into());
    }
    let moves = stack.moves().iter();
    let moved: Vec<Json> = moves.map(|moved| json!({ "from": moved.from, "to": moved.to })).collect();
    let removals = stack.removals().iter();
    let removed: Vec<Json> = removals
        .map(|removed| json!({ "from": removed.address, "lifecycle": { "destroy": false } }))
        .collect();
    let version = match (removed.is_empty(), imports.is_empty()) {
        (false, _) => ">= 1.7",
        (true, false) => ">= 1.5",
        (true, true) => ">= 1.4",
    };
    let (variables, files) = writer.finish();
    let mut main = Map::new();
    main.insert("terraform".into(), settings(stack, version));
    let parts = [
        ("provider", aliases(stack)),
        ("variable", Json::from(variables)),
        ("data", json!(sources)),
        ("resource", json!(resources)),
        ("output", outputs.into()),
        ("moved", moved.into()),
        ("removed", removed.into()),
        ("import", imports.into()),
    ];
    for (name, part) in parts {
        let empty = part.as_array().is_some_and(Vec::is_empty) || part.as_object().is_some_and(Map::is_empty);
        if !empty {
            main.insert(name.into(), part);
        }
    }
    Ok(Export { main: main.into(), files, notes })
}

/// Where Terraform finds a provider, by the first word in the name of a type; `None` for the built-in one.
pub(super) fn source(provider: &str) -> Option<String> {
    (provider != "terraform").then(|| format!("hashicorp/{provider}"))
}

fn is_identifier(name: &str) -> bool {
    name.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
}

fn settings(stack: &Stack, version: &str) -> Json {
    let providers: BTreeSet<String> =
        stack.nodes().map(|node| node.address.type_name().provider().to_owned()).collect();
    let required: BTreeMap<String, Json> = providers
        .into_iter()
        .filter_map(|provider| Some((json!({ "source": source(&provider)? }), provider)))
        .map(|(settings, provider)| (provider, settings))
        .collect();
    match required.is_empty() {
        true => json!({ "required_version": version }),
        false => json!({ "required_version": version, "required_providers": required }),
    }
}

/// The providers with several configurations, each with its alias. The reader has to add the rest of each
/// configuration.
fn aliases(stack: &Stack) -> Json {
    let mut aliases: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for node in stack.nodes() {
        if let Some(alias) = node.provider.as_ref().and_then(ProviderName::alias) {
            aliases.entry(node.address.type_name().provider().to_owned()).or_default().insert(alias);
        }
    }
    let blocks = aliases.into_iter().map(|(provider, aliases)| {
        let blocks: Json = aliases.into_iter().map(|alias| json!({ "alias": alias })).collect();
        (provider, blocks)
    });
    Json::Object(blocks.collect())
}

fn resource<'a>(writer: &mut Writer<'a>, node: &'a Node) -> Result<Json, ExportError> {
    let schema = node.resource_type().map(|resource_type| &resource_type.arguments);
    let mut block =
        writer.block(node.address.as_str(), schema.map_or(Place::UNKNOWN, Schema::top), &node.arguments)?;
    if !node.depends_on.is_empty() {
        block.insert("depends_on".into(), json!(node.depends_on));
    }
    if let Some(alias) = node.provider.as_ref().and_then(ProviderName::alias) {
        let provider = format!("{}.{alias}", node.address.type_name().provider());
        block.insert("provider".into(), provider.into());
    }
    let mut lifecycle = lifecycle(node, schema);
    for (name, conditions) in
        [("precondition", &node.lifecycle.preconditions), ("postcondition", &node.lifecycle.postconditions)]
    {
        if !conditions.is_empty() {
            lifecycle.insert(name.into(), writer.conditions(&node.address, conditions)?.into());
        }
    }
    if !lifecycle.is_empty() {
        block.insert("lifecycle".into(), lifecycle.into());
    }
    Ok(block.into())
}

fn lifecycle(node: &Node, schema: Option<&Schema>) -> Map<String, Json> {
    let declared = &node.lifecycle;
    let mut lifecycle = Map::new();
    if declared.prevent_destroy {
        lifecycle.insert("prevent_destroy".into(), true.into());
    }
    if declared.create_before_destroy {
        lifecycle.insert("create_before_destroy".into(), true.into());
    }
    let path = |path| Json::from(traversal(schema, path).trim_start_matches('.'));
    match &declared.ignore_changes {
        Ignore::All => drop(lifecycle.insert("ignore_changes".into(), "all".into())),
        Ignore::Paths(paths) if paths.is_empty() => {}
        Ignore::Paths(paths) => {
            drop(lifecycle.insert("ignore_changes".into(), paths.iter().map(path).collect()))
        }
    }
    if !declared.replace_triggered_by.is_empty() {
        lifecycle.insert("replace_triggered_by".into(), json!(declared.replace_triggered_by));
    }
    lifecycle
}

/// What Terraform cannot express of a node's lifecycle.
fn unsaid(node: &Node) -> impl Iterator<Item = &'static str> + use<> {
    let lifecycle = &node.lifecycle;
    let retained = lifecycle.retain_on_delete.then_some(
        "retain_on_delete has no equivalent in Terraform; declare a removed block when the resource leaves the configuration",
    );
    let conflict = (lifecycle.on_conflict != OnConflict::Fail).then_some(
        "on_conflict has no equivalent in Terraform; declare an import block for the existing object",
    );
    let tainted = lifecycle.import_tainted.as_ref().map(|_| {
        "import_tainted has no equivalent in Terraform; import the resource and run `terraform taint`, or declare it again"
    });
    let timeout =
        lifecycle.timeout.map(|_| "timeout is left out; Terraform's timeouts differ from type to type");
    [retained, conflict, tainted, timeout].into_iter().flatten()
}
