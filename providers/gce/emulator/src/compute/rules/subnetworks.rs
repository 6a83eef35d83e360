//! Subnetworks: ranges that do not overlap in a network.

use ipnet::Ipv4Net;
use serde_json::{Map, Value as Json, json};

use super::{fixed, networks};
use crate::{
    compute::{
        link::{self, Place},
        table::{Draft, Rules},
        world::{World, text},
    },
    refusal::{Refusal, Result},
};

pub(crate) struct Subnetworks;

impl Rules for Subnetworks {
    fn check(&self, world: &mut World, draft: &mut Draft) -> Result<()> {
        let network = network_of(draft);
        networks::no_peering_at_work(world, &network)?;
        fixed(draft, &["network", "purpose", "description"])?;
        if draft.is_new() {
            if draft.text("network").is_none_or(str::is_empty) {
                return Err(Refusal::required("resource.network"));
            }
            reserved(world, draft)?;
        }
        let range = range(draft.text("ipCidrRange").unwrap_or_default(), "resource.ipCidrRange")?;
        if let Some(before) = &draft.before
            && let Ok(before) = text(before, "ipCidrRange").parse::<Ipv4Net>()
            && !range.contains(&before)
        {
            let why = format!("The new range must contain the present one, {before}.");
            return Err(Refusal::invalid("resource.ipCidrRange", range, why));
        }
        let gateway = std::net::Ipv4Addr::from(u32::from(range.network()) + 1);
        draft.object.insert("gatewayAddress".to_owned(), json!(gateway.to_string()));
        if draft.text("purpose") != Some("PRIVATE_NAT") {
            draft.or("stackType", "IPV4_ONLY");
        }
        if let Some(enable) = draft.object.get("logConfig").and_then(|config| config.get("enable")).cloned() {
            draft.object.insert("enableFlowLogs".to_owned(), enable);
        }
        let mut own = vec![(range, "resource.ipCidrRange".to_owned())];
        for (index, secondary) in super::objects(&mut draft.object, "secondaryIpRanges").enumerate() {
            let at = format!("resource.secondaryIpRanges[{index}]");
            if text(secondary, "rangeName").is_empty() {
                return Err(Refusal::required(&format!("{at}.rangeName")));
            }
            let link = text(secondary, "reservedInternalRange");
            if let (true, Some(reserved)) =
                (text(secondary, "ipCidrRange").is_empty(), reserved_range(world, link))
            {
                secondary.insert("ipCidrRange".to_owned(), json!(reserved));
            }
            let at = format!("{at}.ipCidrRange");
            own.push((self::range(text(secondary, "ipCidrRange"), &at)?, at));
        }
        no_overlap(world, draft, &network, &own)
    }

    fn made(&self, world: &mut World, path: &str) -> Result<()> {
        let Some((place, object)) = Place::of(path).zip(world.object(path)) else { return Ok(()) };
        let (range, network) = (text(object, "ipCidrRange").to_owned(), text(object, "network").to_owned());
        put_route(world, &place, &network, &range)
    }

    fn changed(&self, world: &mut World, path: &str, before: &Map<String, Json>) {
        let Some((place, object)) = Place::of(path).zip(world.object(path)) else { return };
        let (was, is) = (text(before, "ipCidrRange"), text(object, "ipCidrRange").to_owned());
        let network = text(object, "network").to_owned();
        if was != is
            && let Some(path) = link::path(&network, &place.project)
        {
            networks::take_route(world, &path, was);
            // The emulator never refuses a route that the server makes.
            put_route(world, &place, &network, &is).ok();
        }
    }

    fn gone(&self, world: &mut World, path: &str, object: &Map<String, Json>) {
        let project = path.split('/').nth(1).unwrap_or_default();
        if let Some(network) = link::path(text(object, "network"), project) {
            networks::take_route(world, &network, text(object, "ipCidrRange"));
        }
    }
}

fn put_route(world: &mut World, place: &Place, network: &str, range: &str) -> Result<()> {
    let route = json!({
        "description": format!("Default local route to the subnetwork {range}."),
        "destRange": range,
        "network": network,
        "nextHopNetwork": network,
        "priority": 0,
    });
    networks::put_route(world, place, route)
}

fn network_of(draft: &Draft) -> String {
    link::path(draft.text("network").unwrap_or_default(), &draft.place.project).unwrap_or_default()
}

/// Takes the range of a reserved internal range.
fn reserved(world: &World, draft: &mut Draft) -> Result<()> {
    let link = draft.text("reservedInternalRange").unwrap_or_default().to_owned();
    match (draft.object.contains_key("ipCidrRange"), reserved_range(world, &link)) {
        (false, Some(range)) => {
            draft.object.insert("ipCidrRange".to_owned(), json!(range));
            Ok(())
        }
        (false, None) if !link.is_empty() => Err(Refusal::not_found(&link)),
        (false, None) => Err(Refusal::required("resource.ipCidrRange")),
        (true, _) => Ok(()),
    }
}

fn reserved_range(world: &World, link: &str) -> Option<String> {
    let path = link.split_once("/projects/").map_or(link, |(_, path)| path);
    world.reserved.get(&format!("projects/{}", path.trim_start_matches("projects/"))).cloned()
}

/// Parses a range. Refuses a text that is not a range, or not the address of a network.
pub(crate) fn range(text: &str, at: &str) -> Result<Ipv4Net> {
    let wrong = |why: &str| Refusal::invalid(at, text, why);
    let range: Ipv4Net = text.parse().map_err(|_| wrong("Must be a valid IPV4 CIDR address range."))?;
    if range.addr() != range.network() {
        return Err(wrong(&format!("Must be the address of a network, as {}.", range.trunc())));
    }
    if range.prefix_len() > 29 {
        return Err(wrong("The prefix must not be longer than 29 bits."));
    }
    Ok(range)
}

/// All ranges in a network with their owners.
pub(crate) fn ranges(world: &World, network: &str) -> Vec<(Ipv4Net, String)> {
    let mut ranges = Vec::new();
    for user in world.users_of(network).filter(|user| user.contains("/subnetworks/")) {
        let Some(resource) = world.resource(user) else { continue };
        let secondary = super::super::references::texts(&resource.object, "secondaryIpRanges[].ipCidrRange");
        let all = secondary.into_iter().chain([text(&resource.object, "ipCidrRange").to_owned()]);
        ranges.extend(all.filter_map(|range| range.parse().ok()).map(|range| (range, user.to_owned())));
    }
    ranges
}

fn no_overlap(world: &World, draft: &Draft, network: &str, own: &[(Ipv4Net, String)]) -> Result<()> {
    let path = draft.place.path();
    let overlap = |one: &Ipv4Net, other: &Ipv4Net| one.contains(other) || other.contains(one);
    for (index, (range, at)) in own.iter().enumerate() {
        if let Some((other, _)) = own[..index].iter().find(|(other, _)| overlap(range, other)) {
            return Err(Refusal::invalid(
                at,
                range,
                format!("It overlaps with the range {other} of the same subnetwork."),
            ));
        }
    }
    for (theirs, user) in ranges(world, network).iter().filter(|(_, user)| *user != path) {
        let Some((mine, _)) = own.iter().find(|(mine, _)| overlap(mine, theirs)) else { continue };
        let (name, region) =
            (link::name(user), Place::of(user).and_then(|place| place.scope.region().map(str::to_owned)));
        let message = format!(
            "Invalid IPCidrRange: {mine} conflicts with existing subnetwork '{name}' in region '{}'.",
            region.unwrap_or_default()
        );
        return Err(Refusal::new(400, "invalidUsage", message));
    }
    Ok(())
}
