//! Upgrades objects that an older release recorded. Their provider does it; it may read and changes nothing. The plan
//! brings the result to the apply.

use std::sync::Arc;

use futures::{StreamExt, stream};
use landform_core::{Budget, Known};

use super::{Context, Recorded, observe::recorded_as};
use crate::{
    EngineError, Result,
    journal::{JournalError, ObjectKey, ObjectState, Record, State},
    registry::Managed,
};

/// How many objects are upgraded at a time, across all providers.
const AT_A_TIME: usize = 32;

/// The state with every object at the current version of its type, and the objects that changed for that.
pub(super) async fn upgrade(context: &Context<'_>) -> Result<(State, Vec<Recorded>)> {
    let mut older = Vec::new();
    for (key, object) in context.state.unordered() {
        let Some(managed) = context.registry.of(object.type_name.as_str(), &object.provider) else {
            continue;
        };
        if object.schema_version != managed.resource_type.version {
            older.push((key, object, managed));
        }
    }
    let mut state = context.state.clone();
    let mut upgraded = Vec::with_capacity(older.len());
    // Collected first: with the closure inside it, the future would not be seen to be `Send`.
    let each: Vec<_> =
        older.iter().map(|(key, object, managed)| one(context, key, object, managed)).collect();
    let mut each = stream::iter(each).buffered(AT_A_TIME);
    while let Some(object) = each.next().await {
        let (key, object) = (older[upgraded.len()].0.clone(), object?);
        // An object with an open attempt is read again when the attempt is settled.
        if state.pending_on(&key).is_none() {
            let record = Record::observed(key.clone(), Arc::new(object.clone()));
            let wrong = |error| JournalError::Integrity { place: key.to_string(), error };
            state.apply(record).map_err(wrong)?;
        }
        upgraded.push((key, Some(object)));
    }
    Ok((state, upgraded))
}

async fn one(
    context: &Context<'_>,
    key: &ObjectKey,
    object: &ObjectState,
    managed: &Managed,
) -> Result<ObjectState> {
    let (found, supported) = (object.schema_version, managed.resource_type.version);
    let address = || key.address.clone();
    if found > supported {
        return Err(EngineError::NewerObject { address: address(), found, supported });
    }
    let failed =
        |error| EngineError::Provider { address: address(), operation: "upgrading its record", error };
    let old = object.to_object().map_err(failed)?;
    let calls = managed.calls(&key.address, Budget::new(), context.heard());
    let mut new = calls.reading(|| managed.driver.upgrade(found, old.clone())).await.map_err(failed)?;
    new.schema_version = Some(supported);
    Ok(recorded_as(managed, object, new, &context.sealer()).into_owned())
}
