//! The basis of a plan in the state. An apply compares it with the state at that time.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use landform_core::{Address, stack::Moved};

use crate::{
    journal::{ObjectKey, ObjectState, State},
    plan::{self, Change, ChangeKind},
};

/// A digest of each object in the basis, by its key in the state; `None` where the state has no object.
///
/// The basis has everything that changes or was read again, its dependencies, everything that is renamed and its new
/// address, and the sources of the outputs.
pub(super) fn basis(
    recorded: &State,
    changes: &[Change],
    refreshed: &[(ObjectKey, Option<ObjectState>)],
    moves: &[Moved],
    feeds: BTreeSet<Address>,
) -> BTreeMap<ObjectKey, Option<String>> {
    let from: HashMap<&Address, &Address> = moves.iter().map(|moved| (&moved.to, &moved.from)).collect();
    let mut basis = BTreeMap::new();
    let mut rest_on = |key: ObjectKey| {
        basis.entry(key).or_insert_with_key(|key| recorded.object(key).map(|object| plan::digest(object)));
    };
    let known_as = |key: ObjectKey| match from.get(&key.address) {
        Some(from) => {
            let before = ObjectKey { address: (*from).clone(), deposed: key.deposed.clone() };
            if recorded.object(&before).is_some() { before } else { key }
        }
        None => key,
    };
    let changed = changes.iter().flat_map(|change| {
        let depends_on = change.depends_on.iter().map(ObjectKey::from);
        std::iter::once(change.key()).chain(depends_on)
    });
    let keys = changed
        .chain(refreshed.iter().map(|(key, _)| key.clone()))
        .chain(feeds.into_iter().map(ObjectKey::new));
    keys.filter(|key| !key.address.is_data()).map(known_as).for_each(&mut rest_on);
    for moved in moves {
        let deposed = recorded.deposed(&moved.from).map(|(key, _)| key.clone());
        deposed.chain([ObjectKey::from(&moved.from), ObjectKey::from(&moved.to)]).for_each(&mut rest_on);
    }
    basis
}

/// The dependents of what leaves the cloud, where no deletion of the plan names them.
pub(super) fn used_by(state: &State, changes: &[Change]) -> BTreeMap<Address, BTreeSet<ObjectKey>> {
    let going: HashSet<&Address> =
        changes.iter().filter(|change| change.takes_away()).map(|change| &change.address).collect();
    let mut users: BTreeMap<Address, BTreeSet<ObjectKey>> = BTreeMap::new();
    if going.is_empty() {
        return users;
    }
    // Such a change depends on what its object was made from.
    let leaving =
        changes.iter().filter(|change| matches!(change.kind, ChangeKind::Delete | ChangeKind::Forget));
    let leaving: HashSet<ObjectKey> = leaving.map(Change::key).collect();
    for (key, object) in state.unordered() {
        for used in object.depends_on.iter().filter(|used| going.contains(used)) {
            if *used != key.address && !leaving.contains(&key) {
                users.entry(used.clone()).or_default().insert(key.clone());
            }
        }
    }
    users
}
