//! The node of a reference: its address, and the stack in which it was declared. So a reference to another stack is
//! noticed where it is used.

use std::{cmp::Ordering, fmt, hash, ops::Deref, sync::Arc};

use crate::{Address, stack::Origin};

/// The node of a reference. It dereferences to the address of the node.
///
/// It can come from a handle, or from an address, which does not know the stack of the node.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeRef {
    address: Address,
    home: Home,
}

impl NodeRef {
    pub(crate) fn new(address: Address, home: Home) -> Self {
        Self { address, home }
    }

    pub(crate) fn into_parts(self) -> (Address, Home) {
        (self.address, self.home)
    }

    /// The address of the node.
    pub fn address(&self) -> &Address {
        &self.address
    }

    pub(crate) fn home(&self) -> &Home {
        &self.home
    }
}

impl Deref for NodeRef {
    type Target = Address;

    fn deref(&self) -> &Address {
        &self.address
    }
}

impl fmt::Display for NodeRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.address.fmt(f)
    }
}

impl From<Address> for NodeRef {
    fn from(address: Address) -> Self {
        Self::new(address, Home::default())
    }
}

impl From<&Address> for NodeRef {
    fn from(address: &Address) -> Self {
        address.clone().into()
    }
}

impl From<&NodeRef> for NodeRef {
    fn from(node: &NodeRef) -> Self {
        node.clone()
    }
}

/// The stack and the place in which a node was declared; `None` for a node from a name, a file or a plan.
///
/// It is not part of the reference: two references to the same place are equal.
#[derive(Clone, Default)]
pub struct Home(Option<Arc<Declared>>);

/// A node's declaration.
struct Declared {
    stack: Arc<Identity>,
    origin: Option<Origin>,
}

/// Distinguishes stacks of the same name. Clones of a stack share it, if the stack had nodes.
#[derive(Debug)]
pub(crate) struct Identity {
    name: String,
}

impl Identity {
    pub(crate) fn new(name: &str) -> Arc<Self> {
        Arc::new(Self { name: name.to_owned() })
    }
}

impl Home {
    pub(crate) fn new(stack: &Arc<Identity>, origin: Option<Origin>) -> Self {
        Self(Some(Arc::new(Declared { stack: stack.clone(), origin })))
    }

    /// The name of the stack and the place in the source, if the stack is another one.
    pub(crate) fn elsewhere(&self, here: Option<&Arc<Identity>>) -> Option<(&str, Option<&Origin>)> {
        let is_here = |stack: &Arc<Identity>| here.is_some_and(|here| Arc::ptr_eq(stack, here));
        let declared = self.0.as_ref().filter(|declared| !is_here(&declared.stack))?;
        Some((&declared.stack.name, declared.origin.as_ref()))
    }
}

impl fmt::Debug for Home {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_ref().map_or("unknown", |declared| &declared.stack.name))
    }
}

impl PartialEq for Home {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Home {}

impl PartialOrd for Home {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Home {
    fn cmp(&self, _: &Self) -> Ordering {
        Ordering::Equal
    }
}

impl hash::Hash for Home {
    fn hash<H: hash::Hasher>(&self, _: &mut H) {}
}
