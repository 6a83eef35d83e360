//! Routers, and the NATs and BGP sessions inside them.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json, json};

use super::{fixed, objects};
use crate::{
    compute::{
        link,
        table::{Draft, Rules},
        world::{World, text},
    },
    refusal::{Refusal, Result},
};

pub(crate) struct Routers;

impl Rules for Routers {
    fn check(&self, world: &mut World, draft: &mut Draft) -> Result<()> {
        fixed(draft, &["network", "encryptedInterconnectRouter"])?;
        let mut names = BTreeSet::new();
        for (index, nat) in objects(&mut draft.object, "nats").enumerate() {
            let at = format!("resource.nats[{index}]");
            if !names.insert(text(nat, "name").to_owned()) {
                let why = "The name is used by another NAT of the router.";
                return Err(Refusal::invalid(&format!("{at}.name"), text(nat, "name"), why));
            }
            complete_nat(nat, &at)?;
        }
        bgp(draft)?;
        peers(draft)?;
        let mine: Vec<_> = objects(&mut draft.object, "nats").map(|nat| nat.clone()).collect();
        one_nat_each(world, draft, &mine)
    }
}

fn complete_nat(nat: &mut Map<String, Json>, at: &str) -> Result<()> {
    let bad =
        |field: &str, value: &Json, why: &str| Err(Refusal::invalid(&format!("{at}.{field}"), value, why));
    for field in ["name", "sourceSubnetworkIpRangesToNat"] {
        if text(nat, field).is_empty() {
            return Err(Refusal::required(&format!("{at}.{field}")));
        }
    }
    nat.entry("type").or_insert_with(|| json!("PUBLIC"));
    nat.entry("endpointTypes").or_insert_with(|| json!(["ENDPOINT_TYPE_VM"]));
    let wait = nat.get("tcpTimeWaitTimeoutSec").cloned().unwrap_or(json!(120));
    nat.insert("effectiveTcpTimeWaitTimeoutSec".to_owned(), wait);
    if text(nat, "type") == "PRIVATE" {
        nat.entry("enableDynamicPortAllocation").or_insert_with(|| json!(true));
        for field in ["natIps", "natIpAllocateOption", "drainNatIps"] {
            if let Some(value) = nat.get(field) {
                return bad(field, value, "It does not apply to a private NAT.");
            }
        }
    } else {
        nat.entry("autoNetworkTier").or_insert_with(|| json!("PREMIUM"));
        match (text(nat, "natIpAllocateOption"), nat.get("natIps")) {
            ("", _) => return Err(Refusal::required(&format!("{at}.natIpAllocateOption"))),
            ("AUTO_ONLY", Some(ips)) => {
                return bad("natIps", ips, "No addresses may be given with AUTO_ONLY.");
            }
            ("MANUAL_ONLY", None) => {
                return bad("natIps", &json!([]), "Addresses are needed with MANUAL_ONLY.");
            }
            _ => {}
        }
    }
    let listed = text(nat, "sourceSubnetworkIpRangesToNat") == "LIST_OF_SUBNETWORKS";
    match nat.get("subnetworks") {
        None if listed => {
            return bad("subnetworks", &json!([]), "Subnetworks are needed with LIST_OF_SUBNETWORKS.");
        }
        Some(value) if !listed => {
            return bad("subnetworks", value, "Subnetworks go with LIST_OF_SUBNETWORKS only.");
        }
        _ => {}
    }
    let yes = |field: &str| nat.get(field) == Some(&json!(true));
    if yes("enableDynamicPortAllocation") && yes("enableEndpointIndependentMapping") {
        let why = "Dynamic port allocation and endpoint-independent mapping exclude each other.";
        return bad("enableEndpointIndependentMapping", &json!(true), why);
    }
    let ports = |field: &str| nat.get(field).and_then(Json::as_i64);
    if let (Some(most), false) = (nat.get("maxPortsPerVm"), yes("enableDynamicPortAllocation")) {
        return bad("maxPortsPerVm", most, "It can only be set with dynamic port allocation.");
    }
    if let (Some(least), true) = (ports("minPortsPerVm"), yes("enableDynamicPortAllocation"))
        && (least < 32 || least.count_ones() != 1 || ports("maxPortsPerVm").is_some_and(|most| most < least))
    {
        return bad("minPortsPerVm", &json!(least), "It must be a power of two from 32 up to maxPortsPerVm.");
    }
    Ok(())
}

fn bgp(draft: &mut Draft) -> Result<()> {
    let asn = draft.object.get("bgp").and_then(|bgp| bgp.get("asn")).and_then(Json::as_i64);
    if draft.object.contains_key("bgp") {
        let private =
            |asn: i64| (64512..=65534).contains(&asn) || (4_200_000_000..=4_294_967_294).contains(&asn);
        match asn {
            None => return Err(Refusal::required("resource.bgp.asn")),
            Some(16550) => {}
            Some(asn) if private(asn) => {}
            Some(asn) => {
                return Err(Refusal::invalid(
                    "resource.bgp.asn",
                    asn,
                    "Must be a private AS number or 16550.",
                ));
            }
        }
        if let Some(bgp) = draft.object.get_mut("bgp").and_then(Json::as_object_mut) {
            bgp.entry("advertiseMode").or_insert_with(|| json!("DEFAULT"));
            bgp.entry("keepaliveInterval").or_insert_with(|| json!(20));
        }
    }
    Ok(())
}

/// Checks and completes the interfaces and the BGP peers.
fn peers(draft: &mut Draft) -> Result<()> {
    let interfaces = names(draft, "interfaces")?;
    for (index, interface) in objects(&mut draft.object, "interfaces").enumerate() {
        let at = format!("resource.interfaces[{index}]");
        let redundant = text(interface, "redundantInterface");
        if !redundant.is_empty() && !interfaces.contains(redundant) {
            let why = "The redundant interface must belong to the same router.";
            return Err(Refusal::invalid(&format!("{at}.redundantInterface"), redundant, why));
        }
        let links = ["linkedVpnTunnel", "linkedInterconnectAttachment", "subnetwork"];
        if links.iter().filter(|link| interface.contains_key(**link)).count() > 1 {
            return Err(Refusal::bad(format!("{at}: only one of {} may be set.", links.join(", "))));
        }
        if interface.contains_key("privateIpAddress") && !interface.contains_key("subnetwork") {
            return Err(Refusal::required(&format!("{at}.subnetwork")));
        }
        interface.entry("managementType").or_insert_with(|| json!("MANAGED_BY_USER"));
    }
    names(draft, "bgpPeers")?;
    let speaks = draft.object.contains_key("bgp");
    for (index, peer) in objects(&mut draft.object, "bgpPeers").enumerate() {
        if !speaks {
            let why = "The router has no BGP settings.";
            return Err(Refusal::invalid(&format!("resource.bgpPeers[{index}]"), text(peer, "name"), why));
        }
        let interface = text(peer, "interfaceName");
        if !interfaces.contains(interface) {
            let at = format!("resource.bgpPeers[{index}].interfaceName");
            return Err(Refusal::invalid(&at, interface, "The router has no such interface."));
        }
        peer.entry("advertiseMode").or_insert_with(|| json!("DEFAULT"));
        peer.entry("advertisedRoutePriority").or_insert_with(|| json!(100));
        peer.entry("enable").or_insert_with(|| json!("TRUE"));
        peer.entry("managementType").or_insert_with(|| json!("MANAGED_BY_USER"));
    }
    Ok(())
}

/// The names in a list. Refuses one that is used twice.
fn names(draft: &mut Draft, list: &str) -> Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for (index, object) in objects(&mut draft.object, list).enumerate() {
        if !names.insert(text(object, "name").to_owned()) {
            let why = "The name is used twice in the router.";
            return Err(Refusal::invalid(
                &format!("resource.{list}[{index}].name"),
                text(object, "name"),
                why,
            ));
        }
    }
    Ok(names)
}

/// Refuses a range that two public NATs of a network and region would serve.
fn one_nat_each(world: &World, draft: &Draft, mine: &[Map<String, Json>]) -> Result<()> {
    let path = draft.place.path();
    let network = draft.text("network").unwrap_or_default();
    let routers = world.paths_in(&draft.place.collection()).filter(|other| *other != path);
    let routers = routers.filter_map(|other| Some((other, &world.resource(other)?.object)));
    let mut others = Vec::new();
    for (other, object) in routers.filter(|(_, object)| text(object, "network") == network) {
        let nats =
            object.get("nats").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_object);
        others.extend(nats.map(|nat| (link::name(other), nat)));
    }
    for (index, nat) in mine.iter().enumerate() {
        let earlier = mine[..index].iter().map(|nat| (draft.place.name.as_str(), nat));
        let clash = earlier.chain(others.iter().copied()).find(|(_, other)| clash(nat, other));
        if let Some((router, other)) = clash {
            let message = format!(
                "Invalid value for field 'resource.nats[{index}]': NAT '{}' covers what NAT '{}' of router '{router}' \
                 covers in the same network and region.",
                text(nat, "name"),
                text(other, "name"),
            );
            return Err(Refusal::new(400, "invalid", message));
        }
    }
    Ok(())
}

fn clash(one: &Map<String, Json>, other: &Map<String, Json>) -> bool {
    if text(one, "type") != text(other, "type") {
        return false;
    }
    let listed = |nat| text(nat, "sourceSubnetworkIpRangesToNat") == "LIST_OF_SUBNETWORKS";
    if !listed(one) || !listed(other) {
        return true;
    }
    let subnetworks = |nat| super::super::references::texts(nat, "subnetworks[].name");
    let theirs = subnetworks(other);
    subnetworks(one).iter().any(|subnetwork| theirs.contains(subnetwork))
}
