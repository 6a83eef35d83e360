//! The selection of nodes. A target that is created brings its dependencies, and a target that is deleted brings its
//! dependents. An exclusion also excludes the nodes that would break without it, in both directions.

use std::collections::{HashMap, HashSet};

use landform_core::{Address, suggest};
use petgraph::Direction;

use super::Context;
use crate::{EngineError, Result, journal::State};

/// The selected addresses; all if there is no selection.
pub(super) struct Selection(Option<HashSet<Address>>);

impl Selection {
    /// Whether nothing was left out.
    pub(super) fn is_everything(&self) -> bool {
        self.0.is_none()
    }

    pub(super) fn contains(&self, address: &Address) -> bool {
        self.0.as_ref().is_none_or(|selected| selected.contains(address))
    }
}

pub(super) fn select(context: &Context<'_>) -> Result<Selection> {
    let options = context.options;
    let unknown =
        [("target", &options.targets), ("exclude", &options.excludes), ("replace", &options.replace)]
            .into_iter()
            .flat_map(|(what, addresses)| {
                addresses.iter().filter_map(move |address| unknown(context, what, address))
            });
    EngineError::all(unknown)?;
    if options.targets.is_empty() && options.excludes.is_empty() {
        return Ok(Selection(None));
    }
    let links = Links::of(context);
    let mut selected: HashSet<u32> = if options.targets.is_empty() {
        (0..links.all.len() as u32).collect()
    } else {
        links.targeted(&options.targets)
    };
    let excluded = links.excluded(&options.excludes);
    selected.retain(|place| !excluded.contains(place));
    let selected: HashSet<Address> =
        selected.into_iter().map(|index| links.all[index as usize].clone()).collect();
    let left_out = options.replace.iter().filter(|address| !selected.contains(*address));
    EngineError::all(left_out.map(|address| {
        let message = "the options replace it, but do not select it; add it to the targets".to_owned();
        EngineError::Contradiction { address: address.clone(), message }
    }))?;
    Ok(Selection(Some(selected)))
}

fn unknown(context: &Context<'_>, what: &'static str, address: &Address) -> Option<EngineError> {
    if context.stack.node(address.as_str()).is_some() || has(context.state, address) {
        return None;
    }
    let moved = context.stack.moves().iter().find(|moved| moved.from == *address);
    let near = moved.map(|moved| moved.to.to_string()).or_else(|| {
        let declared: Vec<String> = context.stack.nodes().map(|node| node.address.to_string()).collect();
        let known: Vec<String> = context.state.unordered().map(|(key, _)| key.address.to_string()).collect();
        let names = declared.iter().chain(&known).map(String::as_str);
        suggest::nearest(address.as_str(), names).map(str::to_owned)
    });
    Some(EngineError::UnknownAddress { what, address: address.clone(), near })
}

/// Whether the state has anything at an address, even if only an object that a replacement left behind.
fn has(state: &State, address: &Address) -> bool {
    state.get(address).is_some() || state.deposed(address).next().is_some()
}

type Graph = petgraph::graphmap::DiGraphMap<u32, ()>;

/// The dependencies and the dependents of nodes.
#[derive(Default)]
struct Links {
    all: Vec<Address>,
    index: HashMap<Address, u32>,
    /// The dependencies in the stack.
    making: Graph,
    /// The dependencies in the state.
    resting: Graph,
    /// The nodes that leave the stack, and those of them that leave the cloud too.
    leaves: HashSet<u32>,
    goes: HashSet<u32>,
}

impl Links {
    fn of(context: &Context<'_>) -> Self {
        let mut links = Self::default();
        let (dependencies, destroy) = (context.dependencies, context.options.destroy);
        for node in context.stack.nodes() {
            links.place(&node.address);
        }
        for (from, to) in dependencies.pairs().filter(|_| !destroy) {
            links.making.add_edge(from as u32, to as u32, ());
        }
        for (key, object) in context.state.unordered() {
            let from = links.place(&key.address);
            for address in &object.depends_on {
                let to = links.place(address);
                links.resting.add_edge(from, to, ());
            }
            if destroy || context.stack.node(key.address.as_str()).is_none() {
                links.leaves.insert(from);
                if !object.retain_on_delete && !context.removed.contains(&key.address) {
                    links.goes.insert(from);
                }
            }
        }
        links
    }

    fn place(&mut self, address: &Address) -> u32 {
        if let Some(index) = self.index.get(address) {
            return *index;
        }
        let index = self.all.len() as u32;
        self.all.push(address.clone());
        self.index.insert(address.clone(), index);
        index
    }

    fn places(&self, addresses: &[Address]) -> HashSet<u32> {
        addresses.iter().filter_map(|address| self.index.get(address)).copied().collect()
    }

    /// The deleted targets with their dependents, which are deleted too or changed. The kept targets and the changed
    /// nodes with all their dependencies.
    fn targeted(&self, targets: &[Address]) -> HashSet<u32> {
        let targets = self.places(targets);
        let went =
            self.reach(&self.resting, targets, Direction::Incoming, |place| self.goes.contains(&place));
        let made = went.iter().copied().filter(|place| !self.leaves.contains(place)).collect();
        let mut selected = self.reach(&self.making, made, Direction::Outgoing, |_| true);
        selected.extend(went);
        selected
    }

    /// The exclusions with their dependents; and for those that are deleted, all their dependencies.
    fn excluded(&self, excludes: &[Address]) -> HashSet<u32> {
        let excludes = self.places(excludes);
        let unmade = self.reach(&self.making, excludes, Direction::Incoming, |_| true);
        let stays = self.reach(&self.resting, unmade.clone(), Direction::Outgoing, |place| {
            unmade.contains(&place) || self.leaves.contains(&place)
        });
        let needed = stays.into_iter().filter(|place| self.leaves.contains(place));
        needed.chain(unmade.iter().copied()).collect()
    }

    /// Everything that can be reached by `through`.
    fn reach(
        &self,
        graph: &Graph,
        from: HashSet<u32>,
        direction: Direction,
        through: impl Fn(u32) -> bool,
    ) -> HashSet<u32> {
        let mut open: Vec<u32> = from.iter().copied().collect();
        let mut seen = from;
        while let Some(place) = open.pop() {
            if through(place) && graph.contains_node(place) {
                let next = graph.neighbors_directed(place, direction);
                open.extend(next.filter(|next| seen.insert(*next)));
            }
        }
        seen
    }
}
