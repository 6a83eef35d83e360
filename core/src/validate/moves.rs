//! The moved and removed nodes of a stack must not contradict each other. O(moves + removals).
//!
//! This checks only what the stack alone can show. A plan also checks its moves against the state.

use std::collections::{HashMap, HashSet};

use crate::{
    Address, Stack,
    problem::{Contradiction, Problem, ProblemKind},
    stack::{Moved, Origin},
};

/// Adds every contradiction to a list.
pub(super) fn check(stack: &Stack, problems: &mut Vec<Problem>) {
    if stack.moves().is_empty() && stack.removals().is_empty() {
        return;
    }
    let mut report = |address: &Address, contradiction| {
        // The message has the place of each declaration, so the problem needs none.
        problems.push(Problem::new(ProblemKind::Contradiction(contradiction)).at(address, None));
    };
    let arriving: HashSet<&Address> = stack.moves().iter().map(|moved| &moved.to).collect();
    let mut from: HashMap<&Address, &Moved> = HashMap::new();
    let mut to: HashMap<&Address, &Moved> = HashMap::new();
    for moved in stack.moves() {
        if moved.from.is_data() {
            report(&moved.from, Contradiction::Unrecorded { at: moved.origin.clone() });
        } else if moved.from.type_str() != moved.to.type_str() {
            report(&moved.from, Contradiction::OtherType(moved.clone()));
        } else if moved.from == moved.to {
            report(&moved.from, Contradiction::ToItself(moved.clone()));
            continue;
        }
        match from.get(&moved.from) {
            // Repeating a declaration is not a contradiction.
            Some(earlier) if earlier.to == moved.to => continue,
            Some(earlier) => {
                report(&moved.from, Contradiction::OneToTwo([(*earlier).clone(), moved.clone()]));
            }
            None => drop(from.insert(&moved.from, moved)),
        }
        match to.get(&moved.to) {
            Some(earlier) => {
                report(&moved.to, Contradiction::TwoToOne([(*earlier).clone(), moved.clone()]));
            }
            None => drop(to.insert(&moved.to, moved)),
        }
        if let Some(node) = stack.node(moved.from.as_str()).filter(|_| !arriving.contains(&moved.from)) {
            let (moved, declared) = (moved.clone(), node.origin.clone());
            report(&node.address, Contradiction::MovedAndDeclared { moved, declared });
        }
    }
    for circle in circles(stack, &from) {
        report(&circle[0].from.clone(), Contradiction::Circle(circle));
    }
    let mut removed: HashMap<&Address, &Option<Origin>> = HashMap::new();
    for removal in stack.removals() {
        if removed.insert(&removal.address, &removal.origin).is_some() {
            continue;
        }
        let at = || removal.origin.clone();
        if removal.address.is_data() {
            report(&removal.address, Contradiction::Unrecorded { at: at() });
        }
        if let Some(node) = stack.node(removal.address.as_str()) {
            let declared = node.origin.clone();
            report(&removal.address, Contradiction::DeclaredAndRemoved { declared, removed: at() });
        }
        if let Some(moved) = from.get(&removal.address) {
            let moved = (*moved).clone();
            report(&removal.address, Contradiction::MovedAndRemoved { moved, removed: at() });
        }
    }
}

/// The moves that lead back to their start, each circle once.
fn circles(stack: &Stack, from: &HashMap<&Address, &Moved>) -> Vec<Vec<Moved>> {
    let mut circles = Vec::new();
    // For each address, the walk that came by first.
    let mut met: HashMap<&Address, usize> = HashMap::new();
    for (walk, start) in stack.moves().iter().enumerate() {
        let mut way: Vec<&Moved> = Vec::new();
        let mut at = &start.from;
        while let Some(&moved) = from.get(at) {
            match met.get(at) {
                None => drop(met.insert(at, walk)),
                Some(earlier) if *earlier == walk => {
                    let begins = way.iter().position(|earlier| earlier.from == *at).unwrap_or(0);
                    circles.push(way[begins..].iter().map(|moved| (*moved).clone()).collect());
                    break;
                }
                Some(_) => break,
            }
            way.push(moved);
            at = &moved.to;
        }
    }
    circles
}
