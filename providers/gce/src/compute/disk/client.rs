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
        // Compute Engine takes a link. Declarations usually give the name.
        if let Some(Json::String(kind)) = body.get_mut("type")
            && !kind.contains('/')
        {
            *kind = format!("{}/diskTypes/{kind}", place.scope());
        }
    }
}

calls!(Disk, labels);
