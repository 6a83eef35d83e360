//! The calls for addresses.

use super::Address;
use crate::client::prelude::*;

impl Entry for Address {
    const TABLE: Table = Table { collection: "addresses", scope: Scope::Region, renamed: &[], changes: &[] };
    const MADE_WITH_LABELS: bool = false;
}

calls!(Address, labels, later);
