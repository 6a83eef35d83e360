//! From the present state to the declared one: looks and changes until they agree or the kit has to wait.

use std::borrow::Cow;

use landform_core::{Call, Error, ErrorKind, Observed, Progress, Result, Retry};

use super::{Kit, held_up};
use crate::{
    Attempt, Calls, Cloud, Due, Next, Seen, State, Work,
    stage::{Goal, Stage},
};

/// How many looks and changes one call makes before it answers a ticket.
const AT_ONCE: usize = 3;

/// How many times a change looks for a resource that reads do not show before it reports the resource as gone.
const CHANGED_UNSEEN: u32 = 5;

impl<C: Cloud> Kit<C> {
    /// Looks and changes until a resource is as declared or the kit has to wait.
    pub(super) async fn converge<R: Calls<C>>(
        &self,
        call: Call<'_>,
        id: &str,
        mut stage: Stage,
        wanted: &R,
    ) -> Result<Progress<Observed<R>>> {
        if let Some(operation) = stage.operation.take() {
            match self.client.poll(&operation).await? {
                Work::Done => {}
                Work::Busy(note) if stage.time() < R::PATIENCE.ready => {
                    stage.operation = Some(operation);
                    return self.wait(stage, id, &note);
                }
                Work::Busy(note) => return self.given_up(id, timeout(&note)).await,
                Work::Failed(problem) => {
                    // The version that the change named is old by now. The next look shows the present one. A new
                    // resource that exists was made by an earlier operation, and this one was a change of it.
                    let again = problem.kind() == ErrorKind::Conflict && stage.time() < R::PATIENCE.refused;
                    if again && (stage.toward == Goal::Changed || self.look_at::<R>(id).await?.is_some()) {
                        return self.wait(stage, id, &held_up(&problem));
                    }
                    return self.given_up(id, problem).await;
                }
            }
        }
        let mut differing = Vec::new();
        for _ in 0..AT_ONCE {
            let Some(seen) = self.look_at::<R>(id).await? else {
                let hidden = match stage.toward {
                    Goal::Made => stage.time() < R::PATIENCE.visible,
                    _ => stage.round < CHANGED_UNSEEN,
                };
                if !hidden {
                    return Err(Error::new(ErrorKind::NotFound, "it is gone").resource(id));
                }
                stage.looks = 0;
                return self.wait(stage, id, "waiting for reads to show it");
            };
            let partial = |problem: Error| {
                Ok(Progress::Partial { exists: seen.object.clone(), problem: problem.resource(id) })
            };
            let waited = stage.time();
            match self.step(call, &stage, &seen, wanted, &mut differing).await {
                Ok(Next::Done) => {
                    stage.looks += 1;
                    if stage.toward == Goal::Made && stage.looks < R::PATIENCE.looks {
                        return self.wait(stage, id, "waiting for reads to agree");
                    }
                    return Ok(Progress::Exists(seen.object));
                }
                Ok(Next::Changed) => stage.secrets = false,
                Ok(Next::Started(operation)) => {
                    stage.secrets = false;
                    stage.operation = Some(operation);
                    return self.wait(stage, id, "waiting for the operation");
                }
                Ok(Next::Wait(note)) if waited < R::PATIENCE.ready => return self.wait(stage, id, &note),
                Ok(Next::Wait(note)) => return partial(timeout(&note)),
                Ok(Next::Failed(problem)) => return partial(problem),
                // The look may not show yet a change that was made already.
                Err(error) if error.kind() == ErrorKind::AlreadyExists && waited < R::PATIENCE.refused => {
                    return self.wait(stage, id, &held_up(&error));
                }
                Err(error) if stage.toward == Goal::Changed => return Err(error.resource(id)),
                // The kit cannot bring the new resource to the declared state, but the resource exists.
                Err(error) if error.retry() == Retry::Never || waited >= R::PATIENCE.refused => {
                    return partial(error);
                }
                Err(error) => return self.wait(stage, id, &held_up(&error)),
            }
        }
        let note = match differing.is_empty() {
            true => "waiting for reads to show the changes".to_owned(),
            false => format!("waiting for reads to show the changes of {}", differing.join(", ")),
        };
        if stage.time() < R::PATIENCE.visible {
            return self.wait(stage, id, &note);
        }
        Err(timeout(&note).resource(id))
    }

    /// Whether a new resource needs nothing more, according to the answer to its creation.
    pub(super) fn is_settled<R: Calls<C>>(
        &self,
        attempt: &Attempt<'_>,
        seen: &Seen<R>,
        wanted: &R,
    ) -> Result<bool> {
        let tagged = match R::TAGS {
            Some(tagging) => {
                self.tags.change(&seen.tags, (tagging.field)(wanted), &Default::default())?.is_none()
            }
            None => true,
        };
        let ready = matches!(seen.state, State::Ready) && R::PATIENCE.looks <= 1 && !R::COMPLETES;
        Ok(ready && tagged && due(wanted, seen, false, attempt.clone())?.is_empty())
    }

    /// Takes the steps that are due, including those for tags, and says which fields differ.
    async fn step<R: Calls<C>>(
        &self,
        call: Call<'_>,
        stage: &Stage,
        seen: &Seen<R>,
        wanted: &R,
        differing: &mut Vec<&'static str>,
    ) -> Result<Next> {
        match &seen.state {
            State::Ready => {}
            State::Busy(note) => return Ok(Next::Wait(note.clone())),
            State::Failed(problem) => return Ok(Next::Failed(problem.clone())),
            State::Leaving => {
                return Ok(Next::Failed(Error::new(ErrorKind::NotFound, "it is being deleted")));
            }
        }
        let attempt = Attempt { call, tags: Default::default(), round: stage.round };
        let wanted = &*stage.removed.with_others::<C, R>(wanted, &seen.object.arguments);
        let due = due(wanted, seen, stage.secrets, attempt)?;
        let due = due.without(stage.alone.iter().map(String::as_str));
        *differing = due.fields().to_vec();
        let next = match due.is_empty() {
            true if R::COMPLETES && stage.toward == Goal::Made => wanted.complete(&self.client, seen).await?,
            true if R::SETTLES => R::settle(&self.client, seen).await?,
            true => Next::Done,
            false => wanted.change(&self.client, seen, &due).await?,
        };
        let (Some(tagging), Next::Done | Next::Changed) = (R::TAGS, &next) else { return Ok(next) };
        match self.tags.change(&seen.tags, (tagging.field)(wanted), &stage.removed.tags)? {
            None => Ok(next),
            Some(change) => {
                differing.push(tagging.name);
                match (tagging.write)(&self.client, seen, &change).await? {
                    Next::Done => Ok(Next::Changed),
                    other => Ok(other),
                }
            }
        }
    }

    /// The operation failed. Reports the resource that exists nevertheless, if any.
    async fn given_up<R: Calls<C>>(&self, id: &str, problem: Error) -> Result<Progress<Observed<R>>> {
        let problem = problem.resource(id);
        match self.look_at::<R>(id).await? {
            Some(seen) => Ok(Progress::Partial { exists: seen.object, problem }),
            None => Err(problem),
        }
    }
}

fn due<'a, C: Cloud, R: Calls<C>>(
    wanted: &R,
    seen: &Seen<R>,
    secrets: bool,
    attempt: Attempt<'a>,
) -> Result<Due<'a>> {
    let due = Due::between(wanted, &seen.object.arguments, secrets, attempt)?;
    Ok(due.without(R::TAGS.map(|tagging| tagging.name).into_iter()))
}

fn timeout(note: &str) -> Error {
    let message: Cow<'_, str> =
        if note.is_empty() { "the operation took too long".into() } else { note.into() };
    Error::new(ErrorKind::Timeout, message)
}
