//! The changes as a list: what the stack wants in the order of declaration, then what goes.

use landform_core::{Address, Ignore, OnConflict, stack::Moved};

use super::Decider;
use crate::plan::{Change, ChangeKind, Reason};

impl Decider<'_> {
    /// Numbers the changes: the stack's in the order of declaration, then what goes.
    pub(super) fn gather(&mut self, moves: &[Moved]) {
        let decided = &mut self.decided;
        for (index, change) in self.changes.drain(..).enumerate() {
            let place = change.map(|change| {
                decided.changes.push(change);
                decided.changes.len() as u32 - 1
            });
            if place.is_none()
                && !self.context.options.destroy
                && let Some(node) = self.context.stack.node_at(index).filter(|node| !node.address.is_data())
            {
                decided.unchanged.push(node.address.clone());
            }
            decided.change_of.push(place);
        }
        let declared = decided.changes.len();
        let moved: std::collections::HashSet<&Address> = moves.iter().map(|moved| &moved.from).collect();
        for (key, object) in self.context.state.unordered() {
            let address = &key.address;
            let removed = self.context.stack.removals().contains(address);
            let wanted = self.context.stack.node(address.as_str()).is_some() && !removed;
            let goes = self.context.options.destroy || !wanted || key.deposed.is_some();
            if !goes || moved.contains(address) || !self.selection.contains(address) {
                continue;
            }
            if self.world.gone.contains(&key) {
                continue;
            }
            let reason = if key.deposed.is_some() {
                Reason::Deposed
            } else if removed {
                Reason::Removed
            } else if object.retain_on_delete {
                Reason::Retained
            } else if self.context.options.destroy {
                Reason::Destroy
            } else {
                Reason::NotDeclared
            };
            let kind = match reason {
                Reason::Removed | Reason::Retained => ChangeKind::Forget,
                _ => ChangeKind::Delete,
            };
            decided.changes.push(Change {
                address: address.clone(),
                type_name: object.type_name.clone(),
                provider: object.provider.clone(),
                kind,
                reason,
                before: object.args.value().ok(),
                after: None,
                fields: Vec::new(),
                id: Some(object.id.clone()),
                deposed: key.deposed.clone(),
                depends_on: object.depends_on.clone(),
                create_before_destroy: object.create_before_destroy,
                retain_on_delete: object.retain_on_delete,
                on_conflict: OnConflict::Fail,
                timeout: None,
                ignore_changes: Ignore::default(),
            });
        }
        decided.changes[declared..].sort_by(|a, b| (&a.address, &a.deposed).cmp(&(&b.address, &b.deposed)));
    }
}
