//! A block without the macro `block`.

use landform::{Id, attributes, resource};

/// A group.
#[resource("outside_group")]
pub struct Group {
    /// The rules of the group.
    pub ways: Vec<Way>,
}

/// A rule.
pub struct Way {
    /// A range.
    pub width: u32,
}

/// The attributes that the service computes.
#[attributes]
pub struct GroupAttributes {
    /// The id.
    pub id: Id<Group>,
}

fn main() {}
