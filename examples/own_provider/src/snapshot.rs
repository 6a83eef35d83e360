//! `store_snapshot`.

use landform::{
    Id, attributes,
    kit::rest::{Collection, Rest},
    resource,
};

use crate::Volume;

/// A copy of a volume at one moment.
#[resource("store_snapshot", id = "{volume_id}/{name}", unique("volume_id", "name"))]
pub struct Snapshot {
    /// The volume.
    #[field(immutable)]
    pub volume_id: Id<Volume>,
    /// Its name, unique among the snapshots of the volume.
    #[field(immutable)]
    pub name: String,
    /// The retention in days.
    #[field(default = 30)]
    pub days: u32,
}

/// The attributes that the store computes for a [`Snapshot`].
#[attributes]
pub struct SnapshotAttributes {
    /// The volume's id and the name.
    pub id: Id<Snapshot>,
}

impl Rest for Snapshot {
    const AT: Collection = Collection::named("/v1/volumes/{volume_id}/snapshots", "name");
}
