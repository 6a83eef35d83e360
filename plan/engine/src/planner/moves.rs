//! The renamings that still have something to rename. The rest of the planner sees the state after them, so no stage
//! has to know two addresses of one object.
//!
//! The moves of a stack form paths: each address has at most one predecessor and one successor, and there are no
//! circles (`Stack::check` guarantees that). An object on a path moves on to the next declared address, or to the end.

use std::collections::{HashMap, HashSet};

use landform_core::{Address, Stack, stack::Moved};

use super::{Context, Recorded, select::Selection};
use crate::{
    EngineError, Result,
    error::{MoveConflict, MoveProblem},
    journal::{JournalError, ObjectKey, ObjectState, Record, State},
};

/// The renamings of one path, in an order in which they can be done.
type Way = Vec<Moved>;

/// The renamings that have something to rename.
pub(super) struct Moves<'a> {
    ways: Vec<Way>,
    /// All renamings that the stack declares, including those already done.
    next: HashMap<&'a Address, &'a Address>,
}

impl<'a> Moves<'a> {
    /// Finds them. O(moves).
    ///
    /// # Errors
    /// Every path on which two objects would become one, or on which the place of an object is unclear. If everything
    /// is deleted, such objects are deleted at their old addresses.
    pub(super) fn find(stack: &'a Stack, state: &State, destroy: bool) -> Result<Self> {
        let next: HashMap<&Address, &Moved> =
            stack.moves().iter().map(|moved| (&moved.from, moved)).collect();
        let arriving: HashSet<&Address> = stack.moves().iter().map(|moved| &moved.to).collect();
        let removed: HashSet<&Address> = stack.removals().iter().map(|removed| &removed.address).collect();
        let (mut ways, mut problems) = (Vec::new(), Vec::new());
        let mut begun = HashSet::new();
        let starts = stack.moves().iter().filter(|moved| !arriving.contains(&moved.from));
        for start in starts.filter(|moved| begun.insert(&moved.from)) {
            let steps: Vec<&Moved> =
                std::iter::successors(Some(start), |moved| next.get(&moved.to).copied()).collect();
            let mut walk =
                Walk { stack, state, removed: &removed, steps, way: Vec::new(), problems: Vec::new() };
            walk.walk();
            problems.append(&mut walk.problems);
            if !walk.way.is_empty() {
                // An object makes room before another one takes its address.
                walk.way.reverse();
                ways.push(walk.way);
            }
        }
        if !destroy {
            EngineError::all(problems.into_iter().map(EngineError::Move))?;
        }
        Ok(Self { ways, next: next.into_iter().map(|(from, moved)| (from, &moved.to)).collect() })
    }

    /// Keeps the paths with a selected node.
    pub(super) fn keep(&mut self, selection: &Selection) {
        self.ways.retain(|way| way.iter().any(|moved| selection.contains(&moved.to)));
    }

    /// How many ways there are.
    pub(super) fn len(&self) -> usize {
        self.ways.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Moved> {
        self.ways.iter().flatten()
    }

    /// The state after the renamings, without open attempts. Also the objects whose record changes beyond their key:
    /// those that name a renamed object as a dependency.
    pub(super) fn done_to(&self, state: &State) -> Result<(State, Vec<Recorded>)> {
        let mut after = state.without_pending();
        if self.next.is_empty() {
            return Ok((after, Vec::new()));
        }
        let wrong = |key: &ObjectKey, error| JournalError::Integrity { place: key.to_string(), error };
        for moved in self.iter() {
            for (from, to) in keys(state, moved) {
                after.apply(Record::moved(from.clone(), to)).map_err(|error| wrong(&from, error))?;
            }
        }
        let now: HashMap<&Address, &Address> = self.iter().map(|moved| (&moved.from, &moved.to)).collect();
        let present =
            |address: &Address| now.get(address).copied().or_else(|| self.later(address, &after)).cloned();
        let mut records = Vec::new();
        for (key, object) in after.unordered() {
            let mut named = object.depends_on.iter().chain(object.triggers.keys());
            if named.any(|address| present(address).is_some()) {
                let present = |address: &Address| present(address).unwrap_or_else(|| address.clone());
                let mut depends_on: Vec<Address> = object.depends_on.iter().map(present).collect();
                depends_on.sort_unstable();
                depends_on.dedup();
                let triggers = object.triggers.iter();
                let triggers = triggers.map(|(cause, edition)| (present(cause), edition.clone())).collect();
                records.push((key, ObjectState { depends_on, triggers, ..(**object).clone() }));
            }
        }
        for (key, object) in &records {
            let record = Record::observed(key.clone(), object.clone());
            after.apply(record).map_err(|error| wrong(key, error))?;
        }
        Ok((after, records.into_iter().map(|(key, object)| (key, Some(object))).collect()))
    }

    /// The new address of an object that is no longer at its old one. An interrupted run may have renamed the object
    /// without updating its dependents.
    fn later(&self, address: &Address, state: &State) -> Option<&'a Address> {
        let there =
            |address: &Address| state.get(address).is_some() || state.deposed(address).next().is_some();
        let mut to = self.next.get(address).copied().filter(|_| !there(address))?;
        while !there(to) {
            to = self.next.get(to).copied()?;
        }
        Some(to)
    }
}

/// The records of a renaming that no stack declares: of the resource itself and of its dependents.
pub(crate) fn renaming(state: &State, from: &Address, to: &Address) -> Result<Vec<Record>> {
    let moved = Moved { from: from.clone(), to: to.clone(), origin: None };
    let moves = Moves { ways: vec![vec![moved.clone()]], next: HashMap::from([(from, to)]) };
    let (_, others) = moves.done_to(state)?;
    let others = others.into_iter().filter_map(|(key, object)| Some(Record::observed(key, object?)));
    Ok(keys(state, &moved).into_iter().map(|(from, to)| Record::moved(from, to)).chain(others).collect())
}

/// The new keys of the objects at an address: the current one, and those that replacements left there.
pub(crate) fn keys(state: &State, moved: &Moved) -> Vec<(ObjectKey, ObjectKey)> {
    let current = state.get(&moved.from).map(|_| (ObjectKey::from(&moved.from), ObjectKey::from(&moved.to)));
    let deposed = state.deposed(&moved.from).map(|(key, _)| {
        let to = ObjectKey { address: moved.to.clone(), deposed: key.deposed.clone() };
        (key.clone(), to)
    });
    current.into_iter().chain(deposed).collect()
}

/// A walk along one path, from its start.
struct Walk<'a> {
    stack: &'a Stack,
    state: &'a State,
    removed: &'a HashSet<&'a Address>,
    steps: Vec<&'a Moved>,
    way: Way,
    problems: Vec<MoveProblem>,
}

impl Walk<'_> {
    fn walk(&mut self) {
        let end = self.steps.len();
        // The object on its way to the next stop, and whether the object at the last stop might have been meant for
        // this one.
        let (mut coming, mut aside) = (Vec::new(), Vec::new());
        let mut unclear: Option<(usize, usize)> = None;
        for place in 0..=end {
            let address = self.address(place);
            let own = self.state.get(address).is_some();
            let declared = self.stack.node(address.as_str()).is_some();
            let known = declared || self.removed.contains(address);
            if place < end && !declared {
                if own {
                    coming.push(place);
                } else if self.state.deposed(address).next().is_some() {
                    aside.push(place);
                }
                continue;
            }
            if let Some((from, stop)) = unclear.take().filter(|_| coming.is_empty() && !own) {
                let at = self.address(stop).clone();
                self.refuse(from, place, MoveConflict::ThroughDeclared { at });
            }
            aside.drain(..).for_each(|from| self.rename(from, place));
            match coming[..] {
                [] => unclear = Some((place, place)).filter(|_| own),
                // If nothing is declared here, both objects are deleted, each under its own address.
                [_] if own && place == end && !known => {}
                [from] if own && place == end => self.refuse(from, place, MoveConflict::Occupied),
                [from] => {
                    if !known && place - from > 1 {
                        self.refuse(from, place, MoveConflict::Nowhere);
                    }
                    self.rename(from, place);
                    unclear = Some((from, place)).filter(|_| !own);
                }
                [from, other, ..] => {
                    let other = self.address(other).clone();
                    self.refuse(from, place, MoveConflict::Together { other });
                }
            }
            // The object that was here makes room for the next one.
            let displaced = own && coming.len() == 1;
            coming.clear();
            coming.extend(Some(place).filter(|_| displaced));
        }
    }

    fn address(&self, place: usize) -> &Address {
        match place {
            0 => &self.steps[0].from,
            place => &self.steps[place - 1].to,
        }
    }

    fn rename(&mut self, from: usize, to: usize) {
        let (from, to) = (self.address(from).clone(), self.address(to).clone());
        self.way.push(Moved { from, to, origin: None });
    }

    fn refuse(&mut self, from: usize, to: usize, conflict: MoveConflict) {
        let address = self.address(from).clone();
        let moves = self.steps[from..to].iter().map(|moved| (*moved).clone()).collect();
        self.problems.push(MoveProblem { address, moves, conflict });
    }
}

/// Checks that the declarations about nodes do not contradict each other.
pub(super) fn check(context: &Context<'_>) -> Result<()> {
    let mut problems = Vec::new();
    let mut contradiction = |address: &Address, message: String| {
        problems.push(EngineError::Contradiction { address: address.clone(), message });
    };
    for node in context.stack.nodes() {
        let Some(known) = node.resource_type() else { continue };
        for path in node.lifecycle.ignore_changes.paths() {
            if known.arguments.place(path).is_none() {
                let message =
                    format!("ignore_changes names {path}, but {} has no such argument", known.name_str());
                contradiction(&node.address, message);
            }
        }
        if node.lifecycle.import.is_some() && node.lifecycle.import_tainted.is_some() {
            let message = "it has both import and import_tainted; expected one of the two";
            contradiction(&node.address, message.into());
        }
        if node.lifecycle.prevent_destroy && context.options.replace.contains(&node.address) {
            contradiction(&node.address, "the options replace it, but prevent_destroy forbids that".into());
        }
    }
    EngineError::all(problems)
}
