//! Reads existing objects with patience. A cloud may hide a recent write for a while, so an object that was just seen
//! does not count as deleted at once.

use std::{borrow::Cow, sync::Arc, time::Duration};

use landform_core::{Error, Known, Object, ResourceType};

use tracing::Instrument;

use crate::{calls::Calls, journal::ObjectState, registry::Managed, seal::Sealer, token::now};

/// The first pause. Each further pause is three times as long.
const PAUSE: Duration = Duration::from_millis(100);

/// Reads objects of one type, at most a page. An object that was written less than `lag` ago and cannot be found is
/// searched for again until that time has passed.
pub(crate) async fn observe(
    managed: &Managed,
    calls: &Calls<'_>,
    objects: &[&Arc<ObjectState>],
    lag: Duration,
) -> Result<Vec<Option<Object>>, Error> {
    let mut answer = read(managed, calls, objects).await?;
    let (mut waited, mut pause, present) = (Duration::ZERO, PAUSE, now());
    let recent = |object: &ObjectState| object.read_at.is_some_and(|at| at + lag.as_secs() >= present);
    while waited < lag {
        let missing: Vec<usize> =
            (0..objects.len()).filter(|place| answer[*place].is_none() && recent(objects[*place])).collect();
        if missing.is_empty() {
            break;
        }
        let rest = pause.min(lag - waited);
        tokio::time::sleep(rest).await;
        waited += rest;
        pause *= 3;
        let again: Vec<&Arc<ObjectState>> = missing.iter().map(|place| objects[*place]).collect();
        for (place, object) in missing.into_iter().zip(read(managed, calls, &again).await?) {
            answer[place] = object;
        }
    }
    Ok(answer)
}

async fn read(
    managed: &Managed,
    calls: &Calls<'_>,
    objects: &[&Arc<ObjectState>],
) -> Result<Vec<Option<Object>>, Error> {
    let known: Vec<&dyn Known> = objects.iter().map(|object| &***object as &dyn Known).collect();
    let span = tracing::debug_span!("read", r#type = %managed.resource_type.name, resources = known.len());
    calls.reading(|| managed.driver.read_many(&known)).instrument(span).await
}

/// The record of an object that was read. Equal meanings keep their spelling, and secrets are sealed into the vault.
/// Returns the old record if nothing differs.
pub(crate) fn recorded_as<'a>(
    managed: &Managed,
    recorded: &'a ObjectState,
    found: Object,
    sealer: &Sealer<'_>,
) -> Cow<'a, ObjectState> {
    let Object { id, arguments, attributes, private, identity, schema_version } = found;
    let schema_version = schema_version.unwrap_or(managed.resource_type.version);
    let as_recorded = (&recorded.id, &recorded.private, &recorded.identity) == (&id, &private, &identity)
        && recorded.schema_version == schema_version;
    // Most objects have not changed. Comparing their texts costs less than building their values.
    if as_recorded && !managed.secret && recorded.args.is(&arguments) && recorded.attributes.is(&attributes) {
        return Cow::Borrowed(recorded);
    }
    let ResourceType { arguments: takes, attributes: has, .. } = &*managed.resource_type;
    let args = sealer.seal(takes, managed.secret, &arguments, None, Some(&recorded.args));
    let args = args.respelled(takes, &recorded.args);
    let attributes = sealer.seal(has, managed.secret, &attributes, None, None);
    let attributes =
        if managed.keeps_attributes { attributes.respelled(has, &recorded.attributes) } else { attributes };
    if as_recorded && recorded.args == args && recorded.attributes == attributes {
        return Cow::Borrowed(recorded);
    }
    Cow::Owned(ObjectState { id, args, attributes, private, identity, schema_version, ..recorded.clone() })
}
