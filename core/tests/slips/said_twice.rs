use landform_core::{Id, attributes, resource};

/// A network.
#[resource("demo_network", id = "{name}", id = "{hex8}", unique("name", "name"))]
pub struct Network {
    /// Its name.
    #[field(immutable, immutable)]
    pub name: String,
    /// Its name in the world.
    pub arn: Option<String>,
}

/// What is computed.
#[attributes]
pub struct NetworkAttributes {
    /// The id.
    pub id: Id<Network>,
    /// Its name in the world.
    pub arn: String,
}

fn main() {}
