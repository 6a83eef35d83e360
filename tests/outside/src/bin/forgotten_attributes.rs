//! Attributes without the macro `attributes`.

use landform::{Id, resource};

/// A network.
#[resource("outside_network")]
pub struct Network {
    /// Its name.
    pub name: String,
}

/// The attributes that the service computes.
pub struct NetworkAttributes {
    /// The id.
    pub id: Id<Network>,
}

fn main() {}
