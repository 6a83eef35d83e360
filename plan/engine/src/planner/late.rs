//! Decisions that a plan cannot make, because they need arguments that only the apply knows, or what a creation meets
//! in the cloud. Compares and has no effect.

use landform_core::{OnConflict, Path, Schema, expr::Expr};
use serde_json::Value as Json;

use super::{diff, ignore};
use crate::plan::Change;

/// Decides about one change when its step begins. `salt` is the lineage with which the state is sealed.
#[derive(Clone, Copy)]
pub(crate) struct Late<'a> {
    pub schema: &'a Schema,
    pub change: &'a Change,
    pub salt: &'a str,
}

/// The work of the executor on an adopted object.
pub(crate) enum Adoption {
    /// Nothing: the object is as declared.
    AsItIs,
    /// A change in place.
    Update,
    /// A change of a field that cannot be changed in place.
    Impossible(Path),
}

impl Late<'_> {
    /// The arguments, with existing values in the ignored fields and in those that the provider chose.
    pub(crate) fn kept(&self, arguments: Expr, is: &Json) -> Expr {
        let kept = match &self.change.ignore_changes {
            ignored if ignored.is_empty() => arguments,
            ignored => ignore::keep(self.schema, arguments, is, ignored),
        };
        self.schema.fill(kept, is)
    }

    /// The arguments of an update; `None` if nothing differs any more.
    pub(crate) fn update(&self, arguments: Expr, is: &Json) -> Option<Expr> {
        let kept = self.kept(arguments, is);
        (!diff::differences(self.schema, &kept, is, self.salt).is_empty()).then_some(kept)
    }

    /// Why the existing object that prevents a creation is not adopted: a field that differs.
    pub(crate) fn forbids(&self, arguments: &Expr, is: &Json) -> Option<Path> {
        if self.change.on_conflict != OnConflict::AdoptIfEqual {
            return None;
        }
        let kept = self.kept(arguments.clone(), is);
        diff::differences(self.schema, &kept, is, self.salt).into_iter().next().map(|field| field.path)
    }

    /// The changes that an adopted object needs. The arguments are stored ones.
    pub(crate) fn adoption(&self, kept: &Expr, is: &Json) -> Adoption {
        let fields = diff::differences(self.schema, kept, is, self.salt);
        match fields.iter().position(|field| field.replaces) {
            Some(place) => Adoption::Impossible(fields[place].path.clone()),
            None if fields.is_empty() => Adoption::AsItIs,
            None => Adoption::Update,
        }
    }
}
