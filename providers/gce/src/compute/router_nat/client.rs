//! The calls for NATs, which are parts of routers.

use super::RouterNat;
use crate::client::prelude::*;

impl Part for RouterNat {
    const LIST: &'static str = "nats";
    const NOUN: &'static str = "a NAT";
    const RENAMED: Renamed = &[("subnetwork", "subnetworks")];

    fn router(&self) -> &str {
        self.router.as_str()
    }

    fn name(&self) -> &str {
        &self.name
    }
}

part_calls!(RouterNat);
