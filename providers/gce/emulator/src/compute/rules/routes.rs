//! Routes: each has exactly one next hop.

use serde_json::{Map, Value as Json};

use super::networks;
use crate::{
    compute::{
        link,
        table::{Draft, Rules},
        world::{World, text},
    },
    refusal::{Refusal, Result},
};

pub(crate) struct Routes;

const WAYS: [&str; 7] = [
    "nextHopGateway",
    "nextHopIlb",
    "nextHopInstance",
    "nextHopInterconnectAttachment",
    "nextHopIp",
    "nextHopNetwork",
    "nextHopVpnTunnel",
];

impl Rules for Routes {
    fn check(&self, world: &mut World, draft: &mut Draft) -> Result<()> {
        let network =
            link::path(draft.text("network").unwrap_or_default(), &draft.place.project).unwrap_or_default();
        networks::no_peering_at_work(world, &network)?;
        let range = draft.text("destRange").unwrap_or_default();
        if range.parse::<ipnet::IpNet>().is_err() {
            return Err(Refusal::invalid("resource.destRange", range, "Must be a CIDR address range."));
        }
        match WAYS.iter().filter(|way| draft.object.contains_key(**way)).count() {
            1 => Ok(()),
            0 => Err(Refusal::bad("Exactly one next hop must be specified.")),
            _ => Err(Refusal::bad("More than one next hop is specified.")),
        }
    }

    fn may_go(&self, world: &World, path: &str) -> Result<()> {
        let network = world.object(path).map(network_of).unwrap_or_default();
        networks::no_peering_at_work(world, &network)?;
        match world.object(path).is_some_and(|route| route.contains_key("nextHopNetwork")) {
            true => Err(Refusal::bad("The local route cannot be deleted.")),
            false => Ok(()),
        }
    }
}

fn network_of(route: &Map<String, Json>) -> String {
    link::path(text(route, "network"), "").unwrap_or_default()
}
