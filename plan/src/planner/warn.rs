//! What a plan should warn of. Changes nothing.

use std::collections::HashSet;

use landform_core::Address;

use crate::{
    journal::State,
    plan::{Change, ChangeKind, Warning},
};

/// What stays in the world although what it was made from goes.
pub(super) fn warnings(state: &State, changes: &[Change]) -> Vec<Warning> {
    let going: HashSet<&Address> =
        changes.iter().filter(|change| change.takes_away()).map(|change| &change.address).collect();
    let left = |change: &&Change| match change.kind {
        ChangeKind::Forget => true,
        ChangeKind::Replace(_) => !change.takes_away(),
        _ => false,
    };
    let mut warnings = Vec::new();
    for change in changes.iter().filter(left) {
        let stays = change.key();
        let Some(object) = state.object(&stays) else { continue };
        let uses: HashSet<&Address> = object.depends_on.iter().collect();
        let mut goes: Vec<&Address> = uses.into_iter().filter(|used| going.contains(*used)).collect();
        goes.sort_unstable();
        let warning = |goes: &Address| Warning::LeftWithout { stays: stays.clone(), goes: goes.clone() };
        warnings.extend(goes.into_iter().map(warning));
    }
    warnings
}
