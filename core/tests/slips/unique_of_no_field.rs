use landform_core::{Id, attributes, resource};

/// A network.
#[resource("demo_network", unique("nam"))]
pub struct Network {
    /// Its name.
    pub name: String,
}

/// What is computed.
#[attributes]
pub struct NetworkAttributes {
    /// The id.
    pub id: Id<Network>,
}

fn main() {}
