//! The calls for BGP peers of routers.

use super::RouterPeer;
use crate::client::prelude::*;

impl Part for RouterPeer {
    const LIST: &'static str = "bgpPeers";
    const NOUN: &'static str = "a BGP peer";
    const RENAMED: Renamed = &[("interface", "interfaceName")];

    fn router(&self) -> &str {
        self.router.as_str()
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn sent(body: &mut Map<String, Json>) {
        // A switch is a word on the wire.
        if let Some(enable) = body.get_mut("enable") {
            *enable = if *enable == true { "TRUE".into() } else { "FALSE".into() };
        }
    }

    fn shown(answer: &mut Map<String, Json>) {
        if let Some(enable) = answer.get_mut("enable") {
            *enable = (*enable != "FALSE").into();
        }
    }
}

part_calls!(RouterPeer);
