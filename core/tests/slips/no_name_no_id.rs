use landform_core::{attributes, resource};

/// A network.
#[resource(id = "{name}")]
pub struct Network {
    /// Its name.
    #[field(immutable)]
    pub name: String,
}

/// What is computed.
#[attributes]
pub struct NetworkAttributes {
    /// Its name in the world.
    pub arn: String,
}

/// A list.
#[resource("demo_list")]
pub enum List {
    /// One.
    One,
}

fn main() {}
