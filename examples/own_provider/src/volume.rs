//! `store_volume`.

use std::collections::BTreeMap;

use landform::{
    Id, attributes,
    kit::rest::{Collection, Rest},
    resource,
};

/// Room for data. Deleting one is refused while it has snapshots.
#[resource("store_volume", id = "vol-{hex8}")]
pub struct Volume {
    /// Its name.
    #[field(immutable)]
    pub name: String,
    /// Its size in GiB.
    pub size: u32,
    /// What it is for.
    pub purpose: Option<String>,
    /// Labels.
    pub labels: BTreeMap<String, String>,
}

/// What the store computes of a [`Volume`].
#[attributes]
pub struct VolumeAttributes {
    /// The volume's id.
    pub id: Id<Volume>,
    /// Where it is mounted from.
    #[field(form = "store://{id}")]
    pub mount: String,
}

impl Rest for Volume {
    const AT: Collection = Collection::with_token("/v1/volumes", "request").status("state", &["ready"]);
}
