use landform_core::{Id, attributes, block, resource};

/// A gate.
#[resource("demo_gate", one_of("ip4", "ip6", "ip4"), needs("key", when("kind", is = "private")), refuses("ipv4", when("ky")))]
pub struct Gate {
    /// Its address.
    pub ipv4: Option<String>,
    /// Its other address.
    pub ip6: Option<String>,
    /// Its key.
    pub key: Option<String>,
}

/// What is computed.
#[attributes]
pub struct GateAttributes {
    /// The id.
    pub id: Id<Gate>,
}

/// A door.
#[block(one_of("left"), needs("left"), refuses("left", when(left)), at_most_one_of("left", "rigth"))]
pub struct Door {
    /// Left.
    pub left: Option<String>,
    /// Right.
    pub right: Option<String>,
}

fn main() {}
