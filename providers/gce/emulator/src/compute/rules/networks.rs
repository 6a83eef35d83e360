//! Networks: auto mode networks have a subnetwork in each region, each network has a route to the internet. Also
//! peerings.

use serde_json::{Map, Value as Json, json};

use super::fixed;
use crate::{
    compute::{
        link::{self, Place, Scope},
        operation::Start,
        table::{Draft, Rules},
        world::{World, text},
    },
    refusal::{Refusal, Result},
};

pub(crate) struct Networks;

/// The prefix of the names of routes that the server makes.
const SERVERS_ROUTE: &str = "default-route-";

impl Rules for Networks {
    fn check(&self, world: &mut World, draft: &mut Draft) -> Result<()> {
        if draft.is_new() {
            if !draft.object.contains_key("autoCreateSubnetworks") {
                return Err(Refusal::bad(
                    "Legacy networks are no longer supported: set autoCreateSubnetworks.",
                ));
            }
            let link = link::url(&draft.place.collection());
            draft.object.insert("selfLinkWithId".to_owned(), json!(format!("{link}/{}", draft.id)));
        }
        fixed(draft, &["autoCreateSubnetworks", "networkProfile", "description"])?;
        if let Some(mtu) = draft.object.get("mtu").and_then(Json::as_i64)
            && !(1300..=8896).contains(&mtu)
        {
            return Err(Refusal::invalid("resource.mtu", mtu, "MTU must be in the range [1300, 8896]."));
        }
        draft.or("routingConfig", json!({}));
        if let Some(routing) = draft.object.get_mut("routingConfig").and_then(Json::as_object_mut) {
            routing.entry("routingMode").or_insert_with(|| json!("REGIONAL"));
            routing.entry("bgpBestPathSelectionMode").or_insert_with(|| json!("LEGACY"));
        }
        if draft.object.get("enableUlaInternalIpv6") == Some(&json!(false)) {
            draft.object.remove("enableUlaInternalIpv6");
        }
        if draft.object.contains_key("enableUlaInternalIpv6") {
            let number = world.next();
            draft.or(
                "internalIpv6Range",
                format!("fd20:{:x}:{:x}:0:0:0:0:0/48", 0xeb5 + number / 65536, number % 65536),
            );
        }
        Ok(())
    }

    fn made(&self, world: &mut World, path: &str) -> Result<()> {
        let Some(place) = Place::of(path) else { return Ok(()) };
        let network = link::url(path);
        let gateway = format!("projects/{}/global/gateways/default-internet-gateway", place.project);
        let route = json!({
            "description": "Default route to the Internet.",
            "destRange": "0.0.0.0/0",
            "network": network,
            "nextHopGateway": link::url(&gateway),
            "priority": 1000,
        });
        put_route(world, &place, route)?;
        if world.object(path).is_some_and(|object| object.get("autoCreateSubnetworks") == Some(&json!(true)))
        {
            let auto: Vec<_> =
                world.regions.iter().filter_map(|region| Some((region.name, region.auto?))).collect();
            for (region, range) in auto {
                let place = Place { scope: Scope::Region(region.to_owned()), ..place.beside("subnetworks") };
                let mut subnetwork = Map::new();
                subnetwork.insert("ipCidrRange".to_owned(), json!(range));
                subnetwork.insert("network".to_owned(), json!(network));
                world.put_in(place, subnetwork)?;
            }
        }
        Ok(())
    }

    fn show(&self, world: &World, path: &str, object: &mut Map<String, Json>) {
        let users = world.users_of(path).filter(|user| user.contains("/subnetworks/"));
        let subnetworks: Vec<_> = users.filter(|user| world.object(user).is_some()).map(link::url).collect();
        if !subnetworks.is_empty() {
            object.insert("subnetworks".to_owned(), json!(subnetworks));
        }
    }

    fn goes(&self, world: &mut World, path: &str) {
        let parts: Vec<_> =
            world.users_of(path).filter(|user| is_part(world, user)).map(str::to_owned).collect();
        for part in parts {
            world.take_out(&part);
        }
        let peers = peers(world, path);
        for peer in peers {
            world.edit(&peer, |object| set_peer_state(object, path, "INACTIVE"));
        }
    }
}

/// Whether the server made a resource with its network and removes it with the network.
pub(crate) fn is_part(world: &World, path: &str) -> bool {
    let (Some(place), Some(object)) = (Place::of(path), world.object(path)) else { return false };
    match place.segment.as_str() {
        "routes" => place.name.starts_with(SERVERS_ROUTE),
        "subnetworks" => {
            let network = text(object, "network");
            let auto = world.regions.iter().find(|region| Some(region.name) == place.scope.region());
            let auto = auto.and_then(|region| region.auto);
            let mode = link::path(network, &place.project)
                .and_then(|network| world.object(&network))
                .is_some_and(|network| network.get("autoCreateSubnetworks") == Some(&json!(true)));
            mode && link::name(network) == place.name && auto == Some(text(object, "ipCidrRange"))
        }
        _ => false,
    }
}

/// Makes a route of the server.
pub(super) fn put_route(world: &mut World, beside: &Place, mut route: Json) -> Result<()> {
    let number = world.next();
    let name = format!("{SERVERS_ROUTE}{:016x}", crate::token::mix(number));
    let place =
        Place { scope: Scope::Global, segment: "routes".to_owned(), name, project: beside.project.clone() };
    let route = route.as_object_mut().map(std::mem::take).unwrap_or_default();
    world.put_in(place, route)
}

/// Removes the route to a range of a network.
pub(super) fn take_route(world: &mut World, network: &str, range: &str) {
    let route = world.users_of(network).find(|user| {
        is_part(world, user) && world.object(user).is_some_and(|route| text(route, "destRange") == range)
    });
    if let Some(route) = route.map(str::to_owned) {
        world.take_out(&route);
    }
}

/// 400 while an operation makes, changes or removes a peering of the network or of its peer.
pub(crate) fn no_peering_at_work(world: &World, network: &str) -> Result<()> {
    let at_work = |path: &str| {
        let busy = world.resource(path).and_then(|resource| resource.busy.as_deref());
        let operation =
            busy.and_then(|name| world.operation(&format!("{}/operations/{name}", scope_of(path))));
        operation.is_some_and(|operation| {
            operation["operationType"].as_str().is_some_and(|kind| kind.contains("Peering"))
        })
    };
    let peers = peers(world, network);
    match std::iter::once(network).chain(peers.iter().map(String::as_str)).any(at_work) {
        true => Err(Refusal::bad(
            "There is a peering operation in progress on the local or peer network. Try again later.",
        )),
        false => Ok(()),
    }
}

fn scope_of(path: &str) -> String {
    path.split('/').take(3).collect::<Vec<_>>().join("/")
}

fn peers(world: &World, path: &str) -> Vec<String> {
    let project = path.split('/').nth(1).unwrap_or_default();
    let peerings = world.object(path).and_then(|object| object.get("peerings")).and_then(Json::as_array);
    let links = peerings.into_iter().flatten().filter_map(|peering| peering["network"].as_str());
    links.filter_map(|link| link::path(link, project)).collect()
}

/// `addPeering`, `updatePeering`, `removePeering`.
pub(crate) fn peering(
    world: &mut World,
    path: &str,
    verb: &str,
    body: &Map<String, Json>,
    start: Start,
) -> Result<Json> {
    no_peering_at_work(world, path)?;
    let project = path.split('/').nth(1).unwrap_or_default().to_owned();
    let mut wanted = match body.get("networkPeering").and_then(Json::as_object) {
        Some(wanted) => wanted.clone(),
        None => body.clone(),
    };
    wanted.remove("autoCreateRoutes");
    if let Some(peer) = wanted.remove("peerNetwork") {
        wanted.insert("network".to_owned(), peer);
    }
    let name = text(&wanted, "name").to_owned();
    if name.is_empty() {
        return Err(Refusal::required("name"));
    }
    if verb == "addPeering" {
        let link = text(&wanted, "network").to_owned();
        let peer = link::path(&link, &project).filter(|peer| world.object(peer).is_some());
        let Some(peer) = peer else {
            let why = "The referenced network resource cannot be found.";
            return Err(Refusal::invalid("networkPeering.network", link, why));
        };
        no_peering_at_work(world, &peer)?;
        if peer == path {
            return Err(Refusal::bad("A network cannot be peered with itself."));
        }
        no_overlap(world, path, &peer)?;
        wanted.insert("network".to_owned(), json!(link::url(&peer)));
        wanted.entry("autoCreateRoutes").or_insert_with(|| json!(true));
        for (field, default) in [
            ("exchangeSubnetRoutes", json!(true)),
            ("exportCustomRoutes", json!(false)),
            ("importCustomRoutes", json!(false)),
            ("exportSubnetRoutesWithPublicIp", json!(true)),
            ("importSubnetRoutesWithPublicIp", json!(false)),
            ("stackType", json!("IPV4_ONLY")),
        ] {
            wanted.entry(field).or_insert(default);
        }
        let answered = peers(world, &peer).iter().any(|known| known == path);
        let state = if answered { "ACTIVE" } else { "INACTIVE" };
        wanted.insert("state".to_owned(), json!(state));
        wanted.insert(
            "stateDetails".to_owned(),
            json!(match answered {
                true => "[2024-01-01T00:00:00.000-08:00]: Connected.",
                false => "[2024-01-01T00:00:00.000-08:00]: Waiting for peer network to connect.",
            }),
        );
    }
    let target = path.to_owned();
    world.change(path, start, move |world, object| {
        let peerings = object.entry("peerings").or_insert_with(|| json!([]));
        let Some(peerings) = peerings.as_array_mut() else { return Ok(()) };
        let at = peerings.iter().position(|peering| peering["name"] == name.as_str());
        match (verb, at) {
            ("addPeering", Some(_)) => Err(Refusal::bad(format!("There is already a peering '{name}'."))),
            ("addPeering", None) => {
                if let Some(peer) =
                    wanted.get("network").and_then(Json::as_str).and_then(|link| link::path(link, ""))
                {
                    world.edit(&peer, |object| set_peer_state(object, &target, "ACTIVE"));
                }
                peerings.push(Json::Object(wanted));
                Ok(())
            }
            (_, None) => Err(Refusal::bad(format!("There is no peering '{name}'."))),
            ("removePeering", Some(at)) => {
                let gone = peerings.remove(at);
                if let Some(peer) = gone["network"].as_str().and_then(|link| link::path(link, "")) {
                    world.edit(&peer, |object| set_peer_state(object, &target, "INACTIVE"));
                }
                Ok(())
            }
            (_, Some(at)) => {
                if let Some(there) = peerings[at].as_object_mut() {
                    wanted.remove("network");
                    crate::compute::merge(there, wanted);
                }
                Ok(())
            }
        }
    })
}

fn no_overlap(world: &World, one: &str, other: &str) -> Result<()> {
    let ranges = super::subnetworks::ranges;
    for (mine, _) in ranges(world, one) {
        for (theirs, path) in ranges(world, other) {
            if mine.contains(&theirs) || theirs.contains(&mine) {
                return Err(Refusal::bad(format!(
                    "An IP range in the peer network ({theirs}) overlaps with an IP range in the local network \
                     ({mine}), resource '{path}'."
                )));
            }
        }
    }
    Ok(())
}

fn set_peer_state(object: &mut Map<String, Json>, network: &str, state: &str) {
    let network = link::url(network);
    for peering in super::objects(object, "peerings").filter(|peering| text(peering, "network") == network) {
        peering.insert("state".to_owned(), json!(state));
    }
}
