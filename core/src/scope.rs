//! Scopes: settings for the nodes that are added while a scope lasts.

use crate::{ProviderName, Stack, stack::Origin};

/// Settings for the nodes that are added within it. The outer scope decides the rest.
///
/// ```
/// # use landform_core::{Id, Scope, Stack, attributes, resource};
/// # /// A bucket.
/// # #[resource("demo_bucket")] pub struct Bucket { /// Name.
/// #     pub name: String }
/// # /// Attributes.
/// # #[attributes] pub struct BucketAttributes { /// Id.
/// #     pub id: Id<Bucket> }
/// # fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let mut stack = Stack::new("two-regions");
/// stack.within(Scope::new().provider("demo.west".parse()?), |stack| {
///     stack.add("logs-west", Bucket::new("logs-west")) // a layer would do as well
/// });
/// stack.add("logs", Bucket::new("logs")); // where the provider without an alias puts it
/// # Ok(()) }
/// # example().unwrap();
/// ```
#[derive(Debug, Clone, Default)]
pub struct Scope {
    pub(crate) origin: Option<Origin>,
    pub(crate) provider: Option<ProviderName>,
}

impl Scope {
    /// A scope without settings.
    pub fn new() -> Self {
        Self::default()
    }

    /// Nodes are declared at this place, for instance in a file, instead of the caller's place in the source.
    pub fn origin(mut self, origin: Origin) -> Self {
        self.origin = Some(origin);
        self
    }

    /// Nodes belong to this provider, so a layer can be placed in another region or account.
    pub fn provider(mut self, provider: ProviderName) -> Self {
        self.provider = Some(provider);
        self
    }

    /// This scope inside another.
    fn inside(self, outer: &Scope) -> Scope {
        Scope {
            origin: self.origin.or_else(|| outer.origin.clone()),
            provider: self.provider.or_else(|| outer.provider.clone()),
        }
    }
}

impl Stack {
    /// Adds nodes within a scope. The scope ends with the closure, even on a panic, and the outer one applies again.
    pub fn within<T>(&mut self, scope: Scope, declare: impl FnOnce(&mut Stack) -> T) -> T {
        let outer = self.scope().clone();
        let inner = scope.inside(&outer);
        let entered = Entered { stack: self, outer };
        *entered.stack.scope_mut() = inner;
        declare(entered.stack)
    }
}

/// A lasting scope. When it is dropped, the outer one applies again.
struct Entered<'a> {
    stack: &'a mut Stack,
    outer: Scope,
}

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        *self.stack.scope_mut() = std::mem::take(&mut self.outer);
    }
}
