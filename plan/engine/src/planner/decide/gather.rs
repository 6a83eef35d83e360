//! The list of changes: those of the stack in the order of declaration, then the deletions.

use landform_core::{Budget, Ignore, OnConflict};

use super::Decider;
use crate::{
    journal::{ObjectKey, ObjectState},
    plan::{Change, ChangeKind, Reason},
};

impl Decider<'_> {
    /// Numbers the changes: those of the stack in the order of declaration, then the deletions.
    pub(super) fn gather(&mut self) {
        let decided = &mut self.decided;
        for (index, change) in self.changes.drain(..).enumerate() {
            let place = change.map(|change| {
                decided.changes.push(*change);
                decided.changes.len() as u32 - 1
            });
            if place.is_none()
                && !self.context.options.destroy
                && let address = &self.context.dependencies.node(index).address
                && !address.is_data()
                && self.selection.contains(address)
            {
                decided.unchanged.push(address.clone());
            }
            decided.change_of.push(place);
        }
        let declared = decided.changes.len();
        for (key, object) in self.context.state.unordered() {
            let Some(reason) = self.leaves(&key, object) else { continue };
            let address = &key.address;
            let decided = &mut self.decided;
            let kind = match reason {
                Reason::Removed | Reason::Retained => ChangeKind::Forget,
                Reason::Deposed if object.retain_on_delete => ChangeKind::Forget,
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
                budget: Budget::new(),
                replace_triggered_by: Vec::new(),
                ignore_changes: Ignore::default(),
                forecast: None,
            });
        }
        let leaving = &mut self.decided.changes[declared..];
        leaving.sort_by(|a, b| (&a.address, &a.deposed).cmp(&(&b.address, &b.deposed)));
    }

    /// Why an object leaves the state; `None` if it stays, is already gone, or is not selected.
    fn leaves(&self, key: &ObjectKey, object: &ObjectState) -> Option<Reason> {
        let address = &key.address;
        let destroy = self.context.options.destroy;
        let stays = !destroy && key.deposed.is_none() && self.context.stack.node(address.as_str()).is_some();
        if stays || !self.selection.contains(address) || self.world.gone.contains(key) {
            return None;
        }
        Some(if self.context.removed.contains(address) {
            Reason::Removed
        } else if key.deposed.is_some() {
            Reason::Deposed
        } else if object.retain_on_delete {
            Reason::Retained
        } else if destroy {
            Reason::Destroy
        } else {
            Reason::NotDeclared
        })
    }
}
