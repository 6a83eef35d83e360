//! The calls for routes.

use super::Route;
use crate::client::prelude::*;

impl Entry for Route {
    const TABLE: Table = Table { collection: "routes", scope: Scope::Global, renamed: &[], changes: &[] };

    fn sent(body: &mut Map<String, Json>, _: &Place) {
        // There is one gateway, which everyone calls by its name.
        if let Some(Json::String(gateway)) = body.get_mut("nextHopGateway")
            && !gateway.contains('/')
        {
            *gateway = format!("global/gateways/{gateway}");
        }
    }
}

calls!(Route);
