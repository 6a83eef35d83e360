//! Carries out a plan with a queue of ready steps. Decides nothing.
//!
//! A failed step stops only its dependents. The intent of every effect is durable before the effect starts. Its outcome
//! is written with the next group commit.

mod beforehand;
mod fresh;
mod queue;
pub(crate) mod settle;
mod step;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use futures::{StreamExt, stream::FuturesUnordered};
use landform_core::{
    Address, Error, ErrorKind, Token,
    expr::{Expr, Reference, Resolved},
};

pub(crate) use self::fresh::{check_fresh, check_whole};
use self::queue::Queue;
use tracing::Instrument;

use crate::{
    Result,
    answer::{Answered, Present},
    calls::Heard,
    cancel::Cancel,
    event::{Event, Notice, Sink},
    journal::{JournalError, ObjectState, Record, State, Writer},
    plan::{Change, ChangeKind, Check, Counts, Plan, ReplaceOrder, Verb},
    planner::decide::value_of,
    registry::Registry,
    report::{Failure, Report, Skipped},
    seal::{self, Sealer, Vault},
};

/// How a plan is applied.
#[derive(Debug, Clone)]
pub struct ApplyOptions {
    /// How many steps may run at a time. Limits of providers apply as well.
    pub parallelism: usize,
    /// The switch that stops it.
    pub cancel: Cancel,
}

impl Default for ApplyOptions {
    fn default() -> Self {
        Self { parallelism: 256, cancel: Cancel::default() }
    }
}

/// Everything a step needs.
pub(crate) struct Run<'a> {
    pub registry: &'a Registry,
    pub writer: &'a Writer,
    pub events: &'a Sink,
    pub vault: &'a Vault,
    /// The lineage of the state. Secrets are sealed with it.
    pub salt: String,
    pub lag: Duration,
    /// What data sources answered while applying.
    pub answers: Answers,
    /// The warnings of providers.
    pub warnings: Mutex<Vec<Notice>>,
}

/// The answers of data sources, as references find them.
pub(crate) type Answers = Mutex<HashMap<Address, Arc<Answered>>>;

/// How one step ended.
enum End {
    /// The cloud or the state changed.
    Done,
    /// There was nothing left to do.
    Same,
    /// It failed.
    Failed(Error),
    /// The journal accepts no more records.
    Journal(JournalError),
}

/// Applies a plan that was checked against the state.
pub(crate) async fn execute(run: &Run<'_>, plan: &Plan, options: &ApplyOptions) -> Result<Report> {
    let began = Instant::now();
    run.events.send(|| Event::Applying { steps: plan.actions.len() });
    beforehand::record(run, plan).await?;
    let mut queue = Queue::new(&plan.actions);
    let mut report = Report {
        counts: Counts::default(),
        failures: Vec::new(),
        skipped: Vec::new(),
        warnings: Vec::new(),
        outputs: Default::default(),
        cancelled: false,
        elapsed: Default::default(),
    };
    let mut under_way = FuturesUnordered::new();
    let mut begun = BTreeSet::new();
    let mut draining = options.cancel.is_cancelled();
    loop {
        while !draining
            && under_way.len() < options.parallelism.max(1)
            && let Some(index) = queue.next()
        {
            begun.insert(index);
            under_way.push(async move { (index, run.step(plan, index).await) });
        }
        if under_way.is_empty() {
            break;
        }
        let ended = tokio::select! {
            biased;
            () = options.cancel.left() => break,
            () = options.cancel.drained(), if !draining => {
                draining = true;
                continue;
            }
            ended = under_way.next() => ended,
        };
        let Some((index, end)) = ended else { break };
        begun.remove(&index);
        let action = &plan.actions[index as usize];
        match (end, plan.address_of(action)) {
            (End::Journal(error), _) => return Err(error.into()),
            (End::Failed(error), Some(address)) => {
                run.events.send(|| Event::Failed {
                    address: address.clone(),
                    verb: action.verb,
                    error: error.to_string(),
                });
                report.failures.push(Failure { address: address.clone(), verb: action.verb, error });
                for skipped in queue.fail(index) {
                    skip(run, plan, &mut report, skipped, Some(address));
                }
            }
            (end, _) => {
                let change = action.change.map(|change| &plan.changes[change as usize]);
                if let (End::Done, Some(change)) = (end, change) {
                    count(&mut report.counts, change, action.verb);
                }
                queue.done(index);
            }
        }
    }
    drop(under_way);
    for index in begun {
        abandon(run, plan, &mut report, index);
    }
    report.cancelled = options.cancel.is_cancelled();
    for left in queue.left() {
        skip(run, plan, &mut report, left, None);
    }
    report.outputs = outputs(run, plan)?;
    run.writer.flush().await?;
    report.warnings = std::mem::take(&mut *run.warnings.lock().unwrap_or_else(PoisonError::into_inner));
    report.elapsed = began.elapsed();
    run.events.send(|| Event::Applied {
        counts: report.counts,
        failed: report.failures.len(),
        skipped: report.skipped.len(),
        elapsed: report.elapsed,
    });
    Ok(report)
}

/// The report of a plan that changes neither the cloud nor the state.
pub(crate) fn nothing(plan: &Plan, events: &Sink) -> Report {
    let report = Report {
        counts: Counts::default(),
        failures: Vec::new(),
        skipped: Vec::new(),
        warnings: Vec::new(),
        outputs: plan.recorded_outputs.clone().into_iter().collect(),
        cancelled: false,
        elapsed: Duration::ZERO,
    };
    let (counts, elapsed) = (report.counts, report.elapsed);
    events.send(|| Event::Applied { counts, failed: 0, skipped: 0, elapsed });
    report
}

impl<'a> Run<'a> {
    /// The sealer of the state's values.
    pub(crate) fn sealer(&self) -> Sealer<'_> {
        Sealer::new(&self.salt, self.vault)
    }

    /// The listener for calls.
    pub(crate) fn heard(&self) -> Heard<'a> {
        Heard { events: self.events, vault: self.vault }
    }

    async fn step(&self, plan: &Plan, index: u32) -> End {
        let action = &plan.actions[index as usize];
        if let Some(check) = action.check {
            return self.check(&plan.checks[check as usize]).map_or_else(End::Failed, |()| End::Same);
        }
        let Some(change) = action.change.map(|change| &plan.changes[change as usize]) else {
            return End::Same;
        };
        let began = Instant::now();
        self.events.send(|| Event::Started {
            address: change.address.clone(),
            verb: action.verb,
            expected: action.takes,
        });
        let span = tracing::info_span!("step", address = %change.address, verb = ?action.verb);
        let end = step::perform(self, change, action.verb).instrument(span).await;
        let (id, end) = match end {
            Ok(step::Ended::Exists(object)) => (Some(object.id.clone()), End::Done),
            Ok(step::Ended::Read(answer)) => (answer.id.clone(), End::Done),
            Ok(step::Ended::Gone) => (None, End::Done),
            Ok(step::Ended::Same(object)) => (Some(object.id.clone()), End::Same),
            Err(step::Trouble::Provider(error)) => (None, End::Failed(error)),
            Err(step::Trouble::Journal(error)) => (None, End::Journal(error)),
        };
        if matches!(end, End::Done | End::Same) {
            self.events.send(|| Event::Finished {
                address: change.address.clone(),
                verb: action.verb,
                id,
                elapsed: began.elapsed(),
            });
        }
        end
    }

    /// Decides a condition.
    fn check(&self, check: &Check) -> std::result::Result<(), Error> {
        let holds = self.resolve("the condition", &check.holds)?.expose();
        if holds == Some(true.into()) {
            return Ok(());
        }
        Err(Error::new(ErrorKind::Invalid, format!("{} ({})", check.message, check.when)))
    }

    /// What a reference to an address finds now.
    fn present(&self, address: &Address) -> Option<Present> {
        if address.is_data() {
            let answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
            return answers.get(address).cloned().map(Present::Answer);
        }
        self.object(address).map(Present::Object)
    }

    /// The object at an address, as it is now.
    fn object(&self, address: &Address) -> Option<Arc<ObjectState>> {
        self.writer.with_state(|state| state.get(address).cloned())
    }

    /// The current version of each object that replaces an object when it changes.
    fn editions(&self, causes: &[Address]) -> BTreeMap<Address, Option<Token>> {
        let edition = |cause: &Address| {
            let edition = |state: &State| state.get(cause).map(|object| object.edition().clone());
            (cause.clone(), self.writer.with_state(edition))
        };
        causes.iter().map(edition).collect()
    }

    /// Resolves the references in planned arguments.
    pub(crate) fn resolve(&self, place: &str, arguments: &Expr) -> std::result::Result<Expr, Error> {
        let mut missing = None;
        let resolved = arguments.resolve(&mut |reference: &Reference| {
            let value = self.present(&reference.node).and_then(|present| {
                let resource_type = self.registry.resource_type(reference.node.type_str())?;
                value_of(resource_type, &present, &reference.path, self.vault)
            });
            let mut lacks = |why| {
                missing.get_or_insert_with(|| (reference.clone(), why));
                Resolved::Unknown
            };
            match value {
                Some(Resolved::Known(mut value) | Resolved::Secret(mut value))
                    if seal::holds_seals(&value) =>
                {
                    if self.vault.open(&mut value) {
                        Resolved::Secret(value)
                    } else {
                        lacks(NOT_STORED)
                    }
                }
                Some(Resolved::Unknown) => lacks(NOT_STORED),
                Some(value) => value,
                None => lacks("is not there"),
            }
        });
        if let Some((reference, why)) = missing {
            let message = format!("{place} needs {}.{}, which {why}", reference.node, reference.path);
            return Err(Error::new(ErrorKind::Invalid, message));
        }
        resolved.map_err(|error| Error::new(ErrorKind::Invalid, error.to_string()))
    }
}

/// Why a secret cannot be given to another resource.
pub(super) const NOT_STORED: &str = "is a secret that is not stored; replace that node to create a new one";

fn outputs(run: &Run<'_>, plan: &Plan) -> Result<BTreeMap<String, serde_json::Value>> {
    let mut known = serde_json::Map::new();
    for (name, expr) in &plan.outputs {
        // An output is left out if its resource failed or if it is secret.
        if let Ok(Expr::Literal(value)) = run.resolve(name, expr) {
            known.insert(name.clone(), value);
        }
    }
    if run.writer.with_state(|state| *state.outputs() != known) {
        run.writer.enqueue(Record::Outputs(known.clone()))?;
    }
    Ok(known.into_iter().collect())
}

/// A step that was abandoned while it was running. Its result is unknown; the next run finds it out.
fn abandon(run: &Run<'_>, plan: &Plan, report: &mut Report, index: u32) {
    let action = &plan.actions[index as usize];
    let Some(change) = action.change.map(|change| &plan.changes[change as usize]) else { return };
    let error = Error::new(ErrorKind::Timeout, "abandoned while in progress; the next run settles it");
    run.events.send(|| Event::Failed {
        address: change.address.clone(),
        verb: action.verb,
        error: error.to_string(),
    });
    report.failures.push(Failure { address: change.address.clone(), verb: action.verb, error });
}

fn skip(run: &Run<'_>, plan: &Plan, report: &mut Report, index: u32, because: Option<&Address>) {
    let action = &plan.actions[index as usize];
    let Some(change) = action.change.map(|change| &plan.changes[change as usize]) else { return };
    run.events.send(|| Event::Skipped {
        address: change.address.clone(),
        verb: action.verb,
        because: because.cloned(),
    });
    let (address, because) = (change.address.clone(), because.cloned());
    report.skipped.push(Skipped { address, verb: action.verb, because });
}

/// A replacement counts once, when its second step is done.
fn count(counts: &mut Counts, change: &Change, verb: Verb) {
    match (change.kind, verb) {
        (ChangeKind::Create, _) => counts.added += 1,
        (ChangeKind::Update, _) => counts.changed += 1,
        (ChangeKind::Delete, _) => counts.destroyed += 1,
        (ChangeKind::Adopt, _) => counts.adopted += 1,
        (ChangeKind::Forget, _) => counts.forgotten += 1,
        (ChangeKind::Read, _) => counts.read += 1,
        (ChangeKind::Replace(ReplaceOrder::DestroyFirst), Verb::Create)
        | (ChangeKind::Replace(ReplaceOrder::CreateFirst), Verb::Delete | Verb::Forget) => {
            counts.replaced += 1
        }
        (ChangeKind::Replace(_), _) => {}
    }
}
