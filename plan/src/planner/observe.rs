//! Reading what exists, with patience: a cloud may hide for a while what was just written, so an object that was seen
//! a moment ago is not taken for gone at the first look.

use std::{sync::Arc, time::Duration};

use landform_core::{Error, Object};

use tracing::Instrument;

use crate::{journal::ObjectState, registry::Managed, retry, token::now};

/// The first pause; each further one is three times as long.
const PAUSE: Duration = Duration::from_millis(100);

/// Reads objects of one type, at most a page. What was written less than `lag` ago and cannot be seen is looked for
/// again until as much time has passed.
pub(crate) async fn observe(
    managed: &Managed,
    objects: &[&Arc<ObjectState>],
    lag: Duration,
) -> Result<Vec<Option<Object>>, Error> {
    let mut answer = read(managed, objects).await?;
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
        for (place, object) in missing.into_iter().zip(read(managed, &again).await?) {
            answer[place] = object;
        }
    }
    Ok(answer)
}

async fn read(managed: &Managed, objects: &[&Arc<ObjectState>]) -> Result<Vec<Option<Object>>, Error> {
    let ids: Vec<&str> = objects.iter().map(|object| object.id.as_str()).collect();
    let span = tracing::debug_span!("read", r#type = %managed.resource_type.name, resources = ids.len());
    retry::reading(|| managed.driver.read_many(&ids)).instrument(span).await
}
