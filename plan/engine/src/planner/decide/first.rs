//! Which replacements have to make the new one first.

use std::collections::HashSet;

use super::Decider;
use crate::{
    plan::{Change, ChangeKind, ReplaceOrder},
    planner::coexist::{can_coexist, holds},
};

impl Decider<'_> {
    /// What a create-first replacement depends on must be there first too: its own replacement cannot begin with a
    /// destroy, because that would have to wait for the dependent's. And what a node refers to that is changed in place
    /// cannot go while that still refers to it.
    pub(super) fn force_create_first(&mut self) {
        for &index in self.context.dependencies.order().iter().rev() {
            let Some(change) = &self.changes[index] else { continue };
            if change.kind != ChangeKind::Replace(ReplaceOrder::DestroyFirst) {
                continue;
            }
            let forced = self.users(index).into_iter().any(|user| match user.kind {
                ChangeKind::Replace(order) => order == ReplaceOrder::CreateFirst,
                ChangeKind::Update => self.can_make_room(user, change),
                _ => false,
            });
            if let Some(change) = self.changes[index].as_mut().filter(|_| forced) {
                change.kind = ChangeKind::Replace(ReplaceOrder::CreateFirst);
                change.create_before_destroy = true;
            }
        }
    }

    /// What changes and refers to a node, be it by way of a data source.
    fn users(&self, index: usize) -> Vec<&Change> {
        let dependencies = self.context.dependencies;
        let mut open: Vec<usize> = dependencies.above(index).collect();
        let (mut seen, mut changes) = (HashSet::new(), Vec::new());
        while let Some(user) = open.pop() {
            let Some(change) = self.changes[user].as_deref() else { continue };
            if change.kind != ChangeKind::Read {
                changes.push(change);
            } else if seen.insert(user) {
                open.extend(dependencies.above(user));
            }
        }
        changes
    }

    /// Whether a replaced thing is held by its user, and the new one can be there beside it.
    fn can_make_room(&self, user: &Change, change: &Change) -> bool {
        let known = |change: &Change| self.context.registry.resource_type(change.type_name.as_str());
        let (Some(user), Some(used)) = (known(user), known(change)) else { return false };
        holds(user, used) && can_coexist(used, change)
    }
}
