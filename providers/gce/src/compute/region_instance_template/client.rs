//! The calls for regional instance templates.

use super::RegionInstanceTemplate;
use crate::{
    client::prelude::*,
    compute::instance_template::client::{RENAMED, from_wire, to_wire},
};

impl Entry for RegionInstanceTemplate {
    const TABLE: Table =
        Table { collection: "instanceTemplates", scope: Scope::Region, renamed: RENAMED, changes: &[] };

    fn sent(body: &mut Map<String, Json>, _: &Place) {
        to_wire(body);
    }

    fn shown(answer: &mut Map<String, Json>) {
        from_wire(answer);
    }
}

calls!(RegionInstanceTemplate);
