use landform_core::{Id, attributes, resource};

/// A network.
#[resource("demo_network", id = "{name")]
pub struct Network {
    /// Its name.
    pub name: String,
    /// Where it lies.
    #[field(computed, form = "{regoin}")]
    pub place: Option<String>,
}

/// What is computed.
#[attributes]
pub struct NetworkAttributes {
    /// The id.
    pub id: Id<Network>,
    /// Its name in the world.
    #[field(form = "arn:{region}:{nme}")]
    pub arn: String,
}

fn main() {}
