use landform_core::{Cidr, Id, attributes, resource};

/// A part.
#[resource("demo_part", disjoint("rang", within = "whole"), inside("range", of = "hole"), widens("range", of = "name"))]
pub struct Part {
    /// What it is of.
    pub whole: Id<Part>,
    /// Its range.
    pub range: Cidr,
    /// Its name.
    pub name: String,
}

/// What is computed.
#[attributes]
pub struct PartAttributes {
    /// The id.
    pub id: Id<Part>,
}

fn main() {}
