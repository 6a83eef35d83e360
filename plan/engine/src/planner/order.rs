//! The order of steps. Creations follow the references of the stack, deletions follow the dependencies in the state.

use std::collections::HashMap;

use landform_core::{
    Address,
    graph::{self, Cycle, Dependencies, EdgeReason},
};
use petgraph::{graph::DiGraph, graph::NodeIndex};

use super::{Context, decide::Decided, release::Releases};
use crate::{
    EngineError, Result,
    plan::{Action, ChangeKind, ReplaceOrder, Verb, When},
};

pub(super) fn actions(context: &Context<'_>, decided: &mut Decided) -> Result<Vec<Action>> {
    let mut releases = Releases::find(context, decided);
    loop {
        let mut steps = Steps::default();
        let placed = steps.place(context, decided);
        steps.order_making(decided, context.dependencies, &placed, &releases);
        steps.order_going(context, decided);
        steps.order_releases(&releases);
        let Some(cycle) = steps.cycle() else { return Ok(steps.actions) };
        if !make_first(decided, &steps, &cycle) && !releases.give_up(&steps, &cycle) {
            return Err(EngineError::ActionCycle(steps.described(decided, &cycle)));
        }
    }
}

/// Lets replacements in a cycle create the new object first: a creation never waits for a deletion, except in a
/// replacement that destroys first. Returns whether there was such a cycle.
fn make_first(decided: &mut Decided, steps: &Steps, cycle: &[(u32, u32)]) -> bool {
    let mut any = false;
    for (step, _) in cycle {
        let Some(change) = steps.actions[*step as usize].change else { continue };
        let change = &mut decided.changes[change as usize];
        if change.kind == ChangeKind::Replace(ReplaceOrder::DestroyFirst) {
            change.kind = ChangeKind::Replace(ReplaceOrder::CreateFirst);
            change.create_before_destroy = true;
            any = true;
        }
    }
    any
}

#[derive(Default)]
pub(super) struct Steps {
    pub(super) actions: Vec<Action>,
    /// For each change, the step after which its node is as planned, and the step that deletes the old object.
    made: Vec<Option<u32>>,
    gone: Vec<Option<u32>>,
}

impl Steps {
    fn push(&mut self, change: Option<u32>, verb: Verb, takes: f64) -> u32 {
        self.actions.push(Action { change, check: None, verb, after: Vec::new(), takes });
        self.actions.len() as u32 - 1
    }

    fn after(&mut self, step: u32, before: u32) {
        let after = &mut self.actions[step as usize].after;
        if after.last() != Some(&before) {
            after.push(before);
        }
    }

    /// Makes the steps of every change. Returns the index of each change in the action graph.
    fn place(&mut self, context: &Context<'_>, decided: &Decided) -> Vec<Option<u32>> {
        for (index, change) in decided.changes.iter().enumerate() {
            let index = Some(index as u32);
            let resource_type = context.registry.resource_type(change.type_name.as_str());
            let takes = resource_type.map(|resource_type| resource_type.takes);
            let [create, update, delete] =
                takes.map_or([0.0; 3], |takes| [takes.create, takes.update, takes.delete]);
            let (made, gone) = match change.kind {
                ChangeKind::Create => (Some(self.push(index, Verb::Create, create)), None),
                ChangeKind::Update => (Some(self.push(index, Verb::Update, update)), None),
                ChangeKind::Read => (Some(self.push(index, Verb::Read, create)), None),
                ChangeKind::Adopt => (Some(self.push(index, Verb::Adopt, update)), None),
                ChangeKind::Delete => (None, Some(self.push(index, Verb::Delete, delete))),
                ChangeKind::Forget => (None, Some(self.push(index, Verb::Forget, 0.0))),
                ChangeKind::Replace(order) => {
                    let made = self.push(index, Verb::Create, create);
                    let gone = match change.takes_away() {
                        true => self.push(index, Verb::Delete, delete),
                        false => self.push(index, Verb::Forget, 0.0),
                    };
                    match order {
                        ReplaceOrder::DestroyFirst => self.after(made, gone),
                        ReplaceOrder::CreateFirst => self.after(gone, made),
                    }
                    (Some(made), Some(gone))
                }
            };
            self.made.push(made);
            self.gone.push(gone);
        }
        decided.change_of.iter().map(|change| change.and_then(|change| self.made[change as usize])).collect()
    }

    /// A node is created after its references exist and its preconditions hold. Its dependents wait for its
    /// postconditions. An unchanged node that waits for a change passes the wait on.
    fn order_making(
        &mut self,
        decided: &Decided,
        dependencies: &Dependencies<'_>,
        placed: &[Option<u32>],
        releases: &Releases,
    ) {
        if decided.changes.is_empty() && decided.checks.is_empty() {
            return;
        }
        let mut checks: HashMap<(usize, When), Vec<u32>> = HashMap::new();
        for (place, (node, check)) in decided.checks.iter().enumerate() {
            checks.entry((*node, check.when)).or_default().push(place as u32);
        }
        let mut placed = placed.to_vec();
        for &node in dependencies.order() {
            let mut before: Vec<u32> = dependencies
                .below(node)
                .filter(|below| !releases.lets_go_first(node, *below))
                .filter_map(|below| placed[below])
                .collect();
            before.sort_unstable();
            before.dedup();
            if let Some(checks) = checks.get(&(node, When::Before)) {
                before = self.decide(checks, &before);
            }
            if let Some(checks) = checks.get(&(node, When::After)) {
                let made = placed[node].inspect(|made| self.after_all(*made, &before));
                let before = made.map_or(before, |made| vec![made]);
                let decided = self.decide(checks, &before);
                let passed = self.push(None, Verb::Pass, 0.0);
                self.after_all(passed, &decided);
                placed[node] = Some(passed);
                continue;
            }
            if before.is_empty() {
                continue;
            }
            let step = match placed[node] {
                Some(step) => step,
                None if dependencies.above(node).next().is_some() => {
                    let step = self.push(None, Verb::Pass, 0.0);
                    placed[node] = Some(step);
                    step
                }
                None => continue,
            };
            self.after_all(step, &before);
        }
    }

    /// Adds a step for each condition, after the steps that it waits for.
    fn decide(&mut self, checks: &[u32], before: &[u32]) -> Vec<u32> {
        let step = |check: &u32| {
            let step = self.push(None, Verb::Check, 0.0);
            self.actions[step as usize].check = Some(*check);
            self.after_all(step, before);
            step
        };
        checks.iter().map(step).collect()
    }

    fn after_all(&mut self, step: u32, before: &[u32]) {
        before.iter().for_each(|before| self.after(step, *before));
    }

    /// A deletion waits for every user of the object: for the user's deletion, or for its change to something else.
    fn order_going(&mut self, context: &Context<'_>, decided: &Decided) {
        let going: HashMap<&Address, Vec<u32>> = {
            let mut going: HashMap<&Address, Vec<u32>> = HashMap::new();
            for (index, change) in decided.changes.iter().enumerate() {
                if self.gone[index].is_some() {
                    going.entry(&change.address).or_default().push(index as u32);
                }
            }
            going
        };
        if going.is_empty() {
            return;
        }
        let mut of: HashMap<&Address, Vec<u32>> = HashMap::new();
        for (index, change) in decided.changes.iter().enumerate() {
            of.entry(&change.address).or_default().push(index as u32);
        }
        for changes in of.values().filter(|changes| changes.len() > 1) {
            self.keep_one(decided, changes);
        }
        for (key, object) in context.state.unordered() {
            let user = &key.address;
            let Some(changes) = of.get(user) else { continue };
            for used in object.depends_on.iter().filter(|used| *used != user) {
                for &went in going.get(used).into_iter().flatten() {
                    for &change in changes {
                        self.order_pair(decided, change, went, key.deposed.is_some());
                    }
                }
            }
        }
    }

    fn order_pair(&mut self, decided: &Decided, user: u32, went: u32, user_is_deposed: bool) {
        let Some(step) = self.gone[went as usize] else { return };
        let user_change = &decided.changes[user as usize];
        if user_change.deposed.is_some() != user_is_deposed {
            return;
        }
        let went = &decided.changes[went as usize];
        let stays_with = went.kind == ChangeKind::Replace(ReplaceOrder::DestroyFirst)
            && user_change.depends_on.contains(&went.address);
        if let Some(gone) = self.gone[user as usize] {
            self.after(step, gone);
        } else if let Some(made) = self.made[user as usize]
            && !stays_with
        {
            self.after(step, made);
        }
    }

    /// A change that takes something away waits until its users have stopped using it.
    fn order_releases(&mut self, releases: &Releases) {
        for release in &releases.all {
            let Some(step) = self.made[release.change as usize] else { continue };
            for user in &release.users {
                let let_go = self.gone[user.change as usize].or(self.made[user.change as usize]);
                if let Some(let_go) = let_go {
                    self.after(step, let_go);
                }
            }
        }
    }

    /// A retained or set-aside object is deleted only when there is a new one.
    fn keep_one(&mut self, decided: &Decided, changes: &[u32]) {
        let made = changes.iter().find_map(|change| self.made[*change as usize]);
        let aside = |change: &&u32| decided.changes[**change as usize].deposed.is_some();
        for change in changes.iter().filter(aside) {
            if let (Some(gone), Some(made)) = (self.gone[*change as usize], made) {
                self.after(gone, made);
            }
        }
    }

    /// The smallest cycle of steps, each with the step that it waits for.
    fn cycle(&self) -> Option<Vec<(u32, u32)>> {
        let mut steps: DiGraph<(), (), u32> = DiGraph::with_capacity(self.actions.len(), 0);
        for _ in &self.actions {
            steps.add_node(());
        }
        for (index, action) in self.actions.iter().enumerate() {
            for after in &action.after {
                steps.add_edge(NodeIndex::new(index), NodeIndex::new(*after as usize), ());
            }
        }
        let ends =
            |edge| steps.edge_endpoints(edge).map(|(from, to)| (from.index() as u32, to.index() as u32));
        Some(graph::smallest_cycle(&steps)?.into_iter().filter_map(ends).collect())
    }

    fn described(&self, decided: &Decided, cycle: &[(u32, u32)]) -> Cycle {
        let edges = cycle.iter().filter_map(|(step, _)| {
            let change = self.actions[*step as usize].change?;
            Some((decided.changes[change as usize].address.clone(), EdgeReason::Explicit))
        });
        Cycle(edges.collect())
    }
}
