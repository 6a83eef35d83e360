//! The data of the pictures: the nodes of a stack and of a plan, and why one waits for another.

use std::collections::HashMap;

use landform_core::{Address, Node, Stack};
use petgraph::visit::EdgeRef;

use landform_engine::plan::{Change, Plan};

/// Nodes and the dependencies between them.
pub(super) struct Graph<'a> {
    pub nodes: Vec<Point<'a>>,
    pub edges: Vec<Edge>,
}

/// One node: declared, changing, or both.
pub(super) struct Point<'a> {
    pub address: &'a Address,
    pub declared: Option<&'a Node>,
    pub change: Option<&'a Change>,
}

/// `from` waits for `to`.
pub(super) struct Edge {
    pub from: usize,
    pub to: usize,
    pub reasons: Vec<String>,
}

impl<'a> Graph<'a> {
    /// The nodes of a stack.
    pub fn of_stack(stack: &'a Stack) -> Self {
        let point = |node: &'a Node| Point { address: &node.address, declared: Some(node), change: None };
        let mut graph = Self { nodes: stack.nodes().map(point).collect(), edges: Vec::new() };
        let said = landform_core::graph::edges(stack);
        for node in said.node_indices() {
            let mut edges: Vec<Edge> = Vec::new();
            for edge in said.edges(node) {
                let (to, reason) = (edge.target().index(), edge.weight().to_string());
                match edges.iter_mut().find(|known| known.to == to) {
                    Some(known) if known.reasons.contains(&reason) => {}
                    Some(known) => known.reasons.push(reason),
                    None => edges.push(Edge { from: node.index(), to, reasons: vec![reason] }),
                }
            }
            graph.edges.extend(edges);
        }
        graph
    }

    /// The nodes of a stack with their changes, and the deleted nodes.
    pub fn of_plan(plan: &'a Plan, stack: &'a Stack) -> Self {
        let mut graph = Self::of_stack(stack);
        let mut places: HashMap<&Address, usize> =
            graph.nodes.iter().enumerate().map(|(place, point)| (point.address, place)).collect();
        let mut going = Vec::new();
        for change in &plan.changes {
            match places.get(&change.address) {
                Some(&place) if change.deposed.is_none() && graph.nodes[place].change.is_none() => {
                    graph.nodes[place].change = Some(change);
                }
                _ => {
                    let place = graph.nodes.len();
                    graph.nodes.push(Point {
                        address: &change.address,
                        declared: None,
                        change: Some(change),
                    });
                    if change.deposed.is_none() {
                        places.insert(&change.address, place);
                    }
                    going.push(place);
                }
            }
        }
        for from in going {
            let Some(change) = graph.nodes[from].change else { continue };
            for address in &change.depends_on {
                if let Some(&to) = places.get(address).filter(|to| **to != from) {
                    graph.edges.push(Edge { from, to, reasons: Vec::new() });
                }
            }
        }
        graph
    }
}
