//! The calls for routes.

use super::Route;
use crate::client::prelude::*;

impl Entry for Route {
    const TABLE: Table = Table { collection: "routes", scope: Scope::Global, renamed: &[], changes: &[] };

    fn sent(body: &mut Map<String, Json>, _: &Place) {
        // There is one gateway. Users give its name, Compute Engine takes a link.
        if let Some(Json::String(gateway)) = body.get_mut("nextHopGateway")
            && !gateway.contains('/')
        {
            *gateway = format!("global/gateways/{gateway}");
        }
    }
}

calls!(Route);
