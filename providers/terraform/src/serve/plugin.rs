//! The answers of a served provider, call by call. Knows the meaning of the calls, and not how they travel.

use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError, RwLock},
};

use landform_core::{
    Address, Budget, DataDriver, ErrorKind, Forecast, Known, Object, Proposal, Provider, ResourceType, Token,
};
use tokio::sync::watch;

use super::{
    effects::{Ended, Heard, Work},
    kept::Kept,
    log, patience, plan,
    reads::Reads,
    served::{Managed, Served},
    settle::settle,
};
use crate::{
    diagnostics::{Problem, error},
    form,
    shape::{Block, Shape, with_write_only},
    value::{Type, Value},
    wire::{
        self, Applied, Apply, DataRead, DynamicValue, Import, Imported, ImportedResource, Plan, Planned,
        Read, ReadData, ReadDone, ServerCapabilities, Upgrade, Upgraded, Validate, schema::Types,
    },
};

/// A provider that is served.
pub(super) struct Plugin {
    announced: Provider,
    opened: RwLock<Opened>,
    resources: BTreeMap<String, Served>,
    sources: BTreeMap<String, Served>,
    configuration: Configuration,
    reads: Reads,
    stop: watch::Sender<bool>,
}

/// The provider's configuration as Terraform sees it.
struct Configuration {
    resource_type: Option<Arc<ResourceType>>,
    block: Block,
    kind: Type,
}

/// Whether the provider can be called.
enum Opened {
    /// It was never configured.
    No,
    /// Its configuration holds values that are known later.
    Later,
    Yes(Provider),
}

/// The result of a call.
type Answer<T> = Result<T, Problem>;

impl Plugin {
    /// # Errors
    /// A type cannot be written in Terraform's language. The text says which.
    pub(super) fn new(provider: Provider) -> Result<Self, String> {
        let served = |types: Vec<&Arc<ResourceType>>| {
            let each = |known: &&Arc<ResourceType>| Ok((known.name.bare().to_owned(), Served::new(known)?));
            types.iter().map(each).collect::<Result<BTreeMap<_, _>, String>>()
        };
        let resources = served(provider.types().collect())?;
        let sources = served(provider.data_drivers().map(|driver| driver.resource_type()).collect())?;
        let resource_type = provider.opener().map(|opener| opener.resource_type().clone());
        let block = match &resource_type {
            Some(known) => form::configuration(&known.arguments)
                .map_err(|error| format!("the configuration: {error}"))?,
            None => Block::default(),
        };
        let opened = match resource_type {
            Some(_) => Opened::No,
            None => Opened::Yes(provider.clone()),
        };
        let kind = block.value_type();
        Ok(Self {
            announced: provider,
            opened: RwLock::new(opened),
            resources,
            sources,
            configuration: Configuration { resource_type, block, kind },
            reads: Reads::default(),
            stop: watch::Sender::new(false),
        })
    }

    /// All types.
    pub(super) fn types(&self) -> Types {
        let shapes = |types: &BTreeMap<String, Served>| {
            types.iter().map(|(name, served)| (name.clone(), (*served.shape).clone())).collect()
        };
        Types {
            provider: Shape { version: 0, block: self.configuration.block.clone() },
            resources: shapes(&self.resources),
            data_sources: shapes(&self.sources),
            diagnostics: Vec::new(),
            capabilities: capabilities(),
        }
    }

    /// The names of all types.
    pub(super) fn metadata(&self) -> wire::Metadata {
        let names = |types: &BTreeMap<String, Served>| {
            types.keys().map(|name| wire::Named { name: name.clone() }).collect()
        };
        wire::Metadata {
            capabilities: Some(capabilities()),
            diagnostics: Vec::new(),
            data_sources: names(&self.sources),
            resources: names(&self.resources),
        }
    }

    /// Asks running operations to end as soon as nothing can be lost.
    pub(super) fn stop(&self) {
        log::line(log::Level::Info, "asked to stop");
        self.stop.send_replace(true);
    }

    /// Checks the configuration of the provider.
    pub(super) fn validate_provider(&self, config: Option<&DynamicValue>) -> Vec<wire::Diagnostic> {
        let Some(known) = &self.configuration.resource_type else { return Vec::new() };
        match Value::read(config, &self.configuration.kind) {
            Ok(config) => violations(known, &config),
            Err(problem) => Problem::from(problem).0,
        }
    }

    /// Opens the provider with a configuration.
    pub(super) async fn configure(&self, config: Option<&DynamicValue>) -> Vec<wire::Diagnostic> {
        let (Some(known), Some(opener)) = (&self.configuration.resource_type, self.announced.opener()) else {
            return Vec::new();
        };
        let config = match Value::read(config, &self.configuration.kind) {
            Ok(config) => config,
            Err(problem) => return Problem::from(problem).0,
        };
        let wrong = violations(known, &config);
        if !wrong.is_empty() {
            return wrong;
        }
        let opened = if config.is_known() {
            let config = form::from_value(&known.arguments, &config);
            let config = config.map(|config| known.arguments.complete(config).expose().unwrap_or_default());
            let config = match config {
                Ok(config) => config,
                Err(problem) => return Problem::from(problem).0,
            };
            match opener.open(&config).await {
                Ok(provider) => Opened::Yes(provider),
                Err(problem) => return vec![error("The provider cannot be opened", problem.to_string())],
            }
        } else {
            Opened::Later
        };
        *self.opened.write().unwrap_or_else(PoisonError::into_inner) = opened;
        Vec::new()
    }

    /// Checks the configuration of a resource or a data source.
    pub(super) fn validate(&self, ask: &Validate, is_data: bool) -> Vec<wire::Diagnostic> {
        let checked = || {
            let served = if is_data { self.source(&ask.type_name)? } else { self.resource(&ask.type_name)? };
            let arguments = served.arguments(&served.read(ask.config.as_ref())?)?;
            let wrong = served.resource_type.arguments.check(&arguments).into_iter();
            Ok::<_, Problem>(wrong.map(|wrong| violation(served, &wrong)).collect())
        };
        checked().unwrap_or_else(|problem| problem.0)
    }

    /// Plans a change.
    pub(super) async fn plan(&self, ask: &Plan) -> Answer<Planned> {
        let served = self.resource(&ask.type_name)?;
        let (prior, config) = (served.read(ask.prior.as_ref())?, served.read(ask.config.as_ref())?);
        if served.read(ask.proposed.as_ref())?.is_null() {
            return Ok(Planned {
                state: ask.proposed.clone(),
                private: ask.private.clone(),
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
            return Ok(Planned { state, private: kept.write(), ..Default::default() });
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
            ..Default::default()
        })
    }

    /// Makes a planned change, and returns everything that is known of its result.
    pub(super) async fn apply(&self, ask: &Apply) -> Applied {
        match self.applied(ask).await {
            Ok(applied) => applied,
            Err(problem) => {
                // Nothing was done.
                Applied {
                    state: ask.prior.clone(),
                    private: ask.private.clone(),
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

    /// Reads a resource. Null means that it is gone.
    pub(super) async fn read(&self, ask: &Read) -> Answer<ReadDone> {
        let served = self.resource(&ask.type_name)?;
        let Some(managed) = self.open(&ask.type_name)? else {
            // Until the provider can be opened, the recorded state counts.
            return Ok(ReadDone {
                state: ask.state.clone(),
                private: ask.private.clone(),
                ..Default::default()
            });
        };
        let state = served.read(ask.state.as_ref())?;
        let mut kept = Kept::read(&ask.private);
        let object = served.object(&state, &kept)?;
        let found = self.reads.read(&managed.driver, self.budget(), object).await;
        let Some(found) = found.map_err(|error| managed.problem(&error))? else {
            return Ok(ReadDone { state: served.write(Value::Null)?, ..Default::default() });
        };
        (kept.id, kept.private, kept.identity) = (Some(found.id), found.private, found.identity);
        kept.token = None;
        let mut said = Vec::new();
        if let Some(ticket) = &kept.ticket {
            let detail = format!("Terraform was stopped while it waited for {}.", ticket.note);
            said.push(wire::Diagnostic {
                severity: wire::WARNING,
                ..error("An operation was left to itself", detail)
            });
        }
        let state = settle(served, found.arguments, found.attributes, &state)?;
        Ok(ReadDone {
            state: served.write(state)?,
            private: kept.write(),
            diagnostics: said,
            ..Default::default()
        })
    }

    /// Reads an existing resource by its id.
    pub(super) async fn import(&self, ask: &Import) -> Answer<Imported> {
        let managed = self.open(&ask.type_name)?.ok_or_else(not_open)?;
        if !managed.driver.abilities().import {
            let detail = format!("{} has no import by id.", ask.type_name);
            return Err(Problem::new("It cannot be imported", detail));
        }
        let found = patience::repeated(self.budget(), || managed.driver.import(&ask.id)).await;
        let found = match found {
            Ok(found) => found,
            // Terraform reads what was imported, and says itself that there is nothing.
            Err(error) if error.kind() == ErrorKind::NotFound && managed.served.has_id() => {
                Object::by_id(&ask.id)
            }
            Err(error) => return Err(managed.problem(&error)),
        };
        let kept = Kept {
            id: Some(found.id.clone()),
            private: found.private,
            identity: found.identity,
            ..Kept::default()
        };
        let state = match found.arguments.is_object() {
            true => managed.served.state(found.arguments, found.attributes)?,
            false => managed.served.stub(&found.id),
        };
        let resource = ImportedResource {
            type_name: ask.type_name.clone(),
            state: managed.served.write(state)?,
            private: kept.write(),
            identity: None,
        };
        Ok(Imported { resources: vec![resource], diagnostics: Vec::new() })
    }

    /// A stored state in the form of the current version.
    pub(super) async fn upgrade(&self, ask: &Upgrade) -> Answer<Upgraded> {
        let served = self.resource(&ask.type_name)?;
        let raw = ask.raw.clone().unwrap_or_default();
        let unreadable = |detail: String| Problem::new("The stored state cannot be read", detail);
        let stored: serde_json::Value =
            serde_json::from_slice(&raw.json).map_err(|problem| match raw.flatmap.is_empty() {
                true => unreadable(problem.to_string()),
                false => {
                    unreadable("It is in the form of Terraform 0.11, expected that of 0.12 or later.".into())
                }
            })?;
        let state = if ask.version == served.shape.version {
            served.read_stored(&stored)?
        } else {
            let from = u32::try_from(ask.version)
                .map_err(|_| unreadable(format!("Its version is {}.", ask.version)))?;
            let driver = match self.open(&ask.type_name)? {
                Some(managed) => managed.driver,
                None => {
                    self.announced.driver(&ask.type_name).cloned().ok_or_else(|| no_type(&ask.type_name))?
                }
            };
            let managed = Managed { served: served.clone(), driver };
            let upgraded = managed.driver.upgrade(from, served.stored_object(stored, from)).await;
            let upgraded = upgraded.map_err(|error| managed.problem(&error))?;
            served.state(upgraded.arguments, upgraded.attributes)?
        };
        Ok(Upgraded { state: served.write(state)?, diagnostics: Vec::new() })
    }

    /// Reads a data source.
    pub(super) async fn read_data(&self, ask: &ReadData) -> Answer<DataRead> {
        let served = self.source(&ask.type_name)?;
        let driver = self.data_driver(&served.resource_type)?;
        let config = served.read(ask.config.as_ref())?;
        let arguments = served.arguments(&config)?.expose().unwrap_or_default();
        let answer = patience::repeated(self.budget(), || driver.read(&arguments)).await;
        let answer = answer.map_err(|error| Problem(served.error(&error)))?;
        let found = served.state(arguments, answer)?;
        // What the configuration says stays as it is spelled there.
        let Value::Map(mut fields) = found else {
            return Err(Problem::new("No answer", "The answer is no object."));
        };
        for (name, said) in config.into_fields() {
            if !said.is_null() && served.resource_type.arguments.field(&name).is_some() {
                fields.insert(name, said);
            }
        }
        Ok(DataRead { state: served.write(Value::Map(fields))?, ..Default::default() })
    }

    fn resource(&self, name: &str) -> Answer<&Served> {
        self.resources.get(name).ok_or_else(|| no_type(name))
    }

    fn source(&self, name: &str) -> Answer<&Served> {
        self.sources.get(name).ok_or_else(|| no_type(&format!("data.{name}")))
    }

    /// The driver of a type; `None` as long as the configuration of the provider is not known.
    fn open(&self, name: &str) -> Answer<Option<Managed>> {
        let served = self.resource(name)?.clone();
        let opened = self.opened.read().unwrap_or_else(PoisonError::into_inner);
        match &*opened {
            Opened::Yes(provider) => {
                let driver = provider.driver(name).cloned().ok_or_else(|| no_type(name))?;
                Ok(Some(Managed { served, driver }))
            }
            Opened::Later => Ok(None),
            Opened::No => {
                Err(Problem::new("The provider is not configured", "Terraform sent no configuration."))
            }
        }
    }

    fn data_driver(&self, known: &ResourceType) -> Answer<Arc<dyn DataDriver>> {
        let opened = self.opened.read().unwrap_or_else(PoisonError::into_inner);
        match &*opened {
            Opened::Yes(provider) => {
                provider.data(known.name_str()).cloned().ok_or_else(|| no_type(known.name_str()))
            }
            Opened::Later | Opened::No => Err(not_open()),
        }
    }

    fn budget(&self) -> Budget {
        match &*self.opened.read().unwrap_or_else(PoisonError::into_inner) {
            Opened::Yes(provider) => provider.budget(),
            Opened::No | Opened::Later => self.announced.budget(),
        }
    }
}

fn capabilities() -> ServerCapabilities {
    ServerCapabilities { plan_destroy: false, get_provider_schema_optional: true, move_resource_state: false }
}

fn no_type(name: &str) -> Problem {
    Problem::new("No such type", format!("This provider has no type {name}."))
}

fn not_open() -> Problem {
    Problem::new(
        "The provider is not configured yet",
        "Its configuration depends on values that are known only after an apply.",
    )
}

fn violations(known: &Arc<ResourceType>, config: &Value) -> Vec<wire::Diagnostic> {
    let arguments = match form::from_value(&known.arguments, config) {
        Ok(arguments) => known.arguments.complete(arguments),
        Err(problem) => return Problem::from(problem).0,
    };
    let wrong = known.arguments.check(&arguments).into_iter();
    let message = |wrong: landform_core::schema::Violation| wire::Diagnostic {
        attribute: Some(form::wire_path(&known.arguments, &wrong.path)),
        ..error("Invalid provider configuration", wrong.to_string())
    };
    wrong.map(message).collect()
}

fn violation(served: &Served, wrong: &landform_core::schema::Violation) -> wire::Diagnostic {
    let detail = format!("{}, expected {}.", capitalised(&wrong.found), wrong.expected);
    wire::Diagnostic {
        attribute: Some(served.path(&wrong.path)),
        ..error(format!("Invalid value for {}", wrong.path), detail)
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
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
        Applied { state, private: kept.write(), diagnostics: said, ..Default::default() }
    };
    let as_before = |said: Vec<wire::Diagnostic>| Applied {
        state: ask.prior.clone(),
        private: kept.write(),
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
