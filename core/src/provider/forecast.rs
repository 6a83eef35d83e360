//! The planning step: what a provider says of a change before anything is done. Data only.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::{
    Address, Diagnostic, Path,
    expr::{Expr, Resolved},
};

/// A change that is being planned: what is, and what is wanted. `T` is [`Observed<R>`](super::Observed) for typed
/// providers and `dyn` [`Known`](super::Known) for erased ones.
#[derive(Debug)]
pub struct Proposal<'a, T: ?Sized> {
    /// The node.
    pub address: &'a Address,
    /// What exists and stays; none for what is to be made, also anew.
    pub prior: Option<&'a T>,
    /// The arguments that are wanted, with their defaults. [`Proposal::wanted`] reads one of them.
    pub arguments: &'a Expr,
    /// The arguments that differ from what exists.
    pub differs: &'a [Path],
}

impl<'a, T: ?Sized> Proposal<'a, T> {
    /// An argument that is wanted: its value, or that it is known only while the plan is applied. What is not declared is
    /// null.
    pub fn wanted(&self, path: &Path) -> Resolved {
        self.arguments.at(path).unwrap_or(Resolved::Known(Json::Null))
    }

    /// Whether an argument, or something inside it, differs from what exists.
    pub fn changes(&self, path: &Path) -> bool {
        self.differs.iter().any(|differs| differs.starts_with(path) || path.starts_with(differs))
    }

    /// The same proposal with what exists in another form.
    pub fn with_prior<'b, U: ?Sized>(&'b self, prior: Option<&'b U>) -> Proposal<'b, U> {
        Proposal { address: self.address, prior, arguments: self.arguments, differs: self.differs }
    }
}

impl<T: ?Sized> Clone for Proposal<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: ?Sized> Copy for Proposal<'_, T> {}

/// What a provider foresees of a change. What it leaves out is as the type's declaration says.
///
/// ```
/// use landform_core::{Diagnostic, Forecast, Path};
/// let forecast = Forecast::new()
///     .value(Path::field("arn"), "arn:demo:queue/jobs")
///     .unknown(Path::field("endpoint"))
///     .warn(Diagnostic::warning("messages are lost while it is made anew").at("fifo"));
/// assert!(!forecast.is_empty());
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Forecast {
    /// What attributes and computed arguments will be, where that is known before the change is made.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<Path, Json>,
    /// The attributes and computed arguments that are known only when the change is made, though they have a value now.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub unknown: BTreeSet<Path>,
    /// The arguments for which what exists must be replaced this time.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub replaces: BTreeSet<Path>,
    /// Whether a change in place takes something away that others may use, as a range of a subnetwork.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub releases: bool,
    /// What people should know before they apply the plan.
    #[serde(skip)]
    pub warnings: Vec<Diagnostic>,
}

impl Forecast {
    /// Nothing that the declaration does not say.
    pub fn new() -> Self {
        Self::default()
    }

    /// Says what an attribute or a computed argument will be. What depends on it is planned with this value, and the
    /// step fails if something else comes of it.
    pub fn value(mut self, path: Path, value: impl Into<Json>) -> Self {
        self.values.insert(path, value.into());
        self
    }

    /// Says that an attribute or a computed argument is known only when the change is made.
    pub fn unknown(mut self, path: Path) -> Self {
        self.unknown.insert(path);
        self
    }

    /// Says that this argument cannot be changed in place this time.
    pub fn replaces(mut self, path: Path) -> Self {
        self.replaces.insert(path);
        self
    }

    /// Says that the change takes away what others may use. The engine makes it after those others have let go, as a
    /// deletion.
    pub fn releases(mut self) -> Self {
        self.releases = true;
        self
    }

    /// Adds something that people should know before they apply the plan.
    pub fn warn(mut self, warning: Diagnostic) -> Self {
        self.warnings.push(warning);
        self
    }

    /// Whether nothing was foreseen.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What a reference to an attribute or computed argument leads to after the change; `None` where nothing is foreseen
    /// of it.
    pub fn look(&self, path: &Path) -> Option<Resolved> {
        let touches = |foreseen: &Path| path.starts_with(foreseen) || foreseen.starts_with(path);
        if self.unknown.iter().any(touches) {
            return Some(Resolved::Unknown);
        }
        let (foreseen, value) = self.values.iter().find(|(foreseen, _)| touches(foreseen))?;
        if !path.starts_with(foreseen) {
            // A part of it is foreseen and the rest is not.
            return Some(Resolved::Unknown);
        }
        let inside = path.below(foreseen).find(value).cloned();
        Some(Resolved::Known(inside.unwrap_or(Json::Null)))
    }
}
