//! Reads what exists: resources, imports, stored states, data sources. Changes nothing.

use landform_core::{ErrorKind, Object};

use super::{Answer, Plugin, identity, no_type, not_open};
use crate::{
    diagnostics::{Problem, error},
    serve::{kept::Kept, patience, served::Managed, settle::settle},
    value::Value,
    wire::{self, DataRead, Import, Imported, ImportedResource, Read, ReadData, ReadDone, Upgrade, Upgraded},
};

impl Plugin {
    /// Reads a resource. Null means that it is gone.
    pub(in crate::serve) async fn read(&self, ask: &Read) -> Answer<ReadDone> {
        let served = self.resource(&ask.type_name)?;
        let Some(managed) = self.open(&ask.type_name)? else {
            // Until the provider can be opened, the recorded state counts.
            return Ok(ReadDone {
                state: ask.state.clone(),
                private: ask.private.clone(),
                identity: ask.identity.clone(),
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
                ..error("An operation goes on without Terraform", detail)
            });
        }
        let state = settle(served, found.arguments, found.attributes, &state)?;
        Ok(ReadDone {
            state: served.write(state)?,
            private: kept.write(),
            identity: identity::of(served, kept.id.as_deref())?,
            diagnostics: said,
            ..Default::default()
        })
    }

    /// Reads an existing resource by its id.
    pub(in crate::serve) async fn import(&self, ask: &Import) -> Answer<Imported> {
        let managed = self.open(&ask.type_name)?.ok_or_else(not_open)?;
        if !managed.driver.abilities().import {
            let detail = format!("{} has no import by id.", ask.type_name);
            return Err(Problem::new("It cannot be imported", detail));
        }
        let id = match &ask.identity {
            Some(identity) => identity::id(identity)?.unwrap_or_else(|| ask.id.clone()),
            None => ask.id.clone(),
        };
        let found = patience::repeated(self.budget(), || managed.driver.import(&id)).await;
        let found = match found {
            Ok(found) => found,
            // Terraform reads what was imported, and says itself that there is nothing.
            Err(error) if error.kind() == ErrorKind::NotFound && managed.served.has_id() => {
                Object::by_id(&id)
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
            identity: identity::of(&managed.served, kept.id.as_deref())?,
        };
        Ok(Imported { resources: vec![resource], diagnostics: Vec::new() })
    }

    /// A stored state in the form of the current version.
    pub(in crate::serve) async fn upgrade(&self, ask: &Upgrade) -> Answer<Upgraded> {
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
    pub(in crate::serve) async fn read_data(&self, ask: &ReadData) -> Answer<DataRead> {
        let served = self.source(&ask.type_name)?;
        let driver = self.data_driver(&served.resource_type)?;
        let config = served.read(ask.config.as_ref())?;
        let arguments = served.arguments(&config)?.expose().unwrap_or_default();
        let answer = patience::repeated(self.budget(), || driver.read(&arguments)).await;
        let answer = answer.map_err(|error| Problem(served.error(&error)))?;
        let found = served.state(arguments, answer)?;
        // What the configuration says stays as it is spelled there.
        let Value::Map(mut fields) = found else {
            return Err(Problem::new("No answer", "The answer is not an object."));
        };
        for (name, said) in config.into_fields() {
            if !said.is_null() && served.resource_type.arguments.field(&name).is_some() {
                fields.insert(name, said);
            }
        }
        Ok(DataRead { state: served.write(Value::Map(fields))?, ..Default::default() })
    }
}
