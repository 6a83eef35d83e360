//! Creates, changes and deletes resources: one effect, followed to its end. Nothing that exists is lost: what is known
//! of it is returned together with the problem.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use landform_core::{
    Address, Budget, Call, Diagnostic, Driver, Effect, Error, ErrorKind, FindBy, Found, Known, Listener,
    Object, Progress, Retry, Ticket, Token,
};
use serde_json::Value as Json;
use tokio::sync::watch;

use super::patience;

/// How often a creation with an unknown effect is searched for and repeated.
const SEARCHES: usize = 4;

/// How an effect ended.
#[derive(Debug)]
pub(super) enum Ended {
    /// The resource exists as wanted.
    Exists(Object),
    /// The resource is gone.
    Gone,
    /// The resource exists, and something is wrong with it.
    Partly(Object, Error),
    /// Terraform stopped while the operation went on. The ticket has the id of the resource.
    Stopped(Ticket),
    /// Nothing is known to have happened.
    Failed(Error),
}

/// One effect on one resource.
pub(super) struct Work<'a> {
    pub driver: &'a dyn Driver,
    pub budget: Budget,
    pub address: &'a Address,
    pub token: &'a Token,
    pub heard: &'a Heard,
    /// Whether Terraform asked to stop.
    pub stop: watch::Receiver<bool>,
}

/// The warnings of an effect.
#[derive(Debug, Default)]
pub(super) struct Heard(Mutex<Vec<Diagnostic>>);

impl Listener for Heard {
    fn warned(&self, warning: Diagnostic) {
        let mut said = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !said.contains(&warning) {
            said.push(warning);
        }
    }
}

impl Heard {
    pub(super) fn take(&self) -> Vec<Diagnostic> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Work<'_> {
    fn call(&self) -> Call<'_> {
        Call::new(self.address, self.token).heard_by(self.heard)
    }

    pub(super) async fn create(mut self, arguments: &Json) -> Ended {
        match self.attempt(arguments).await {
            Ok(progress) => self.follow(progress, arguments).await,
            Err(error) => Ended::Failed(error),
        }
    }

    /// Changes the resource, after an operation that an earlier run left has ended.
    pub(super) async fn update(mut self, prior: &dyn Known, left: Option<Ticket>, arguments: &Json) -> Ended {
        if let Some(ticket) = left {
            match self.follow(Progress::Pending(ticket), arguments).await {
                Ended::Exists(_) => {}
                other => return other,
            }
        }
        let call = self.call();
        match patience::repeated(self.budget, || self.driver.update(call, prior, arguments)).await {
            Ok(progress) => self.follow(progress, arguments).await,
            Err(error) => Ended::Failed(error),
        }
    }

    pub(super) async fn delete(mut self, prior: &dyn Known, arguments: &Json) -> Ended {
        let call = self.call();
        match patience::repeated(self.budget, || self.driver.delete(call, prior)).await {
            Ok(progress) => self.follow(progress, arguments).await,
            Err(error) => Ended::Failed(error),
        }
    }

    /// Creates the resource. Searches for it whenever an answer was lost.
    async fn attempt(&self, arguments: &Json) -> Result<Progress<Object>, Error> {
        let findable = self.driver.abilities().find != FindBy::Nothing;
        let (mut pause, mut searches, mut uncertain) = (Duration::from_millis(200), 0, false);
        loop {
            let call = self.call();
            let error = match patience::retried(self.budget, || self.driver.create(call, arguments)).await {
                Ok(progress) => return Ok(progress),
                Err(error) => error,
            };
            let lost =
                error.effect() == Effect::Unknown || uncertain && error.kind() == ErrorKind::AlreadyExists;
            uncertain |= lost;
            if !lost || !findable || searches == SEARCHES {
                return Err(error);
            }
            tokio::time::sleep(pause).await;
            (pause, searches) = (pause * 3, searches + 1);
            match patience::repeated(self.budget, || self.driver.find(call, arguments)).await? {
                Found::Exists(object) => return Ok(Progress::Exists(object)),
                Found::Pending(ticket) => return Ok(Progress::Pending(ticket)),
                Found::Nothing if error.retry() != Retry::Never => {}
                Found::Nothing => return Err(error),
                Found::Undecided(ids) => {
                    let message = format!("these may be this attempt's: {}", ids.join(", "));
                    return Err(Error::new(ErrorKind::AlreadyExists, message));
                }
            }
        }
    }

    /// Follows tickets until the effect is settled, or Terraform stops and the id is known.
    async fn follow(&mut self, mut progress: Progress<Object>, arguments: &Json) -> Ended {
        loop {
            let ticket = match progress {
                Progress::Exists(object) => return Ended::Exists(object),
                Progress::Gone => return Ended::Gone,
                Progress::Partial { exists, problem } => return Ended::Partly(exists, problem),
                Progress::Pending(ticket) => ticket,
            };
            if *self.stop.borrow() && ticket.id.is_some() {
                return Ended::Stopped(ticket);
            }
            let asked = self.stop.wait_for(|stop| *stop);
            // The sender lives as long as the plugin. A stop that came before changes nothing without an id.
            let stopped = async {
                let stops = asked.await.is_ok() && ticket.id.is_some();
                if !stops {
                    std::future::pending::<()>().await;
                }
            };
            tokio::select! {
                () = tokio::time::sleep(ticket.poll_after) => {}
                () = stopped => return Ended::Stopped(ticket),
            }
            let call = self.call();
            let resumed =
                patience::repeated(self.budget, || self.driver.resume(call, &ticket, arguments)).await;
            progress = match resumed {
                Ok(progress) => progress,
                // The operation is known by its id, so what exists is not lost with the error.
                Err(error) => match ticket.id.clone() {
                    Some(id) => return self.left(id, error).await,
                    None => return Ended::Failed(error),
                },
            };
        }
    }

    /// What exists after an operation that failed.
    async fn left(&self, id: String, error: Error) -> Ended {
        let object = Object::by_id(id);
        let known: [&dyn Known; 1] = [&object];
        match patience::repeated(self.budget, || self.driver.read_many(&known)).await {
            Ok(mut found) => match found.pop().flatten() {
                Some(found) => Ended::Partly(found, error),
                None => Ended::Failed(error),
            },
            Err(_) => Ended::Partly(object, error),
        }
    }
}
