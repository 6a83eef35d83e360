//! Changes in place that take away something in use, and the users that must stop using it first.

use std::collections::{HashMap, HashSet};

use landform_core::{Address, expr::Expr};

use super::{Context, decide::Decided, order::Steps};
use crate::plan::{Change, ChangeKind};

/// The changes that wait for their users.
#[derive(Default)]
pub(super) struct Releases {
    pub all: Vec<Release>,
    /// The index of each change in `all`, by its node.
    of: HashMap<usize, usize>,
}

/// A change that takes something away, and the changes of its possible users.
pub(super) struct Release {
    pub change: u32,
    pub users: Vec<User>,
}

/// The change of a user. It has an index in the stack unless it leaves the stack.
pub(super) struct User {
    pub change: u32,
    /// The node, if its own change comes first and does not wait for what it uses.
    node: Option<usize>,
}

impl Releases {
    pub fn find(context: &Context<'_>, decided: &Decided) -> Self {
        let mut releases = Self::default();
        let mut users = None;
        for (node, change) in decided.change_of.iter().enumerate() {
            let Some(place) = *change else { continue };
            let change = &decided.changes[place as usize];
            if !change.forecast.as_ref().is_some_and(|forecast| forecast.releases) {
                continue;
            }
            let leaving = users.get_or_insert_with(|| leaving(context, decided));
            let mut users: Vec<User> =
                leaving.get(&change.address).into_iter().flatten().map(user_that_goes).collect();
            for user in context.dependencies.above(node) {
                let Some(place) = decided.change_of[user] else { continue };
                let user_change = &decided.changes[place as usize];
                if lets_go(user_change, &change.address) {
                    let takes_turns = matches!(user_change.kind, ChangeKind::Update | ChangeKind::Adopt);
                    users.push(User { change: place, node: takes_turns.then_some(user) });
                }
            }
            users.sort_by_key(|user| user.change);
            users.dedup_by_key(|user| user.change);
            releases.of.insert(node, releases.all.len());
            releases.all.push(Release { change: place, users });
        }
        releases
    }

    /// Whether a node must change before the node below it, because the change below removes what the node uses.
    pub fn lets_go_first(&self, node: usize, below: usize) -> bool {
        let release = self.of.get(&below).map(|place| &self.all[*place]);
        release.is_some_and(|release| release.users.iter().any(|user| user.node == Some(node)))
    }

    /// Restores the usual order for users in a cycle: they cannot change first, because they need a later step. Returns
    /// whether the cycle had such a user.
    pub fn give_up(&mut self, steps: &Steps, cycle: &[(u32, u32)]) -> bool {
        let changes: HashSet<u32> =
            cycle.iter().filter_map(|(step, _)| steps.actions[*step as usize].change).collect();
        let mut any = false;
        for release in self.all.iter_mut().filter(|release| changes.contains(&release.change)) {
            let before = release.users.len();
            release.users.retain(|user| !changes.contains(&user.change));
            any |= release.users.len() < before;
        }
        any
    }
}

/// The changes of objects that leave the stack, by what they used.
fn leaving<'a>(context: &Context<'a>, decided: &Decided) -> HashMap<&'a Address, Vec<u32>> {
    let mut goes: HashMap<_, u32> = HashMap::new();
    for (place, change) in decided.changes.iter().enumerate() {
        if matches!(change.kind, ChangeKind::Delete) {
            goes.insert(change.key(), place as u32);
        }
    }
    let mut users: HashMap<&Address, Vec<u32>> = HashMap::new();
    if goes.is_empty() {
        return users;
    }
    for (key, object) in context.state.unordered() {
        let Some(change) = goes.get(&key) else { continue };
        for used in &object.depends_on {
            users.entry(used).or_default().push(*change);
        }
    }
    users
}

fn user_that_goes(change: &u32) -> User {
    User { change: *change, node: None }
}

/// Whether a change stops using a node: the user leaves the stack, or it changes and does not wait for an answer of the
/// node's own change.
fn lets_go(change: &Change, used: &Address) -> bool {
    let mut waits = false;
    change
        .after
        .as_ref()
        .unwrap_or(&Expr::NULL)
        .each_reference(&mut |_, reference| waits |= reference.node == *used);
    match change.kind {
        ChangeKind::Update | ChangeKind::Adopt => !waits,
        ChangeKind::Replace(_) => true,
        ChangeKind::Delete => true,
        ChangeKind::Create | ChangeKind::Forget | ChangeKind::Read => false,
    }
}
