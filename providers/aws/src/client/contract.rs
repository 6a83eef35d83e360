//! The provider contract for EC2's types. All keep it the same way, written once here; what a type brings is in
//! [`Ec2`]: how to look, to make, to approach what is wanted, and to remove.
//!
//! One mutation makes a resource, tagged with the token. A ticket then leads from look to step to look until it is as
//! wanted. Any process can take it up, as the steps follow from what is seen.

use std::{borrow::Cow, collections::BTreeMap, collections::HashMap, time::Duration};

use async_trait::async_trait;
use aws_sdk_ec2::types::{Filter, Tag};
use landform_core::{
    Abilities, Call, Error, ErrorKind, FindBy, Found, Id, Manage, Observed, Progress, Resource, Result,
    Retry, Ticket, words,
};
use serde::{Deserialize, Serialize};

use super::{Client, error::senseless, tags, values::filter};

/// How many values a filter takes.
const PAGE: usize = 200;

/// How many looks and steps one call takes before it answers a ticket.
const AT_ONCE: usize = 3;

/// How many rounds to wait at most: for AWS to take a step that it refused for now, to show what was done, to finish
/// what it is at.
const REFUSED: u32 = 10;
const UNSEEN: u32 = 60;
const LONGEST: u32 = 360;

/// What to look for.
#[derive(Clone, Copy)]
pub(super) enum Which<'a, R> {
    /// These ids, at most a page of them and at least one.
    Ids(&'a [&'a str]),
    /// What the attempt may have made.
    Attempt(Call<'a>, &'a R),
}

/// How far a resource is from what is wanted, after the steps that could be taken.
pub(super) enum Next {
    /// It is as wanted.
    Done,
    /// Something was changed: another look is due.
    Changed,
    /// AWS is at work.
    Wait(&'static str),
    /// It will never be as wanted.
    Failed(Error),
}

/// What one EC2 type brings to the contract.
#[async_trait]
pub(super) trait Ec2: Resource {
    /// What AWS answers of one.
    type Seen: Send + Sync;
    /// How an attempt is found again.
    const FIND: FindBy = FindBy::Token;
    /// How long to wait between two looks.
    const PAUSE: Duration = Duration::from_secs(1);
    /// Whether one that was removed is still there for a while.
    const LINGERS: bool = false;
    /// What its ids begin with.
    const PREFIX: &'static str;

    /// Looks; what does not exist is left out.
    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Self::Seen>>;

    /// Its id.
    fn id(seen: &Self::Seen) -> Cow<'_, str>;

    /// Its tags as they are and as wanted, if the type has tags.
    fn tags<'a>(&'a self, seen: &'a Self::Seen) -> Option<(&'a [Tag], &'a BTreeMap<String, String>)>;

    /// What was seen, in the declaration's terms.
    fn observe(client: &Client, seen: &Self::Seen) -> Result<Observed<Self>>;

    /// The one mutation that makes it; answers the id.
    async fn make(&self, client: &Client, call: Call<'_>) -> Result<String>;

    /// Takes the idempotent steps that are due, tags apart.
    async fn approach(&self, client: &Client, seen: &Self::Seen) -> Result<Next>;

    /// Removes it, or begins to. Fails with NotFound if it is gone.
    async fn remove(client: &Client, prior: &Observed<Self>) -> Result<()>;
}

impl<R> Which<'_, R> {
    /// The filter for types that are found by id and by tag.
    pub(super) fn filter(&self, id: &str) -> Filter {
        match self {
            Self::Ids(ids) => filter(id, ids.iter().copied()),
            Self::Attempt(call, _) => filter(&format!("tag:{}", tags::TOKEN_TAG), [call.token.as_str()]),
        }
    }
}

/// What a ticket says beside the id.
#[derive(Clone, Copy, Serialize, Deserialize)]
struct Stage {
    toward: Goal,
    /// How often it was waited.
    round: u32,
}

#[derive(Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Goal {
    Made,
    Changed,
    Gone,
}

impl Stage {
    fn first(toward: Goal) -> Self {
        Self { toward, round: 0 }
    }

    fn ticket(self, id: &str, note: &str, pause: Duration) -> Result<Ticket> {
        let payload = serde_json::to_value(self).map_err(|error| senseless("Ticket", error.to_string()))?;
        Ok(Ticket::new(id.to_owned(), payload).note(note).poll_after(pause))
    }

    fn wait<R: Ec2>(self, id: &str, note: &str) -> Result<Progress<Observed<R>>> {
        let next = Self { round: self.round + 1, ..self };
        Ok(Progress::Pending(next.ticket(id, note, R::PAUSE)?))
    }
}

#[async_trait]
impl<R: Ec2> Manage<R> for Client {
    fn abilities(&self) -> Abilities {
        Abilities::new(R::FIND, PAGE).updates().imports()
    }

    async fn read_many(&self, ids: &[Id<R>]) -> Result<Vec<Option<Observed<R>>>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<&str> = ids.iter().map(Id::as_str).collect();
        let seen = R::look(self, Which::Ids(&ids)).await?;
        let seen: HashMap<Cow<'_, str>, &R::Seen> = seen.iter().map(|seen| (R::id(seen), seen)).collect();
        ids.iter().map(|id| seen.get(*id).map(|seen| R::observe(self, seen)).transpose()).collect()
    }

    async fn create(&self, call: Call<'_>, arguments: &R) -> Result<Progress<Observed<R>>> {
        let named = |error: Error| error.resource(call.address.as_str());
        // Most of EC2's calls that make something do not know a repeated one.
        let made = if R::FIND == FindBy::Token { self.attempt(call, arguments).await? } else { Vec::new() };
        let id = match made.as_slice() {
            [] => arguments.make(self, call).await.map_err(named)?,
            [id] => id.clone(),
            several => {
                let message = format!("this attempt made several already: {}", several.join(", "));
                return Err(named(Error::new(ErrorKind::AlreadyExists, message)));
            }
        };
        Ok(Progress::Pending(Stage::first(Goal::Made).ticket(&id, "made", Duration::ZERO)?))
    }

    async fn update(&self, _: Call<'_>, prior: &Observed<R>, arguments: &R) -> Result<Progress<Observed<R>>> {
        self.converge(prior.id(), Stage::first(Goal::Changed), arguments).await
    }

    async fn delete(&self, _: Call<'_>, prior: &Observed<R>) -> Result<Progress<Observed<R>>> {
        match R::remove(self, prior).await {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Progress::Gone),
            Err(error) => Err(error.resource(prior.id())),
            Ok(()) if R::LINGERS => self.leave(prior.id(), Stage::first(Goal::Gone)).await,
            Ok(()) => Ok(Progress::Gone),
        }
    }

    async fn resume(&self, _: Call<'_>, ticket: &Ticket, arguments: &R) -> Result<Progress<Observed<R>>> {
        let stage = Stage::deserialize(&ticket.payload);
        let (Some(id), Ok(stage)) = (&ticket.id, stage) else {
            return Err(senseless("Ticket", format!("{} is no ticket of this provider's", ticket.payload)));
        };
        match stage.toward {
            Goal::Gone => self.leave(id, stage).await,
            Goal::Made | Goal::Changed => self.converge(id, stage, arguments).await,
        }
    }

    async fn find(&self, call: Call<'_>, arguments: &R) -> Result<Found<Observed<R>>> {
        let mut made = self.attempt(call, arguments).await?;
        if made.is_empty() && R::FIND == FindBy::Token {
            tokio::time::sleep(self.lag).await;
            made = self.attempt(call, arguments).await?;
        }
        Ok(match made.as_slice() {
            [] => Found::Nothing,
            [id] => Found::Pending(Stage::first(Goal::Made).ticket(id, "found again", Duration::ZERO)?),
            _ => Found::Undecided(made),
        })
    }

    async fn import(&self, id: &str) -> Result<Observed<R>> {
        if !id.starts_with(R::PREFIX) {
            let message = format!("{id:?} is no id of {}, expected \"{}…\"", words::a(R::TYPE), R::PREFIX);
            return Err(Error::new(ErrorKind::Invalid, message));
        }
        let seen = R::look(self, Which::Ids(&[id])).await?;
        match seen.first() {
            Some(seen) => R::observe(self, seen),
            None => Err(Error::new(ErrorKind::NotFound, "AWS does not know it").resource(id)),
        }
    }
}

impl Client {
    /// The ids of what an attempt made.
    async fn attempt<R: Ec2>(&self, call: Call<'_>, arguments: &R) -> Result<Vec<String>> {
        let seen = R::look(self, Which::Attempt(call, arguments)).await?;
        let ours = seen.iter().filter(|seen| {
            R::FIND != FindBy::Token
                || arguments.tags(seen).is_some_and(|(tags, _)| tags::made_by(tags, call.token))
        });
        Ok(ours.map(|seen| R::id(seen).into_owned()).collect())
    }

    /// Looks and steps until a resource is as wanted or something has to be waited for.
    async fn converge<R: Ec2>(&self, id: &str, stage: Stage, arguments: &R) -> Result<Progress<Observed<R>>> {
        for _ in 0..AT_ONCE {
            let seen = R::look(self, Which::Ids(&[id])).await?;
            let Some(seen) = seen.first() else {
                if stage.toward == Goal::Made && stage.round < UNSEEN {
                    return stage.wait(id, "waiting for AWS to show it");
                }
                return Err(Error::new(ErrorKind::NotFound, "it is gone").resource(id));
            };
            let partial = |problem: Error| -> Result<Progress<Observed<R>>> {
                Ok(Progress::Partial { exists: R::observe(self, seen)?, problem: problem.resource(id) })
            };
            match self.step(id, seen, arguments).await {
                Ok(Next::Done) => return Ok(Progress::Exists(R::observe(self, seen)?)),
                Ok(Next::Changed) => {}
                Ok(Next::Wait(note)) if stage.round < LONGEST => return stage.wait(id, note),
                Ok(Next::Wait(note)) => return partial(Error::new(ErrorKind::Timeout, note)),
                Ok(Next::Failed(problem)) => return partial(problem),
                // A look may lag behind the step that was taken already.
                Err(error) if error.kind() == ErrorKind::AlreadyExists && stage.round < REFUSED => {
                    return stage.wait(id, error.message());
                }
                Err(error) if stage.toward == Goal::Changed => return Err(error.resource(id)),
                // A new one that cannot be brought to what is wanted exists nevertheless.
                Err(error) if error.retry() == Retry::Never || stage.round >= REFUSED => {
                    return partial(error);
                }
                Err(error) => return stage.wait(id, error.message()),
            }
        }
        if stage.round < UNSEEN {
            return stage.wait(id, "waiting for AWS to show the changes");
        }
        Err(Error::new(ErrorKind::Timeout, "AWS does not show the changes").resource(id))
    }

    /// Takes the steps that are due, tags among them.
    async fn step<R: Ec2>(&self, id: &str, seen: &R::Seen, arguments: &R) -> Result<Next> {
        let retagged = match arguments.tags(seen) {
            Some((present, wanted)) => self.retag(id, present, wanted).await?,
            None => false,
        };
        Ok(match arguments.approach(self, seen).await? {
            Next::Done if retagged => Next::Changed,
            next => next,
        })
    }

    /// Looks whether a resource is gone.
    async fn leave<R: Ec2>(&self, id: &str, stage: Stage) -> Result<Progress<Observed<R>>> {
        if R::look(self, Which::Ids(&[id])).await?.is_empty() {
            return Ok(Progress::Gone);
        }
        if stage.round < LONGEST {
            return stage.wait(id, "waiting for AWS to delete it");
        }
        let message = "AWS has not deleted it yet";
        Err(Error::new(ErrorKind::Timeout, message).resource(id))
    }
}
