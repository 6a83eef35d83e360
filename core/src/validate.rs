//! The checks of a stack that need no cloud: arguments, references, cycles, rules between resources.

mod rules;

use std::collections::HashMap;

use crate::{
    Stack, graph,
    problem::{Problem, ProblemKind},
    suggest,
};

/// Adds every problem of a stack to a list.
pub(crate) fn check(stack: &Stack, problems: &mut Vec<Problem>) {
    let before = problems.len();
    check_arguments(stack, problems);
    check_references(stack, problems);
    let dependencies = graph::dependencies(stack);
    if let Some(cycle) = graph::cycle(stack, &dependencies) {
        let address = cycle.0.first().map(|(address, _)| address.clone());
        let mut problem = Problem::new(ProblemKind::Cycle(cycle));
        if let Some(node) = address.and_then(|address| stack.node(address.as_str())) {
            problem.origin = node.origin.clone();
        }
        problems.push(problem);
    }
    if problems.len() == before {
        rules::check(stack, problems);
    }
}

fn check_arguments(stack: &Stack, problems: &mut Vec<Problem>) {
    for node in stack.nodes() {
        let report = |kind| Problem::new(kind).at(&node.address, node.origin.as_ref());
        match node.resource_type() {
            Some(resource_type) => {
                let violations = resource_type.arguments.check(&node.arguments);
                problems
                    .extend(violations.into_iter().map(|violation| report(ProblemKind::Argument(violation))));
            }
            None => {
                let type_name = node.address.type_str().to_owned();
                problems.push(report(ProblemKind::UnknownType { type_name }));
            }
        }
    }
}

fn check_references(stack: &Stack, problems: &mut Vec<Problem>) {
    let mut names_of: Option<HashMap<&str, Vec<&str>>> = None;
    for node in stack.nodes() {
        let mut found = Vec::new();
        node.each_reference(&mut |at, reference| match stack.node(reference.node.as_str()) {
            None => found.push((None, reference.node.clone())),
            Some(target) => {
                let known =
                    target.resource_type().is_none_or(|target| target.field(&reference.path).is_some());
                if !known {
                    found.push((Some((at.clone(), reference.path.clone())), reference.node.clone()));
                }
            }
        });
        let others = node.depends_on.iter().chain(&node.lifecycle.replace_triggered_by);
        found.extend(
            others.filter(|other| stack.node(other.as_str()).is_none()).map(|other| (None, other.clone())),
        );
        for (field, target) in found {
            let kind = match field {
                Some((at, path)) => ProblemKind::NoSuchField { at, node: target, path },
                None => {
                    let names = names_of.get_or_insert_with(|| {
                        let mut names: HashMap<&str, Vec<&str>> = HashMap::new();
                        for node in stack.nodes() {
                            names.entry(node.address.type_str()).or_default().push(node.address.as_str());
                        }
                        names
                    });
                    let candidates = names.get(target.type_str()).into_iter().flatten().copied();
                    let near =
                        suggest::nearest(target.as_str(), candidates).and_then(|near| near.parse().ok());
                    ProblemKind::Dangling { node: target, near }
                }
            };
            problems.push(Problem::new(kind).at(&node.address, node.origin.as_ref()));
        }
    }
}
