//! A plan in Terraform's JSON plan format 1.2, which tools for Terraform's plans can read.

mod configuration;
mod value;
mod world;

use std::sync::Arc;

use landform_core::{Address, Path, ResourceType, Stack, path::Step, schema::Schema};
use serde_json::{Map, Value as Json, json};

use super::{pieces::terraform_steps, terraform::source};
use landform_engine::plan::Plan;
use landform_state::journal::State;
use world::World;

/// The version of the format.
const FORMAT: &str = "1.2";
/// The release of Terraform whose output this resembles.
const TERRAFORM: &str = "1.11.4";

/// A plan as `terraform show -json` would print it.
///
/// The plan was made from `stack` and `state`. See [the
/// format](https://developer.hashicorp.com/terraform/internals/json-format). It differs from Terraform's own output in
/// these points. Secrets appear as `(sensitive)` and never in the clear. There is no timestamp. The nested blocks of a
/// type that the stack no longer declares are maps, because nothing says that they are blocks. A secret output is never
/// recorded, so after the first apply nobody can tell whether it is new. A reference to a partly known value is
/// unknown. Resources list the nodes that they name, and not what lies behind those (`depends_on`).
pub fn terraform_json(plan: &Plan, stack: &Stack, state: &State) -> Json {
    let world = World::new(plan, stack, state);
    let output_changes = world.output_changes();
    let relevant = configuration::relevant_attributes(plan, stack, &output_changes);
    let mut top = Map::new();
    let mut put = |name: &str, value: Json| drop(top.insert(name.to_owned(), value));
    put("format_version", FORMAT.into());
    put("terraform_version", TERRAFORM.into());
    put("planned_values", world.planned_values());
    let lists = [
        ("resource_drift", world.drift()),
        ("resource_changes", world.changes()),
        ("relevant_attributes", relevant),
        ("checks", world.checks()),
    ];
    // Terraform leaves out what is empty.
    lists.into_iter().filter(|(_, list)| !list.is_empty()).for_each(|(name, list)| put(name, list.into()));
    if !output_changes.is_empty() {
        put("output_changes", output_changes.into());
    }
    put("prior_state", world.prior_state());
    put("configuration", configuration::configuration(stack));
    put("applyable", (!plan.is_empty() || !plan.drift.is_empty()).into());
    put("complete", (!plan.partial).into());
    put("errored", false.into());
    top.into()
}

/// A state as `terraform show -json` prints one: the form of states 1.0, as in a plan's `prior_state`.
///
/// `types` returns the description of a type by its name. For an unknown type, nested blocks are maps, and only sealed
/// values count as secret.
pub fn terraform_state_json<'a>(
    state: &State,
    types: &dyn Fn(&str) -> Option<&'a Arc<ResourceType>>,
) -> Json {
    let mut resources = Vec::new();
    for (key, recorded) in state.unordered() {
        let known = types(key.address.type_str()).map(|known| &**known);
        let resource = world::recorded(&key, known, recorded);
        resources.push((world::place(&key.address, key.deposed.as_ref()), resource.into()));
    }
    world::state_json(state.outputs(), world::in_order(resources))
}

/// Terraform's description of an address.
fn identity(address: &Address) -> Map<String, Json> {
    let mut identity = Map::new();
    identity.insert("address".into(), address.as_str().into());
    identity.insert("mode".into(), if address.is_data() { "data" } else { "managed" }.into());
    identity.insert("type".into(), address.type_name().bare().into());
    identity.insert("name".into(), address.name().into());
    identity.insert("provider_name".into(), provider_name(address).into());
    identity
}

/// The first word in the name of a type.
fn provider(address: &Address) -> String {
    address.type_name().provider().to_owned()
}

/// The full name of a provider in Terraform.
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
