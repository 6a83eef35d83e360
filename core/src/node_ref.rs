//! A node as references lead to it: where it stands, and in which stack it was declared. So one that was taken from
//! another stack is found out where it is used.

use std::{cmp::Ordering, fmt, hash, ops::Deref, sync::Arc};

use crate::{Address, stack::Origin};

/// A node as references lead to it. It dereferences to the node's address.
///
/// A handle is one, and so is an address, of which it is not known in which stack it was declared.
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

    /// Where the node stands.
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

/// The stack in which a node was declared, and where; nothing for one that comes from a name, a file or a plan.
///
/// It is no part of what a reference says: two references that lead to the same place are equal.
#[derive(Clone, Default)]
pub struct Home(Option<Arc<Declared>>);

/// A node's declaration.
struct Declared {
    stack: Arc<Identity>,
    origin: Option<Origin>,
}

/// What tells one stack from another of the same name. Clones of a stack share it, if it had nodes.
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

    /// The name of the stack and the place in the source, if the stack is another one than this.
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
