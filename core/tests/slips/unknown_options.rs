use landform_core::{Id, attributes, block, resource};

/// A network.
#[resource("demo_network", uniqe("name"), takes(crate = 5))]
pub struct Network {
    /// Its name.
    #[field(imutable)]
    pub name: String,
}

/// What is computed.
#[attributes(name = "x")]
pub struct NetworkAttributes {
    /// The id.
    #[field(form = 5)]
    pub id: Id<Network>,
}

/// A way.
#[block]
pub struct Way {
    /// How wide.
    #[field(default)]
    pub width: u32,
}

fn main() {}
