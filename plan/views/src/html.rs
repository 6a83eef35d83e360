//! A plan or a stack as one HTML page without other files: the drawn graph, filters, and the details of each node.

mod layout;

use std::fmt::{self, Write as _};

use landform_core::{Printable, Stack};
use serde_json::{Value as Json, json};

use super::{
    duration,
    graph::{Graph, Point},
    pen::html as escaped,
    sign,
    text::{arguments_html, change_html, checks_html, drift_html, outputs_html, warnings_html},
    word,
};
use landform_engine::plan::Plan;
use layout::{Input, Layout, layout};

/// How many characters of a name are drawn, in a small picture and in a large one.
const NAME: [usize; 2] = [34, 26];
/// What many nodes are.
const MANY: usize = 120;
/// The width of the texts beside the picture, in characters.
const WIDTH: usize = 62;

/// A plan as a page: every node of the stack, what happens to it and why, and the deleted nodes.
pub fn html(plan: &Plan, stack: &Stack) -> impl fmt::Display + use<> {
    let path = plan.critical_path();
    let estimate =
        if path > 0.0 { format!("about {} along the critical path", duration(path)) } else { String::new() };
    let graph = Graph::of_plan(plan, stack);
    let around = [
        ("Drift", drift_html(plan, WIDTH)),
        ("Checked while applying", checks_html(plan, WIDTH)),
        ("Outputs", outputs_html(plan, WIDTH)),
        ("Warnings", warnings_html(plan, WIDTH)),
    ];
    page(&plan.stack, &estimate, &graph, &around, |point| match (point.change, point.declared) {
        (Some(change), _) => change_html(plan, change, WIDTH),
        (None, Some(node)) => arguments_html(&node.arguments, WIDTH),
        (None, None) => String::new(),
    })
}

/// A stack as a page: every node and its dependencies.
pub fn stack_html(stack: &Stack) -> impl fmt::Display + use<> {
    let graph = Graph::of_stack(stack);
    page(stack.name(), "", &graph, &[], |point| {
        point.declared.map(|node| arguments_html(&node.arguments, WIDTH)).unwrap_or_default()
    })
}

fn page(
    name: &str,
    estimate: &str,
    graph: &Graph<'_>,
    around: &[(&str, String)],
    detail: impl Fn(&Point<'_>) -> String,
) -> String {
    let room = NAME[usize::from(graph.nodes.len() > MANY)];
    let labels: Vec<String> = graph.nodes.iter().map(|point| label(point, room)).collect();
    let input = Input {
        nodes: graph
            .nodes
            .iter()
            .zip(&labels)
            .map(|(point, label)| (point.address.type_str(), label.chars().count()))
            .collect(),
        edges: graph.edges.iter().map(|edge| (edge.from, edge.to)).collect(),
    };
    let layout = layout(&input);
    let around: Vec<Json> = around
        .iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(title, text)| json!({ "title": title, "html": text }))
        .collect();
    let data = json!({ "nodes": nodes(graph, detail), "around": around });
    let title = escaped(name);
    let mut page = String::new();
    let _ = write!(
        page,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
         <style>\n{}</style>\n</head>\n<body>\n<header>\n<h1>{title}</h1>\n<span id=\"counts\"></span>\n\
         <span id=\"estimate\">{}</span>\n<span id=\"filters\">\
         <input id=\"search\" type=\"search\" placeholder=\"Filter  /\" aria-label=\"Filter by text\">\
         <select id=\"type\" aria-label=\"Filter by type\"><option value=\"\">all types</option></select></span>\n\
         </header>\n<main>\n<div id=\"canvas\">\n{}\
         <div id=\"zoom\"><button id=\"in\" title=\"Larger\">+</button><button id=\"out\" title=\"Smaller\">−</button>\
         <button id=\"fit\" title=\"Show all\">fit</button></div>\n</div>\n<aside id=\"panel\"></aside>\n</main>\n\
         <script type=\"application/json\" id=\"data\">{}</script>\n<script>\n{}</script>\n</body>\n</html>\n",
        include_str!("html/page.css"),
        escaped(estimate),
        drawing(graph, &layout, &labels),
        in_script(&data),
        include_str!("html/page.js"),
    );
    page
}

/// The data of each node on the page.
fn nodes(graph: &Graph<'_>, detail: impl Fn(&Point<'_>) -> String) -> Vec<Json> {
    let mut depends: Vec<Vec<Json>> = vec![Vec::new(); graph.nodes.len()];
    for edge in &graph.edges {
        depends[edge.from].push(json!([edge.to, edge.reasons.join(", ")]));
    }
    let node = |(point, depends): (&Point<'_>, Vec<Json>)| {
        json!({
            "address": point.address,
            "type": point.address.type_str(),
            "kind": kind(point),
            "sign": point.change.map_or("", |change| sign(change.kind)),
            "html": detail(point),
            "origin": point.declared.and_then(|node| node.origin.as_ref()).map(ToString::to_string),
            "depends": depends,
        })
    };
    graph.nodes.iter().zip(depends).map(node).collect()
}

fn drawing(graph: &Graph<'_>, layout: &Layout, labels: &[String]) -> String {
    let mut svg = String::new();
    let (width, height) = (layout.width, layout.height);
    let _ = writeln!(
        svg,
        "<svg id=\"graph\" viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\" aria-label=\"{} nodes and what they depend on\">",
        graph.nodes.len()
    );
    for group in &layout.groups {
        let frame = group.frame;
        let count =
            if group.members.len() > 1 { format!(" · {}", group.members.len()) } else { String::new() };
        let _ = writeln!(
            svg,
            "<g class=\"group\"><rect x=\"{:.0}\" y=\"{:.0}\" width=\"{:.0}\" height=\"{:.0}\" rx=\"9\"/>\
             <text x=\"{:.0}\" y=\"{:.0}\">{}{count}</text></g>",
            frame.x,
            frame.y,
            frame.width,
            frame.height,
            frame.x + 9.0,
            frame.y + 18.0,
            escaped(&group.type_name)
        );
    }
    svg.push_str("<g id=\"edges\">\n");
    for (edge, implied) in graph.edges.iter().zip(&layout.implied) {
        let (to, from) = (layout.nodes[edge.to], layout.nodes[edge.from]);
        let (x1, y1) = (to.x + to.width, to.y + to.height / 2.0);
        let (x2, y2) = (from.x, from.y + from.height / 2.0);
        let bend = ((x2 - x1) / 2.0).max(30.0);
        let class = if *implied { " class=\"implied\"" } else { "" };
        let _ = writeln!(
            svg,
            "<path data-from=\"{}\" data-to=\"{}\"{class} d=\"M{x1:.0},{y1:.0}C{:.0},{y1:.0} {:.0},{y2:.0} {x2:.0},{y2:.0}\"/>",
            edge.from,
            edge.to,
            x1 + bend,
            x2 - bend
        );
    }
    svg.push_str("</g>\n");
    for (place, ((point, rect), label)) in graph.nodes.iter().zip(&layout.nodes).zip(labels).enumerate() {
        let _ = writeln!(
            svg,
            "<g class=\"node {}\" data-node=\"{place}\" tabindex=\"0\" role=\"button\"><title>{}</title>\
             <rect x=\"{:.0}\" y=\"{:.0}\" width=\"{:.0}\" height=\"{:.0}\" rx=\"5\"/>\
             <text x=\"{:.0}\" y=\"{:.0}\" xml:space=\"preserve\">{}</text></g>",
            kind(point),
            escaped(point.address.as_str()),
            rect.x,
            rect.y,
            rect.width,
            rect.height,
            rect.x + 8.0,
            rect.y + 15.0,
            escaped(label)
        );
    }
    svg + "</svg>\n"
}

/// The CSS class for what happens to a node.
fn kind(point: &Point<'_>) -> &'static str {
    match point.change.map(|change| change.kind) {
        Some(kind) => word(kind),
        None => "unchanged",
    }
}

/// The sign and the name of a node. The middle of long names is left out, because names differ at both ends.
fn label(point: &Point<'_>, room: usize) -> String {
    let name: Vec<char> = point.address.name().chars().collect();
    let shown: String = if name.len() > room {
        let half = room / 2;
        name[..half].iter().chain(&['…']).chain(&name[name.len() - half + 1..]).collect()
    } else {
        name.into_iter().collect()
    };
    match point.change {
        Some(change) => format!("{} {shown}", sign(change.kind)),
        None => shown,
    }
}

/// JSON inside a script element, where no text may look like a tag or a comment.
fn in_script(data: &Json) -> String {
    Printable(data).to_string().replace('<', "\\u003c")
}
