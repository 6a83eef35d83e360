//! Plans a change, and makes it.

use landform_core::{Address, ErrorKind, Forecast, Known, Object, Proposal, ResourceType, Token};

use super::{Answer, Plugin, identity, no_type, not_open};
use crate::{
    diagnostics::{Problem, error},
    serve::{
        effects::{Ended, Heard, Work},
        kept::Kept,
        plan,
        served::Managed,
        settle::settle,
    },
    shape::with_write_only,
    value::Value,
    wire::{self, Applied, Apply, Plan, Planned},
};

impl Plugin {
    /// Plans a change.
    pub(in crate::serve) async fn plan(&self, ask: &Plan) -> Answer<Planned> {
        let served = self.resource(&ask.type_name)?;
        let (prior, config) = (served.read(ask.prior.as_ref())?, served.read(ask.config.as_ref())?);
        if served.read(ask.proposed.as_ref())?.is_null() {
            return Ok(Planned {
                state: ask.proposed.clone(),
                private: ask.private.clone(),
                identity: ask.identity.clone(),
                ..Default::default()
            });
        }
        let announced = self.announced.driver(&ask.type_name);
        let Some(abilities) = announced.map(|driver| driver.abilities()) else {
            return Err(no_type(&ask.type_name));
        };
        let mut planned = if prior.is_null() {
            plan::create(served, &config)?
        } else {
            plan::update(served, abilities, &prior, &config)?
        };
        let mut kept = if prior.is_null() { Kept::default() } else { Kept::read(&ask.private) };
        if !planned.changes {
            let state = served.write(prior)?;
            let identity = ask.identity.clone();
            return Ok(Planned { state, private: kept.write(), identity, ..Default::default() });
        }
        let mut said = Vec::new();
        if let Some(managed) = self.open(&ask.type_name)?.filter(|_| abilities.forecast) {
            let forecast = forecast(&managed, &planned, &prior, &kept).await?;
            for path in &forecast.unknown {
                plan::foresee(served, &config, &mut planned.state, path, None);
            }
            for (path, value) in &forecast.values {
                plan::foresee(served, &config, &mut planned.state, path, Some(value));
            }
            if !prior.is_null() {
                planned.replaces.extend(forecast.replaces);
            }
            said = forecast.warnings.iter().map(|warning| served.message(warning)).collect();
        }
        kept.token = fresh_token();
        Ok(Planned {
            state: served.write(planned.state)?,
            requires_replace: planned.replaces.iter().map(|path| served.path(path)).collect(),
            private: kept.write(),
            diagnostics: said,
            // A new resource gets its identity with its id.
            identity: ask.identity.clone().filter(|_| !prior.is_null()),
            ..Default::default()
        })
    }

    /// Makes a planned change, and returns everything that is known of its result.
    pub(in crate::serve) async fn apply(&self, ask: &Apply) -> Applied {
        match self.applied(ask).await {
            Ok(applied) => applied,
            Err(problem) => {
                // Nothing was done.
                Applied {
                    state: ask.prior.clone(),
                    private: ask.private.clone(),
                    identity: ask.identity.clone(),
                    diagnostics: problem.0,
                    ..Default::default()
                }
            }
        }
    }

    async fn applied(&self, ask: &Apply) -> Answer<Applied> {
        let managed = self.open(&ask.type_name)?.ok_or_else(not_open)?;
        let served = &managed.served;
        let (prior, planned, config) = (
            served.read(ask.prior.as_ref())?,
            served.read(ask.planned.as_ref())?,
            served.read(ask.config.as_ref())?,
        );
        let kept = Kept::read(&ask.private);
        let token = kept.token.clone().or_else(fresh_token).ok_or_else(|| {
            Problem::new("No token", "The system gave no random number for the token of this change.")
        })?;
        let address = address(&served.resource_type, &token)?;
        let _unread = self.reads.effect();
        let heard = Heard::default();
        let work = Work {
            driver: &*managed.driver,
            budget: self.budget(),
            address: &address,
            token: &token,
            heard: &heard,
            stop: self.stop.subscribe(),
        };
        let wanted = if planned.is_null() { &prior } else { &planned };
        let arguments = served.arguments(&with_write_only(&served.shape.block, wanted, &config).known())?;
        let arguments = arguments.expose().unwrap_or_default();
        let ended = match (prior.is_null(), planned.is_null()) {
            (true, _) => work.create(&arguments).await,
            (false, true) => work.delete(&served.object(&prior, &kept)?, &arguments).await,
            (false, false) => {
                work.update(&served.object(&prior, &kept)?, kept.ticket.clone(), &arguments).await
            }
        };
        let mut applied = ending(&managed, ask, &prior, &planned, kept, ended);
        applied.diagnostics.extend(heard.take().iter().map(|warning| served.message(warning)));
        Ok(applied)
    }
}

/// A new identity of an attempt.
fn fresh_token() -> Option<Token> {
    use aes_gcm::aead::rand_core::RngCore;

    let mut bytes = [0; 12];
    aes_gcm::aead::OsRng.try_fill_bytes(&mut bytes).ok()?;
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("tf-{digits}").parse().ok()
}

/// Terraform does not tell a provider which resource it works on, so the attempt gives the name.
fn address(known: &ResourceType, token: &Token) -> Answer<Address> {
    Address::new(&known.name, &format!("terraform-{}", token.as_str()))
        .map_err(|problem| Problem::new("No address", problem.to_string()))
}

/// The provider's prediction of a change.
async fn forecast(managed: &Managed, planned: &plan::Plan, prior: &Value, kept: &Kept) -> Answer<Forecast> {
    let prior = match prior {
        Value::Null => None,
        prior => Some(managed.served.object(prior, kept)?),
    };
    let address: Answer<Address> = Address::new(&managed.served.resource_type.name, "planned")
        .map_err(|problem| Problem::new("No address", problem.to_string()));
    let address = address?;
    let proposal = Proposal {
        address: &address,
        prior: prior.as_ref().map(|prior| prior as &dyn Known),
        arguments: &planned.arguments,
        differs: &planned.differs,
    };
    managed.driver.forecast(proposal).await.map_err(|error| managed.problem(&error))
}

/// The answer for an effect that ended.
fn ending(
    managed: &Managed,
    ask: &Apply,
    prior: &Value,
    planned: &Value,
    kept: Kept,
    ended: Ended,
) -> Applied {
    let served = &managed.served;
    let deleting = planned.is_null();
    let known = if deleting { prior } else { planned };
    let kept = Kept { token: None, ticket: None, ..kept };
    // A value that cannot be written must not lose the object: what was planned is recorded with its id.
    let planned_state = |id: &str| {
        let mut fields = known.clone().known().into_fields();
        if served.resource_type.attributes.field("id").is_some() {
            fields.insert("id".to_owned(), Value::Text(id.to_owned()));
        }
        Value::Map(fields)
    };
    let object = |object: Object, mut said: Vec<wire::Diagnostic>| {
        let state = match object.arguments.is_object() {
            true => settle(served, object.arguments, object.attributes, known),
            false => Ok(planned_state(&object.id)),
        };
        let state = state.and_then(|state| served.write(state)).or_else(|problem| {
            said.extend(Problem::from(problem).0);
            served.write(planned_state(&object.id))
        });
        let state = state.unwrap_or_else(|problem| {
            said.extend(Problem::from(problem).0);
            ask.prior.clone()
        });
        let kept =
            Kept { id: Some(object.id), private: object.private, identity: object.identity, ..kept.clone() };
        // A text can always be written.
        let identity = identity::of(served, kept.id.as_deref()).ok().flatten();
        Applied { state, private: kept.write(), diagnostics: said, identity, ..Default::default() }
    };
    let as_before = |said: Vec<wire::Diagnostic>| Applied {
        state: ask.prior.clone(),
        private: kept.write(),
        identity: ask.identity.clone(),
        diagnostics: said,
        ..Default::default()
    };
    match ended {
        Ended::Exists(found) if deleting => {
            object(found, vec![error("It still exists", "The cloud did not delete it.")])
        }
        Ended::Exists(found) => object(found, Vec::new()),
        Ended::Gone if deleting => {
            Applied { state: served.write(Value::Null).ok().flatten(), ..Default::default() }
        }
        Ended::Gone => {
            as_before(vec![error("It is gone", "The cloud says that it does not exist any more.")])
        }
        Ended::Partly(found, problem) => object(found, served.error(&problem)),
        Ended::Stopped(ticket) => {
            let id = ticket.id.clone().unwrap_or_default();
            let detail = format!("The operation on {id} goes on without Terraform: {}.", ticket.note);
            let said = vec![error("Terraform was stopped", detail)];
            let mut applied = object(Object::by_id(id.as_str()), said);
            let kept = Kept { ticket: Some(ticket), ..Kept::read(&applied.private) };
            applied.private = kept.write();
            applied
        }
        Ended::Failed(problem) => {
            let gone = deleting && problem.kind() == ErrorKind::NotFound;
            if gone {
                return Applied { state: served.write(Value::Null).ok().flatten(), ..Default::default() };
            }
            as_before(served.error(&problem))
        }
    }
}
