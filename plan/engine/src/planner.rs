//! Makes a plan from a stack and a state. Reads the cloud and changes nothing.
//!
//! Each stage is a file: select (which nodes), refresh (what exists), decide (what changes, node by node along
//! references), order (which step comes first).

mod allow;
mod basis;
mod coexist;
pub(crate) mod configure;
pub(crate) mod decide;
pub(crate) mod diff;
pub(crate) mod ignore;
pub(crate) mod late;
mod lookup;
pub(crate) mod moves;
pub(crate) mod observe;
mod order;
mod refresh;
mod release;
mod select;
mod upgrade;
mod view;
mod warn;

use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
    time::Duration,
};

use landform_core::{Address, Stack, graph::Dependencies, stack::Moved};

use self::{configure::Configured, moves::Moves};
use crate::{
    EngineError, Result,
    calls::Heard,
    event::{Event, Sink},
    journal::{ObjectKey, ObjectState, State},
    plan::{self, Change, Plan, Warning},
    registry::Registry,
    seal::{Sealer, Vault},
};

/// How much of the cloud is read before planning.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Refresh {
    /// Everything that the state knows.
    #[default]
    All,
    /// Nothing: the plan trusts the state.
    None,
    /// Everything, and nothing else: the plan has the drift and no changes.
    Only,
    /// Everything that was last read longer ago than this many seconds.
    OlderThan(u64),
}

/// A closure that may refuse a change, with a message.
pub type Policy = Arc<dyn Fn(&Change) -> std::result::Result<(), String> + Send + Sync>;

/// Options of a plan.
#[derive(Clone, Default)]
pub struct PlanOptions {
    /// How much is read.
    pub refresh: Refresh,
    /// Only these nodes; all if empty. A created node brings its dependencies, a deleted node brings its dependents.
    pub targets: Vec<Address>,
    /// The nodes to exclude. If the run does not create a node, it does not create the node's dependents either. If it
    /// does not delete a node, it keeps the node's dependencies.
    pub excludes: Vec<Address>,
    /// These nodes are replaced even if nothing differs. With targets, they must be among the selected nodes.
    pub replace: Vec<Address>,
    /// Destroys everything, whatever the stack declares.
    pub destroy: bool,
    /// The policies.
    pub policies: Vec<Policy>,
}

/// An object to record; `None` if it no longer exists.
type Recorded = (ObjectKey, Option<ObjectState>);

/// Everything a stage looks at.
#[derive(Clone)]
pub(crate) struct Context<'a> {
    pub stack: &'a Stack,
    pub dependencies: &'a Dependencies<'a>,
    pub state: &'a State,
    pub registry: &'a Registry,
    pub vault: &'a Vault,
    pub lag: Duration,
    pub options: &'a PlanOptions,
    pub events: &'a Sink,
    /// Which nodes open providers.
    pub configured: &'a Configured,
    /// The resources to forget.
    pub removed: HashSet<&'a Address>,
}

impl<'a> Context<'a> {
    /// Seals the values of the state.
    pub(crate) fn sealer(&self) -> Sealer<'a> {
        Sealer::new(self.state.lineage(), self.vault)
    }

    /// The listener for calls.
    pub(crate) fn heard(&self) -> Heard<'a> {
        Heard { events: self.events, vault: self.vault }
    }
}

/// Makes a plan.
pub(crate) async fn plan(context: Context<'_>) -> Result<Plan> {
    let Context { stack, dependencies, options, state: recorded, .. } = context;
    moves::check(&context)?;
    let mut moves = Moves::find(stack, recorded, options.destroy)?;
    let (mut state, mut renamed) = moves.done_to(recorded)?;
    allow::check_providers(&Context { state: &state, ..context.clone() })?;
    let selection = select::select(&Context { state: &state, ..context.clone() })?;
    let found = moves.len();
    moves.keep(&selection);
    if moves.len() < found {
        (state, renamed) = moves.done_to(recorded)?;
    }
    let must = options.destroy || options.refresh == Refresh::Only;
    let opened =
        context.configured.open(dependencies, context.registry, &state, context.heard(), must).await?;
    let (state, upgraded) = upgrade::upgrade(&Context { state: &state, ..context.clone() }).await?;
    let state = &state;
    let context = Context { state, ..context };
    let world = refresh::refresh(&context).await?;

    let mut decided = if options.refresh == Refresh::Only {
        decide::Decided { outputs: decide::recorded_outputs(state), ..decide::Decided::default() }
    } else {
        decide::decide(&context, &world, &selection).await?
    };
    let mut refused = allow::refused(&context, &decided.changes);
    let actions =
        order::actions(&context, &mut decided).map_err(|error| refused.push(error)).unwrap_or_default();
    refused.extend(allow::crowded(&context, &decided.changes));
    EngineError::all(refused)?;
    let checks = decided.checks.into_iter().map(|(_, check)| check).collect();
    let records = renamed.into_iter().chain(upgraded).chain(world.records).chain(decided.records);
    // A later stage knows everything that an earlier one recorded of an object.
    let refreshed: Vec<_> = records.collect::<BTreeMap<_, _>>().into_iter().collect();
    let moves: Vec<Moved> = moves.iter().cloned().collect();
    let basis = basis::basis(recorded, &decided.changes, &refreshed, &moves, decided.feeds);
    let mut warnings = warn::warnings(state, &decided.changes);
    warnings.extend(
        world.unread.into_iter().map(|(provider, resources)| Warning::NotRead { provider, resources }),
    );
    warnings.append(&mut decided.warnings);
    if !options.destroy {
        warnings.extend(warn::deprecated(stack, context.registry));
    }
    let used_by = basis::used_by(state, &decided.changes);
    context.events.send(|| Event::Planned { changes: decided.changes.len() });
    let lineage = Some(state.lineage().to_owned()).filter(|lineage| !lineage.is_empty());
    Ok(Plan {
        format: plan::FORMAT,
        stack: stack.name().to_owned(),
        lineage,
        destroy: options.destroy,
        partial: !selection.is_everything(),
        changes: decided.changes,
        unchanged: decided.unchanged,
        actions,
        checks,
        answers: decided.answers,
        configurations: configure::latest(opened, decided.configurations),
        drift: world.drift,
        refreshed,
        withheld: Default::default(),
        basis,
        used_by,
        warnings,
        moves,
        outputs: decided.outputs,
        recorded_outputs: state.outputs().clone(),
    })
}
