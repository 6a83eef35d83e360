use landform_core::{Id, attributes, block, resource};

/// A network.
#[resource("demo_network", uniqe("name"), takes(crate = 5))]
pub struct Network {
    /// Its name.
    #[field(imutable)]
    pub name: String,
}

/// The attributes that the cloud computes.
#[attributes(name = "x")]
pub struct NetworkAttributes {
    /// The id.
    #[field(form = 5)]
    pub id: Id<Network>,
}

/// A way.
#[block]
pub struct Way {
    /// The range.
    #[field(default)]
    pub width: u32,
}

fn main() {}
