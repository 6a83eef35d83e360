//! Records what a plan found while reading, before the first step.

use std::{collections::HashMap, sync::Arc};

use landform_core::Budget;

use super::Run;
use crate::{
    EngineError, Result,
    journal::{ObjectKey, ObjectState, Record},
    plan::{Plan, withheld},
    planner::{
        moves::keys,
        observe::{observe, recorded_as},
    },
};

/// Records renamings and readings, once all of them are known.
pub(super) async fn record(run: &Run<'_>, plan: &Plan) -> Result<()> {
    let moves: Vec<(ObjectKey, ObjectKey)> =
        run.writer.with_state(|state| plan.moves.iter().flat_map(|moved| keys(state, moved)).collect());
    let before: HashMap<&ObjectKey, &ObjectKey> = moves.iter().map(|(from, to)| (to, from)).collect();
    let mut records = Vec::with_capacity(plan.refreshed.len());
    for (key, object) in &plan.refreshed {
        let known_as = before.get(key).copied().unwrap_or(key);
        let (recorded, settled) = run
            .writer
            .with_state(|state| (state.object(known_as).cloned(), state.pending_on(known_as).is_none()));
        if !settled {
            continue;
        }
        let Some(recorded) = recorded else {
            if let Some(object) = object.as_ref().filter(|object| object.tainted && key.deposed.is_none()) {
                let object = newly_known(run, plan, key, object).await?;
                records.push(Record::observed(key.clone(), object));
            }
            continue;
        };
        records.push(match object {
            None => Record::vanished(key.clone()),
            Some(object) => match plan.withheld.get(key) {
                None => Record::observed(key.clone(), object.clone()),
                Some(digest) => {
                    Record::observed(key.clone(), whole(run, key, object, &recorded, digest).await?)
                }
            },
        });
    }
    for (from, to) in moves {
        run.writer.enqueue(Record::moved(from, to))?;
    }
    records.into_iter().try_for_each(|record| run.writer.enqueue(record))?;
    Ok(())
}

/// An object that the plan adopts as tainted. The provider is asked for what the stored plan left out.
async fn newly_known(
    run: &Run<'_>,
    plan: &Plan,
    key: &ObjectKey,
    planned: &ObjectState,
) -> Result<ObjectState> {
    if !plan.withheld.contains_key(key) {
        return Ok(planned.clone());
    }
    let failed = |error| EngineError::Import { address: key.address.clone(), id: planned.id.clone(), error };
    let managed = run.registry.of(planned.type_name.as_str(), &planned.provider);
    let managed = managed.ok_or_else(|| EngineError::Stale(format!("{key} has no provider any more")))?;
    let calls = managed.calls(&key.address, Budget::new(), run.heard());
    let found = calls.reading(|| managed.driver.import(&planned.id)).await.map_err(failed)?;
    Ok(ObjectState { private: found.private, identity: found.identity, ..planned.clone() })
}

/// An object with what the stored plan left out: from the state if the object is unchanged, otherwise from the
/// provider.
async fn whole(
    run: &Run<'_>,
    key: &ObjectKey,
    planned: &ObjectState,
    recorded: &Arc<ObjectState>,
    digest: &str,
) -> Result<ObjectState> {
    if withheld::digest(recorded, &run.salt) == digest {
        let (private, identity) = (recorded.private.clone(), recorded.identity.clone());
        return Ok(ObjectState { private, identity, ..planned.clone() });
    }
    let changed = || EngineError::Stale(format!("{key} has changed since"));
    let managed = run.registry.of(recorded.type_name.as_str(), &recorded.provider).ok_or_else(changed)?;
    let calls = managed.calls(&key.address, Budget::new(), run.heard());
    let answer = observe(managed, &calls, &[recorded], run.lag).await;
    let mut answer = answer.map_err(|error| EngineError::Provider {
        address: key.address.clone(),
        operation: "reading",
        error,
    })?;
    let found = answer.pop().flatten().ok_or_else(changed)?;
    let found = recorded_as(managed, recorded, found, &run.sealer()).into_owned();
    if (&found.id, &found.args, &found.attributes) != (&planned.id, &planned.args, &planned.attributes) {
        return Err(changed());
    }
    Ok(ObjectState { private: found.private, identity: found.identity, ..planned.clone() })
}
