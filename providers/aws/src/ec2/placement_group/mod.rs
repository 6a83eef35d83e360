//! `aws_placement_group`.

#[cfg(feature = "ec2")]
mod client;

use std::collections::BTreeMap;

use landform_core::{Id, attributes, block, resource};

/// How instances lie to each other: near for speed, or apart for safety. Deleting one is refused while instances are in it.
#[resource("aws_placement_group", id = "{name}", unique("name"), takes(create = 1, update = 1, delete = 1))]
pub struct PlacementGroup {
    /// Its name, unique in the region.
    #[field(immutable)]
    pub name: String,
    /// How instances lie.
    #[field(immutable)]
    pub strategy: PlacementStrategy,
    /// How many partitions there are, 1 to 7, for the strategy `partition`.
    #[field(immutable, computed)]
    pub partition_count: Option<u32>,
    /// What instances are spread over, for the strategy `spread`: `rack`, or `host`.
    #[field(immutable, computed)]
    pub spread_level: Option<String>,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

/// How instances lie to each other.
#[block]
#[serde(rename_all = "lowercase")]
pub enum PlacementStrategy {
    /// Near each other.
    Cluster,
    /// In partitions that share no hardware.
    Partition,
    /// Each on hardware of its own.
    Spread,
}

/// What AWS computes of a [`PlacementGroup`].
#[attributes]
pub struct PlacementGroupAttributes {
    /// The group's name.
    pub id: Id<PlacementGroup>,
    /// Its ARN.
    #[field(form = "arn:aws:ec2:{region}:{account}:placement-group/{name}")]
    pub arn: String,
    /// AWS's own id of it.
    #[field(form = "pg-{hex17}")]
    pub placement_group_id: String,
}
