//! The cluster layer against kops's golden cases, bad input, and stacks shared with others.
#![allow(clippy::unwrap_used)]

mod bad_input;
mod goldens;
mod shared_stack;
mod variants;

use landform_core::Stack;
use landform_kops::{ClusterHandles, FixedLookup, Options, Problems, Spec, cluster};
use std::path::{Path, PathBuf};

/// The public key of kops's suite.
const KEY: &str = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQCtWu40XQo8dczLsCq0OWV+hxm9uV3WxeH9Kgh4sMzQxNtoU1pvW0XdjpkBesRKGoolfWeCLXWxpyQb1IaiMkKoz7MdhQ/6UKjMjP66aFWWp3pwD0uj0HuJ7tq4gKHKRYGTaZIRWpzUiANBrjugVgA+Sd7E/mYwc/DMXkIyRZbvhQ==";

fn goldens() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kops/goldens")
}

/// The text of a case's spec.
fn text(case: &str) -> String {
    std::fs::read_to_string(goldens().join(format!("specs/{case}.yaml"))).unwrap()
}

/// The stack of a spec's text, with the answers of kops's suite.
fn stack_of(text: &str) -> Result<(Stack, ClusterHandles), Problems> {
    let spec = Spec::parse("cluster.yaml", text)?;
    let options = Options { ssh_public_key: Some(KEY.into()), ..Options::default() };
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
