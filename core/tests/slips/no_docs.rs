use landform_core::{Id, attributes, block, resource};

#[resource("demo_network")]
pub struct Network {
    pub name: String,
}

/// What is computed.
#[attributes]
pub struct NetworkAttributes {
    pub id: Id<Network>,
}

#[block]
pub struct Way {
    /// How wide.
    pub width: u32,
}

fn main() {}
