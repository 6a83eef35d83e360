//! Whether a plan still fits: compares what it depends on with the state. Only reads, so a refused plan leaves nothing
//! behind.

use std::collections::{HashMap, HashSet};

use landform_core::{
    Address,
    expr::{Expr, Resolved},
};

use crate::{
    EngineError, Result,
    journal::{ObjectKey, State},
    plan::{ChangeKind, FORMAT, Plan, digest},
    registry::Registry,
};

/// Refuses a plan that no state could make valid: another format, types without a provider, secrets that the stored
/// plan left out.
pub(crate) fn check_whole(plan: &Plan, registry: &Registry) -> Result<()> {
    if plan.format != FORMAT {
        let message = format!("it has format {}, and this release applies format {FORMAT}", plan.format);
        return Err(EngineError::Stale(message));
    }
    for change in &plan.changes {
        if change.kind != ChangeKind::Forget {
            registry.check(&change.address, change.type_name.as_str(), &change.provider)?;
        }
        // Only a function can fail.
        if let Some(after) = change.after.as_ref().filter(|after| after.has_calls()) {
            let unknown = after.resolve(&mut |_| Resolved::Unknown);
            unknown.map_err(|error| EngineError::Eval { place: change.address.to_string(), error })?;
        }
    }
    Ok(())
}

/// Refuses a plan for another stack, or one whose basis has changed. `run` is the run that applies it, if one has
/// begun.
pub(crate) fn check_fresh(plan: &Plan, state: &State, run: Option<&str>) -> Result<()> {
    let stale = |message: String| Err(EngineError::Stale(message));
    if plan.lineage.as_deref().is_some_and(|lineage| lineage != state.lineage()) {
        return stale("it was made from another state".into());
    }
    for (key, expected) in &plan.basis {
        let present = state.object(key).map(|object| digest(object));
        match (expected, &present) {
            _ if present == *expected => {}
            (None, _) => return stale(format!("{key} was created since")),
            (Some(_), None) => return stale(format!("{key} no longer exists")),
            (Some(_), Some(_)) => return stale(format!("{key} has changed since")),
        }
    }
    let checks = [check_past, check_moves, check_users, check_taken_over, check_outputs];
    let past = |check: fn(&Plan, &State, Option<&str>) -> Option<String>| check(plan, state, run);
    checks.into_iter().find_map(past).map_or(Ok(()), stale)
}

/// A plan made without a state does not fit a state with a history.
fn check_past(plan: &Plan, state: &State, run: Option<&str>) -> Option<String> {
    let began = |run| state.revisions().iter().any(|revision| revision.begin.run != run);
    let past = run.map_or(!state.lineage().is_empty(), began);
    (plan.lineage.is_none() && past).then(|| "it was made before there was a state".into())
}

/// Each move finds its object, and its new address is free.
fn check_moves(plan: &Plan, state: &State, _: Option<&str>) -> Option<String> {
    let mut there: HashMap<&Address, bool> = HashMap::new();
    for moved in &plan.moves {
        let (from, to) = (&moved.from, &moved.to);
        let has = |address: &Address, there: &HashMap<&Address, bool>| {
            there.get(address).copied().unwrap_or_else(|| state.get(address).is_some())
        };
        let current = has(from, &there);
        if !current && state.deposed(from).next().is_none() {
            return Some(format!("{from} no longer exists, so it cannot move to {to}"));
        }
        if from.type_str() != to.type_str() || (current && has(to, &there)) {
            return Some(format!("{from} cannot move to {to}"));
        }
        there.insert(to, current || has(to, &there));
        there.insert(from, false);
    }
    None
}

/// No object has started to use what the plan deletes.
fn check_users(plan: &Plan, state: &State, _: Option<&str>) -> Option<String> {
    let going: HashSet<&Address> =
        plan.changes.iter().filter(|change| change.takes_away()).map(|change| &change.address).collect();
    if going.is_empty() {
        return None;
    }
    let now: HashMap<&Address, &Address> = plan.moves.iter().map(|moved| (&moved.from, &moved.to)).collect();
    fn present<'a>(now: &HashMap<&'a Address, &'a Address>, address: &'a Address) -> &'a Address {
        now.get(address).copied().unwrap_or(address)
    }
    let leaving =
        plan.changes.iter().filter(|change| matches!(change.kind, ChangeKind::Delete | ChangeKind::Forget));
    let leaving: HashMap<ObjectKey, &[Address]> =
        leaving.map(|change| (change.key(), change.depends_on.as_slice())).collect();
    for (key, object) in state.unordered() {
        for used in
            object.depends_on.iter().map(|used| present(&now, used)).filter(|used| going.contains(used))
        {
            let address = present(&now, &key.address).clone();
            let user = ObjectKey { address, deposed: key.deposed.clone() };
            let known = leaving.get(&user).is_some_and(|depends_on| depends_on.contains(used))
                || plan.used_by.get(used).is_some_and(|users| users.contains(&user));
            if !known && user.address != *used {
                return Some(format!("{key} uses {used} since"));
            }
        }
    }
    None
}

/// No other address has adopted what the plan adopts.
fn check_taken_over(plan: &Plan, state: &State, _: Option<&str>) -> Option<String> {
    let adopted = plan.changes.iter().filter(|change| change.kind == ChangeKind::Adopt);
    let adopted: HashMap<(&str, &str), &Address> = adopted
        .filter_map(|change| Some(((change.type_name.as_str(), change.id.as_deref()?), &change.address)))
        .collect();
    if adopted.is_empty() {
        return None;
    }
    state.unordered().find_map(|(key, object)| {
        let address = adopted.get(&(object.type_name.as_str(), object.id.as_str()))?;
        Some(format!("{key} now has {}, which {address} takes over", object.id))
    })
}

/// No output in the plan has another recorded value now.
fn check_outputs(plan: &Plan, state: &State, _: Option<&str>) -> Option<String> {
    let (then, now) = (&plan.recorded_outputs, state.outputs());
    if then == now {
        return None;
    }
    let mut names = then.keys().chain(now.keys());
    let changed = names.find(|name| {
        let (then, now) = (then.get(*name), now.get(*name));
        then != now
            && match plan.outputs.get(*name) {
                Some(Expr::Literal(value)) => now != Some(value),
                Some(_) => false,
                None => now.is_some(),
            }
    });
    changed.map(|name| format!("the output {name} has changed since"))
}
