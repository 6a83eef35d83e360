//! `aws_placement_group`.

#[cfg(feature = "ec2")]
mod client;

use std::collections::BTreeMap;

use landform_core::{Id, attributes, block, resource};

/// The placement of instances: close together for speed, or apart for safety. EC2 refuses to delete a group that has
/// instances. Source: EC2's `CreatePlacementGroup`, Terraform's `aws_placement_group`.
///
/// # Example
/// ```
/// # use landform_aws as aws;
/// # use landform_core::Stack;
/// # let mut stack = Stack::new("demo");
/// stack.add("spread", aws::PlacementGroup::new("spread", aws::PlacementStrategy::Spread));
/// ```
#[resource("aws_placement_group", id = "{name}", unique("name"), takes(create = 1, update = 1, delete = 1))]
pub struct PlacementGroup {
    /// Its name, unique in the region.
    #[field(immutable, min_length = 1, max_length = 255)]
    pub name: String,
    /// How EC2 places the instances.
    #[field(immutable)]
    pub strategy: PlacementStrategy,
    /// How many partitions there are, 1 to 7, for the strategy `partition`.
    #[field(immutable, computed)]
    pub partition_count: Option<u32>,
    /// The hardware that no two instances share, for the strategy `spread`.
    #[field(immutable, computed)]
    pub spread_level: Option<SpreadLevel>,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

/// How EC2 places the instances of a group.
#[block]
#[serde(rename_all = "lowercase")]
pub enum PlacementStrategy {
    /// Close together.
    Cluster,
    /// In partitions that share no hardware.
    Partition,
    /// Each on its own hardware.
    Spread,
}

/// The hardware that no two instances of a spread group share.
#[block]
#[serde(rename_all = "lowercase")]
pub enum SpreadLevel {
    /// A host, on Outposts only.
    Host,
    /// A rack.
    Rack,
}

/// The attributes that AWS computes for a [`PlacementGroup`].
#[attributes]
pub struct PlacementGroupAttributes {
    /// The group's name.
    pub id: Id<PlacementGroup>,
    /// Its ARN.
    #[field(form = "arn:aws:ec2:{region}:{account}:placement-group/{name}")]
    pub arn: String,
    /// The unique id that AWS gives it.
    #[field(form = "pg-{hex17}")]
    pub placement_group_id: String,
}
