use landform_core::{Id, attributes, resource};

/// A network.
#[resource("demo_network")]
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

/// A part.
#[resource("demo_part", inside("range", of = "network"))]
pub struct Part {
    /// What it is of.
    pub network: Id<Network>,
    /// Its range.
    pub range: String,
}

/// What is computed.
#[attributes]
pub struct PartAttributes {
    /// The id.
    pub id: Id<Part>,
}

fn main() {}
