//! The provider contract, written once for all types and clouds: [`Kit`].

mod converge;
mod remove;

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use landform_core::{
    Abilities, Call, Error, ErrorKind, FindBy, Forecast, Found, Id, Manage, Object, Observed, Progress,
    Proposal, Resource, Result, Ticket, in_order,
};

use crate::{
    Attempt, Calls, Cloud, Made, Pace, Repeated, Seen, State, Tags, Which,
    due::left_alone,
    form::fits,
    sharing::Removed,
    stage::{Goal, Stage},
};

/// A client with the rules that all types share. It manages every resource type that has [`Calls`] for the client.
///
/// ```text
/// let kit = Arc::new(Kit::new(client).tags(Tags::default().with_defaults([("team", "net")])));
/// Provider::new("aws").with::<Subnet, _>(&kit).with::<Vpc, _>(&kit)
/// ```
#[derive(Debug, Clone)]
pub struct Kit<C> {
    client: Arc<C>,
    tags: Tags,
    pace: Pace,
}

impl<C: Cloud> Kit<C> {
    /// A client with the usual pace and no tags except the token's.
    pub fn new(client: impl Into<Arc<C>>) -> Self {
        Self { client: client.into(), tags: Tags::default(), pace: Pace::default() }
    }

    /// Sets the rules for tags.
    pub fn tags(mut self, tags: Tags) -> Self {
        self.tags = tags;
        self
    }

    /// Sets the pace.
    pub fn pace(mut self, pace: Pace) -> Self {
        self.pace = pace;
        self
    }

    /// The client.
    pub fn client(&self) -> &Arc<C> {
        &self.client
    }
}

#[async_trait]
impl<C: Cloud, R: Calls<C>> Manage<R> for Kit<C> {
    fn abilities(&self) -> Abilities {
        let abilities = Abilities::new(R::FIND, R::PAGE).updates().imports();
        let abilities = if R::RESETS { abilities.resets() } else { abilities };
        let abilities = if R::LISTS { abilities.lists() } else { abilities };
        if R::FORECASTS { abilities.forecasts() } else { abilities }
    }

    async fn read_many(&self, ids: &[Id<R>]) -> Result<Vec<Option<Observed<R>>>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let texts: Vec<&str> = ids.iter().map(Id::as_str).collect();
        Ok(in_order(ids, present(self.look(Which::Ids(&texts)).await?)))
    }

    async fn list(&self, beside: &[Id<R>]) -> Result<Vec<Observed<R>>> {
        if !R::LISTS {
            return Err(Error::unsupported(R::TYPE, "be listed"));
        }
        let texts: Vec<&str> = beside.iter().map(Id::as_str).collect();
        Ok(present(self.look(Which::Beside(&texts)).await?))
    }

    async fn create(&self, call: Call<'_>, arguments: &R) -> Result<Progress<Observed<R>>> {
        let named = |error: Error| error.resource(call.address.as_str());
        let attempt = self.attempt::<R>(call, arguments, 0).map_err(named)?;
        if matches!(R::REPEATED, Repeated::MakesAnother | Repeated::MayBeAnothers)
            && let Some(made) = self.ours(call, arguments).await?
        {
            return found_again(&made).map(Progress::Pending);
        }
        match arguments.make(&self.client, &attempt).await {
            Ok(Made { id, seen, operation }) => {
                let stage = Stage { operation, ..Stage::first(Goal::Made) };
                let whole = seen.map(|seen| self.shown(seen));
                match whole.filter(|_| stage.operation.is_none()) {
                    Some(seen) if self.is_settled(&attempt, &seen, arguments)? => {
                        Ok(Progress::Exists(seen.object))
                    }
                    _ => Ok(Progress::Pending(stage.ticket(&id, "made")?)),
                }
            }
            Err(error)
                if error.kind() == ErrorKind::AlreadyExists
                    && R::REPEATED == Repeated::IsRefused
                    && R::FIND == FindBy::Token =>
            {
                match self.ours(call, arguments).await? {
                    Some(made) => found_again(&made).map(Progress::Pending),
                    None => Err(named(error)),
                }
            }
            Err(error) => Err(named(error)),
        }
    }

    async fn update(
        &self,
        call: Call<'_>,
        prior: &Observed<R>,
        arguments: &R,
    ) -> Result<Progress<Observed<R>>> {
        let alone = left_alone(arguments, &prior.arguments)?;
        let removed = Removed::between::<C, R>(arguments, &prior.arguments);
        let stage = Stage { secrets: true, alone, removed, ..Stage::first(Goal::Changed) };
        self.converge(call, prior.id(), stage, arguments).await
    }

    async fn delete(&self, call: Call<'_>, prior: &Observed<R>) -> Result<Progress<Observed<R>>> {
        self.remove(call, Stage::first(Goal::Gone), prior).await
    }

    async fn resume(&self, call: Call<'_>, ticket: &Ticket, arguments: &R) -> Result<Progress<Observed<R>>> {
        let (id, stage) = Stage::of::<R>(ticket)?;
        match stage.toward {
            Goal::Gone => self.leave(call, id, stage, arguments).await,
            Goal::Made | Goal::Changed => self.converge(call, id, stage, arguments).await,
        }
    }

    async fn find(&self, call: Call<'_>, arguments: &R) -> Result<Found<Observed<R>>> {
        let seen = self.made_by(call, arguments).await?;
        Ok(match seen.as_slice() {
            [] => Found::Nothing,
            [one] => Found::Pending(found_again(one)?),
            several => Found::Undecided(several.iter().map(|seen| seen.id().to_owned()).collect()),
        })
    }

    async fn import(&self, id: &str) -> Result<Observed<R>> {
        let form = &R::resource_type().id_form;
        if !fits(form, &self.client.as_declared(id)) {
            let message = format!("invalid id {id:?} for {}: expected {form}", R::TYPE);
            return Err(Error::new(ErrorKind::Invalid, message));
        }
        let seen = self.look::<R>(Which::Ids(&[id])).await?;
        match seen.into_iter().find(|seen| !matches!(seen.state, State::Leaving)) {
            Some(seen) => Ok(seen.object),
            None => Err(Error::new(ErrorKind::NotFound, "no such resource").resource(id)),
        }
    }

    async fn forecast(&self, proposal: Proposal<'_, Observed<R>>) -> Result<Forecast> {
        R::forecast(&self.client, proposal).await
    }

    async fn upgrade(&self, from: u32, stored: Object) -> Result<Object> {
        R::upgrade(&self.client, from, stored).await
    }
}

/// What exists, without what failed or is being deleted.
fn present<R: Resource>(seen: Vec<Seen<R>>) -> Vec<Observed<R>> {
    let there = seen.into_iter().filter(|seen| matches!(seen.state, State::Ready | State::Busy(_)));
    there.map(|seen| seen.object).collect()
}

fn found_again<R: Resource>(made: &Seen<R>) -> Result<Ticket> {
    Stage::first(Goal::Made).ticket(made.id(), "found again")
}

/// The reason for a wait after a refusal. It leaves out the service's own text, which may repeat a secret: a ticket
/// must not hold one.
fn held_up(error: &Error) -> String {
    match error.provider_code() {
        Some(code) => format!("refused for now: {} ({code})", error.kind().as_str()),
        None => format!("refused for now: {}", error.kind().as_str()),
    }
}

impl<C: Cloud> Kit<C> {
    fn attempt<'a, R: Calls<C>>(&self, call: Call<'a>, arguments: &R, round: u32) -> Result<Attempt<'a>> {
        let tags = match R::TAGS {
            Some(tagging) => self.tags.for_new((tagging.field)(arguments), call.token)?,
            None => BTreeMap::new(),
        };
        Ok(Attempt { call, tags, round })
    }

    async fn look<R: Calls<C>>(&self, which: Which<'_, R>) -> Result<Vec<Seen<R>>> {
        let seen = R::look(&self.client, which).await?;
        Ok(seen.into_iter().map(|seen| self.shown(seen)).collect())
    }

    async fn look_at<R: Calls<C>>(&self, id: &str) -> Result<Option<Seen<R>>> {
        let seen = self.look(Which::Ids(&[id])).await?;
        Ok(seen.into_iter().find(|seen| seen.id() == id))
    }

    /// Fills in the tags that a declaration may set.
    fn shown<R: Calls<C>>(&self, mut seen: Seen<R>) -> Seen<R> {
        if let Some(tagging) = R::TAGS {
            *(tagging.field_mut)(&mut seen.object.arguments) = self.tags.shown(&seen.tags);
        }
        seen
    }

    /// The resources that an attempt made.
    async fn made_by<R: Calls<C>>(&self, call: Call<'_>, arguments: &R) -> Result<Vec<Seen<R>>> {
        if R::FIND == FindBy::Nothing {
            return Ok(Vec::new());
        }
        let mut seen = self.look(Which::Attempt(call.token, arguments)).await?;
        seen.retain(|seen| !matches!(seen.state, State::Leaving) && self.is_ours::<R>(seen, call));
        Ok(seen)
    }

    /// Whether the attempt made a resource that the look for it shows.
    fn is_ours<R: Calls<C>>(&self, seen: &Seen<R>, call: Call<'_>) -> bool {
        let tagged = R::TAGS.is_some() && R::FIND == FindBy::Token;
        !tagged || self.tags.made_by(&seen.tags, call.token)
    }

    /// The resource that this attempt made already, if the type finds resources by token.
    async fn ours<R: Calls<C>>(&self, call: Call<'_>, arguments: &R) -> Result<Option<Seen<R>>> {
        if R::FIND != FindBy::Token {
            return Ok(None);
        }
        let mut seen = self.look(Which::Attempt(call.token, arguments)).await?;
        seen.retain(|seen| !matches!(seen.state, State::Leaving));
        let others = seen.extract_if(.., |seen| !self.is_ours::<R>(seen, call)).count();
        if others > 0 && seen.is_empty() && R::REPEATED == Repeated::MayBeAnothers {
            let error =
                Error::new(ErrorKind::AlreadyExists, "the resource exists, and this attempt did not make it");
            return Err(error.resource(call.address.as_str()));
        }
        if seen.len() > 1 {
            let ids: Vec<&str> = seen.iter().map(Seen::id).collect();
            let message = format!("this attempt made several resources: {}", ids.join(", "));
            return Err(Error::new(ErrorKind::AlreadyExists, message).resource(call.address.as_str()));
        }
        Ok(seen.pop())
    }

    fn wait<R: Calls<C>>(&self, stage: Stage, id: &str, note: &str) -> Result<Progress<Observed<R>>> {
        Ok(Progress::Pending(stage.pause(id, note, &R::PATIENCE, self.pace)?))
    }
}
