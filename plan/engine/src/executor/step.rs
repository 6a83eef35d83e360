//! One step of a change, verb by verb: create, update, adopt, delete.

mod call;
mod effect;

use std::{
    sync::{Arc, PoisonError},
    time::Duration,
};

use landform_core::{
    Call, Effect, Error, ErrorKind, FindBy, Found, Known, Object, OnConflict, Progress, Retry, Token,
    expr::Expr,
};
use serde_json::Value as Json;

pub(super) use self::effect::{Effects, Subject};
use super::Run;
use crate::{
    EngineError,
    answer::{Answered, ask},
    calls::Calls,
    journal::{IntentAction, JournalError, ObjectKey, ObjectState, OutcomeResult, Record},
    plan::{Change, ChangeKind, ReplaceOrder, Verb},
    planner::late::{Adoption, Late},
    seal,
};

/// How a step ended well.
pub(super) enum Ended {
    Exists(Arc<ObjectState>),
    Read(Arc<Answered>),
    Gone,
    Same(Arc<ObjectState>),
}

/// How a step ended badly.
pub(super) enum Trouble {
    Provider(Error),
    Journal(JournalError),
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Provider(error)
    }
}

impl From<EngineError> for Trouble {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::Journal(error) => Self::Journal(error),
            EngineError::Provider { error, .. } => Self::Provider(error),
            other => Self::Provider(Error::new(ErrorKind::Conflict, other.to_string())),
        }
    }
}

impl From<JournalError> for Trouble {
    fn from(error: JournalError) -> Self {
        Self::Journal(error)
    }
}

type Step<T> = Result<T, Trouble>;

/// How many times a step looks for a creation with an unknown effect, and tries it again.
const SEARCHES: usize = 4;

/// Performs one step of a change.
pub(super) async fn perform(run: &Run<'_>, change: &Change, verb: Verb) -> Step<Ended> {
    let done = async {
        if verb == Verb::Read {
            return read(run, change).await;
        }
        if verb == Verb::Forget {
            return forget(run, change);
        }
        let managed = run.registry.of(change.type_name.as_str(), &change.provider);
        let managed = managed.ok_or_else(|| no_provider(change))?;
        let work = Work { effects: Effects { run, managed, subject: change.into() }, change };
        match verb {
            Verb::Create => work.create().await,
            Verb::Update => work.update().await,
            Verb::Adopt => Box::pin(work.adopt()).await,
            Verb::Delete => work.delete().await,
            Verb::Forget | Verb::Read | Verb::Check | Verb::Pass => Ok(Ended::Gone),
        }
    };
    // Moving a future takes its memory twice, and thousands are running. So it is pinned before the match.
    let done = std::pin::pin!(done);
    match change.timeout {
        None => done.await,
        Some(seconds) => match tokio::time::timeout(Duration::from_secs(seconds), done).await {
            Ok(ended) => ended,
            Err(_) => {
                let message = format!("not finished after {seconds} s; the next run settles it");
                Err(Error::new(ErrorKind::Timeout, message).into())
            }
        },
    }
}

/// Reads a data source for the steps after it. An answer is not an effect, so nothing is recorded.
async fn read(run: &Run<'_>, change: &Change) -> Step<Ended> {
    let asked = run.registry.source_of(change.type_name.as_str(), &change.provider);
    let asked = asked.ok_or_else(|| no_provider(change))?;
    let arguments = run.resolve(change.address.as_str(), change.after.as_ref().unwrap_or(&Expr::NULL))?;
    let calls = asked.calls(&change.address, change.budget, run.heard());
    let answer = ask(asked, &arguments, &calls, &run.sealer()).await?;
    let mut answers = run.answers.lock().unwrap_or_else(PoisonError::into_inner);
    answers.insert(change.address.clone(), answer.clone());
    Ok(Ended::Read(answer))
}

/// Removes an object from the state and leaves it in the cloud. Calls no provider, because there may be none any more.
fn forget(run: &Run<'_>, change: &Change) -> Step<Ended> {
    let (key, _) = leaving(run, change).ok_or_else(missing)?;
    run.writer.enqueue(Record::forget(key))?;
    Ok(Ended::Gone)
}

/// The object to delete or forget: the current one, or one that was set aside.
fn leaving(run: &Run<'_>, change: &Change) -> Option<(ObjectKey, Arc<ObjectState>)> {
    run.writer.with_state(|state| {
        if change.deposed.is_some() || change.kind == ChangeKind::Replace(ReplaceOrder::CreateFirst) {
            let mut aside = state.deposed(&change.address);
            let found = match &change.deposed {
                Some(token) => aside.find(|(key, _)| key.deposed.as_ref() == Some(token)),
                None => aside.find(|(_, object)| Some(&object.id) == change.id.as_ref()),
            };
            found.map(|(key, object)| (key.clone(), object.clone()))
        } else {
            let object = state.get(&change.address)?.clone();
            Some((ObjectKey::new(change.address.clone()), object))
        }
    })
}

fn missing() -> Error {
    Error::new(ErrorKind::NotFound, "the state no longer has it")
}

fn no_provider(change: &Change) -> Error {
    let message = format!("no provider {} offers {}", change.provider, change.type_name);
    Error::new(ErrorKind::Unsupported, message)
}

/// One change and what it needs.
#[derive(Clone, Copy)]
struct Work<'a> {
    effects: Effects<'a>,
    change: &'a Change,
}

impl Work<'_> {
    async fn create(&self) -> Step<Ended> {
        let change = self.change;
        let arguments = self.arguments()?;
        let clear = self.effects.clear(&arguments)?;
        let key = ObjectKey::new(change.address.clone());
        let old = self.effects.run.object(&change.address);
        let aside = old.filter(|_| change.kind == ChangeKind::Replace(ReplaceOrder::CreateFirst));
        let aside = aside.map(|old| ObjectKey::deposed(change.address.clone(), old.token.clone()));
        if let Some(aside) = &aside {
            self.effects.run.writer.enqueue(Record::moved(key.clone(), aside.clone()))?;
        }
        let made = self.make(&key, &arguments, &clear).await;
        if let (Some(aside), Err(Trouble::Provider(_))) = (aside, &made) {
            let free = self
                .effects
                .run
                .writer
                .with_state(|state| state.object(&key).is_none() && state.pending_on(&key).is_none());
            if free {
                self.effects.run.writer.enqueue(Record::moved(aside, key))?;
            }
        }
        made
    }

    async fn make(&self, key: &ObjectKey, arguments: &Expr, clear: &Json) -> Step<Ended> {
        let change = self.change;
        let (token, again) = self.effects.intend(key, IntentAction::Create, None, arguments, clear).await?;
        let call = self.effects.call(&token);
        let progress = match self.attempt_create(call, clear, again).await {
            Ok(progress) => progress,
            Err(error)
                if error.kind() == ErrorKind::AlreadyExists
                    && error.effect() == Effect::None
                    && change.on_conflict != OnConflict::Fail =>
            {
                return Box::pin(self.take_over(key, call, arguments, clear, error)).await;
            }
            Err(error) => return self.effects.failed(key, &token, error),
        };
        self.effects.finish(key, &token, progress, arguments, clear).await
    }

    /// Creates the object. Searches for it whenever an answer was lost. `uncertain` means that an earlier call of this
    /// attempt may have created it.
    async fn attempt_create(
        &self,
        call: Call<'_>,
        clear: &Json,
        mut uncertain: bool,
    ) -> Result<Progress<Object>, Error> {
        let calls = self.effects.calls();
        let findable = self.effects.managed.driver.abilities().find != FindBy::Nothing;
        if uncertain
            && findable
            && let Some(made) = self.search(&calls, call, clear).await?
        {
            return Ok(made);
        }
        let mut pause = Duration::from_millis(200);
        let mut searches = 0;
        loop {
            let error = match calls.retried(|| self.effects.managed.driver.create(call, clear)).await {
                Ok(progress) => return Ok(progress),
                Err(error) => error,
            };
            if uncertain && error.kind() == ErrorKind::AlreadyExists {
                return match self.search(&calls, call, clear).await {
                    Ok(Some(made)) => Ok(made),
                    // Something exists, and this attempt may have created it. The attempt stays open.
                    _ => Err(error.with_effect(Effect::Unknown)),
                };
            }
            let unknown = error.effect() == Effect::Unknown;
            uncertain |= unknown;
            if !unknown || searches == SEARCHES || calls.is_over() || !findable {
                return Err(error);
            }
            tokio::time::sleep(pause).await;
            pause *= 3;
            match self.search(&calls, call, clear).await {
                Ok(Some(made)) => return Ok(made),
                Ok(None) if error.retry() != Retry::Never => {}
                _ => return Err(error),
            }
            searches += 1;
        }
    }

    /// The result of an attempt, if there is one. Not every cloud recognises a repeated creation, and reads may lag
    /// behind the first one. So an absence counts only after that lag.
    async fn search(
        &self,
        calls: &Calls<'_>,
        call: Call<'_>,
        clear: &Json,
    ) -> Result<Option<Progress<Object>>, Error> {
        let (lag, mut waited, mut pause) = (self.effects.run.lag, Duration::ZERO, Duration::from_millis(100));
        loop {
            match calls.reading(|| self.effects.managed.driver.find(call, clear)).await? {
                Found::Exists(object) => return Ok(Some(Progress::Exists(object))),
                Found::Pending(ticket) => return Ok(Some(Progress::Pending(ticket))),
                Found::Nothing if waited < lag => {}
                Found::Nothing => return Ok(None),
                Found::Undecided(ids) => {
                    let message = format!("these may be this attempt's: {}", ids.join(", "));
                    let error = Error::new(ErrorKind::AlreadyExists, message);
                    return Err(error.with_effect(Effect::Unknown));
                }
            }
            let rest = pause.min(lag - waited);
            tokio::time::sleep(rest).await;
            waited += rest;
            pause *= 2;
        }
    }

    async fn update(&self) -> Step<Ended> {
        let change = self.change;
        let key = ObjectKey::new(change.address.clone());
        let prior = self.effects.run.object(&change.address).ok_or_else(missing)?;
        let before = prior.args.value()?;
        let Some(arguments) = self.late().update(self.arguments()?, &before) else {
            let object = Arc::new(ObjectState { depends_on: change.depends_on.clone(), ..(*prior).clone() });
            self.effects.run.writer.enqueue(Record::observed(key, object.clone()))?;
            return Ok(Ended::Same(object));
        };
        let (known, arguments) = self.told(&prior, arguments).await?;
        let clear = self.effects.clear(&arguments)?;
        let (token, _) =
            self.effects.intend(&key, IntentAction::Update, Some(&prior), &arguments, &clear).await?;
        let call = self.effects.call(&token);
        let progress =
            self.effects.repeated(|| self.effects.managed.driver.update(call, &*known, &clear)).await;
        match progress {
            Ok(progress) => self.effects.finish(&key, &token, progress, &arguments, &clear).await,
            Err(error) => self.effects.failed(&key, &token, error),
        }
    }

    async fn delete(&self) -> Step<Ended> {
        let (key, prior) = leaving(self.effects.run, self.change).ok_or_else(missing)?;
        // A node that moves to another provider exists where it was.
        let managed = self.effects.run.registry.of(prior.type_name.as_str(), &prior.provider);
        let effects = Effects { managed: managed.unwrap_or(self.effects.managed), ..self.effects };
        effects.take_away(&key, &prior).await
    }

    async fn adopt(&self) -> Step<Ended> {
        let change = self.change;
        let arguments = self.arguments()?;
        // Ignored fields hold seals until the object is read.
        let mut clear = arguments.expose().unwrap_or_default();
        self.effects.readable(&mut clear);
        let key = ObjectKey::new(change.address.clone());
        let id = change.id.clone().unwrap_or_default();
        let (token, _) = self.effects.intend(&key, IntentAction::Import, None, &arguments, &clear).await?;
        match self.effects.reading(|| self.effects.managed.driver.import(&id)).await {
            Ok(object) => self.adopted(&key, &token, object, &arguments).await,
            Err(error) => self.effects.failed(&key, &token, error),
        }
    }

    /// Adopts the existing object that prevents a create, if the node says so.
    async fn take_over(
        &self,
        key: &ObjectKey,
        call: Call<'_>,
        arguments: &Expr,
        clear: &Json,
        conflict: Error,
    ) -> Step<Ended> {
        let found = self.effects.reading(|| self.effects.managed.driver.find(call, clear)).await;
        let Ok(Found::Exists(object)) = found else { return self.effects.failed(key, call.token, conflict) };
        if let Some(path) = self.late().forbids(arguments, &object.arguments) {
            let message = format!("it exists as {}, and {path} differs", object.id);
            return self.effects.failed(key, call.token, Error::new(ErrorKind::AlreadyExists, message));
        }
        self.adopted(key, call.token, object, arguments).await
    }

    /// Records the adopted object, and updates what differs.
    async fn adopted(&self, key: &ObjectKey, token: &Token, object: Object, arguments: &Expr) -> Step<Ended> {
        let arguments = &self.late().kept(arguments.clone(), &object.arguments);
        let clear = &self.effects.clear(arguments)?;
        let recorded = self.effects.record(object.clone(), token, arguments, false);
        self.effects.outcome(key, token, OutcomeResult::Exists(recorded.clone()))?;
        match self.late().adoption(arguments, &object.arguments) {
            Adoption::AsItIs => return Ok(Ended::Exists(recorded)),
            Adoption::Update => {}
            Adoption::Impossible(path) => {
                let message = format!("it was taken over, but {path} cannot be changed in place");
                return Err(Error::new(ErrorKind::Invalid, message).into());
            }
        }
        let (token, _) =
            self.effects.intend(key, IntentAction::Update, Some(&recorded), arguments, clear).await?;
        let call = self.effects.call(&token);
        match self.effects.repeated(|| self.effects.managed.driver.update(call, &object, clear)).await {
            Ok(progress) => self.effects.finish(key, &token, progress, arguments, clear).await,
            Err(error) => self.effects.failed(key, &token, error),
        }
    }

    /// The planned arguments, now that all of them are known.
    fn arguments(&self) -> Result<Expr, Error> {
        let planned = self.change.after.as_ref().unwrap_or(&Expr::NULL);
        let known = self.effects.run.resolve(self.change.address.as_str(), planned)?;
        // Only now may items of sets turn out to be equal.
        Ok(self.effects.managed.resource_type.arguments.complete(known))
    }

    /// Makes the decisions that the plan had to leave open.
    fn late(&self) -> Late<'_> {
        let schema = &self.effects.managed.resource_type.arguments;
        Late { schema, change: self.change, salt: self.effects.salt() }
    }

    /// The data for an update: the existing object and the wanted arguments.
    ///
    /// An ignored secret is sent as it was read. The state has only its seal, so it is read now. A secret that the
    /// cloud does not show is not sent.
    async fn told<'a>(
        &'a self,
        prior: &'a ObjectState,
        arguments: Expr,
    ) -> Step<(Box<dyn Known + 'a>, Expr)> {
        let ignores = !self.change.ignore_changes.is_empty();
        if !ignores || !arguments.expose().is_some_and(|value| seal::holds_seals(&value)) {
            return Ok((self.effects.known(prior), arguments));
        }
        let objects: [&dyn Known; 1] = [prior];
        let mut answer = self.effects.reading(|| self.effects.managed.driver.read_many(&objects)).await?;
        let present = answer.pop().flatten().ok_or_else(missing)?;
        let arguments = self.late().kept(arguments, &present.arguments);
        let violations = self.effects.managed.resource_type.arguments.check_values(&arguments);
        if let Some(violation) = violations.into_iter().next() {
            let message = format!(
                "{}: an update needs this ignored value, but the cloud does not show it",
                violation.path
            );
            return Err(Error::new(ErrorKind::Invalid, message).into());
        }
        Ok((Box::new(present), arguments))
    }
}
