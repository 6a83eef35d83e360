//! `filter`, which all of EC2's data sources have.

#[cfg(feature = "ec2")]
pub(crate) mod client;

use std::collections::BTreeSet;

use landform_core::block;

/// Something that must hold of what is found, by EC2's own names of filters: `vpc-id`, `tag:Name`.
///
/// Where there are several, all must hold. `*` in a value stands for any text, `?` for any letter.
#[block]
pub struct Filter {
    /// The filter's name.
    pub name: String,
    /// The values, any of which will do.
    #[field(required)]
    pub values: BTreeSet<String>,
}
