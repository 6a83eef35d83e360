//! Deletion: succeeds if the object is gone, tries again while others use it, waits while it lingers.

use landform_core::{Call, Error, ErrorKind, Observed, Progress, Result, Retry};

use super::{Kit, held_up};
use crate::{Attempt, Calls, Cloud, Next, State, Work, stage::Stage};

/// How many steps of a deletion one call takes before it answers a ticket.
const AT_ONCE: usize = 3;

impl<C: Cloud> Kit<C> {
    /// Deletes a resource, or starts to.
    pub(super) async fn remove<R: Calls<C>>(
        &self,
        call: Call<'_>,
        mut stage: Stage,
        prior: &Observed<R>,
    ) -> Result<Progress<Observed<R>>> {
        let id = prior.id();
        for _ in 0..AT_ONCE {
            let attempt = Attempt { call, tags: Default::default(), round: stage.round };
            stage.refused = false;
            match R::remove(&self.client, prior, &attempt).await {
                Ok(Next::Done) => return Ok(Progress::Gone),
                Ok(Next::Changed) => {}
                Ok(Next::Started(operation)) => {
                    stage.operation = Some(operation);
                    return self.wait(stage, id, "waiting for the deletion");
                }
                Ok(Next::Wait(note)) => return self.wait(stage, id, &note),
                Ok(Next::Failed(problem)) => return Err(problem.resource(id)),
                // The service may not find another object, not this one.
                Err(error) if error.kind() == ErrorKind::NotFound => match self.look_at::<R>(id).await? {
                    None => return Ok(Progress::Gone),
                    Some(seen) if matches!(seen.state, State::Leaving) => {
                        return self.wait(stage, id, "waiting for the deletion");
                    }
                    Some(_) => return self.refused::<R>(stage, id, error).await,
                },
                Err(error) => return self.refused::<R>(stage, id, error).await,
            }
        }
        stage.refused = true;
        self.wait(stage, id, "waiting to delete it")
    }

    /// Checks whether a resource that is being deleted is gone.
    pub(super) async fn leave<R: Calls<C>>(
        &self,
        call: Call<'_>,
        id: &str,
        mut stage: Stage,
        arguments: &R,
    ) -> Result<Progress<Observed<R>>> {
        if let Some(operation) = stage.operation.take() {
            match self.client.poll(&operation).await? {
                Work::Done => return Ok(Progress::Gone),
                Work::Busy(note) if stage.time() < R::PATIENCE.gone => {
                    stage.operation = Some(operation);
                    return self.wait(stage, id, &note);
                }
                Work::Busy(note) => return Err(Error::new(ErrorKind::Timeout, note).resource(id)),
                Work::Failed(problem) if problem.kind() == ErrorKind::NotFound => {}
                Work::Failed(problem) => return self.refused::<R>(stage, id, problem).await,
            }
        }
        let note = "waiting for the deletion";
        match self.look_at::<R>(id).await? {
            None => Ok(Progress::Gone),
            Some(seen) if stage.refused && !matches!(seen.state, State::Leaving) => {
                // A read does not show how to delete it (`force_delete`). The recorded arguments do.
                let prior = Observed { arguments: arguments.clone(), attributes: seen.object.attributes };
                self.remove(call, stage, &prior).await
            }
            Some(_) if stage.time() < R::PATIENCE.gone => self.wait(stage, id, note),
            Some(_) => Err(Error::new(ErrorKind::Timeout, note).resource(id)),
        }
    }

    /// The cloud refused the deletion. Waits to try again if that may help, else names who uses the object.
    async fn refused<R: Calls<C>>(
        &self,
        mut stage: Stage,
        id: &str,
        error: Error,
    ) -> Result<Progress<Observed<R>>> {
        let may_pass = error.kind() == ErrorKind::InUse
            || (matches!(error.kind(), ErrorKind::NotFound | ErrorKind::Conflict)
                && error.retry() != Retry::Never);
        if may_pass && stage.time() < R::PATIENCE.held {
            stage.refused = true;
            return self.wait(stage, id, &held_up(&error));
        }
        if error.kind() != ErrorKind::InUse {
            return Err(error.resource(id));
        }
        let error = error.with_retry(Retry::Never).resource(id);
        match R::holders(&self.client, id).await {
            Ok(holders) if !holders.is_empty() => {
                let said = error.message().to_owned();
                Err(error.replace(&said, &format!("{said}; held by {}", holders.join(", "))))
            }
            _ => Err(error),
        }
    }
}
