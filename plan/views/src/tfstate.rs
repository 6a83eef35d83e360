//! Reads a `terraform.tfstate` to import its resources into a stack. Reads version 4, the form of Terraform since 0.12
//! and of OpenTofu; writes none. A malformed object hides no other.

mod read;

use std::fmt;

use landform_core::{Address, ImportIdError, NameError, Stack};
use serde_json::{Map, Value as Json};

pub use read::read_tfstate;

/// One resource of a Terraform state.
///
/// [`TerraformState::take_over`] makes the nodes of a stack import the resources at their addresses.
#[derive(Clone, PartialEq)]
pub struct Imported {
    /// The address for a stack. Modules, counts and keys become part of the name: `module.net.aws_subnet.private["a"]`
    /// is `aws_subnet.net_private_a`.
    pub address: Address,
    /// The address in Terraform.
    pub terraform_address: String,
    /// Terraform's id: the attribute `id`. The type says by which id the resource is imported.
    pub id: String,
    /// Everything that Terraform recorded of it, with secrets in the clear.
    pub attributes: Map<String, Json>,
    /// Terraform's provider, such as `registry.terraform.io/hashicorp/aws`.
    pub provider: String,
    /// The provider's alias, such as `west`.
    pub provider_alias: Option<String>,
    /// Whether Terraform would replace it, because its creation stopped halfway.
    pub tainted: bool,
}

impl fmt::Debug for Imported {
    /// Leaves out the attributes, because they may contain secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Imported")
            .field("address", &self.address)
            .field("terraform_address", &self.terraform_address)
            .field("id", &self.id)
            .field("tainted", &self.tainted)
            .finish_non_exhaustive()
    }
}

/// What a Terraform state holds.
#[derive(Debug, Clone, PartialEq)]
pub struct TerraformState {
    /// The managed resources, in the state's order.
    pub resources: Vec<Imported>,
    /// The resources that cannot be imported, by Terraform's address, and why.
    pub left_out: Vec<(String, LeftOut)>,
}

/// Why a resource of a Terraform state cannot be imported.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum LeftOut {
    /// It is read, not managed.
    #[error("a data source is read, not taken over")]
    DataSource,
    /// A replacement left it behind.
    #[error("Terraform still has to delete it")]
    Deposed,
    /// It has no id.
    #[error("it has no id")]
    NoId,
    /// An old release recorded it, and no release has looked at it since.
    #[error(
        "its attributes have the flat form of Terraform 0.11; `terraform apply -refresh-only` writes them again"
    )]
    FlatAttributes,
    /// Others would get the same address in a stack.
    #[error("{other} would also be {address} here; rename one of them in Terraform first")]
    SameAddress {
        /// One of the others, by Terraform's address.
        other: String,
        /// The address.
        address: Address,
    },
    /// Its name is not allowed in a stack.
    #[error(transparent)]
    Name(#[from] NameError),
    /// It does not have the form of an entry.
    #[error("{field}: {found}, expected {expected}")]
    Shape {
        /// The field.
        field: &'static str,
        /// The value found there.
        found: String,
        /// What should.
        expected: &'static str,
    },
    /// JSON that Rust cannot hold, such as a number beyond all bounds.
    #[error("it cannot be read: {0}")]
    Unreadable(String),
}

/// The result for the resources of a Terraform state.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TakenOver<'a> {
    /// The resources that the next plan imports.
    pub taken: Vec<&'a Imported>,
    /// The resources that the stack does not declare, by Terraform's address. They stay with Terraform.
    pub undeclared: Vec<&'a str>,
    /// The declared resources that cannot be imported, by Terraform's address, and why.
    pub left_out: Vec<(&'a str, ImportIdError)>,
}

impl TerraformState {
    /// Makes a stack import every resource of this state that it declares, so that the next plan adopts them. The next
    /// plan replaces tainted ones, as Terraform would.
    pub fn take_over(&self, stack: &mut Stack) -> TakenOver<'_> {
        let mut taken = TakenOver::default();
        for known in &self.resources {
            let Some(node) = stack.node(known.address.as_str()) else {
                taken.undeclared.push(&known.terraform_address);
                continue;
            };
            let id = match node.resource_type() {
                Some(resource_type) => resource_type.import_id(&known.attributes),
                None => Ok(known.id.clone()),
            };
            match id {
                Ok(id) => {
                    let (whole, tainted) = if known.tainted { (None, Some(id)) } else { (Some(id), None) };
                    stack.adjust_at(&known.address, |node| {
                        node.lifecycle.import = whole;
                        node.lifecycle.import_tainted = tainted;
                    });
                    taken.taken.push(known);
                }
                Err(error) => taken.left_out.push((&known.terraform_address, error)),
            }
        }
        taken
    }
}

/// The text is not a Terraform state of version 4.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TfstateError {
    /// The text is not JSON.
    #[error("this is not a Terraform state: {0}")]
    NotJson(String),
    /// The text is some other JSON.
    #[error("this is not a Terraform state: {0}")]
    NotState(&'static str),
    /// The state has a version that this reader does not know.
    #[error("the Terraform state has version {found}, expected 4{}", advice(*.found))]
    Version {
        /// Its version.
        found: u64,
    },
    /// A part of the state itself is malformed.
    #[error("{place}: {found}, expected {expected}")]
    Shape {
        /// The place in the file.
        place: &'static str,
        /// The value found there.
        found: String,
        /// What should.
        expected: &'static str,
    },
}

fn advice(found: u64) -> &'static str {
    match found {
        0..4 => "; any Terraform since 0.12 rewrites it with `terraform apply -refresh-only`",
        _ => "; it comes from a newer Terraform",
    }
}
