//! The calls for disks.

use super::Disk;
use crate::client::prelude::*;

impl Entry for Disk {
    const TABLE: Table = Table {
        collection: "disks",
        scope: Scope::Zone,
        renamed: &[("size", "sizeGb")],
        changes: &[Change::Method("resize", &["size"])],
    };

    fn sent(body: &mut Map<String, Json>, place: &Place) {
        link_to_type(body, place);
    }
}

/// Writes the type as a link, which Compute Engine takes. Declarations usually give the name.
pub(crate) fn link_to_type(body: &mut Map<String, Json>, place: &Place) {
    if let Some(Json::String(kind)) = body.get_mut("type")
        && !kind.contains('/')
    {
        *kind = format!("{}/diskTypes/{kind}", place.scope());
    }
}

calls!(Disk, labels);
