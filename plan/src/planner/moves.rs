//! Which renamings still have something to rename, and what a stack may not say of them.

use std::collections::HashSet;

use landform_core::{Address, Stack, stack::Moved};

use super::Context;
use crate::{EngineError, Result, journal::State};

/// The renamings in the order in which they can be done. A chain, `a` to `b` and later `b` to `c`, is one renaming;
/// `b` may also make room for `a`.
pub(super) fn moves(stack: &Stack, state: &State) -> Vec<Moved> {
    let mut open: Vec<&Moved> = stack.moves().iter().collect();
    let mut freed: HashSet<&Address> = HashSet::new();
    let mut done: Vec<Moved> = Vec::new();
    loop {
        let before = open.len();
        open.retain(|moved| {
            let there = |address: &Address, done: &[Moved]| {
                done.iter().any(|done| done.to == *address)
                    || (state.get(address).is_some() && !freed.contains(address))
            };
            if !there(&moved.from, &done) || there(&moved.to, &done) {
                return true;
            }
            match done.iter_mut().find(|done| done.to == moved.from) {
                Some(earlier) => earlier.to = moved.to.clone(),
                None => {
                    freed.insert(&moved.from);
                    done.push((*moved).clone());
                }
            }
            false
        });
        if open.len() == before {
            return done;
        }
    }
}

/// What is said of nodes has to hold together.
pub(super) fn check(context: &Context<'_>) -> Result<()> {
    let stack = context.stack;
    let contradiction = |address: &Address, message: String| {
        Err(EngineError::Contradiction { address: address.clone(), message })
    };
    for Moved { from, to } in stack.moves() {
        if from.type_str() != to.type_str() {
            return contradiction(from, format!("it cannot move to {to}, which is of another type"));
        }
        let refilled = || stack.moves().iter().any(|other| other.to == *from);
        if stack.node(from.as_str()).is_some() && !refilled() {
            return contradiction(from, format!("it is declared and moved to {to}; expected one of the two"));
        }
    }
    for address in stack.removals() {
        if stack.node(address.as_str()).is_some() {
            return contradiction(address, "it is declared and removed; expected one of the two".into());
        }
    }
    for node in stack.nodes() {
        let Some(known) = node.resource_type() else { continue };
        for path in node.lifecycle.ignore_changes.paths() {
            if known.arguments.place(path).is_none() {
                let message =
                    format!("ignore_changes names {path}, but {} has no such argument", known.name_str());
                return contradiction(&node.address, message);
            }
        }
        if node.lifecycle.prevent_destroy && context.options.replace.contains(&node.address) {
            return contradiction(
                &node.address,
                "it is to be replaced, but must not be destroyed (prevent_destroy)".into(),
            );
        }
    }
    Ok(())
}
