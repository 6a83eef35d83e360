//! The calls for routers. They do not touch the NATs in a router, which are another type.

use super::Router;
use crate::client::prelude::*;

impl Entry for Router {
    const TABLE: Table = Table {
        collection: "routers",
        scope: Scope::Region,
        renamed: &[],
        changes: &[Change::Patch(&["description", "bgp"], &[])],
    };
}

calls!(Router);
