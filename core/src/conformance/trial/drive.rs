//! Drives an operation of a driver to its end, or to the end of the sample's patience.

use std::time::Duration;

use super::{IDLE_POLLS, PAUSE, Trial};
use crate::{
    Call, Error, Object, Progress, Token,
    conformance::{Broken, Clause},
};

impl<S: AsyncFn(Duration)> Trial<'_, S> {
    pub(super) async fn delete(&self, what: &str, object: &Object) -> Result<Option<Object>, Broken> {
        let token = self.token(what).map_err(|error| self.broken(Clause::Sample, error.to_string()))?;
        let call = Call::new(&self.sample.address, &token);
        let progress = self.driver.delete(call, object).await;
        self.settled(Clause::Delete, &token, progress).await
    }

    /// Follows tickets to the end. Returns the resource that exists then, if any.
    pub(super) async fn settled(
        &self,
        clause: Clause,
        token: &Token,
        progress: Result<Progress<Object>, Error>,
    ) -> Result<Option<Object>, Broken> {
        let mut progress = progress.map_err(|error| self.broken(clause, error.to_string()))?;
        let mut waited = Duration::ZERO;
        let mut polls = 0;
        loop {
            let ticket = match progress {
                Progress::Exists(object) => return Ok(Some(object)),
                Progress::Gone => return Ok(None),
                Progress::Partial { exists, problem } => {
                    return Err(self.broken(clause, format!("{} exists in part: {problem}", exists.id)));
                }
                Progress::Pending(ticket) => ticket,
            };
            polls += 1;
            if waited > self.sample.patience || polls > IDLE_POLLS {
                return Err(self
                    .broken(clause, format!("not finished after {waited:?} and {polls} polls: {ticket:?}")));
            }
            (self.sleep)(ticket.poll_after).await;
            waited += ticket.poll_after;
            let unstorable = |error| self.broken(clause, format!("the ticket cannot be stored: {error}"));
            let text = serde_json::to_string(&ticket).map_err(unstorable)?;
            self.conceals(&text, "a ticket")?;
            let stored = serde_json::from_str(&text).map_err(unstorable)?;
            let call = Call::new(&self.sample.address, token);
            let arguments = match clause {
                Clause::Update | Clause::UpdateAgain => {
                    self.sample.changed.as_ref().unwrap_or(&self.sample.arguments)
                }
                Clause::TakenAway => self.sample.without.as_ref().unwrap_or(&self.sample.arguments),
                _ => &self.sample.arguments,
            };
            let next = self.driver.resume(call, &stored, arguments).await;
            progress = next.map_err(|error| self.broken(clause, error.to_string()))?;
        }
    }

    /// Reads until the answer is as expected or the time is over. Returns the last answer.
    pub(super) async fn seen(
        &self,
        object: &Object,
        expected: impl Fn(&Option<Object>) -> bool,
    ) -> Result<Option<Object>, Broken> {
        let mut waited = Duration::ZERO;
        loop {
            let mut answer = match self.driver.read_many(&[object]).await {
                Ok(answer) if answer.len() == 1 => answer,
                Ok(answer) => {
                    return Err(self.broken(Clause::Read, format!("one object gave {} items", answer.len())));
                }
                Err(error) => return Err(self.broken(Clause::Read, error.to_string())),
            };
            let found = answer.pop().flatten();
            if expected(&found) || waited >= self.sample.patience {
                return Ok(found);
            }
            (self.sleep)(PAUSE).await;
            waited += PAUSE;
        }
    }
}
