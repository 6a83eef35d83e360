//! Records that change while the object itself does not: how it may be deleted, its dependencies, and the nodes that
//! trigger its replacement.

use std::{collections::BTreeMap, sync::Arc};

use landform_core::{Address, Node, Token};

use super::Decider;
use crate::{
    journal::{ObjectKey, ObjectState},
    plan::{Change, ChangeKind, Reason},
    registry::Managed,
};

impl Decider<'_> {
    /// Why a node triggers a replacement: it changes with this plan, or it has changed since the replaced node was
    /// created.
    pub(super) fn trigger(&self, node: &Node, object: &ObjectState) -> Option<Reason> {
        let causes = &node.lifecycle.replace_triggered_by;
        let changes = causes.iter().find(|cause| self.changes_with_this_plan(cause));
        let due = || causes.iter().find(|cause| self.has_changed(cause, object));
        changes.cloned().map(Reason::Triggered).or_else(|| due().cloned().map(Reason::Due))
    }

    /// A node that is new, or adopted as it is, has not changed.
    fn changes_with_this_plan(&self, cause: &Address) -> bool {
        let index = self.context.stack.index_of(cause);
        index.and_then(|index| self.changes[index].as_ref()).is_some_and(|change| match change.kind {
            ChangeKind::Update | ChangeKind::Replace(_) => true,
            ChangeKind::Create => change.reason == Reason::Vanished,
            ChangeKind::Adopt => !change.fields.is_empty(),
            ChangeKind::Delete | ChangeKind::Forget | ChangeKind::Read => false,
        })
    }

    /// Whether a trigger has changed since an object was created.
    fn has_changed(&self, cause: &Address, object: &ObjectState) -> bool {
        match (object.triggers.get(cause), self.context.state.get(cause)) {
            (None, _) | (Some(None), None) => false,
            (Some(Some(then)), now) => now.is_none_or(|now| now.edition() != then),
            (Some(None), Some(now)) => now.revised.is_some(),
        }
    }

    /// Notes what to record of an object, whether it changes or not.
    pub(super) fn bookkeep(
        &mut self,
        node: &Node,
        managed: &Managed,
        object: &Arc<ObjectState>,
        change: Option<&Change>,
    ) {
        let lifecycle = &node.lifecycle;
        let triggers = self.triggers(&lifecycle.replace_triggered_by, object);
        let kind = change.map(|change| change.kind);
        // If the replaced object is left behind, its record says whether it is retained.
        let retain_on_delete = match kind {
            None | Some(ChangeKind::Replace(_)) => lifecycle.retain_on_delete,
            Some(_) => object.retain_on_delete,
        };
        let same = triggers == object.triggers && retain_on_delete == object.retain_on_delete;
        if kind.is_some() {
            if !same {
                self.record(node, ObjectState { triggers, retain_on_delete, ..(**object).clone() });
            }
            return;
        }
        let depends_on = self.depends_on(node);
        let create_before_destroy = lifecycle.create_before_destroy;
        let same = same
            && depends_on == object.depends_on
            && create_before_destroy == object.create_before_destroy
            && *managed.provider == *object.provider;
        if !same {
            let provider = managed.provider.to_string();
            let object = (**object).clone();
            self.record(
                node,
                ObjectState {
                    triggers,
                    depends_on,
                    create_before_destroy,
                    retain_on_delete,
                    provider,
                    ..object
                },
            );
        }
    }

    /// Notes the triggers of a node that is not selected, because a selected trigger may change now.
    pub(super) fn remember_triggers(&mut self, node: &Node, object: &Arc<ObjectState>) {
        if !node.lifecycle.replace_triggered_by.is_empty() {
            let triggers = self.triggers(&node.lifecycle.replace_triggered_by, object);
            if triggers != object.triggers {
                self.record(node, ObjectState { triggers, ..(**object).clone() });
            }
        }
    }

    fn record(&mut self, node: &Node, next: ObjectState) {
        self.decided.records.push((ObjectKey::new(node.address.clone()), Some(next)));
    }

    /// The triggers of an object, each with its version at the creation of the object or, if that was not recorded,
    /// with its current version.
    fn triggers(&self, causes: &[Address], object: &ObjectState) -> BTreeMap<Address, Option<Token>> {
        let edition = |cause: &Address| {
            let now = self.context.state.get(cause);
            let edition = match object.triggers.get(cause) {
                Some(Some(then)) => Some(then.clone()),
                Some(None) => now.filter(|now| now.revised.is_none()).map(|now| now.token.clone()),
                None => now.map(|now| now.edition().clone()),
            };
            (cause.clone(), edition)
        };
        causes.iter().map(edition).collect()
    }
}
