//! The driver of a hosted resource type: each call of Landform's contract by calls of the plugin.

mod attempt;
mod compare;

use std::sync::Arc;

use async_trait::async_trait;
use futures::{StreamExt, TryStreamExt, stream};
use landform_core::{
    Abilities, Call, Diagnostic, Driver, Effect, Error, ErrorKind, FindBy, Forecast, Found, Known, Object,
    Path, Progress, Proposal, ResourceType, Result, Severity, Ticket, expr::Expr,
};
use serde_json::Value as Json;

use self::compare::{at, same};
use super::{
    calls::Session,
    capabilities,
    hosted::{Hosted, Present},
    proposed::proposed,
    secrets::{self, Key},
    shown::Against,
};
use crate::{
    diagnostics::heard,
    form,
    value::Value,
    wire::{
        self, Applied, Apply, AttributePath, Diagnostics, IdentityData, Import, Imported, Plan, Planned,
        RawState, Read, ReadDone, Upgrade, Upgraded, Validate,
    },
};

/// How many reads run at a time. The protocol has no read of many.
const READS_AT_A_TIME: usize = 16;

/// The driver of a hosted resource type.
pub(super) struct HostedDriver {
    session: Arc<Session>,
    hosted: Arc<Hosted>,
    key: Option<Key>,
}

/// The plugin's plan for a change.
pub(super) struct PlannedChange {
    state: Value,
    private: Vec<u8>,
    identity: Option<IdentityData>,
    /// Whether null and empty values are alike, and planned values need not come true.
    is_legacy: bool,
    replaces: Vec<AttributePath>,
    warnings: Vec<Diagnostic>,
}

impl HostedDriver {
    pub(super) fn new(session: Arc<Session>, hosted: Arc<Hosted>, key: Option<Key>) -> Self {
        Self { session, hosted, key }
    }

    /// The warnings among these messages.
    ///
    /// # Errors
    /// There is an error among them.
    fn said(&self, said: &[wire::Diagnostic]) -> Result<Vec<Diagnostic>> {
        let said = heard(Some(&self.hosted.resource_type.arguments), said);
        match Error::from_diagnostics(ErrorKind::Invalid, said.iter().cloned()) {
            Some(error) => Err(error),
            None => Ok(said),
        }
    }

    async fn validate(&self, config: &Value) -> Result<Vec<Diagnostic>> {
        let ask = Validate {
            type_name: self.hosted.name.clone(),
            config: self.hosted.write(config)?,
            capabilities: Some(capabilities()),
        };
        let answer: Diagnostics = self.session.call("ValidateResourceConfig", ask).await?;
        self.said(&answer.diagnostics)
    }

    async fn plan(&self, prior: Option<&Present>, config: &Value) -> Result<PlannedChange> {
        let before = prior.map_or(&Value::Null, |prior| &prior.state);
        let offered = match config {
            Value::Null => Value::Null,
            config => proposed(&self.hosted.shape.block, before, config),
        };
        let ask = Plan {
            type_name: self.hosted.name.clone(),
            prior: self.hosted.write(before)?,
            proposed: self.hosted.write(&offered)?,
            config: self.hosted.write(config)?,
            private: prior.map(|prior| prior.private.clone()).unwrap_or_default(),
            meta: None,
            capabilities: Some(capabilities()),
            identity: prior.and_then(|prior| prior.identity.clone()),
        };
        let answer: Planned = self.session.call("PlanResourceChange", ask).await?;
        let warnings = self.said(&answer.diagnostics)?;
        if answer.deferred.is_some() {
            let message = "the plugin defers the change, and nobody allowed it to";
            return Err(Error::new(ErrorKind::Internal, message));
        }
        let state = self.hosted.read(answer.state.as_ref())?;
        let replaces = answer.requires_replace.into_iter().filter(|path| {
            // Older plugins name every path that could force a replacement.
            prior.is_some() && !same(answer.legacy, at(before, path), at(&state, path))
        });
        Ok(PlannedChange {
            replaces: replaces.collect(),
            state,
            private: answer.private,
            identity: answer.identity,
            is_legacy: answer.legacy,
            warnings,
        })
    }

    async fn apply(
        &self,
        call: Call<'_>,
        prior: Option<&Present>,
        planned: PlannedChange,
        config: &Value,
    ) -> Result<Progress<Object>> {
        let deletes = planned.state.is_null();
        let answer = self.session.apply(self.ask(prior, planned, config)?).await?;
        self.ended(call, prior, deletes, answer, config)
    }

    fn ask(&self, prior: Option<&Present>, planned: PlannedChange, config: &Value) -> Result<Apply> {
        Ok(Apply {
            type_name: self.hosted.name.clone(),
            prior: self.hosted.write(prior.map_or(&Value::Null, |prior| &prior.state))?,
            planned: self.hosted.write(&planned.state)?,
            config: self.hosted.write(config)?,
            private: planned.private,
            meta: None,
            identity: planned.identity,
        })
    }

    /// What a plugin's answer to a change means.
    fn ended(
        &self,
        call: Call<'_>,
        prior: Option<&Present>,
        deletes: bool,
        answer: Applied,
        config: &Value,
    ) -> Result<Progress<Object>> {
        let said = heard(Some(&self.hosted.resource_type.arguments), &answer.diagnostics);
        said.iter()
            .filter(|said| said.severity == Severity::Warning)
            .for_each(|said| call.warn(said.clone()));
        let mut problem = Error::from_diagnostics(ErrorKind::Invalid, said);
        let state = match self.hosted.read(answer.state.as_ref()) {
            Ok(state) => state,
            // Something may exist, and nothing is known of it.
            Err(error) => return Err(problem.unwrap_or(error).with_effect(Effect::Unknown)),
        };
        if state.is_null() {
            return match problem {
                Some(error) => Err(error.with_effect(Effect::None)),
                None if deletes => Ok(Progress::Gone),
                None => {
                    let message = "the plugin answers that nothing exists after the change";
                    Err(Error::new(ErrorKind::Internal, message).with_effect(Effect::Unknown))
                }
            };
        }
        if deletes && problem.is_none() {
            problem = Some(Error::new(ErrorKind::Internal, "the plugin answers that it still exists"));
        }
        if !state.is_known() {
            problem.get_or_insert_with(|| {
                Error::new(ErrorKind::Internal, "the plugin leaves a value unknown after the change")
            });
        }
        let id = prior.and_then(|prior| prior.state.get("id").as_text()).unwrap_or(call.token.as_str());
        let against = if deletes { Against::Nothing } else { Against::Config(config) };
        let object = self.object(&state.known(), &answer.private, answer.identity.as_ref(), id, against);
        match (object, problem) {
            (Ok(object), None) => Ok(Progress::Exists(object)),
            (Ok(exists), Some(problem)) => Ok(Progress::Partial { exists, problem }),
            (Err(error), problem) => Err(problem.unwrap_or(error).with_effect(Effect::Unknown)),
        }
    }

    fn object(
        &self,
        state: &Value,
        private: &[u8],
        identity: Option<&IdentityData>,
        id: &str,
        against: Against<'_>,
    ) -> Result<Object> {
        self.hosted.object(state, private, identity, id, self.key.as_ref(), against)
    }

    async fn read(&self, known: &dyn Known) -> Result<Option<Object>> {
        let present = self.hosted.present(known, self.key.as_ref())?;
        let arguments = self.hosted.recorded(known)?;
        let against = Against::Before { arguments: &arguments, state: &present.state };
        self.read_present(&present, known.id(), against).await
    }

    async fn read_present(
        &self,
        present: &Present,
        id: &str,
        against: Against<'_>,
    ) -> Result<Option<Object>> {
        let ask = Read {
            type_name: self.hosted.name.clone(),
            state: self.hosted.write(&present.state)?,
            private: present.private.clone(),
            meta: None,
            capabilities: Some(capabilities()),
            identity: present.identity.clone(),
        };
        let answer: ReadDone = self.session.call("ReadResource", ask).await?;
        self.said(&answer.diagnostics)?;
        let state = self.hosted.read(answer.state.as_ref())?;
        if state.is_null() {
            return Ok(None);
        }
        let identity = answer.identity.or_else(|| present.identity.clone());
        self.object(&state, &answer.private, identity.as_ref(), id, against).map(Some)
    }

    /// Imports by an id or an identity, and reads the object.
    async fn imported(&self, id: &str, identity: Option<IdentityData>) -> Result<Object> {
        let ask = Import {
            type_name: self.hosted.name.clone(),
            id: id.to_owned(),
            capabilities: Some(capabilities()),
            identity,
        };
        let answer: Imported = self.session.call("ImportResourceState", ask).await?;
        self.said(&answer.diagnostics).map_err(|error| error.resource(id))?;
        let absent = || Error::new(ErrorKind::NotFound, "the plugin finds no such resource").resource(id);
        let found = answer.resources.into_iter().find(|found| found.type_name == self.hosted.name);
        let found = found.ok_or_else(absent)?;
        let state = self.hosted.read(found.state.as_ref())?;
        if state.is_null() {
            return Err(absent());
        }
        let state = self.hosted.shape.block.without_write_only(state.known());
        let present = Present { state, private: found.private, identity: found.identity };
        self.read_present(&present, id, Against::Nothing).await?.ok_or_else(absent)
    }

    fn needs_holder(&self, what: &'static str) -> Error {
        Error::unsupported(self.hosted.resource_type.name_str(), what)
    }

    /// What the plugin's plan predicts in Landform's terms.
    fn predicted(&self, planned: PlannedChange, has_prior: bool) -> Result<Forecast> {
        let resource_type = &self.hosted.resource_type;
        let mut forecast = Forecast::new();
        let arguments = resource_type.arguments.fields().iter().filter(|field| field.computed);
        for field in resource_type.attributes.fields().iter().chain(arguments) {
            let value = planned.state.get(&field.name);
            let path = Path::field(&field.name);
            if *value == Value::Unknown || !value.is_known() {
                forecast = forecast.unknown(path);
            } else if !planned.is_legacy && !field.secret && !value.is_null() {
                let attributes = resource_type.attributes.field(&field.name).is_some();
                let schema = if attributes { &resource_type.attributes } else { &resource_type.arguments };
                if resource_type.place(&path).is_some_and(|place| place.any(&mut |place| place.is_secret())) {
                    continue;
                }
                let known = form::json_from_value(schema, &planned.state.clone().known())
                    .map_err(|error| Error::new(ErrorKind::Internal, error.to_string()))?;
                forecast = forecast.value(path, known.get(&field.name).cloned().unwrap_or_default());
            }
        }
        for path in planned.replaces.iter().filter(|_| has_prior) {
            let path = form::landform_path(&resource_type.arguments, path);
            if !path.is_empty() {
                forecast = forecast.replaces(path);
            }
        }
        Ok(planned.warnings.into_iter().fold(forecast, Forecast::warn))
    }
}

#[async_trait]
impl Driver for HostedDriver {
    fn resource_type(&self) -> &Arc<ResourceType> {
        &self.hosted.resource_type
    }

    fn abilities(&self) -> Abilities {
        let by = if self.session.held().is_some() { FindBy::Token } else { FindBy::Nothing };
        form::abilities(by)
    }

    async fn read_many(&self, objects: &[&dyn Known]) -> Result<Vec<Option<Object>>> {
        let reads: Vec<_> = objects.iter().map(|known| self.read(*known)).collect();
        stream::iter(reads).buffered(READS_AT_A_TIME).try_collect().await
    }

    async fn create(&self, call: Call<'_>, arguments: &Json) -> Result<Progress<Object>> {
        let arguments = Expr::Literal(arguments.clone());
        secrets::check(&self.hosted, self.key.as_ref(), &arguments)?;
        let config = self.hosted.config(&arguments)?;
        // Nothing has happened before the apply, whatever goes wrong.
        let planned = self.plan(None, &config).await.map_err(|error| error.with_effect(Effect::None))?;
        match self.session.held() {
            Some(held) => self.promise(held, call.token, planned, config).await,
            None => self.apply(call, None, planned, &config).await,
        }
    }

    async fn update(&self, call: Call<'_>, prior: &dyn Known, arguments: &Json) -> Result<Progress<Object>> {
        let arguments = Expr::Literal(arguments.clone());
        secrets::check(&self.hosted, self.key.as_ref(), &arguments)?;
        let present = self.hosted.present(prior, self.key.as_ref())?;
        let config = self.hosted.config(&arguments)?;
        let planned =
            self.plan(Some(&present), &config).await.map_err(|error| error.with_effect(Effect::None))?;
        if let Some(path) = planned.replaces.first() {
            let path = form::landform_path(&self.hosted.resource_type.arguments, path);
            let message = "the plugin cannot change it in place; plan again";
            return Err(Error::new(ErrorKind::Invalid, message).at(path.to_string()).resource(prior.id()));
        }
        if same(planned.is_legacy, Some(&present.state), Some(&planned.state))
            && !has_write_only(&self.hosted)
        {
            return Ok(Progress::Exists(self.object(
                &present.state,
                &present.private,
                present.identity.as_ref(),
                prior.id(),
                Against::Config(&config),
            )?));
        }
        self.apply(call, Some(&present), planned, &config).await
    }

    async fn delete(&self, call: Call<'_>, prior: &dyn Known) -> Result<Progress<Object>> {
        let present = self.hosted.present(prior, self.key.as_ref())?;
        let planned = if self.session.plans_deletions() {
            let planned = self.plan(Some(&present), &Value::Null).await;
            planned.map_err(|error| error.with_effect(Effect::None))?
        } else {
            PlannedChange {
                state: Value::Null,
                private: present.private.clone(),
                identity: present.identity.clone(),
                is_legacy: false,
                replaces: Vec::new(),
                warnings: Vec::new(),
            }
        };
        self.apply(call, Some(&present), planned, &Value::Null).await
    }

    async fn resume(&self, call: Call<'_>, ticket: &Ticket, arguments: &Json) -> Result<Progress<Object>> {
        match self.session.held() {
            Some(held) => {
                let config = self.hosted.config(&Expr::Literal(arguments.clone()))?;
                self.carry_on(held, call, ticket, &config).await
            }
            None => Err(self.needs_holder("be resumed: a plugin without a holder gives no tickets")),
        }
    }

    async fn find(&self, call: Call<'_>, _: &Json) -> Result<Found<Object>> {
        match self.session.held() {
            Some(held) => Ok(Self::left(held, call.token)),
            None => Err(self.needs_holder("be found: a plugin without a holder knows no tokens")),
        }
    }

    async fn import(&self, id: &str) -> Result<Object> {
        self.imported(id, None).await
    }

    async fn forecast(&self, proposal: Proposal<'_, dyn Known + '_>) -> Result<Forecast> {
        secrets::check(&self.hosted, self.key.as_ref(), proposal.arguments)?;
        let present = match proposal.prior {
            Some(prior) => Some(self.hosted.present(prior, self.key.as_ref())?),
            None => None,
        };
        let config = self.hosted.config(proposal.arguments)?;
        let warnings = self.validate(&config).await?;
        let planned = self.plan(present.as_ref(), &config).await?;
        let forecast = self.predicted(planned, present.is_some())?;
        Ok(warnings.into_iter().fold(forecast, Forecast::warn))
    }

    async fn upgrade(&self, from: u32, stored: Object) -> Result<Object> {
        let json = self.hosted.stored_json(&stored, self.key.as_ref())?;
        let raw = RawState { json: json.to_string().into_bytes(), flatmap: Default::default() };
        let ask = Upgrade { type_name: self.hosted.name.clone(), version: from.into(), raw: Some(raw) };
        let answer: Upgraded = self.session.call("UpgradeResourceState", ask).await?;
        self.said(&answer.diagnostics)?;
        let state = self.hosted.read(answer.state.as_ref())?;
        let upgraded =
            self.object(&state.known(), &self.hosted.private(&stored)?, None, &stored.id, Against::Nothing)?;
        Ok(Object { id: stored.id, identity: stored.identity, ..upgraded })
    }
}

/// Whether a change may be invisible in the state.
fn has_write_only(hosted: &Hosted) -> bool {
    hosted.resource_type.arguments.any(&mut |place| place.is_write_only())
}
