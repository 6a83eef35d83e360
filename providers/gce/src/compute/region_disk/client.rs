//! The calls for regional disks.

use super::RegionDisk;
use crate::{client::prelude::*, compute::disk::client::link_to_type};

impl Entry for RegionDisk {
    const TABLE: Table = Table {
        collection: "disks",
        scope: Scope::Region,
        renamed: &[("size", "sizeGb"), ("snapshot", "sourceSnapshot")],
        changes: &[Change::Method("resize", &["size"])],
    };

    fn sent(body: &mut Map<String, Json>, place: &Place) {
        link_to_type(body, place);
        let zones = body.get_mut("replicaZones").and_then(Json::as_array_mut);
        for zone in zones.into_iter().flatten() {
            if let Some(name) = zone.as_str().filter(|zone| !zone.contains('/')) {
                *zone = format!("projects/{}/zones/{name}", place.project).into();
            }
        }
    }
}

calls!(RegionDisk, labels);
