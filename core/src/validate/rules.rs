//! The rules of resource types, checked before planning. O(n log n) over the resources of a type.

use std::{borrow::Cow, collections::HashMap, net::IpAddr};

use ipnet::IpNet;
use serde_json::Value as Json;

use crate::{
    Address, Canonical, Stack,
    expr::{Expr, Function},
    problem::{Problem, ProblemKind},
    resource::Rule,
    schema::Place,
    secret::SENSITIVE,
    stack::Node,
};

/// Adds the violations of rules to a list.
pub(super) fn check(stack: &Stack, problems: &mut Vec<Problem>) {
    let mut by_type: HashMap<&str, Vec<&Node>> = HashMap::new();
    for node in stack.nodes() {
        by_type.entry(node.address.type_str()).or_default().push(node);
    }
    let mut types: Vec<_> = by_type.into_values().collect();
    types.sort_by(|a, b| a[0].address.cmp(&b[0].address));
    let further = further(stack);
    for nodes in types {
        let Some(resource_type) = nodes[0].resource_type() else { continue };
        for rule in &resource_type.rules {
            match rule {
                Rule::Unique(fields) => unique(&nodes, fields, problems),
                Rule::Disjoint { field, within } => disjoint(&nodes, field, within, problems),
                Rule::Inside { field, of } => inside(stack, &further, &nodes, field, of, problems),
                Rule::Widens { .. } => {}
            }
        }
    }
}

fn report(node: &Node, kind: ProblemKind) -> Problem {
    Problem::new(kind).at(&node.address, node.origin.as_ref())
}

fn unique(nodes: &[&Node], fields: &[Cow<'static, str>], problems: &mut Vec<Problem>) {
    let mut seen: HashMap<String, &Node> = HashMap::with_capacity(nodes.len());
    for node in nodes {
        let mut met: Vec<&Address> = Vec::new();
        for (shown, meant) in told(node, fields) {
            match seen.get(&meant) {
                Some(other) if other.address == node.address || met.contains(&&other.address) => {}
                Some(other) => {
                    met.push(&other.address);
                    let (field, other) = (fields.join(", "), other.address.clone());
                    problems.push(report(node, ProblemKind::NotUnique { field, value: shown, other }));
                }
                None => _ = seen.insert(meant, node),
            }
        }
    }
}

fn disjoint(nodes: &[&Node], field: &str, within: &str, problems: &mut Vec<Problem>) {
    let mut groups: HashMap<String, Vec<(IpNet, &Node)>> = HashMap::new();
    for node in nodes {
        if let (Some(group), Some(cidr)) = (given(node, within), cidr(node, field)) {
            groups.entry(group).or_default().push((cidr, node));
        }
    }
    let mut groups: Vec<_> = groups.into_values().collect();
    groups.sort_by(|a, b| a[0].1.address.cmp(&b[0].1.address));
    for mut group in groups {
        group.sort_by_key(|(cidr, _)| (bits(cidr.network()), cidr.prefix_len()));
        let mut widest: Option<(IpNet, &Node)> = None;
        for (cidr, node) in group {
            match widest {
                Some((around, other)) if around.contains(&cidr.network()) => {
                    let kind = ProblemKind::Overlap {
                        field: field.to_owned(),
                        cidr: cidr.to_string(),
                        other_cidr: around.to_string(),
                        other: other.address.clone(),
                    };
                    problems.push(report(node, kind));
                }
                _ => widest = Some((cidr, node)),
            }
        }
    }
}

/// Additional ranges by the resource and the field that they extend; `None` for an unknown one.
type Further<'a> = HashMap<(Address, &'a str), Vec<Option<IpNet>>>;

fn further(stack: &Stack) -> Further<'_> {
    let mut further = Further::new();
    for node in stack.nodes() {
        for rule in node.resource_type().map_or(&[][..], |known| &known.rules) {
            if let Rule::Widens { field, of } = rule
                && let Some(outer) = referred(node, of)
            {
                further.entry((outer, &**field)).or_default().push(cidr(node, field));
            }
        }
    }
    further
}

fn inside(
    stack: &Stack,
    further: &Further<'_>,
    nodes: &[&Node],
    field: &str,
    of: &str,
    problems: &mut Vec<Problem>,
) {
    for node in nodes {
        let Some(outer) = referred(node, of).and_then(|outer| stack.node(outer.as_str())) else { continue };
        let (Some(cidr), Some(around)) = (cidr(node, field), cidr(outer, field)) else { continue };
        let further = further.get(&(outer.address.clone(), field)).map_or(&[][..], Vec::as_slice);
        let holds = |around: &IpNet| around.contains(&cidr);
        if !holds(&around) && !further.iter().any(|range| range.as_ref().is_none_or(holds)) {
            let kind = ProblemKind::Outside {
                field: field.to_owned(),
                cidr: cidr.to_string(),
                outer_cidr: around.to_string(),
                outer: outer.address.clone(),
            };
            problems.push(report(node, kind));
        }
    }
}

/// The node to which a field refers.
fn referred(node: &Node, field: &str) -> Option<Address> {
    match &*node.arguments.get(field)? {
        Expr::Ref(reference) => Some(reference.node.clone()),
        _ => None,
    }
}

/// The values of fields as they may be shown, and a key that all values with the same meaning share. A set counts by its
/// items: there is one result for each of them. Empty if a field is not given.
fn told(node: &Node, fields: &[Cow<'static, str>]) -> Vec<(String, String)> {
    let top = node.resource_type().map(|known| known.arguments.top());
    let values = fields.iter().map(|field| {
        let place = top.map_or(Place::UNKNOWN, |top| top.key(field));
        let value = node.arguments.get(field)?;
        let each: Vec<(String, String)> = match &*value {
            Expr::List(items) if place.is_set() => {
                items.iter().filter_map(|item| meant(place.index(0), item)).collect()
            }
            Expr::Literal(Json::Array(items)) if place.is_set() => {
                let items = items.iter().cloned().map(Expr::Literal);
                items.filter_map(|item| meant(place.index(0), &item)).collect()
            }
            one => vec![meant(place, one)?],
        };
        Some(each.into_iter().unzip())
    });
    let Some((shown, meant)) = values.collect::<Option<(Vec<_>, Vec<_>)>>() else { return Vec::new() };
    Rule::keys(shown).into_iter().zip(Rule::keys(meant)).collect()
}

/// A value as it may be shown, and a key that all values with the same meaning share; `None` if there is none.
fn meant(place: Place<'_>, value: &Expr) -> Option<(String, String)> {
    let (inner, is_secret) = match value {
        Expr::Secret(inner) => (&**inner, true),
        open => (open, false),
    };
    let meant = match (inner, inner.expose()) {
        (_, Some(Json::Null)) | (Expr::Call(Function::Fail, _), _) => return None,
        (_, Some(known)) => match place.canonical(&known) {
            Json::String(text) => text,
            other => Canonical(&other).to_string(),
        },
        (open, None) => serde_json::to_string(open).ok()?,
    };
    Some((if is_secret { SENSITIVE.to_owned() } else { shown(value)? }, meant))
}

/// A field as text, whether it is a value or a reference; `None` if it is not given.
fn given(node: &Node, field: &str) -> Option<String> {
    shown(&*node.arguments.get(field)?)
}

fn shown(value: &Expr) -> Option<String> {
    match value {
        Expr::Literal(Json::Null) => None,
        Expr::Literal(Json::String(text)) => Some(text.clone()),
        Expr::Literal(value) => Some(Canonical(value).to_string()),
        other => serde_json::to_string(other).ok(),
    }
}

fn cidr(node: &Node, field: &str) -> Option<IpNet> {
    match &*node.arguments.get(field)? {
        Expr::Literal(Json::String(text)) => text.parse().ok(),
        _ => None,
    }
}

fn bits(address: IpAddr) -> (u8, u128) {
    match address {
        IpAddr::V4(v4) => (4, u128::from(v4.to_bits())),
        IpAddr::V6(v6) => (6, v6.to_bits()),
    }
}
