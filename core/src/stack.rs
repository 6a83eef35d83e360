//! Stacks: declared nodes and the references between them. Collects them; checks only when asked; touches nothing.

mod lifecycle;
mod node;

use std::{collections::BTreeSet, panic::Location, sync::Arc};

use indexmap::{IndexMap, map::Entry};
use serde::{Deserialize, Serialize};

pub use lifecycle::{Condition, Ignore, Lifecycle, OnConflict};
pub use node::{Moved, Node, Origin, Removed};

use crate::{
    Address, Data, Declaration, Declares, Handle, Home, Input, NodeRef, Path, Resource, ResourceType, Scope,
    address::NameError,
    expr::Expr,
    graph::Dependencies,
    node_ref::Identity,
    problem::{Problem, ProblemKind, Problems},
};

/// Declared infrastructure. Serialisable. The order of declaration matters only in listings.
///
/// Names are unique per type. Adding never fails: [`Stack::check`] reports problems before anything is planned, with
/// the place of the declaration in the source.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Stack {
    name: String,
    nodes: IndexMap<Address, Node, foldhash::fast::RandomState>,
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    outputs: IndexMap<String, Expr>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    moved: Vec<Moved>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    removed: Vec<Removed>,
    #[serde(skip)]
    scope: Scope,
    /// Made with the first node.
    #[serde(skip)]
    identity: Option<Arc<Identity>>,
    #[serde(skip)]
    problems: Vec<Problem>,
}

impl Stack {
    /// An empty stack. The name identifies the stack: a state belongs to one name.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            nodes: IndexMap::default(),
            outputs: IndexMap::new(),
            moved: Vec::new(),
            removed: Vec::new(),
            scope: Scope::new(),
            identity: None,
            problems: Vec::new(),
        }
    }

    /// The stack's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Adds a resource under a name that is unique for its type. Returns its references.
    #[track_caller]
    pub fn add<R: Resource>(&mut self, name: &str, resource: impl Declares<R>) -> Handle<R> {
        Handle::new(self.put(name, resource.declare(), Location::caller()))
    }

    /// Adds a resource or a data source whose type is known only at run time. Returns the node, for
    /// [`Expr::reference`]. Its arguments are checked with the rest of the stack.
    ///
    /// [`ResourceType`] has an example.
    #[track_caller]
    pub fn add_untyped(
        &mut self,
        name: &str,
        resource_type: &Arc<ResourceType>,
        arguments: impl Into<Expr>,
    ) -> NodeRef {
        let declaration = Declaration { resource_type: resource_type.clone(), arguments: arguments.into() };
        self.put(name, declaration, Location::caller())
    }

    fn put(&mut self, name: &str, declaration: Declaration, caller: &'static Location<'static>) -> NodeRef {
        let Declaration { resource_type, arguments } = declaration;
        let origin = self.origin_or(caller);
        let home = self.home(origin.clone());
        let address = Address::new(&resource_type.name, name).unwrap_or_else(|error: NameError| {
            let address = Address::unchecked(&resource_type.name, name);
            self.problems.push(Problem::new(ProblemKind::Name(error)).at(&address, origin.as_ref()));
            address
        });
        let arguments = if resource_type.arguments.holds_secrets() {
            resource_type.arguments.complete(arguments)
        } else {
            arguments
        };
        match self.nodes.entry(address.clone()) {
            Entry::Occupied(earlier) => {
                let kind = ProblemKind::Duplicate { earlier: earlier.get().origin.clone() };
                self.problems.push(Problem::new(kind).at(&address, origin.as_ref()));
            }
            Entry::Vacant(place) => {
                place.insert(Node {
                    address: address.clone(),
                    arguments,
                    depends_on: BTreeSet::new(),
                    lifecycle: Lifecycle::default(),
                    provider: self.scope.provider.clone(),
                    origin,
                    resource_type: Some(resource_type),
                });
            }
        }
        NodeRef::new(address, home)
    }

    /// A handle on a node of this stack by its name, even before it is added: for layers whose nodes refer to each
    /// other. [`Stack::check`] reports it if there is no such node.
    #[track_caller]
    pub fn handle<R: Resource>(&mut self, name: &str) -> Handle<R> {
        let origin = self.origin_or(Location::caller());
        let address = Address::unchecked(&R::resource_type().name, name);
        Handle::new(NodeRef::new(address, self.home(origin)))
    }

    /// The part of a reference that identifies this stack.
    fn home(&mut self, origin: Option<Origin>) -> Home {
        Home::new(self.identity.get_or_insert_with(|| Identity::new(&self.name)), origin)
    }

    /// Adds a data source under a name that is unique for its type. It is read while planning if its arguments are
    /// known by then, otherwise while applying. Returns the references to its answer.
    #[track_caller]
    pub fn read<R: Data>(&mut self, name: &str, data: impl Declares<R>) -> Handle<R> {
        self.add(name, data)
    }

    /// Changes an added node: its lifecycle, its dependencies.
    ///
    /// ```
    /// # use landform_core::{Id, Stack, attributes, resource};
    /// # /// A bucket.
    /// # #[resource("demo_bucket")] pub struct Bucket { /// Name.
    /// #     pub name: String }
    /// # /// Attributes.
    /// # #[attributes] pub struct BucketAttributes { /// Id.
    /// #     pub id: Id<Bucket> }
    /// let mut stack = Stack::new("demo");
    /// let logs = stack.add("logs", Bucket::new("logs"));
    /// stack.adjust(&logs, |node| node.lifecycle.prevent_destroy = true);
    /// ```
    #[track_caller]
    pub fn adjust(&mut self, node: impl Into<NodeRef>, change: impl FnOnce(&mut Node)) {
        let (node, caller) = (node.into(), Location::caller());
        let foreign = self.foreign(node.address(), node.home(), Path::default);
        let found = self.nodes.get_mut(node.address()).filter(|_| foreign.is_none());
        match (found, foreign) {
            (Some(node), _) => change(node),
            (None, foreign) => {
                let dangling = || ProblemKind::Dangling { node: node.address().clone(), near: None };
                let mut problem = Problem::new(foreign.unwrap_or_else(dangling));
                problem.origin = Some(Origin::of(caller));
                self.problems.push(problem);
            }
        }
    }

    /// Changes a declared node by its address; `false` if there is none.
    pub fn adjust_at(&mut self, address: &Address, change: impl FnOnce(&mut Node)) -> bool {
        self.nodes.get_mut(address).map(change).is_some()
    }

    /// Makes a node wait for others in addition to those it refers to.
    #[track_caller]
    pub fn depend(&mut self, node: impl Into<NodeRef>, on: impl IntoIterator<Item = impl Into<NodeRef>>) {
        let (mut own, mut foreign) = (Vec::new(), Vec::new());
        for other in on.into_iter().map(Into::<NodeRef>::into) {
            match self.foreign(other.address(), other.home(), Path::default) {
                Some(problem) => foreign.push(problem),
                None => own.push(other.into_parts().0),
            }
        }
        self.adjust(node, |node| node.depends_on.extend(own));
        let caller = Origin::of(Location::caller());
        self.problems.extend(foreign.into_iter().map(|kind| {
            let mut problem = Problem::new(kind);
            problem.origin = Some(caller.clone());
            problem
        }));
    }

    /// Adds a precondition, which must hold before anything happens to a node.
    ///
    /// ```
    /// # use landform_core::{Id, Stack, attributes, input::{at_most, length}, resource};
    /// # /// A pool.
    /// # #[resource("demo_pool")] pub struct Pool { /// Zones.
    /// #     pub zones: Vec<String> }
    /// # /// Attributes.
    /// # #[attributes] pub struct PoolAttributes { /// Id.
    /// #     pub id: Id<Pool> }
    /// let mut stack = Stack::new("demo");
    /// let pool = stack.add("main", Pool::new().zones(["a", "b"]));
    /// let other = stack.add("other", Pool::new());
    /// stack.require(&other, at_most(length(pool.zones()), 3), "a pool takes three zones at most");
    /// ```
    #[track_caller]
    pub fn require(
        &mut self,
        node: impl Into<NodeRef>,
        holds: impl Into<Input<bool>>,
        message: impl Into<String>,
    ) {
        let condition = Condition { holds: holds.into().into_expr(), message: message.into() };
        self.adjust(node, |node| node.lifecycle.preconditions.push(condition));
    }

    /// Adds a postcondition, which must hold when a node is as planned. Its dependents wait for it. The condition may
    /// refer to the node itself.
    #[track_caller]
    pub fn ensure(
        &mut self,
        node: impl Into<NodeRef>,
        holds: impl Into<Input<bool>>,
        message: impl Into<String>,
    ) {
        let condition = Condition { holds: holds.into().into_expr(), message: message.into() };
        self.adjust(node, |node| node.lifecycle.postconditions.push(condition));
    }

    /// Names a value for users outside the stack.
    pub fn output(&mut self, name: impl Into<String>, value: impl Into<Expr>) {
        self.outputs.insert(name.into(), value.into());
    }

    /// Makes nodes import existing resources, each by the cloud's id. Returns the addresses that are not declared.
    ///
    /// ```
    /// # use landform_core::Stack;
    /// # fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// let mut stack = Stack::new("base");
    /// let undeclared = stack.import([("aws_vpc.main".parse()?, "vpc-0a1b2c".to_owned())]);
    /// assert_eq!(undeclared.len(), 1);
    /// # Ok(()) }
    /// # example().unwrap();
    /// ```
    pub fn import(&mut self, ids: impl IntoIterator<Item = (Address, String)>) -> Vec<Address> {
        let mut undeclared = Vec::new();
        for (address, id) in ids {
            match self.nodes.get_mut(&address) {
                Some(node) => node.lifecycle.import = Some(id),
                None => undeclared.push(address),
            }
        }
        undeclared
    }

    /// Declares that a node had another address before. Its resource moves, and nothing is replaced.
    ///
    /// Moves may stay in the stack: a move with nothing left to move does nothing. Moves can form a chain, `a` to `b`
    /// and later `b` to `c`. [`Stack::check`] refuses moves that contradict each other; the plan refuses moves that
    /// contradict the state.
    #[track_caller]
    pub fn moved(&mut self, from: Address, to: Address) {
        let origin = self.origin_or(Location::caller());
        self.moved.push(Moved { from, to, origin });
    }

    /// Declares that a node is to be forgotten, and its resource left alone. Also forgets what replacements left behind
    /// there. Needs no provider.
    #[track_caller]
    pub fn removed(&mut self, address: Address) {
        let origin = self.origin_or(Location::caller());
        self.removed.push(Removed { address, origin });
    }

    pub(crate) fn scope(&self) -> &Scope {
        &self.scope
    }

    fn origin_or(&self, caller: &'static Location<'static>) -> Option<Origin> {
        self.scope.origin.clone().or_else(|| Some(Origin::of(caller)))
    }

    pub(crate) fn scope_mut(&mut self) -> &mut Scope {
        &mut self.scope
    }

    /// The problem of a reference at a path, to a node of another stack.
    pub(crate) fn foreign(
        &self,
        node: &Address,
        home: &Home,
        at: impl FnOnce() -> Path,
    ) -> Option<ProblemKind> {
        let (stack, declared) = home.elsewhere(self.identity.as_ref())?;
        let (stack, declared) = (stack.to_owned(), declared.cloned());
        Some(ProblemKind::Foreign { at: at(), node: node.clone(), stack, declared })
    }

    /// The nodes in the order of declaration.
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = &Node> {
        self.nodes.values()
    }

    /// The node at an address.
    pub fn node(&self, address: &str) -> Option<&Node> {
        self.nodes.get(address)
    }

    /// The index of a node in the order of declaration.
    pub fn index_of(&self, address: &Address) -> Option<usize> {
        self.nodes.get_index_of(address)
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether nothing is declared.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The outputs, by name.
    pub fn outputs(&self) -> &IndexMap<String, Expr> {
        &self.outputs
    }

    /// The renamed nodes.
    pub fn moves(&self) -> &[Moved] {
        &self.moved
    }

    /// The nodes to be forgotten.
    pub fn removals(&self) -> &[Removed] {
        &self.removed
    }

    /// Gives the nodes of a stack from a file their types back. Types are looked up by name.
    pub fn bind<'a>(&mut self, types: &dyn Fn(&str) -> Option<&'a Arc<ResourceType>>) {
        for node in self.nodes.values_mut().filter(|node| node.resource_type.is_none()) {
            let Some(resource_type) = types(node.address.type_str()) else { continue };
            if resource_type.arguments.holds_secrets() {
                let arguments = std::mem::replace(&mut node.arguments, Expr::NULL);
                node.arguments = resource_type.arguments.complete(arguments);
            }
            node.resource_type = Some(resource_type.clone());
        }
    }

    /// Checks everything that can be known before planning: names, arguments, references, cycles, and the rules of the
    /// resource types.
    ///
    /// # Errors
    /// All problems, each with address, place and field.
    pub fn check(&self) -> Result<(), Problems> {
        self.check_graph().map(drop)
    }

    /// Like [`Stack::check`]. Returns the dependencies.
    ///
    /// # Errors
    /// The same as for [`Stack::check`].
    pub fn check_graph(&self) -> Result<Dependencies<'_>, Problems> {
        crate::validate::check(self, self.problems.clone())
    }
}
