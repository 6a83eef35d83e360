//! Objects that an older release recorded, brought to the present schema by their provider. Pure; the plan carries
//! what became of them to the apply.

use std::sync::Arc;

use landform_core::Object;

use crate::{
    EngineError, Result,
    journal::{JournalError, ObjectKey, ObjectState, Record, State},
    registry::{Managed, Registry},
};

/// An object as it is to be recorded.
type Upgraded = (ObjectKey, Option<ObjectState>);

/// The state with every object at its type's present version, and what had to be changed for that.
pub(super) fn upgrade(state: &State, registry: &Registry) -> Result<(State, Vec<Upgraded>)> {
    let mut upgraded = Vec::new();
    for (key, object) in state.unordered() {
        let Some(managed) = registry.of(object.type_name.as_str(), &object.provider) else { continue };
        if object.schema_version != managed.resource_type.version {
            upgraded.push((key.clone(), Some(one(&key, object, managed)?)));
        }
    }
    let mut state = state.clone();
    for (key, object) in &upgraded {
        // An object with an open attempt is read anew when that is settled.
        if let (Some(object), None) = (object, state.pending_on(key)) {
            let record = Record::observed(key.clone(), Arc::new(object.clone()));
            let wrong = |error| JournalError::Integrity { place: key.to_string(), error };
            state.apply(record).map_err(wrong)?;
        }
    }
    Ok((state, upgraded))
}

fn one(key: &ObjectKey, object: &ObjectState, managed: &Managed) -> Result<ObjectState> {
    let (found, supported) = (object.schema_version, managed.resource_type.version);
    let address = || key.address.clone();
    if found > supported {
        return Err(EngineError::NewerObject { address: address(), found, supported });
    }
    let old = Object {
        id: object.id.clone(),
        arguments: object.args.value()?,
        attributes: object.attributes.value()?,
    };
    let new = managed.driver.upgrade(found, old);
    let Object { id, arguments, attributes } = new.map_err(|error| EngineError::Provider {
        address: address(),
        operation: "bringing its record to the present form",
        error,
    })?;
    let (args, attributes) = (arguments.into(), attributes.into());
    Ok(ObjectState { id, args, attributes, schema_version: supported, ..object.clone() })
}
