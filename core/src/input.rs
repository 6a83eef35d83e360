//! Inputs: a value, a typed reference, or an expression of both, given for an argument.

mod conditions;
mod functions;
mod literal;

use std::{marker::PhantomData, ops::Deref};

use serde::Serialize;
use serde_json::Value as Json;

use crate::{
    Address, Id, NodeRef, Path, Resource, Secret,
    expr::{Expr, Function},
    resource::{Attributes, Block, Refs},
};

pub use conditions::{all, any, at_least, at_most, contains, equal, has, length, matches, not};
pub use functions::{
    base64, base64_sha256, cidr_subnet, concat, format, join, json_encode, lookup, sha256, yaml_encode,
};

/// An input for an argument of type `T`: a value or a reference to one. A reference to another type does not compile.
///
/// ```
/// use landform_core::Input;
/// let value: Input<u16> = 443.into();
/// let text: Input<String> = "private".into();
/// # let _ = (value, text);
/// ```
#[derive(Debug)]
pub struct Input<T> {
    expr: Expr,
    of: PhantomData<fn() -> T>,
}

/// Anything that can be given for an argument of type `T`: a value, a reference to one, or a handle where an id is
/// wanted.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither a value of type `{T}` nor a reference to one",
    label = "expected a value of type `{T}` or a reference to one"
)]
pub trait Argument<T> {
    /// The argument.
    fn into_input(self) -> Input<T>;
}

#[diagnostic::do_not_recommend]
impl<T, V: Into<Input<T>>> Argument<T> for V {
    fn into_input(self) -> Input<T> {
        self.into()
    }
}

impl<T> Input<T> {
    /// An input given by an expression. The caller vouches for its type.
    pub fn from_expr(expr: Expr) -> Self {
        Self { expr, of: PhantomData }
    }

    /// The expression.
    pub fn into_expr(self) -> Expr {
        self.expr
    }

    /// The expression, to look at.
    pub fn expr(&self) -> &Expr {
        &self.expr
    }

    /// Marks the value as secret: it is used but never shown.
    pub fn secret(self) -> Self {
        Self::from_expr(Expr::Secret(Box::new(self.expr)))
    }
}

impl<T> Clone for Input<T> {
    fn clone(&self) -> Self {
        Self::from_expr(self.expr.clone())
    }
}

impl<T: Serialize> From<T> for Input<T> {
    fn from(value: T) -> Self {
        Self::from_expr(literal(&value))
    }
}

impl From<&str> for Input<String> {
    fn from(text: &str) -> Self {
        Self::from_expr(Expr::Literal(text.into()))
    }
}

impl From<&str> for Input<Secret> {
    fn from(text: &str) -> Self {
        Self::from_expr(Expr::Literal(text.into())).secret()
    }
}

/// A plain value may be used where a secret is wanted. It is masked there.
impl From<Ref<String>> for Input<Secret> {
    fn from(reference: Ref<String>) -> Self {
        Self::from_expr(reference.into_expr()).secret()
    }
}

impl<R> From<&str> for Input<Id<R>> {
    fn from(text: &str) -> Self {
        Self::from_expr(Expr::Literal(text.into()))
    }
}

impl<T> From<Ref<T>> for Input<T> {
    fn from(reference: Ref<T>) -> Self {
        Self::from_expr(reference.into_expr())
    }
}

impl<T> From<&Ref<T>> for Input<T> {
    fn from(reference: &Ref<T>) -> Self {
        reference.clone().into()
    }
}

impl<T> From<&Input<T>> for Input<T> {
    fn from(input: &Input<T>) -> Self {
        input.clone()
    }
}

impl<R: Resource> From<&Handle<R>> for Input<Id<R>> {
    fn from(handle: &Handle<R>) -> Self {
        handle.ref_id().into()
    }
}

impl<R: Resource> From<Handle<R>> for Input<Id<R>> {
    fn from(handle: Handle<R>) -> Self {
        handle.ref_id().into()
    }
}

impl<R> From<Ref<Id<R>>> for Input<String> {
    fn from(reference: Ref<Id<R>>) -> Self {
        Self::from_expr(reference.into_expr())
    }
}

impl<R> From<Input<Id<R>>> for Input<String> {
    fn from(input: Input<Id<R>>) -> Self {
        Self::from_expr(input.expr)
    }
}

/// A typed reference to another node's attribute or argument.
#[derive(Debug, PartialEq, Eq)]
pub struct Ref<T> {
    node: NodeRef,
    path: Path,
    of: PhantomData<fn() -> T>,
}

impl<T> Ref<T> {
    /// A reference whose type the caller vouches for. The macros generate these.
    pub fn new(node: impl Into<NodeRef>, path: Path) -> Self {
        Self { node: node.into(), path, of: PhantomData }
    }

    /// The node referred to.
    pub fn node(&self) -> &Address {
        &self.node
    }

    /// The path referred to.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The reference as an untyped expression.
    pub fn into_expr(self) -> Expr {
        Expr::reference(self.node, self.path)
    }
}

impl<T: Block> Ref<T> {
    /// The fields of a block, as typed references: `cluster.certificate().at(0).fields().data()`.
    pub fn fields(&self) -> T::Refs {
        T::refs(self.node.clone(), self.path.clone())
    }
}

impl<T> Ref<Vec<T>> {
    /// The item at an index of a list attribute, counted from 0.
    pub fn at(&self, place: usize) -> Ref<T> {
        Ref::new(self.node.clone(), self.path.index(place))
    }
}

impl<T> Ref<std::collections::BTreeMap<String, T>> {
    /// The value under a key of a map: `handle.tags().key("Name")`.
    pub fn key(&self, key: &str) -> Ref<T> {
        Ref::new(self.node.clone(), self.path.key(key))
    }
}

impl<T> Clone for Ref<T> {
    fn clone(&self) -> Self {
        Self::new(self.node.clone(), self.path.clone())
    }
}

/// Returned when a resource is added to a stack: its attributes and arguments as typed references (`handle.id()`,
/// `handle.arn()`, `handle.cidr_block()`).
pub struct Handle<R: Resource> {
    refs: R::Refs,
}

impl<R: Resource> Handle<R> {
    /// A handle on a node; the stack makes these.
    pub(crate) fn new(node: NodeRef) -> Self {
        Self { refs: R::Refs::of(node) }
    }

    /// A handle on a node by its name, in the stack that uses the handle. [`Stack::check`](crate::Stack::check) reports
    /// it if the stack has no such node. Prefer [`Stack::handle`](crate::Stack::handle), which knows its stack.
    pub fn named(name: &str) -> Self {
        Self::new(Address::unchecked(&R::resource_type().name, name).into())
    }

    /// A handle on another node of the same stack, by its name. Otherwise as [`Handle::named`].
    pub fn beside<S: Resource>(&self, name: &str) -> Handle<S> {
        let address = Address::unchecked(&S::resource_type().name, name);
        Handle::new(NodeRef::new(address, self.refs.node().home().clone()))
    }

    /// The address of the node.
    pub fn address(&self) -> &Address {
        self.refs.address()
    }

    fn ref_id(&self) -> Ref<Id<R>> {
        Ref::new(self, Path::field(R::Attributes::ID))
    }
}

impl<R: Resource> Deref for Handle<R> {
    type Target = R::Refs;

    fn deref(&self) -> &R::Refs {
        &self.refs
    }
}

impl<R: Resource> Clone for Handle<R> {
    fn clone(&self) -> Self {
        Self::new(self.refs.node().clone())
    }
}

impl<R: Resource> From<&Handle<R>> for NodeRef {
    fn from(handle: &Handle<R>) -> Self {
        handle.refs.node().clone()
    }
}

impl<R: Resource> From<Handle<R>> for NodeRef {
    fn from(handle: Handle<R>) -> Self {
        (&handle).into()
    }
}

impl<R: Resource> std::fmt::Debug for Handle<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Handle({})", self.address())
    }
}

impl<T> From<Ref<T>> for Expr {
    fn from(reference: Ref<T>) -> Self {
        reference.into_expr()
    }
}

impl<T> From<Input<T>> for Expr {
    fn from(input: Input<T>) -> Self {
        input.expr
    }
}

fn literal(value: &impl Serialize) -> Expr {
    match literal::json(value) {
        Ok(value) => Expr::Literal(value),
        Err(error) => Expr::Call(Function::Fail, vec![Expr::Literal(Json::from(error.to_string()))]),
    }
}
