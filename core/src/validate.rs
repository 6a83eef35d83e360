//! The checks of a stack that need no cloud: arguments, references, cycles, rules between resources.

mod moves;
mod rules;

use std::collections::HashMap;

use crate::{
    Address, OnConflict, Stack,
    expr::{DEEPEST, EvalError, Expr, Reference},
    graph::{Cycle, Dependencies},
    path::Trail,
    problem::{Problem, ProblemKind, Problems},
    suggest,
};

/// The dependencies of a stack without problems. `problems` are those that are known already.
///
/// # Errors
/// All problems.
pub(crate) fn check(stack: &Stack, mut problems: Vec<Problem>) -> Result<Dependencies<'_>, Problems> {
    check_arguments(stack, &mut problems);
    check_data(stack, &mut problems);
    check_references(stack, &mut problems);
    moves::check(stack, &mut problems);
    let dependencies = Dependencies::of(stack).map_err(|cycle| closed(stack, cycle));
    problems.extend(dependencies.as_ref().err().cloned());
    rules::check(stack, &mut problems);
    Problems::from_list(problems)?;
    dependencies.map_err(Problems::from)
}

/// The problem for a cycle, at the place where its first node was declared.
fn closed(stack: &Stack, cycle: Cycle) -> Problem {
    let first = cycle.0.first().and_then(|(address, _)| stack.node(address.as_str()));
    let origin = first.and_then(|node| node.origin.clone());
    Problem { origin, ..Problem::new(ProblemKind::Cycle(cycle)) }
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

/// A data source is only read, so a lifecycle rule would have no effect on it.
fn check_data(stack: &Stack, problems: &mut Vec<Problem>) {
    for node in stack.nodes().filter(|node| node.address.is_data()) {
        let lifecycle = &node.lifecycle;
        let said = [
            ("prevent_destroy", lifecycle.prevent_destroy),
            ("retain_on_delete", lifecycle.retain_on_delete),
            ("create_before_destroy", lifecycle.create_before_destroy),
            ("ignore_changes", !lifecycle.ignore_changes.is_empty()),
            ("replace_triggered_by", !lifecycle.replace_triggered_by.is_empty()),
            ("on_conflict", lifecycle.on_conflict != OnConflict::Fail),
            ("import", lifecycle.import.is_some()),
            ("import_tainted", lifecycle.import_tainted.is_some()),
        ];
        for (what, _) in said.into_iter().filter(|(_, said)| *said) {
            let kind = ProblemKind::ReadOnly { what };
            problems.push(Problem::new(kind).at(&node.address, node.origin.as_ref()));
        }
    }
}

fn check_references(stack: &Stack, problems: &mut Vec<Problem>) {
    let mut names = Names { stack, of_type: None };
    for node in stack.nodes() {
        let mut report = |kind| problems.push(Problem::new(kind).at(&node.address, node.origin.as_ref()));
        node.each_reference(&mut |at, reference| {
            names.check(at, reference).into_iter().for_each(&mut report)
        });
        let others = node.depends_on.iter().chain(&node.lifecycle.replace_triggered_by);
        let lost = others.filter(|other| stack.node(other.as_str()).is_none());
        lost.for_each(|other| report(names.dangling(other)));
        for condition in node.conditions() {
            for wrong in unmade(&condition.holds) {
                let (message, problem) = (condition.message.clone(), Box::new(ProblemKind::Eval(wrong)));
                report(ProblemKind::Condition { message, problem });
            }
            condition.holds.each_reference(&mut |_, reference| {
                let problem = names.check(&CONDITION, reference).map(Box::new);
                let message = condition.message.clone();
                problem.into_iter().for_each(|problem| {
                    report(ProblemKind::Condition { message: message.clone(), problem });
                });
            });
        }
    }
    for (name, value) in stack.outputs() {
        for wrong in unmade(value) {
            let problem = Box::new(ProblemKind::Eval(wrong));
            problems.push(Problem::new(ProblemKind::Output { name: name.clone(), problem }));
        }
        value.each_reference(&mut |at, reference| {
            let problem = names.check(at, reference).map(Box::new);
            let problem = problem.map(|problem| ProblemKind::Output { name: name.clone(), problem });
            problems.extend(problem.map(Problem::new));
        });
    }
}

/// The parts of an expression that could not be computed, or cannot be stored.
fn unmade(value: &Expr) -> Vec<EvalError> {
    let mut wrong = Vec::new();
    if value.is_too_deep() {
        let message =
            format!("lists and maps are nested too deeply to be stored, expected at most {DEEPEST} levels");
        return vec![EvalError { function: "value", message }];
    }
    value.each_failure(&Trail::Top, &mut |_, message| {
        wrong.push(EvalError { function: "value", message: message.to_owned() });
    });
    wrong
}

/// The place of references in conditions, which are in no argument of the node.
const CONDITION: Trail<'static> = Trail::Key(&Trail::Top, "condition");

/// Where references are looked up. The names by type are collected when something is missing.
struct Names<'a> {
    stack: &'a Stack,
    of_type: Option<HashMap<&'a str, Vec<&'a str>>>,
}

impl Names<'_> {
    /// The problem of a reference at a path.
    fn check(&mut self, at: &Trail<'_>, reference: &Reference) -> Option<ProblemKind> {
        if let Some(foreign) = self.stack.foreign(&reference.node, &reference.home, || at.path()) {
            return Some(foreign);
        }
        let Some(target) = self.stack.node(reference.node.as_str()) else {
            return Some(self.dangling(&reference.node));
        };
        let named = || (at.path(), reference.node.clone(), reference.path.clone());
        match target.resource_type().map(|target| target.place(&reference.path)) {
            Some(None) => {
                let (at, node, path) = named();
                Some(ProblemKind::NoSuchField { at, node, path })
            }
            Some(Some(place)) if place.is_write_only() => {
                let (at, node, path) = named();
                Some(ProblemKind::WriteOnly { at, node, path })
            }
            Some(Some(_)) | None => None,
        }
    }

    fn dangling(&mut self, node: &Address) -> ProblemKind {
        let stack = self.stack;
        let names = self.of_type.get_or_insert_with(|| {
            let mut names: HashMap<&str, Vec<&str>> = HashMap::new();
            for node in stack.nodes() {
                names.entry(node.address.type_str()).or_default().push(node.address.as_str());
            }
            names
        });
        let candidates = names.get(node.type_str()).into_iter().flatten().copied();
        let near = suggest::nearest(node.as_str(), candidates).and_then(|near| near.parse().ok());
        ProblemKind::Dangling { node: node.clone(), near }
    }
}
