//! Dependencies, built on petgraph: order, cycles, and the reason of each edge. Knows nodes, not resources.
//!
//! [`edges`] returns all edges of a stack, even if they form a cycle. [`Dependencies`] exist only for a stack without a
//! cycle, so they always have an order.

use std::{collections::VecDeque, fmt};

use petgraph::{
    Direction,
    algo::{tarjan_scc, toposort},
    graph::{DiGraph, NodeIndex},
    visit::EdgeRef,
};
use serde::{Deserialize, Serialize};

use crate::{Address, Node, Path, Stack};

/// Why one node waits for another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EdgeReason {
    /// An argument refers to it.
    Reference(Path),
    /// The stack declares the dependency.
    Explicit,
    /// The node configures its provider.
    Provider,
    /// A change of it replaces the node.
    Trigger,
    /// A precondition of the node refers to it.
    Precondition,
    /// A postcondition of the node refers to it.
    Postcondition,
}

impl fmt::Display for EdgeReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reference(path) => write!(f, "{path}"),
            Self::Explicit => f.write_str("depends_on"),
            Self::Provider => f.write_str("provider"),
            Self::Trigger => f.write_str("replace_triggered_by"),
            Self::Precondition => f.write_str("precondition"),
            Self::Postcondition => f.write_str("postcondition"),
        }
    }
}

/// The edges of a stack. Each leads from a node to one that it waits for. Weights are indices in the stack.
pub type Edges = DiGraph<u32, EdgeReason, u32>;

/// The dependencies of a stack. They have no cycle. A node is known by its index in the order of declaration.
#[derive(Debug, Clone)]
pub struct Dependencies<'a> {
    nodes: Vec<&'a Node>,
    edges: Edges,
    order: Vec<usize>,
}

impl<'a> Dependencies<'a> {
    /// The dependencies of a stack. O(nodes + references).
    ///
    /// # Errors
    /// The smallest cycle.
    pub fn of(stack: &'a Stack) -> Result<Self, Cycle> {
        Self::ordered(stack.nodes().collect(), edges(stack))
    }

    /// The same with further dependencies.
    ///
    /// # Errors
    /// The smallest cycle in the edges.
    pub fn with(self, further: impl IntoIterator<Item = (usize, usize, EdgeReason)>) -> Result<Self, Cycle> {
        let Self { nodes, mut edges, order } = self;
        let before = edges.edge_count();
        for (from, to, reason) in further {
            edges.add_edge(NodeIndex::new(from), NodeIndex::new(to), reason);
        }
        if edges.edge_count() == before {
            return Ok(Self { nodes, edges, order });
        }
        Self::ordered(nodes, edges)
    }

    fn ordered(nodes: Vec<&'a Node>, edges: Edges) -> Result<Self, Cycle> {
        match toposort(&edges, None) {
            Ok(order) => {
                let order = order.into_iter().rev().map(NodeIndex::index).collect();
                Ok(Self { nodes, edges, order })
            }
            Err(_) => Err(described(&nodes, &edges, &smallest_cycle(&edges).unwrap_or_default())),
        }
    }

    /// The nodes in the order of declaration.
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = &'a Node> {
        self.nodes.iter().copied()
    }

    /// The node at a place.
    ///
    /// # Panics
    /// The index belongs to no node, because it came from another stack.
    pub fn node(&self, place: usize) -> &'a Node {
        self.nodes[place]
    }

    /// The indices of all nodes, each after its dependencies.
    pub fn order(&self) -> &[usize] {
        &self.order
    }

    /// The dependencies of a node. A node that is referred to twice appears twice.
    pub fn below(&self, place: usize) -> impl Iterator<Item = usize> + '_ {
        self.edges.neighbors_directed(NodeIndex::new(place), Direction::Outgoing).map(NodeIndex::index)
    }

    /// What depends on a node.
    pub fn above(&self, place: usize) -> impl Iterator<Item = usize> + '_ {
        self.edges.neighbors_directed(NodeIndex::new(place), Direction::Incoming).map(NodeIndex::index)
    }

    /// All edges, as pairs of a node and its dependency.
    pub fn pairs(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        self.edges.edge_references().map(|edge| (edge.source().index(), edge.target().index()))
    }
}

/// Nodes that wait for each other: each waits for the next one for the given reason, and the last one waits for the
/// first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cycle(pub Vec<(Address, EdgeReason)>);

impl fmt::Display for Cycle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("these wait for each other: ")?;
        for (address, reason) in &self.0 {
            write!(f, "{address} --[{reason}]--> ")?;
        }
        self.0.first().map_or(Ok(()), |(address, _)| write!(f, "{address}"))
    }
}

impl std::error::Error for Cycle {}

/// All edges of a stack. Leaves out references to nodes that are not declared; [`Stack::check`] reports those.
/// O(nodes + references).
pub fn edges(stack: &Stack) -> Edges {
    let mut graph = Edges::with_capacity(stack.len(), stack.len() * 2);
    for index in 0..stack.len() {
        graph.add_node(index as u32);
    }
    for (index, node) in stack.nodes().enumerate() {
        let from = NodeIndex::new(index);
        let mut last = None;
        node.each_reference(&mut |path, reference| {
            if let Some(to) = stack.index_of(&reference.node)
                && last != Some(to)
            {
                last = Some(to);
                graph.add_edge(from, NodeIndex::new(to), EdgeReason::Reference(path.path()));
            }
        });
        for to in node.depends_on.iter().filter_map(|address| stack.index_of(address)) {
            graph.add_edge(from, NodeIndex::new(to), EdgeReason::Explicit);
        }
        for to in node.lifecycle.replace_triggered_by.iter().filter_map(|address| stack.index_of(address)) {
            graph.add_edge(from, NodeIndex::new(to), EdgeReason::Trigger);
        }
        let lifecycle = &node.lifecycle;
        let conditions =
            lifecycle.preconditions.iter().map(|condition| (condition, EdgeReason::Precondition));
        let after = lifecycle.postconditions.iter().map(|condition| (condition, EdgeReason::Postcondition));
        for (condition, reason) in conditions.chain(after) {
            condition.holds.each_reference(&mut |_, reference| {
                let itself = reason == EdgeReason::Postcondition && reference.node == node.address;
                if let Some(to) = stack.index_of(&reference.node).filter(|_| !itself) {
                    graph.add_edge(from, NodeIndex::new(to), reason.clone());
                }
            });
        }
    }
    graph
}

/// The smallest cycle of a graph, as edges; `None` if there is none. O(nodes + edges) without a cycle.
pub fn smallest_cycle<N, E>(graph: &DiGraph<N, E, u32>) -> Option<Vec<petgraph::graph::EdgeIndex<u32>>> {
    let mut component_of = vec![u32::MAX; graph.node_count()];
    let components: Vec<_> = tarjan_scc(graph)
        .into_iter()
        .filter(|nodes| nodes.len() > 1 || graph.contains_edge(nodes[0], nodes[0]))
        .collect();
    for (number, nodes) in components.iter().enumerate() {
        nodes.iter().for_each(|node| component_of[node.index()] = number as u32);
    }
    let mut best: Option<Vec<petgraph::graph::EdgeIndex<u32>>> = None;
    for start in components.iter().flatten() {
        let limit = best.as_ref().map_or(usize::MAX, Vec::len);
        if limit == 1 {
            break;
        }
        if let Some(found) = shortest_return(graph, *start, &component_of, limit) {
            best = Some(found);
        }
    }
    best
}

/// The shortest path from a node back to itself inside its component, if shorter than `limit`.
fn shortest_return<N, E>(
    graph: &DiGraph<N, E, u32>,
    start: NodeIndex<u32>,
    component_of: &[u32],
    limit: usize,
) -> Option<Vec<petgraph::graph::EdgeIndex<u32>>> {
    let mut came_by = std::collections::HashMap::new();
    let mut queue = VecDeque::from([(start, 0)]);
    while let Some((node, length)) = queue.pop_front() {
        if length + 1 >= limit {
            return None;
        }
        for edge in graph.edges_directed(node, Direction::Outgoing) {
            let next = edge.target();
            if next == start {
                let mut edges = vec![edge.id()];
                let mut at = node;
                while at != start {
                    let (by, from) = came_by[&at];
                    edges.push(by);
                    at = from;
                }
                edges.reverse();
                return Some(edges);
            }
            let inside = component_of[next.index()] == component_of[start.index()];
            if inside && !came_by.contains_key(&next) {
                came_by.insert(next, (edge.id(), node));
                queue.push_back((next, length + 1));
            }
        }
    }
    None
}

/// A cycle with each edge's reason, the first address first.
fn described(nodes: &[&Node], graph: &Edges, edges: &[petgraph::graph::EdgeIndex<u32>]) -> Cycle {
    let steps = edges.iter().filter_map(|edge| {
        let (from, _) = graph.edge_endpoints(*edge)?;
        Some((nodes[from.index()].address.clone(), graph[*edge].clone()))
    });
    let mut steps: Vec<_> = steps.collect();
    let first = (0..steps.len()).min_by(|a, b| steps[*a].0.cmp(&steps[*b].0)).unwrap_or_default();
    steps.rotate_left(first);
    Cycle(steps)
}
