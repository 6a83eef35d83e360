//! `filter`, a block of all data sources of EC2.

#[cfg(feature = "ec2")]
pub(crate) mod client;

use std::collections::BTreeSet;

use landform_core::block;

/// A condition for results, with EC2's name of a filter: `vpc-id`, `tag:Name`.
///
/// Results must meet all conditions. `*` in a value stands for any text, `?` for any character.
#[block]
pub struct Filter {
    /// The filter's name.
    pub name: String,
    /// The values. One of them must match.
    #[field(required)]
    pub values: BTreeSet<String>,
}
