//! What a plan rests on, as the state has it: whoever applies the plan later compares this with what the state has then.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use landform_core::{Address, stack::Moved};

use crate::{
    journal::{ObjectKey, ObjectState, State},
    plan::{self, Change, ChangeKind},
};

/// A digest of each object that a plan rests on, under the key by which the state knows it; `None` where it knows none.
///
/// A plan rests on what changes or was read anew, on what that depends on, on what is renamed and the place that it is
/// renamed to, and on what fed its outputs.
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

/// Who was made from what leaves the world, where no deletion of the plan says it.
pub(super) fn used_by(state: &State, changes: &[Change]) -> BTreeMap<Address, BTreeSet<ObjectKey>> {
    let going: HashSet<&Address> =
        changes.iter().filter(|change| change.takes_away()).map(|change| &change.address).collect();
    let mut users: BTreeMap<Address, BTreeSet<ObjectKey>> = BTreeMap::new();
    if going.is_empty() {
        return users;
    }
    // What such a change depends on is what its object was made from.
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
