//! A plan: the intended changes as data. Changes tell people what and why; actions tell the executor the order. Decides
//! and does nothing itself.

mod change;
mod check;
mod configuration;
mod file;
mod warning;
mod whole;
pub(crate) mod withheld;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use landform_core::{Address, expr::Expr, stack::Moved};
use serde::{Deserialize, Serialize};

pub use change::{Change, ChangeKind, Drift, FieldChange, Reason, ReplaceOrder};
pub use check::{Answer, Check, When};
pub use configuration::Configuration;
pub use file::PlanFileError;
pub use warning::Warning;

use crate::journal::{ObjectKey, ObjectState};

/// The version of the stored form of plans.
pub const FORMAT: u32 = 1;

/// A plan: the exact actions of an apply.
///
/// Indices lead from actions to changes, and from actions to their predecessors.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct Plan {
    /// The version of this form.
    pub format: u32,
    /// The stack.
    pub stack: String,
    /// The lineage of the state at planning time; `None` if there was no state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lineage: Option<String>,
    /// Whether the plan destroys everything.
    pub destroy: bool,
    /// Whether targets or exclusions left something out.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub partial: bool,
    /// The changes in the order of declaration, with deletions last.
    pub changes: Vec<Change>,
    /// The unchanged nodes in the order of declaration, without those that targets or exclusions left out.
    pub unchanged: Vec<Address>,
    /// The steps.
    pub actions: Vec<Action>,
    /// The conditions that the steps decide.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<Check>,
    /// What data sources answered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<Answer>,
    /// The providers that are opened before the first step. A step opens the others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub configurations: Vec<Configuration>,
    /// The differences between the cloud and the state.
    pub drift: Vec<Drift>,
    /// Objects that were read just now, or whose record changes without a change in the cloud. An apply records them.
    pub refreshed: Vec<(ObjectKey, Option<ObjectState>)>,
    /// The objects of `refreshed` without their possibly secret parts in a stored plan, and digests of those parts.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) withheld: withheld::Withheld,
    /// The basis of the plan: a digest of each object, or that there was none.
    pub basis: BTreeMap<ObjectKey, Option<String>>,
    /// The dependents of the objects that the plan removes from the cloud, unless a deletion names them itself.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub used_by: BTreeMap<Address, BTreeSet<ObjectKey>>,
    /// Warnings for people before they apply the plan.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Warning>,
    /// Renamed nodes.
    pub moves: Vec<Moved>,
    /// The outputs, with unknown values left open.
    pub outputs: BTreeMap<String, Expr>,
    /// The recorded outputs, without secret ones.
    #[serde(default, skip_serializing_if = "serde_json::Map::is_empty")]
    pub recorded_outputs: serde_json::Map<String, serde_json::Value>,
}

/// One step of a plan.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Action {
    /// The change that the action belongs to; `None` for an action that only connects others or checks a condition.
    pub change: Option<u32>,
    /// The condition that it decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<u32>,
    /// The action.
    pub verb: Verb,
    /// The actions that must be done first.
    pub after: Vec<u32>,
    /// How long it takes on a real cloud, in seconds.
    pub takes: f64,
}

/// What one step does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    /// Makes the resource.
    Create,
    /// Changes it in place.
    Update,
    /// Deletes it.
    Delete,
    /// Takes over an existing object.
    Adopt,
    /// Removes the resource from the state and leaves it in the cloud.
    Forget,
    /// Reads a data source.
    Read,
    /// Decides a condition.
    Check,
    /// Does nothing; only connects other actions.
    Pass,
}

/// The number of changes of each kind, for the last line of a plan.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Created.
    pub added: usize,
    /// Updated in place.
    pub changed: usize,
    /// Replaced.
    pub replaced: usize,
    /// Destroyed.
    pub destroyed: usize,
    /// Taken over.
    #[serde(default)]
    pub adopted: usize,
    /// Forgotten.
    #[serde(default)]
    pub forgotten: usize,
    /// Data sources read.
    #[serde(default)]
    pub read: usize,
}

impl fmt::Display for Plan {
    /// One line with the number of changes. A view shows the changes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("no changes");
        }
        let Counts { added, changed, replaced, destroyed, adopted, forgotten, read } = self.counts();
        let parts = [
            (added, "to add"),
            (changed, "to change"),
            (replaced, "to replace"),
            (destroyed, "to destroy"),
            (adopted, "to adopt"),
            (forgotten, "to forget"),
            (read, "to read"),
            (self.moves.len(), "moved"),
        ];
        let mut said = parts.into_iter().filter(|(count, _)| *count > 0).peekable();
        if said.peek().is_none() {
            return f.write_str("changes to outputs");
        }
        for (place, (count, what)) in said.enumerate() {
            write!(f, "{}{count} {what}", if place > 0 { ", " } else { "" })?;
        }
        Ok(())
    }
}

impl Plan {
    /// Whether an apply would change neither the cloud nor the outputs. It may still have something to
    /// [record](Plan::records).
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.moves.is_empty() && !self.changes_outputs()
    }

    /// Whether an apply would change the recorded outputs. Secrets are never recorded.
    pub fn changes_outputs(&self) -> bool {
        let known = |expr: &Expr| match expr {
            Expr::Literal(value) => Some(value.clone()),
            _ => None,
        };
        let known = self.outputs.iter().filter_map(|(name, expr)| Some((name.clone(), known(expr)?)));
        known.collect::<serde_json::Map<_, _>>() != self.recorded_outputs
    }

    /// Whether an apply would not even write to the state.
    pub(crate) fn records_nothing(&self) -> bool {
        self.is_empty() && self.refreshed.is_empty() && !self.changes_outputs()
    }

    /// Whether an apply would write to the state, even if only a record changes: a dependency, or whether an object is
    /// retained.
    pub fn records(&self) -> bool {
        !self.records_nothing()
    }

    /// The node of a step.
    pub fn address_of(&self, action: &Action) -> Option<&Address> {
        let change = action.change.map(|change| &self.changes[change as usize].address);
        change.or_else(|| action.check.map(|check| &self.checks[check as usize].address))
    }

    /// The counts.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for change in &self.changes {
            match change.kind {
                ChangeKind::Create => counts.added += 1,
                ChangeKind::Update => counts.changed += 1,
                ChangeKind::Replace(_) => counts.replaced += 1,
                ChangeKind::Delete => counts.destroyed += 1,
                ChangeKind::Adopt => counts.adopted += 1,
                ChangeKind::Forget => counts.forgotten += 1,
                ChangeKind::Read => counts.read += 1,
            }
        }
        counts
    }

    /// How long the apply takes on a real cloud, in seconds, if all independent steps run at the same time: the
    /// length of the critical path.
    pub fn critical_path(&self) -> f64 {
        let mut done = vec![f64::NAN; self.actions.len()];
        let mut longest = 0.0_f64;
        for start in 0..self.actions.len() {
            let mut stack = vec![start];
            while let Some(&index) = stack.last() {
                if !done[index].is_nan() {
                    stack.pop();
                    continue;
                }
                let action = &self.actions[index];
                let open =
                    action.after.iter().map(|after| *after as usize).filter(|after| done[*after].is_nan());
                let before = stack.len();
                stack.extend(open);
                if stack.len() == before {
                    let ready = action.after.iter().map(|after| done[*after as usize]).fold(0.0, f64::max);
                    done[index] = ready + action.takes;
                    longest = longest.max(done[index]);
                    stack.pop();
                }
            }
        }
        longest
    }

    /// The change of an address.
    pub fn change(&self, address: &str) -> Option<&Change> {
        self.changes.iter().find(|change| change.address.as_str() == address)
    }
}

/// A digest that identifies one version of an object.
pub(crate) fn digest(object: &ObjectState) -> String {
    use sha2::{Digest, Sha256};
    let mut hash = Sha256::new();
    for part in [object.id.as_str(), object.args.as_str(), object.attributes.as_str()] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.update([u8::from(object.tainted)]);
    if object.retain_on_delete {
        hash.update("retain");
    }
    hex::encode(&hash.finalize()[..12])
}
