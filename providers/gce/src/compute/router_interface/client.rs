//! The calls for interfaces of routers.

use super::RouterInterface;
use crate::client::prelude::*;

impl Part for RouterInterface {
    const LIST: &'static str = "interfaces";
    const NOUN: &'static str = "an interface";
    const RENAMED: Renamed =
        &[("vpn_tunnel", "linkedVpnTunnel"), ("interconnect_attachment", "linkedInterconnectAttachment")];

    fn router(&self) -> &str {
        self.router.as_str()
    }

    fn name(&self) -> &str {
        &self.name
    }
}

part_calls!(RouterInterface);
