//! The way of a cluster's resources into a stack: their local names, and their positions in the spec.

use crate::names::{Names, terraform};
use crate::populate::Populated;
use crate::source::Place;
use landform_core::Node;
use landform_core::{Declares, Handle, NodeRef, Origin, Resource, Scope, Stack};
use std::borrow::Cow;

/// The stack of a cluster, and the populated spec that its resources come from.
pub(super) struct Ground<'a> {
    stack: &'a mut Stack,
    pub(super) populated: &'a Populated,
    pub(super) names: Names<'a>,
    shares_stack: bool,
    /// The position in the spec of the nodes that are added next.
    scope: Scope,
}

impl<'a> Ground<'a> {
    /// `shares_stack`: whether the stack has resources of others.
    pub(super) fn new(stack: &'a mut Stack, populated: &'a Populated, shares_stack: bool) -> Self {
        let names = Names { cluster: populated.spec.name() };
        Self { stack, populated, names, shares_stack, scope: Scope::new() }
    }

    /// Adds a resource whose name contains the cluster's name.
    pub(super) fn add<R: Resource>(&mut self, name: &str, resource: impl Declares<R>) -> Handle<R> {
        self.stack.within(self.scope.clone(), |stack| stack.add(&terraform(name), resource))
    }

    /// Adds a resource whose name does not contain the cluster's name. In a shared stack, the layer adds the cluster's
    /// name.
    pub(super) fn add_common<R: Resource>(&mut self, name: &str, resource: impl Declares<R>) -> Handle<R> {
        if self.shares_stack {
            let name = self.names.of(name);
            self.add(&name, resource)
        } else {
            self.add(name, resource)
        }
    }

    /// Changes an added resource.
    pub(super) fn adjust(&mut self, node: impl Into<NodeRef>, change: impl FnOnce(&mut Node)) {
        self.stack.adjust(node, change);
    }

    /// Makes a resource wait for another one that it does not refer to.
    pub(super) fn depend(&mut self, node: impl Into<NodeRef>, on: impl Into<NodeRef>) {
        self.stack.depend(node, [on]);
    }

    /// Sets the position of the next nodes to a field of the `Cluster` document.
    pub(super) fn at(&mut self, path: &str) {
        self.scope = scope(&self.populated.spec.cluster.place, path);
    }

    /// Sets the position of the next nodes to the document of a group.
    pub(super) fn at_group(&mut self, name: &str) {
        if let Some(group) = self.populated.spec.group(name) {
            self.scope = scope(&group.place, "spec");
        }
    }
}

/// The scope with the position of a field, if the position is known.
fn scope(place: &Place, path: &str) -> Scope {
    match place.of(path) {
        Some(at) => Scope::new().origin(Origin { file: Cow::Owned(at.file.to_string()), line: at.line }),
        None => Scope::new(),
    }
}
