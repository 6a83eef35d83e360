//! Creations under a holder, whose answers no killed process loses.
//!
//! A creation is a chain of tickets. The first one says under which holder it is made, and is in the journal before the
//! plugin gets it. The second one has the answer. So each step knows from the journal and the holder's log what has
//! happened.

use landform_core::{Call, Error, ErrorKind, Found, Object, Private, Progress, Result, Retry, Ticket, Token};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::{HostedDriver, PlannedChange};
use crate::{
    host::held::{Attempt, Creation, Earlier, Held, close, is_refused},
    value::Value,
    wire::{
        Applied, IdentityData,
        held::{HeldApplied, HeldApply},
    },
};

/// The pause before a holder that still works is asked again.
const PAUSE: std::time::Duration = std::time::Duration::from_millis(500);

/// What a ticket says.
#[derive(Debug, Serialize, Deserialize)]
struct Slip {
    /// The holder.
    holder: String,
    /// The digest of the type's form. Another version of a plugin may not be able to read the answer.
    form: String,
    stage: Stage,
    /// How the plugin plans to name it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<Name>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Stage {
    /// The plugin gets it next.
    Planned,
    /// The plugin answered. The bytes are encrypted if the type has sensitive values.
    Answered(Private),
    /// The plugin refused it.
    Refused,
}

/// A name that is known before the creation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Name {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    identity: Option<Json>,
}

impl Slip {
    fn read(ticket: &Ticket) -> Result<Self> {
        serde_json::from_value(ticket.payload.clone())
            .map_err(|_| Error::new(ErrorKind::Invalid, "its ticket is not one of a held plugin"))
    }

    fn ticket(&self, note: &str) -> Result<Ticket> {
        let payload =
            serde_json::to_value(self).map_err(|error| Error::new(ErrorKind::Internal, error.to_string()))?;
        Ok(Ticket::new(None, payload).poll_after(std::time::Duration::ZERO).note(note))
    }
}

impl HostedDriver {
    /// Notes a planned creation, which the plugin gets when the journal has its ticket.
    pub(super) async fn promise(
        &self,
        held: &Held,
        token: &Token,
        planned: PlannedChange,
        config: Value,
    ) -> Result<Progress<Object>> {
        let name = match self.name(&planned)? {
            None => None,
            Some(name) => match self.named(&name).await {
                Ok(None) => Some(name),
                Ok(Some(found)) => {
                    let message = "the plugin finds a resource with this name";
                    return Err(Error::new(ErrorKind::AlreadyExists, message).resource(found.id));
                }
                // What was not absent before is not proven to be this creation's later.
                Err(_) => None,
            },
        };
        let slip = Slip {
            holder: held.name.clone(),
            form: self.hosted.form().to_owned(),
            stage: Stage::Planned,
            name,
        };
        held.note(token.as_str(), Attempt::Planned(Box::new(Creation { planned, config })));
        slip.ticket("the plugin creates it").map(Progress::Pending)
    }

    /// The next step of a creation.
    pub(super) async fn carry_on(
        &self,
        held: &Held,
        call: Call<'_>,
        ticket: &Ticket,
        config: &Value,
    ) -> Result<Progress<Object>> {
        let slip = Slip::read(ticket)?;
        let token = call.token.as_str();
        let is_ours = slip.holder == held.name;
        match &slip.stage {
            Stage::Refused => {
                let refused = "the plugin refused it, and nothing was created";
                Err(match held.take(token) {
                    Some(Attempt::Refused(error)) => error,
                    _ => Error::new(ErrorKind::Invalid, refused),
                }
                .with_retry(Retry::Never))
            }
            Stage::Answered(answer) => {
                let progress = self
                    .opened(&slip, answer, token)
                    .and_then(|applied| self.ended(call, None, false, applied, config));
                if progress.is_err() {
                    held.set_undecided(token, Vec::new());
                }
                let progress = progress.map_err(|error| error.with_retry(Retry::Never))?;
                if is_ours {
                    held.take(token);
                    self.session.forget(token).await;
                } else {
                    held.journalled(&slip.holder, token);
                }
                Ok(progress)
            }
            Stage::Planned if is_ours => self.send(held, call, slip).await,
            Stage::Planned => match held.earlier(&slip.holder, token) {
                Earlier::Busy => {
                    let mut ticket = ticket.clone().poll_after(PAUSE);
                    "an earlier plugin still works on it".clone_into(&mut ticket.note);
                    Ok(Progress::Pending(ticket))
                }
                Earlier::Nothing => Err(never_begun()),
                Earlier::Answered(answer) => self.answered(slip, answer).map(Progress::Pending),
                Earlier::Unknown => self.look(held, token, &slip).await,
            },
        }
    }

    /// What the attempt with this token left, as far as no ticket says it.
    pub(super) fn left(held: &Held, token: &Token) -> Found<Object> {
        match held.undecided(token.as_str()) {
            Some(ids) => Found::Undecided(ids),
            // Without a ticket in the journal, the plugin got nothing.
            None => Found::Nothing,
        }
    }

    /// Lets the plugin create it.
    async fn send(&self, held: &Held, call: Call<'_>, slip: Slip) -> Result<Progress<Object>> {
        let token = call.token.as_str();
        let answer = match held.take(token) {
            Some(Attempt::Planned(creation)) => {
                held.note(token, Attempt::Sent);
                let Creation { planned, config } = *creation;
                let ask = HeldApply {
                    token: token.to_owned(),
                    apply: Some(self.ask(None, planned, &config)?),
                    key: self.answers_key(),
                };
                self.session.send(ask).await?
            }
            Some(attempt) => {
                held.note(token, attempt);
                self.session.answer(token).await?
            }
            None => return Err(never_begun()),
        };
        match answer {
            HeldApplied { applied: Some(applied), .. } if is_refused(&applied) => {
                let refused = Slip { stage: Stage::Refused, ..slip }.ticket("the plugin refused it")?;
                if let Err(error) = self.ended(call, None, false, applied, &Value::Null) {
                    held.note(token, Attempt::Refused(error));
                }
                Ok(Progress::Pending(refused))
            }
            HeldApplied { applied: Some(applied), .. } => {
                let answer = close(&applied, &self.answers_key(), token)?;
                self.answered(slip, answer).map(Progress::Pending)
            }
            HeldApplied { applied: None, failure } => {
                let error = Error::new(ErrorKind::Unavailable, failure);
                Err(error.with_retry(Retry::Never).with_effect(landform_core::Effect::Unknown))
            }
        }
    }

    fn answered(&self, slip: Slip, answer: Private) -> Result<Ticket> {
        Slip { stage: Stage::Answered(answer), ..slip }.ticket("the plugin has created it")
    }

    fn opened(&self, slip: &Slip, answer: &Private, token: &str) -> Result<Applied> {
        let unreadable = |why: &str| {
            Error::new(
                ErrorKind::Invalid,
                format!("the plugin's answer to its creation cannot be read: {why}"),
            )
        };
        if slip.form != self.hosted.form() {
            return Err(unreadable(
                "the plugin's version has another form of this type, expected that of its creation",
            ));
        }
        let clear = match (&self.key, self.hosted.is_sensitive()) {
            (Some(key), true) => key.open(answer.as_bytes(), token)?.to_vec(),
            _ => answer.as_bytes().to_vec(),
        };
        prost::Message::decode(clear.as_slice()).map_err(|error| unreadable(&error.to_string()))
    }

    /// The key for an answer on a disk. Only types with sensitive values need one.
    fn answers_key(&self) -> Vec<u8> {
        let key = self.key.as_ref().filter(|_| self.hosted.is_sensitive());
        key.map(|key| key.bytes().to_vec()).unwrap_or_default()
    }

    /// Looks for a creation of which no answer came, by the name that was planned for it. It had not existed before.
    async fn look(&self, held: &Held, token: &str, slip: &Slip) -> Result<Progress<Object>> {
        let Some(name) = &slip.name else {
            held.set_undecided(token, Vec::new());
            return Err(nobody_knows());
        };
        match self.named(name).await? {
            Some(object) => Ok(Progress::Exists(object)),
            None => Err(never_begun()),
        }
    }

    /// The name of an object that the plugin has planned, if it is known already.
    fn name(&self, planned: &PlannedChange) -> Result<Option<Name>> {
        let identity = self.hosted.known_identity(planned.identity.as_ref())?;
        let id = planned.state.get("id").as_text().filter(|id| !id.is_empty()).map(str::to_owned);
        Ok((identity.is_some() || id.is_some()).then_some(Name { id, identity }))
    }

    /// Imports by a planned name. `None` if nothing has it.
    async fn named(&self, name: &Name) -> Result<Option<Object>> {
        let identity: Option<IdentityData> = match &name.identity {
            Some(identity) => Some(self.hosted.identity_data(identity)?),
            None => None,
        };
        let id = if identity.is_some() { "" } else { name.id.as_deref().unwrap_or_default() };
        match self.imported(id, identity).await {
            Ok(object) => Ok(Some(object)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn never_begun() -> Error {
    Error::new(ErrorKind::NotFound, "the plugin never got it").with_retry(Retry::Never)
}

fn nobody_knows() -> Error {
    Error::new(ErrorKind::Unavailable, "the plugin gave no answer to its creation").with_retry(Retry::Never)
}
