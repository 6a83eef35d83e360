//! From a stack and a state to a plan. Reads the cloud, changes nothing.
//!
//! The stages, each a file: select (which nodes), refresh (what the world looks like), decide (what changes, node by
//! node along references), order (which step before which).

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
    /// Only these; everything if empty. What is made takes with it what it depends on, what goes takes with it what
    /// depends on it.
    pub targets: Vec<Address>,
    /// Not these. What is not made keeps back what depends on it, what does not go keeps what it depends on.
    pub excludes: Vec<Address>,
    /// These are replaced even if nothing differs. With targets, they have to be among what those select.
    pub replace: Vec<Address>,
    /// Everything goes, whatever the stack declares.
    pub destroy: bool,
    /// Who may refuse.
    pub policies: Vec<Policy>,
}

/// An object as it is to be recorded; `None` if it is gone.
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
    /// What is to be forgotten.
    pub removed: HashSet<&'a Address>,
}

impl<'a> Context<'a> {
    /// What seals the values of the state.
    pub(crate) fn sealer(&self) -> Sealer<'a> {
        Sealer::new(self.state.lineage(), self.vault)
    }

    /// Who hears of calls.
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
    // What a later stage says of an object holds what an earlier one said.
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
