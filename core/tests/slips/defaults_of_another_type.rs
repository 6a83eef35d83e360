use landform_core::{Id, attributes, resource};

/// A network.
#[resource("demo_network")]
pub struct Network {
    /// Whether names resolve.
    #[field(default = "true")]
    pub dns: bool,
    /// Its name.
    #[field(default = 5)]
    pub name: String,
}

/// What is computed.
#[attributes]
pub struct NetworkAttributes {
    /// The id.
    pub id: Id<Network>,
}

fn main() {}
