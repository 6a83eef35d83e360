//! Settles what an interrupted run left open: asks the cloud and records its answer. Starts nothing new.
//!
//! An attempt with a ticket is resumed. An attempt without one is searched for by its token. If nothing is found, it
//! stays open: if it is still wanted, the apply retries with the same token, so that even a cloud with lagging reads
//! does not create a second resource.

use futures::{StreamExt, stream};
use landform_core::{Address, Error, FindBy, Found, Object, Progress, Retry, expr::Expr};
use serde_json::Value as Json;

use super::{
    Run,
    step::{Effects, Ended, Subject, Trouble},
};
use crate::{
    EngineError, Result,
    event::Event,
    journal::{IntentAction, ObjectState, OutcomeResult, Pending, Record},
    planner::observe::{observe, recorded_as},
};

/// How many attempts are settled at a time.
const AT_A_TIME: usize = 32;

/// Settles each open attempt if possible. An attempt stays open if its object is proven absent.
pub(crate) async fn settle(run: &Run<'_>) -> Result<()> {
    let open: Vec<Pending> = run.writer.with_state(|state| state.pending().cloned().collect());
    // Collected first: with the closure inside it, the future would not be seen to be `Send`.
    let each: Vec<_> = open.iter().map(|open| one(run, open)).collect();
    let mut settled = stream::iter(each).buffer_unordered(AT_A_TIME);
    let mut first = Ok(());
    while let Some(result) = settled.next().await {
        if first.is_ok() {
            first = result;
        }
    }
    first
}

/// Closes attempts to create objects that are no longer wanted, after the cloud has had time to show them.
pub(crate) async fn close_unwanted(run: &Run<'_>, wanted: impl Fn(&Address) -> bool) -> Result<()> {
    let open: Vec<Pending> = run.writer.with_state(|state| {
        state.pending().filter(|open| !wanted(&open.intent.key.address)).cloned().collect()
    });
    let each: Vec<_> = open.iter().map(|open| close(run, open)).collect();
    let mut closed = stream::iter(each).buffer_unordered(AT_A_TIME);
    while let Some(result) = closed.next().await {
        result?;
    }
    Ok(())
}

/// Closes an attempt that must not be repeated. Records its object, even if the cloud shows it late.
pub(super) async fn close(run: &Run<'_>, open: &Pending) -> Result<()> {
    tokio::time::sleep(run.lag).await;
    one(run, open).await?;
    let still = run.writer.with_state(|state| state.pending_on(&open.intent.key).is_some());
    if still { nothing(run, open) } else { Ok(()) }
}

/// An open attempt, and its arguments as the provider gets them: the state has seals in place of secrets.
#[derive(Clone, Copy)]
struct Attempt<'a> {
    open: &'a Pending,
    inputs: &'a Json,
    told: &'a Json,
}

async fn one(run: &Run<'_>, open: &Pending) -> Result<()> {
    let intent = &open.intent;
    let address = &intent.key.address;
    let (type_name, provider) = (intent.type_name.as_str(), intent.provider.as_str());
    run.registry.check(address, type_name, provider)?;
    let Some(managed) = run.registry.of(type_name, provider) else { return Ok(()) };
    let effects = Effects { run, managed, subject: Subject::from(&*open.intent) };
    let inputs = intent.inputs.value()?;
    let mut told = inputs.clone();
    effects.readable(&mut told);
    let attempt = Attempt { open, inputs: &inputs, told: &told };
    let carried = match &open.ticket {
        Some(ticket) => follow(&effects, attempt, Progress::Pending(ticket.ticket.parse()?)).await.map(Some),
        None => Ok(None),
    };
    let outcome = match carried {
        Ok(Some(outcome)) => outcome,
        // The operation behind the ticket was undone or forgotten, as if there had been no ticket.
        Err(EngineError::Provider { error, .. }) if error.retry() == Retry::Never => {
            ask(&effects, attempt).await?
        }
        Ok(None) => ask(&effects, attempt).await?,
        Err(error) => return Err(error),
    };
    if let Some(outcome) = outcome {
        run.events.send(|| Event::Recovered { address: address.clone(), outcome });
    }
    Ok(())
}

/// Finds out without a ticket.
async fn ask(effects: &Effects<'_>, attempt: Attempt<'_>) -> Result<Option<String>> {
    let open = attempt.open;
    match open.intent.action {
        IntentAction::Create => found(effects, attempt).await,
        IntentAction::Adopt | IntentAction::Import => {
            nothing(effects.run, open)?;
            Ok(Some("nothing was taken over".to_owned()))
        }
        IntentAction::Update | IntentAction::Delete => present(effects, open).await,
    }
}

/// Searches for the result of a create.
async fn found(effects: &Effects<'_>, attempt: Attempt<'_>) -> Result<Option<String>> {
    let open = attempt.open;
    let intent = &open.intent;
    let driver = &effects.managed.driver;
    let undecided = |candidates| EngineError::Undecided {
        address: intent.key.address.clone(),
        token: intent.token.to_string(),
        candidates,
    };
    if driver.abilities().find == FindBy::Nothing {
        return Err(undecided(Vec::new()));
    }
    let call = effects.call(&intent.token);
    let found = effects.calls().reading(|| driver.find(call, attempt.told)).await;
    match found.map_err(|error| failed(open, "searching for its result", error))? {
        Found::Nothing => Ok(None),
        Found::Exists(object) => follow(effects, attempt, Progress::Exists(object)).await,
        Found::Pending(ticket) => follow(effects, attempt, Progress::Pending(ticket)).await,
        Found::Undecided(candidates) => Err(undecided(candidates)),
    }
}

/// Reads the object of an update or a delete. The next plan compares an update again, and repeats a delete that did not
/// happen.
async fn present(effects: &Effects<'_>, open: &Pending) -> Result<Option<String>> {
    let intent = &open.intent;
    let recorded = effects.run.writer.with_state(|state| state.object(&intent.key).cloned());
    let Some(recorded) = recorded else {
        nothing(effects.run, open)?;
        return Ok(None);
    };
    let answer = observe(effects.managed, &effects.calls(), &[&recorded], effects.run.lag).await;
    let mut answer = answer.map_err(|error| failed(open, "reading", error))?;
    let outcome = match (answer.pop().flatten(), intent.action) {
        (None, _) => {
            let gone = Record::outcome(intent.key.clone(), intent.token.clone(), OutcomeResult::Gone);
            effects.run.writer.enqueue(gone)?;
            "it is gone".to_owned()
        }
        (Some(_), IntentAction::Delete) => {
            nothing(effects.run, open)?;
            "it is still there".to_owned()
        }
        (Some(found), _) if is_recorded(effects, &recorded, &found) => {
            nothing(effects.run, open)?;
            "it has not changed".to_owned()
        }
        (Some(found), _) => {
            // Nobody knows how far the change got. So the object may still need its old dependencies and may already
            // need its new ones.
            let mut depends_on = [recorded.depends_on.as_slice(), &intent.depends_on].concat();
            depends_on.sort_unstable();
            depends_on.dedup();
            let subject = Subject { depends_on: &depends_on, ..effects.subject };
            let effects = Effects { subject, ..*effects };
            let inputs = Expr::Literal(intent.inputs.value()?);
            let record = effects.record(found, &intent.token, &inputs, recorded.tainted);
            let result = OutcomeResult::Exists(record);
            effects.run.writer.enqueue(Record::outcome(intent.key.clone(), intent.token.clone(), result))?;
            "it has changed".to_owned()
        }
    };
    Ok(Some(outcome))
}

async fn follow(
    effects: &Effects<'_>,
    attempt: Attempt<'_>,
    progress: Progress<Object>,
) -> Result<Option<String>> {
    let open = attempt.open;
    let intent = &open.intent;
    let arguments = Expr::Literal(attempt.inputs.clone());
    match effects.finish(&intent.key, &intent.token, progress, &arguments, attempt.told).await {
        Ok(Ended::Exists(object) | Ended::Same(object)) => Ok(Some(format!("it exists as {}", object.id))),
        Ok(Ended::Read(_)) => Ok(None),
        Ok(Ended::Gone) => Ok(Some("it is gone".to_owned())),
        Err(Trouble::Provider(error)) => {
            let still = effects.run.writer.with_state(|state| state.pending_on(&intent.key).is_some());
            if still { Err(failed(open, "carrying on", error)) } else { Ok(Some(error.to_string())) }
        }
        Err(Trouble::Journal(error)) => Err(error.into()),
    }
}

/// Whether the found object equals the recorded one.
fn is_recorded(effects: &Effects<'_>, recorded: &ObjectState, found: &Object) -> bool {
    *recorded_as(effects.managed, recorded, found.clone(), &effects.run.sealer()) == *recorded
}

fn nothing(run: &Run<'_>, open: &Pending) -> Result<()> {
    let intent = &open.intent;
    let record = Record::outcome(intent.key.clone(), intent.token.clone(), OutcomeResult::Nothing);
    Ok(run.writer.enqueue(record)?)
}

fn failed(open: &Pending, operation: &'static str, error: Error) -> EngineError {
    EngineError::Provider { address: open.intent.key.address.clone(), operation, error }
}
