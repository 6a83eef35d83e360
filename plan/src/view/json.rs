//! A plan in Terraform's JSON plan format 1.2, so that tools made for Terraform's plans read it.

mod configuration;
mod value;
mod world;

use std::sync::Arc;

use landform_core::{Address, Path, ResourceType, Stack, path::Step, schema::Schema};
use serde_json::{Map, Value as Json, json};

use super::{pieces::terraform_steps, terraform::source};
use crate::{
    journal::{ObjectKey, State},
    plan::Plan,
};
use world::World;

/// The version of the format.
const FORMAT: &str = "1.2";
/// The release of Terraform whose output this is like.
const TERRAFORM: &str = "1.11.4";

/// A plan as `terraform show -json` would print it.
///
/// `stack` and `state` are what the plan was made from. See
/// [the format](https://developer.hashicorp.com/terraform/internals/json-format). It differs from Terraform's own
/// output in this: secrets stand as `(sensitive)` and never in the clear; there is no timestamp; the nested blocks of
/// a type that the stack no longer declares are maps, for nothing says that they are blocks.
pub fn terraform_json(plan: &Plan, stack: &Stack, state: &State) -> Json {
    let world = World::new(plan, stack, state);
    let mut top = Map::new();
    top.insert("format_version".into(), FORMAT.into());
    top.insert("terraform_version".into(), TERRAFORM.into());
    top.insert("planned_values".into(), world.planned_values());
    let drift = world.drift();
    if !drift.is_empty() {
        top.insert("resource_drift".into(), drift.into());
    }
    top.insert("resource_changes".into(), world.changes().into());
    top.insert("output_changes".into(), world.output_changes());
    top.insert("prior_state".into(), world.prior_state());
    top.insert("configuration".into(), configuration::configuration(stack));
    top.insert("relevant_attributes".into(), configuration::relevant_attributes(plan, stack).into());
    let checks = world.checks();
    if !checks.is_empty() {
        top.insert("checks".into(), checks.into());
    }
    top.insert("applyable".into(), (!plan.is_empty() || !plan.drift.is_empty()).into());
    top.insert("complete".into(), true.into());
    top.insert("errored".into(), false.into());
    top.into()
}

/// A state as `terraform show -json` prints one: the form of states 1.0, the same as a plan's `prior_state`.
///
/// `types` tells what is known of each type, by name; of one that is not known, nested blocks are maps and nothing is
/// taken for a secret but what is sealed.
pub fn terraform_state_json<'a>(
    state: &State,
    types: &dyn Fn(&str) -> Option<&'a Arc<ResourceType>>,
) -> Json {
    let mut resources: Vec<(ObjectKey, Json)> = Vec::new();
    for (key, recorded) in state.objects() {
        let mut resource =
            world::recorded(&key.address, types(key.address.type_str()).map(|known| &**known), recorded);
        if let Some(token) = &key.deposed {
            resource.insert("deposed_key".into(), json!(token));
        }
        if recorded.tainted {
            resource.insert("tainted".into(), true.into());
        }
        resources.push((key, resource.into()));
    }
    resources.sort_by(|a, b| a.0.cmp(&b.0));
    let resources: Vec<Json> = resources.into_iter().map(|(_, resource)| resource).collect();
    world::state_json(state.outputs(), resources)
}

/// What Terraform says of an address.
fn identity(address: &Address) -> Map<String, Json> {
    let mut identity = Map::new();
    identity.insert("address".into(), address.as_str().into());
    identity.insert("mode".into(), if address.is_data() { "data" } else { "managed" }.into());
    identity.insert("type".into(), address.type_name().bare().into());
    identity.insert("name".into(), address.name().into());
    identity.insert("provider_name".into(), provider_name(address).into());
    identity
}

/// The first word of a type's name.
fn provider(address: &Address) -> String {
    address.type_name().provider().to_owned()
}

/// A provider, as Terraform names it in full.
fn provider_name(address: &Address) -> String {
    match source(&provider(address)) {
        Some(source) => format!("registry.terraform.io/{source}"),
        None => "terraform.io/builtin/terraform".to_owned(),
    }
}

/// A path as a list of its steps.
fn steps(schema: Option<&Schema>, path: &Path) -> Json {
    let json = |step| match step {
        Step::Key(key) => Json::from(&*key),
        Step::Index(index) => json!(index),
    };
    terraform_steps(schema, path).into_iter().map(json).collect()
}
