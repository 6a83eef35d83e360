//! Warnings of a plan. Changes nothing.

use std::collections::{HashMap, HashSet};

use landform_core::{Address, Stack, expr::Glance, path::Trail, schema::Walk};

use crate::{
    journal::State,
    plan::{Change, ChangeKind, Warning},
    registry::{Registry, deprecates},
};

/// Objects that stay in the cloud although an object that they use is deleted.
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

/// Nodes of a stack that use deprecated fields.
pub(super) fn deprecated(stack: &Stack, registry: &Registry) -> Vec<Warning> {
    let (mut known, mut warnings) = (HashMap::new(), Vec::new());
    if !registry.deprecates() {
        return warnings;
    }
    for node in stack.nodes() {
        let type_name = node.address.type_str();
        let resource_type = *known.entry(type_name).or_insert_with(|| {
            registry.resource_type(type_name).map(|known| &**known).filter(|known| deprecates(known))
        });
        let Some(resource_type) = resource_type else { continue };
        let arguments = Glance::at(&node.arguments);
        resource_type.arguments.top().each(arguments, &Trail::Top, &mut |place, value, at| {
            let why = place.field().and_then(|field| field.deprecated.clone()).filter(|_| !value.is_null());
            let Some(why) = why else { return Walk::Inside };
            warnings.push(Warning::Deprecated { address: node.address.clone(), path: at.path(), why });
            Walk::Past
        });
    }
    warnings
}
