//! `data.aws_subnets`.

#[cfg(feature = "ec2")]
mod client;

use std::collections::BTreeMap;

use landform_core::{Id, attributes, data};

use super::Filter;
use crate::Subnet;

/// All subnets that fit; there may be none.
#[data("aws_subnets")]
pub struct Subnets {
    /// Tags that they have, perhaps among others.
    pub tags: BTreeMap<String, String>,
    /// What else must hold of them.
    pub filter: Vec<Filter>,
}

/// What AWS knows of [`Subnets`].
#[attributes]
pub struct SubnetsAttributes {
    /// The region.
    #[field(form = "{region}")]
    pub id: Id<Subnets>,
    /// Their ids, sorted.
    #[field(required)]
    pub ids: Vec<Id<Subnet>>,
}
