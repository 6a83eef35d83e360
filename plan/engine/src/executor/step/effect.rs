//! The parts of every effect: the intent before it, the tickets during it, the outcome after it. Decides nothing.

use std::{sync::Arc, time::Instant};

use landform_core::{
    Address, Budget, Effect, Error, ErrorKind, Forecast, Known, Object, Progress, Ticket, Token, TypeName,
    expr::{Expr, is_too_deep},
};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use super::{Ended, Step, Trouble};
use crate::{
    event::Event,
    executor::{NOT_STORED, Run, settle},
    journal::{self, Intent, IntentAction, JournalError, ObjectKey, ObjectState, OutcomeResult, Record},
    plan::Change,
    readable::Readable,
    registry::Managed,
    seal::{self, Sealed},
    token,
};

/// The resource of an effect, and what the journal records about it. It comes from a change, or from the intent of an
/// interrupted attempt.
#[derive(Clone, Copy)]
pub(in crate::executor) struct Subject<'a> {
    pub address: &'a Address,
    pub type_name: &'a TypeName,
    pub provider: &'a str,
    pub depends_on: &'a [Address],
    pub replace_triggered_by: &'a [Address],
    pub create_before_destroy: bool,
    pub retain_on_delete: bool,
    pub budget: Budget,
    /// What the provider predicted of the change.
    pub forecast: Option<&'a Forecast>,
}

impl<'a> From<&'a Change> for Subject<'a> {
    fn from(change: &'a Change) -> Self {
        Self {
            address: &change.address,
            type_name: &change.type_name,
            provider: &change.provider,
            depends_on: &change.depends_on,
            replace_triggered_by: &change.replace_triggered_by,
            create_before_destroy: change.create_before_destroy,
            retain_on_delete: change.retain_on_delete,
            budget: change.budget,
            forecast: change.forecast.as_deref().filter(|_| change.after.is_some()),
        }
    }
}

impl<'a> From<&'a Intent> for Subject<'a> {
    fn from(intent: &'a Intent) -> Self {
        Self {
            address: &intent.key.address,
            type_name: &intent.type_name,
            provider: &intent.provider,
            depends_on: &intent.depends_on,
            replace_triggered_by: &intent.replace_triggered_by,
            create_before_destroy: intent.create_before_destroy,
            retain_on_delete: intent.retain_on_delete,
            budget: Budget::new(),
            forecast: None,
        }
    }
}

/// Runs the effects on one subject: writes the intent, calls the provider, records the outcome.
#[derive(Clone, Copy)]
pub(in crate::executor) struct Effects<'a> {
    pub run: &'a Run<'a>,
    pub managed: &'a Managed,
    pub subject: Subject<'a>,
}

impl Effects<'_> {
    /// Deletes an object.
    pub(super) async fn take_away(&self, key: &ObjectKey, prior: &ObjectState) -> Step<Ended> {
        let (token, _) =
            self.intend(key, IntentAction::Delete, Some(prior), &Expr::NULL, &Json::Null).await?;
        let call = self.call(&token);
        let known = self.known(prior);
        let mut arguments = prior.args.value()?;
        self.readable(&mut arguments);
        match self.repeated(|| self.managed.driver.delete(call, &*known)).await {
            Ok(progress) => self.finish(key, &token, progress, &Expr::NULL, &arguments).await,
            Err(error) => self.failed(key, &token, error),
        }
    }

    /// An existing object as the provider gets it.
    pub(super) fn known<'a>(&'a self, state: &'a ObjectState) -> Box<dyn Known + 'a> {
        let (resource_type, vault) = (&*self.managed.resource_type, self.run.vault);
        Box::new(Readable { state, resource_type, vault })
    }

    /// Follows tickets until the effect is settled, and records the result.
    pub(in crate::executor) async fn finish(
        &self,
        key: &ObjectKey,
        token: &Token,
        mut progress: Progress<Object>,
        arguments: &Expr,
        clear: &Json,
    ) -> Step<Ended> {
        let began = Instant::now();
        let call = self.call(token);
        let mut recorded: Option<Ticket> = None;
        loop {
            progress = match progress {
                Progress::Exists(object) => {
                    let missed = self.missed(key, &object);
                    let object = self.record(object, token, arguments, false);
                    self.outcome(key, token, OutcomeResult::Exists(object.clone()))?;
                    return match missed {
                        Some(error) => Err(error.into()),
                        None => Ok(Ended::Exists(object)),
                    };
                }
                Progress::Gone => {
                    self.outcome(key, token, OutcomeResult::Gone)?;
                    return Ok(Ended::Gone);
                }
                Progress::Partial { exists, problem } => {
                    let problem = self.run.vault.hide(problem);
                    let before = self.run.writer.with_state(|state| state.object(key).cloned());
                    let tainted = before.is_none_or(|before| before.tainted);
                    let object = self.record(exists, token, arguments, tainted);
                    let error = journal::Json::new(&problem)?;
                    self.outcome(key, token, OutcomeResult::Failed { error, exists: Some(object) })?;
                    return Err(problem.into());
                }
                Progress::Pending(ticket) => {
                    let new = recorded
                        .as_ref()
                        .is_none_or(|last| (&last.id, &last.payload) != (&ticket.id, &ticket.payload));
                    if new {
                        let record = journal::TicketRecord {
                            key: key.clone(),
                            token: token.clone(),
                            ticket: journal::Json::new(&ticket)?,
                        };
                        self.run.writer.append(Record::Ticket(record)).await?;
                        recorded = Some(ticket.clone());
                    }
                    self.run.events.send(|| Event::Waiting {
                        address: self.subject.address.clone(),
                        note: ticket.note.clone(),
                        elapsed: began.elapsed(),
                    });
                    tokio::time::sleep(ticket.poll_after).await;
                    // Resuming is idempotent by contract, so a lost answer is requested again.
                    self.reading(|| self.managed.driver.resume(call, &ticket, clear)).await?
                }
            };
        }
    }

    /// The predictions of the provider that turned out wrong. The plan of the dependents rests on them.
    fn missed(&self, key: &ObjectKey, object: &Object) -> Option<Error> {
        let forecast = self.subject.forecast.filter(|_| key.deposed.is_none())?;
        let resource_type = &self.managed.resource_type;
        let missed = forecast.values.iter().find_map(|(path, foreseen)| {
            let (place, came) = match resource_type.attributes.place(path) {
                Some(place) => (place, path.find(&object.attributes)),
                None => (resource_type.arguments.place(path)?, path.find(&object.arguments)),
            };
            let came = came.unwrap_or(&Json::Null);
            let same = place.same(foreseen, came);
            (!same).then(|| format!("{path} is {came}, but the provider predicted {foreseen}"))
        })?;
        Some(Error::new(ErrorKind::Internal, format!("{missed}; it is recorded, plan again")))
    }

    /// Makes the intent durable. Takes up an open attempt of an earlier run with the same arguments, and returns
    /// whether it did. Closes an open attempt with other arguments.
    pub(super) async fn intend(
        &self,
        key: &ObjectKey,
        action: IntentAction,
        prior: Option<&ObjectState>,
        arguments: &Expr,
        clear: &Json,
    ) -> Step<(Token, bool)> {
        let inputs = self.seal(clear, arguments, None);
        let inputs_hash = if inputs.may_hold_seals() {
            // A write-only value is stored nowhere, and neither is its digest.
            hash(self.salt(), &seal::kept(&self.managed.resource_type.arguments, clear).to_string())
        } else {
            hash(self.salt(), inputs.as_str())
        };
        let open = self.run.writer.with_state(|state| state.pending_on(key).cloned());
        if let Some(open) = open {
            if open.intent.action == action && open.intent.inputs_hash == inputs_hash {
                return Ok((open.intent.token.clone(), true));
            }
            // Boxed because it is rare and large: thousands of steps run at a time.
            Box::pin(settle::close(self.run, &open)).await.map_err(Trouble::from)?;
            if let Some(made) = self.run.writer.with_state(|state| state.object(key).cloned())
                && action.makes()
            {
                let message = format!("an interrupted attempt made {} after all; plan again", made.id);
                return Err(Error::new(ErrorKind::Conflict, message).into());
            }
        }
        let token = token::fresh();
        let intent = Intent {
            key: key.clone(),
            action,
            type_name: self.subject.type_name.clone(),
            token: token.clone(),
            provider: self.managed.provider.to_string(),
            id: prior.map(|prior| prior.id.clone()),
            inputs,
            inputs_hash,
            depends_on: self.subject.depends_on.to_vec(),
            replace_triggered_by: self.subject.replace_triggered_by.to_vec(),
            create_before_destroy: self.subject.create_before_destroy,
            retain_on_delete: self.subject.retain_on_delete,
        };
        self.run.writer.append(Record::Intent(Arc::new(intent))).await?;
        Ok((token, false))
    }

    /// Settles a failed effect. If the effect may have happened, the attempt stays open and the next run finds out.
    pub(super) fn failed(&self, key: &ObjectKey, token: &Token, error: Error) -> Step<Ended> {
        if error.effect() == Effect::None {
            let text = journal::Json::new(&error)?;
            self.outcome(key, token, OutcomeResult::Failed { error: text, exists: None })?;
        }
        Err(error.into())
    }

    pub(super) fn outcome(
        &self,
        key: &ObjectKey,
        token: &Token,
        result: OutcomeResult,
    ) -> Result<(), JournalError> {
        self.run.writer.enqueue(Record::outcome(key.clone(), token.clone(), result))
    }

    /// The state of an object that this change created or changed.
    pub(in crate::executor) fn record(
        &self,
        object: Object,
        token: &Token,
        arguments: &Expr,
        tainted: bool,
    ) -> Arc<ObjectState> {
        let Object { id, arguments: mut args, attributes, private, identity, schema_version } = object;
        let made = self.run.object(self.subject.address).filter(|prior| prior.id == id);
        if self.managed.spelled
            && let Some(wanted) = arguments.expose()
        {
            self.managed.resource_type.arguments.respell(&mut args, &wanted);
        }
        let args = self.seal(&args, arguments, made.as_ref().map(|made| &made.args));
        let schema = &self.managed.resource_type.attributes;
        let attributes = self.run.sealer().seal(schema, self.managed.secret, &attributes, None, None);
        let attributes = match &made {
            Some(made) if self.managed.keeps_attributes => attributes.respelled(schema, &made.attributes),
            _ => attributes,
        };
        let (revised, triggers) = match &made {
            Some(prior) => (Some(token.clone()), prior.triggers.clone()),
            None => (None, self.run.editions(self.subject.replace_triggered_by)),
        };
        Arc::new(ObjectState {
            type_name: self.subject.type_name.clone(),
            provider: self.subject.provider.to_owned(),
            id,
            schema_version: schema_version.unwrap_or(self.managed.resource_type.version),
            args,
            attributes,
            private,
            identity,
            depends_on: self.subject.depends_on.to_vec(),
            tainted,
            create_before_destroy: self.subject.create_before_destroy,
            retain_on_delete: self.subject.retain_on_delete,
            token: made.map_or_else(|| token.clone(), |prior| prior.token.clone()),
            revised,
            triggers,
            read_at: Some(token::now()),
        })
    }

    /// Seals what was sent or returned. `arguments` are those of the attempt; after a crash they have seals in place of
    /// secrets. `prior` is the earlier record.
    fn seal(&self, clear: &Json, arguments: &Expr, prior: Option<&Sealed>) -> Sealed {
        let schema = &self.managed.resource_type.arguments;
        self.run.sealer().seal(schema, self.managed.secret, clear, Some(arguments), prior)
    }

    /// Recorded arguments in a form that a provider can read: with the known secrets, and with placeholders of the
    /// right type for the others.
    pub(in crate::executor) fn readable(&self, recorded: &mut Json) {
        seal::make_readable(&self.managed.resource_type.arguments, recorded, self.run.vault);
    }

    pub(in crate::executor) fn salt(&self) -> &str {
        &self.run.salt
    }

    pub(super) fn clear(&self, arguments: &Expr) -> Result<Json, Error> {
        let unknown = || Error::new(ErrorKind::Invalid, "an argument is still unknown");
        let mut clear = arguments.expose().ok_or_else(unknown)?;
        if seal::holds_seals(&clear) && !self.run.vault.open(&mut clear) {
            let message = format!("an argument refers to what {NOT_STORED}");
            return Err(Error::new(ErrorKind::Invalid, message));
        }
        if is_too_deep(&clear) {
            let message = "the arguments hold lists and maps nested too deeply to be stored";
            return Err(Error::new(ErrorKind::Invalid, message));
        }
        Ok(clear)
    }
}

fn hash(salt: &str, clear: &str) -> String {
    let digest = Sha256::new().chain_update(salt).chain_update([0]).chain_update(clear).finalize();
    hex::encode(&digest[..16])
}
