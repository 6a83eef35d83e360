//! Which replacements have to create the new object first.

use std::collections::HashSet;

use super::Decider;
use crate::{
    plan::{Change, ChangeKind, ReplaceOrder},
    planner::coexist::{can_coexist, holds},
};

impl Decider<'_> {
    /// The dependencies of a create-first replacement must also be created first: a dependency cannot begin with its
    /// deletion, because that would wait for the dependent. And a dependency cannot be deleted while a node that
    /// changes in place still refers to it.
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

    /// The changing nodes that refer to a node, directly or through a data source.
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

    /// Whether a user holds a replaced object, and the new object can exist beside it.
    fn can_make_room(&self, user: &Change, change: &Change) -> bool {
        let known = |change: &Change| self.context.registry.resource_type(change.type_name.as_str());
        let (Some(user), Some(used)) = (known(user), known(change)) else { return false };
        holds(user, used) && can_coexist(used, change)
    }
}
