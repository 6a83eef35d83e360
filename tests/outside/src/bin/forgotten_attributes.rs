//! Attributes that were not declared as such.

use landform::{Id, resource};

/// A network.
#[resource("outside_network")]
pub struct Network {
    /// Its name.
    pub name: String,
}

/// What is computed.
pub struct NetworkAttributes {
    /// The id.
    pub id: Id<Network>,
}

fn main() {}
