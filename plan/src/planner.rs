//! From a stack and a state to a plan. Reads the cloud, changes nothing.
//!
//! The stages, each a file: select (which nodes), refresh (what the world looks like), decide (what changes, node by
//! node along references), order (which step before which).

mod coexist;
pub(crate) mod decide;
pub(crate) mod diff;
pub(crate) mod ignore;
mod lookup;
mod moves;
pub(crate) mod observe;
mod order;
mod refresh;
mod select;
mod upgrade;
mod view;

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use landform_core::{Address, Stack, graph::Dependencies, stack::Moved};
use petgraph::algo::toposort;

use crate::{
    EngineError, Result,
    event::{Event, Sink},
    journal::{ObjectKey, ObjectState, State},
    plan::{self, Change, Plan},
    registry::Registry,
    seal::Vault,
};

/// How much of the world is read before planning.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Refresh {
    /// Everything that the state knows.
    #[default]
    All,
    /// Nothing: the state is taken at its word.
    None,
    /// Everything, and nothing else: the plan holds the drift and no changes.
    Only,
    /// What was last read longer ago than this many seconds.
    OlderThan(u64),
}

/// A closure that may refuse a change, with a message.
pub type Policy = Arc<dyn Fn(&Change) -> std::result::Result<(), String> + Send + Sync>;

/// What a plan is to look at and what it may do.
#[derive(Clone, Default)]
pub struct PlanOptions {
    /// How much is read.
    pub refresh: Refresh,
    /// Only these and what they depend on; everything if empty.
    pub targets: Vec<Address>,
    /// Not these, nor what depends on them.
    pub excludes: Vec<Address>,
    /// These are replaced even if nothing differs.
    pub replace: Vec<Address>,
    /// Everything goes, whatever the stack declares.
    pub destroy: bool,
    /// Who may refuse.
    pub policies: Vec<Policy>,
}

/// Everything a stage looks at.
pub(crate) struct Context<'a> {
    pub stack: &'a Stack,
    pub dependencies: &'a Dependencies,
    pub state: &'a State,
    pub registry: &'a Registry,
    pub vault: &'a Vault,
    pub lag: Duration,
    pub options: &'a PlanOptions,
    pub events: &'a Sink,
}

/// Makes a plan.
pub(crate) async fn plan(context: Context<'_>) -> Result<Plan> {
    let Context { stack, dependencies, options, state: recorded, .. } = context;
    check_providers(&context)?;
    let (state, upgraded) = upgrade::upgrade(&context).await?;
    let state = &state;
    let context = Context { state, ..context };
    moves::check(&context)?;
    let moves = moves::moves(stack, state);
    let selection = select::select(&context)?;
    let world = refresh::refresh(&context, &moves).await?;

    let order: Vec<usize> = match toposort(dependencies, None) {
        Ok(order) => order.into_iter().rev().map(|node| node.index()).collect(),
        Err(_) => Vec::new(),
    };
    let mut decided = if options.refresh == Refresh::Only {
        decide::Decided { outputs: decide::recorded_outputs(state), ..decide::Decided::default() }
    } else {
        decide::decide(&context, &world, &moves, &selection, &order).await?
    };
    check_allowed(&context, &decided.changes)?;
    let actions = order::actions(&context, &moves, &mut decided)?;
    let checks = decided.checks.into_iter().map(|(_, check)| check).collect();
    let records = upgraded.into_iter().chain(world.records).chain(decided.records);
    let refreshed: Vec<_> = records.collect();
    let basis = basis(recorded, &decided.changes, &refreshed, &moves);
    context.events.send(|| Event::Planned { changes: decided.changes.len() });
    let lineage = Some(state.lineage().to_owned()).filter(|lineage| !lineage.is_empty());
    Ok(Plan {
        format: plan::FORMAT,
        stack: stack.name().to_owned(),
        lineage,
        destroy: options.destroy,
        changes: decided.changes,
        unchanged: decided.unchanged,
        actions,
        checks,
        answers: decided.answers,
        drift: world.drift,
        refreshed,
        withheld: Default::default(),
        basis,
        moves,
        outputs: decided.outputs,
        recorded_outputs: state.outputs().clone(),
    })
}

/// What the plan rests on: the objects that change or were read anew, and what they depend on, as the state has them.
fn basis(
    state: &State,
    changes: &[Change],
    refreshed: &[(ObjectKey, Option<ObjectState>)],
    moves: &[Moved],
) -> BTreeMap<Address, Option<String>> {
    let mut basis = BTreeMap::new();
    let from: HashMap<&Address, &Address> = moves.iter().map(|moved| (&moved.to, &moved.from)).collect();
    let changed =
        changes.iter().flat_map(|change| std::iter::once(&change.address).chain(&change.depends_on));
    let changed = changed.filter(|address| !address.is_data());
    for address in changed.chain(refreshed.iter().map(|(key, _)| &key.address)) {
        let known_as = from.get(address).copied().unwrap_or(address);
        if !basis.contains_key(known_as) {
            let digest = state.get(known_as).map(|object| plan::digest(object));
            basis.insert(known_as.clone(), digest);
        }
    }
    basis
}

/// Everything in the stack and in the state needs its provider before anything is asked.
fn check_providers(context: &Context<'_>) -> Result<()> {
    let mut declared = HashSet::new();
    for node in context.stack.nodes() {
        if declared.insert((node.address.type_str(), node.provider.as_ref())) {
            context.registry.check_node(node)?;
        }
    }
    let mut recorded = HashSet::new();
    for (key, object) in context.state.unordered() {
        if recorded.insert((object.type_name.as_str(), object.provider.as_str())) {
            context.registry.check(&key.address, object.type_name.as_str(), &object.provider)?;
        }
    }
    Ok(())
}

/// Lifecycle and policies have the last word.
fn check_allowed(context: &Context<'_>, changes: &[Change]) -> Result<()> {
    use plan::ChangeKind as K;
    for change in changes {
        let node = context.stack.node(change.address.as_str());
        let prevented = node.is_some_and(|node| node.lifecycle.prevent_destroy);
        if prevented && matches!(change.kind, K::Delete | K::Replace(_)) {
            return Err(EngineError::Prevented {
                address: change.address.clone(),
                kind: change.kind,
                reason: change.reason.to_string(),
            });
        }
        for policy in &context.options.policies {
            policy(change)
                .map_err(|message| EngineError::Refused { address: change.address.clone(), message })?;
        }
    }
    Ok(())
}
