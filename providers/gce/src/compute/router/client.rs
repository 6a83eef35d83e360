//! The calls for routers. The NATs in them are of another type and stay as they are.

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
