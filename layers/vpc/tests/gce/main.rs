//! The base network on Google Cloud: its addresses, its nodes and outputs, bad descriptions, and its life on the embedded
//! cloud.
#![allow(clippy::unwrap_used)]

mod addresses;
mod bad_input;
mod embedded;
mod nodes;

use landform_core::{Cidr, Node, Stack, expr::Expr};
use landform_vpc::{
    self as vpc,
    gce::{BaseNetwork, Network, Regions},
};

fn declare(description: &BaseNetwork) -> (Stack, Network) {
    let mut stack = Stack::new("base");
    let net = vpc::base(&mut stack, description).unwrap();
    stack.check().unwrap();
    (stack, net)
}

fn placed(places: &[(&str, usize)]) -> Regions {
    Regions::Placed(places.iter().map(|(name, place)| ((*name).to_owned(), *place)).collect())
}

/// The default network in two regions.
fn in_two_regions() -> BaseNetwork {
    BaseNetwork { regions: placed(&[("us-central1", 0), ("europe-west1", 1)]), ..BaseNetwork::default() }
}

fn cidr(text: &str) -> Cidr {
    text.parse().unwrap()
}

fn of_type<'a>(stack: &'a Stack, type_name: &'a str) -> impl Iterator<Item = &'a Node> {
    stack.nodes().filter(move |node| node.address.type_str() == type_name)
}

/// A literal argument.
fn literal(node: &Node, argument: &str) -> serde_json::Value {
    match node.arguments.get(argument).as_deref() {
        Some(Expr::Literal(value)) => value.clone(),
        other => panic!("{}.{argument} is {other:?}", node.address),
    }
}
