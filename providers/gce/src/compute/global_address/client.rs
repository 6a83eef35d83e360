//! The calls for global addresses.

use super::GlobalAddress;
use crate::client::prelude::*;

impl Entry for GlobalAddress {
    const TABLE: Table = Table { collection: "addresses", scope: Scope::Global, renamed: &[], changes: &[] };
    const MADE_WITH_LABELS: bool = false;
}

calls!(GlobalAddress, labels, later);
