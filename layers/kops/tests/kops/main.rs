//! The cluster layer against kops's own cases, bad input, and stacks shared with others.
#![allow(clippy::unwrap_used)]

mod accepted;
mod bad_input;
mod boot;
mod created;
mod documents;
mod embedded;
mod fields;
mod goldens;
mod google;
mod ground;
mod rendered;
mod rules;
mod shapes;
mod shared_stack;
mod variants;

use landform_core::Stack;
use landform_kops::{ClusterHandles, FixedLookup, MissingAddons, Options, Problems, Spec, cluster};
use std::path::Path;

/// A public key whose private key does not exist.
const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKyIbOp1ZVERj6TIE01dBhPGLi7fAXlhtRJqbe89T9Mb tests";

/// The text of one of our own specs.
fn text(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/kops/specs/{name}.yaml"));
    std::fs::read_to_string(path).unwrap()
}

/// The stack of a spec's text, with the lookup of kops's suite.
fn stack_of(text: &str) -> Result<(Stack, ClusterHandles), Problems> {
    stack_with(text, MissingAddons::Refused)
}

/// The same, with missing add-ons refused or left out.
fn stack_with(text: &str, missing_addons: MissingAddons) -> Result<(Stack, ClusterHandles), Problems> {
    let spec = Spec::parse("cluster.yaml", text)?;
    let options = Options { ssh_public_key: Some(KEY.into()), missing_addons, ..Options::default() };
    let mut stack = Stack::new("cluster");
    let handles = cluster(&mut stack, &spec, &options, &FixedLookup::kops_suite())?;
    Ok((stack, handles))
}

/// The addresses of a stack's resources of a type, or of all if the type is empty.
fn addresses(stack: &Stack, of_type: &str) -> Vec<String> {
    let of_type = |address: &&str| of_type.is_empty() || address.split('.').next() == Some(of_type);
    let mut all: Vec<_> =
        stack.nodes().map(|node| node.address.as_str()).filter(of_type).map(String::from).collect();
    all.sort();
    all
}
