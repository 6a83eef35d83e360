use landform_core::{Id, attributes, block, resource};

#[resource("demo_network")]
pub struct Network {
    pub name: String,
}

/// The attributes that the cloud computes.
#[attributes]
pub struct NetworkAttributes {
    pub id: Id<Network>,
}

#[block]
pub struct Way {
    /// The range.
    pub width: u32,
}

fn main() {}
