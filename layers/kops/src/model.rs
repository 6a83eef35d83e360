//! From a populated spec to resources in a stack. Pure: no cloud, no clock, no defaults.
//!
//! Each cloud has its own tree of modules, [`aws`] and [`gce`]. Local names are those of kops's Terraform output. Here
//! is what the clouds share: the options, the way into a stack, and the files of the cluster's store.

pub(crate) mod aws;
#[cfg(feature = "gce")]
pub(crate) mod gce;
mod ground;
mod store;

use landform_core::Input;
use landform_core::expr::Expr;

/// The options of a cluster that are not in its spec. `E` lists the existing resources of the stack that the cluster
/// uses: [`Existing`](crate::Existing) on AWS, [`gce::Existing`](crate::gce::Existing) on Google.
#[derive(Debug, Clone)]
pub struct Options<E = aws::Existing> {
    /// The resources of the stack that the cluster uses. `None` if the cluster has the stack to itself. Otherwise the
    /// names of its resources contain the cluster's name.
    pub existing: Option<E>,
    /// The public key for SSH, as a line of `authorized_keys`. kops keeps it beside the spec. `None` takes the key of the
    /// `SSHCredential` document. It has no effect if the spec names an existing key by `sshKeyName`.
    pub ssh_public_key: Option<String>,
    /// How the layer treats add-ons that the spec asks for and the layer does not make.
    pub missing_addons: MissingAddons,
}

impl<E> Default for Options<E> {
    fn default() -> Self {
        Self { existing: None, ssh_public_key: None, missing_addons: MissingAddons::default() }
    }
}

/// How the layer treats add-ons that a spec asks for and the layer does not make (see the crate's documentation).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum MissingAddons {
    /// The layer refuses the spec, because the cluster would not work.
    #[default]
    Refused,
    /// The layer leaves them out. The caller installs them by other means.
    LeftOut,
}

/// Sorts the items of a set, so that equal sets have the same text: values first, then references.
fn in_order<T>(mut items: Vec<Input<T>>) -> Vec<Input<T>> {
    items.sort_by_cached_key(|item| match item.expr() {
        Expr::Literal(value) => (0, value.to_string()),
        Expr::Ref(reference) => (1, format!("{}.{}", reference.node, reference.path)),
        other => (2, format!("{other:?}")),
    });
    items
}
