//! The planning step: a provider's predictions about a change before anything is done. Data only.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::{
    Address, Diagnostic, Path,
    expr::{Expr, Resolved},
};

/// A change in planning: the existing and the wanted resource. `T` is [`Observed<R>`](super::Observed) for typed
/// providers and `dyn` [`Known`](super::Known) for erased ones.
#[derive(Debug)]
pub struct Proposal<'a, T: ?Sized> {
    /// The node.
    pub address: &'a Address,
    /// The resource that exists and stays; `None` for a creation or a replacement.
    pub prior: Option<&'a T>,
    /// The wanted arguments, with their defaults. [`Proposal::wanted`] reads one of them.
    pub arguments: &'a Expr,
    /// The arguments that differ from the existing ones.
    pub differs: &'a [Path],
}

impl<'a, T: ?Sized> Proposal<'a, T> {
    /// A wanted argument: its value, or that it is known only during the apply. An undeclared argument is null.
    pub fn wanted(&self, path: &Path) -> Resolved {
        self.arguments.at(path).unwrap_or(Resolved::Known(Json::Null))
    }

    /// Whether an argument, or a part of it, differs from the existing one.
    pub fn changes(&self, path: &Path) -> bool {
        self.differs.iter().any(|differs| differs.starts_with(path) || path.starts_with(differs))
    }

    /// The same proposal with the existing resource in another form.
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

/// A provider's predictions about a change. The declaration of the type applies to everything else.
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
    /// The values of attributes and computed arguments that are known before the change.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<Path, Json>,
    /// The attributes and computed arguments that become known only with the change, although they have a value now.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub unknown: BTreeSet<Path>,
    /// The arguments that force a replacement this time.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub replaces: BTreeSet<Path>,
    /// Whether a change in place takes away something that others may use, such as a range of a subnetwork.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub releases: bool,
    /// Warnings for people before they apply the plan.
    #[serde(skip)]
    pub warnings: Vec<Diagnostic>,
}

impl Forecast {
    /// No prediction beyond the declaration.
    pub fn new() -> Self {
        Self::default()
    }

    /// Predicts the value of an attribute or a computed argument. Dependents are planned with this value. The step
    /// fails if the result is another one.
    pub fn value(mut self, path: Path, value: impl Into<Json>) -> Self {
        self.values.insert(path, value.into());
        self
    }

    /// Says that an attribute or a computed argument becomes known only with the change.
    pub fn unknown(mut self, path: Path) -> Self {
        self.unknown.insert(path);
        self
    }

    /// Says that this argument cannot be changed in place this time.
    pub fn replaces(mut self, path: Path) -> Self {
        self.replaces.insert(path);
        self
    }

    /// Says that the change takes away something that others may use. The engine makes the change, like a deletion,
    /// after those others have stopped using it.
    pub fn releases(mut self) -> Self {
        self.releases = true;
        self
    }

    /// Adds a warning for people before they apply the plan.
    pub fn warn(mut self, warning: Diagnostic) -> Self {
        self.warnings.push(warning);
        self
    }

    /// Whether nothing was foreseen.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What a reference to an attribute or computed argument finds after the change; `None` without a prediction.
    pub fn look(&self, path: &Path) -> Option<Resolved> {
        let touches = |foreseen: &Path| path.starts_with(foreseen) || foreseen.starts_with(path);
        if self.unknown.iter().any(touches) {
            return Some(Resolved::Unknown);
        }
        let (foreseen, value) = self.values.iter().find(|(foreseen, _)| touches(foreseen))?;
        if !path.starts_with(foreseen) {
            // One part is predicted and the rest is not.
            return Some(Resolved::Unknown);
        }
        let inside = path.below(foreseen).find(value).cloned();
        Some(Resolved::Known(inside.unwrap_or(Json::Null)))
    }
}
