//! Which nodes a plan looks at: targets with what they need, less exclusions with what needs them.

use std::collections::HashSet;

use landform_core::{Address, suggest};
use petgraph::Direction;

use super::Context;
use crate::{EngineError, Result};

/// The selected addresses; everything if there is no choice.
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
    for (what, addresses) in
        [("target", &options.targets), ("exclude", &options.excludes), ("replace", &options.replace)]
    {
        for address in addresses {
            check(context, what, address)?;
        }
    }
    if options.targets.is_empty() && options.excludes.is_empty() {
        return Ok(Selection(None));
    }
    let links = Links::of(context);
    let mut selected: HashSet<Address> = if options.targets.is_empty() {
        links.all.iter().cloned().collect()
    } else if options.destroy {
        links.reach(&options.targets, Direction::Incoming)
    } else {
        links.reach(&options.targets, Direction::Outgoing)
    };
    let away = if options.destroy { Direction::Outgoing } else { Direction::Incoming };
    for address in links.reach(&options.excludes, away) {
        selected.remove(&address);
    }
    Ok(Selection(Some(selected)))
}

fn check(context: &Context<'_>, what: &'static str, address: &Address) -> Result<()> {
    if context.stack.node(address.as_str()).is_some() || context.state.get(address).is_some() {
        return Ok(());
    }
    let declared: Vec<String> = context.stack.nodes().map(|node| node.address.to_string()).collect();
    let known: Vec<String> = context.state.unordered().map(|(key, _)| key.address.to_string()).collect();
    let names = declared.iter().chain(&known).map(String::as_str);
    let near = suggest::nearest(address.as_str(), names).map(str::to_owned);
    Err(EngineError::UnknownAddress { what, address: address.clone(), near })
}

/// What depends on what, in the stack and in the state.
struct Links {
    all: Vec<Address>,
    graph: petgraph::graphmap::DiGraphMap<u32, ()>,
    index: std::collections::HashMap<Address, u32>,
}

impl Links {
    fn of(context: &Context<'_>) -> Self {
        let mut links = Self { all: Vec::new(), graph: Default::default(), index: Default::default() };
        for node in context.stack.nodes() {
            links.place(&node.address);
        }
        let dependencies = context.dependencies;
        for edge in dependencies.edge_indices() {
            if let Some((from, to)) = dependencies.edge_endpoints(edge) {
                links.graph.add_edge(from.index() as u32, to.index() as u32, ());
            }
        }
        for (key, object) in context.state.unordered() {
            let from = links.place(&key.address);
            for address in &object.depends_on {
                let to = links.place(address);
                links.graph.add_edge(from, to, ());
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
        self.graph.add_node(index);
        index
    }

    fn reach(&self, from: &[Address], direction: Direction) -> HashSet<Address> {
        let mut open: Vec<u32> = from.iter().filter_map(|address| self.index.get(address)).copied().collect();
        let mut seen: HashSet<u32> = open.iter().copied().collect();
        while let Some(node) = open.pop() {
            let next: Vec<u32> = self.graph.neighbors_directed(node, direction).collect();
            open.extend(next.into_iter().filter(|next| seen.insert(*next)));
        }
        seen.into_iter().map(|index| self.all[index as usize].clone()).collect()
    }
}
