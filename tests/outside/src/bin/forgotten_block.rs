//! A block that was not declared as one.

use landform::{Id, attributes, resource};

/// A group.
#[resource("outside_group")]
pub struct Group {
    /// Ways into it.
    pub ways: Vec<Way>,
}

/// A way.
pub struct Way {
    /// How wide.
    pub width: u32,
}

/// What is computed.
#[attributes]
pub struct GroupAttributes {
    /// The id.
    pub id: Id<Group>,
}

fn main() {}
