//! Where references to secrets lead while planning: to the secret if the engine knows it, otherwise to its seal, which
//! can only be compared.

use std::collections::HashSet;

use landform_core::expr::{Expr, Reference, Resolved};

use super::view::View;
use crate::seal::{self, Vault};

/// The references that are arguments of functions: a function of a seal would make no sense.
pub(super) struct Lookup<'a> {
    vault: &'a Vault,
    taken: HashSet<&'a Reference>,
}

impl<'a> Lookup<'a> {
    pub(super) fn new(vault: &'a Vault, expr: &'a Expr) -> Self {
        let mut taken = HashSet::new();
        collect(expr, &mut taken);
        Self { vault, taken }
    }

    pub(super) fn see(&self, view: &View<'_>, reference: &Reference) -> Resolved {
        match view.resolve(reference, self.vault) {
            Resolved::Known(mut value) | Resolved::Secret(mut value) if seal::holds_seals(&value) => {
                if self.vault.open(&mut value) || !self.taken.contains(reference) {
                    Resolved::Secret(value)
                } else {
                    Resolved::Unknown
                }
            }
            other => other,
        }
    }
}

fn collect<'a>(expr: &'a Expr, taken: &mut HashSet<&'a Reference>) {
    match expr {
        Expr::Literal(_) | Expr::Ref(_) => {}
        Expr::List(items) => items.iter().for_each(|item| collect(item, taken)),
        Expr::Map(fields) => fields.values().for_each(|field| collect(field, taken)),
        Expr::Secret(inner) => collect(inner, taken),
        Expr::Call(_, arguments) => {
            for argument in arguments {
                match argument {
                    Expr::Ref(reference) => drop(taken.insert(reference)),
                    other => collect(other, taken),
                }
            }
        }
    }
}
