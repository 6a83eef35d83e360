//! Stacks and plans in Graphviz's DOT language.

use std::{
    collections::BTreeMap,
    fmt::{self, Write as _},
};

use landform_core::{Address, Printable, Stack};

use super::{graph::Graph, sign};
use landform_engine::plan::{ChangeKind, Plan, Verb};

/// The content of a drawn stack.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DotOptions {
    /// Whether each edge shows its reason, such as the argument that refers.
    pub reasons: bool,
}

/// A stack as a graph. An arrow leads from a node to its dependency. Nodes of one type stand together and share a
/// colour.
pub fn stack_dot(stack: &Stack, options: DotOptions) -> impl fmt::Display + use<> {
    let graph = Graph::of_stack(stack);
    let mut types: BTreeMap<&str, Vec<&Address>> = BTreeMap::new();
    for node in &graph.nodes {
        types.entry(node.address.type_str()).or_default().push(node.address);
    }
    let mut text = opening(stack.name());
    for ((type_name, addresses), color) in types.iter().zip(COLORS.iter().cycle()) {
        let _ = writeln!(text, "  subgraph {} {{", quoted(type_name));
        let _ = writeln!(text, "    node [fillcolor={}]", quoted(color));
        for address in addresses {
            let label = format!("{}\n{type_name}", address.name());
            let _ = writeln!(text, "    {} [label={}]", quoted(address.as_str()), quoted(&label));
        }
        text.push_str("  }\n");
    }
    for edge in &graph.edges {
        let [from, to] = [edge.from, edge.to].map(|place| quoted(graph.nodes[place].address.as_str()));
        let _ = match options.reasons && !edge.reasons.is_empty() {
            true => writeln!(text, "  {from} -> {to} [label={}]", quoted(&edge.reasons.join("\n"))),
            false => writeln!(text, "  {from} -> {to}"),
        };
    }
    text + "}\n"
}

/// The steps of a plan as a graph. An arrow leads from a step to one that comes after it.
pub fn plan_dot(plan: &Plan) -> impl fmt::Display + use<> {
    let mut text = opening(&plan.stack);
    for (index, action) in plan.actions.iter().enumerate() {
        let change = action.change.and_then(|change| plan.changes.get(change as usize));
        let check = action.check.and_then(|check| plan.checks.get(check as usize));
        let _ = match (change, check) {
            (None, Some(check)) => {
                let label = quoted(&format!("{} of {}:\n{}", check.when, check.address, check.message));
                writeln!(text, "  s{index} [shape=diamond, label={label}]")
            }
            (None, None) => writeln!(text, "  s{index} [shape=point, label=\"\"]"),
            (Some(change), _) => {
                let [.., order] = super::verb_words(action.verb);
                let label = match change.kind {
                    ChangeKind::Replace(_) => format!("{} {order} {}", sign(change.kind), change.address),
                    _ => format!("{order} {}", change.address),
                };
                let (label, color) = (quoted(&label), quoted(verb_color(action.verb)));
                writeln!(text, "  s{index} [label={label}, fillcolor={color}]")
            }
        };
        for before in &action.after {
            let _ = writeln!(text, "  s{before} -> s{index}");
        }
    }
    text + "}\n"
}

fn opening(name: &str) -> String {
    format!(
        "digraph {} {{\n  rankdir=LR\n  node [shape=box, style=\"filled,rounded\", fontname=\"Helvetica\", \
         fontsize=10, color=\"#7f8c8d\"]\n  edge [color=\"#7f8c8d\", fontname=\"Helvetica\", fontsize=8]\n",
        quoted(name)
    )
}

/// Quoted text in DOT. Line breaks become `\n`; quotes, backslashes and characters that steer a terminal are escaped.
fn quoted(text: &str) -> String {
    let text = Printable(text).to_string();
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

/// Light colours, one type after the other.
const COLORS: [&str; 12] = [
    "#aed6f1", "#a9dfbf", "#f9e79f", "#f5cba7", "#d7bde2", "#a3e4d7", "#f5b7b1", "#d5dbdb", "#abebc6",
    "#fad7a0", "#d2b4de", "#aab7b8",
];

fn verb_color(verb: Verb) -> &'static str {
    match verb {
        Verb::Create => "#a9dfbf",
        Verb::Update => "#f9e79f",
        Verb::Delete => "#f5b7b1",
        Verb::Adopt => "#aed6f1",
        Verb::Read => "#d7bde2",
        Verb::Forget | Verb::Check | Verb::Pass => "#d5dbdb",
    }
}
