//! The calls for target pools.

use super::TargetPool;
use crate::client::prelude::*;

impl Entry for TargetPool {
    const TABLE: Table =
        Table { collection: "targetPools", scope: Scope::Region, renamed: &[], changes: &[] };
}

calls!(TargetPool);
