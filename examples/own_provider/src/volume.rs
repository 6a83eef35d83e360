//! `store_volume`.

use std::collections::BTreeMap;

use landform::{
    Id, attributes,
    kit::rest::{Collection, Rest},
    resource,
};

/// A volume for data. The store refuses to delete it while it has snapshots.
#[resource("store_volume", id = "vol-{hex8}")]
pub struct Volume {
    /// Its name.
    #[field(immutable)]
    pub name: String,
    /// Its size in GiB.
    pub size: u32,
    /// A description of its purpose.
    pub purpose: Option<String>,
    /// Labels.
    pub labels: BTreeMap<String, String>,
}

/// The attributes that the store computes for a [`Volume`].
#[attributes]
pub struct VolumeAttributes {
    /// The volume's id.
    pub id: Id<Volume>,
    /// The address to mount it from.
    #[field(form = "store://{id}")]
    pub mount: String,
}

impl Rest for Volume {
    const AT: Collection = Collection::with_token("/v1/volumes", "request").status("state", &["ready"]);
}
