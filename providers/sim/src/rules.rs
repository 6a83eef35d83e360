//! The rules of resource types over the existing resources. Each check takes O(log n).

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet, HashMap},
};

use ipnet::IpNet;
use landform_core::{ResourceType, Rule, Schema, TypeName};
use serde_json::{Map, Value as Json};

use crate::world::Serial;

/// Values that must differ and ranges that must not overlap, by rule.
#[derive(Default)]
pub(crate) struct Index {
    values: HashMap<(TypeName, usize), HashMap<String, BTreeSet<Serial>>>,
    ranges: HashMap<(TypeName, usize), HashMap<String, Ranges>>,
    further: HashMap<(String, String), BTreeMap<Serial, IpNet>>,
}

/// Ranges by their first address.
type Ranges = BTreeMap<(u128, Serial), u128>;

/// A rule that would be broken.
#[derive(Debug, PartialEq)]
pub(crate) enum Broken {
    /// Another resource has the same values.
    Unique { fields: String, value: String, other: Serial },
    /// Another resource's range overlaps.
    Overlap { field: String, cidr: String, other: Serial },
}

impl Index {
    pub(crate) fn add(
        &mut self,
        resource_type: &ResourceType,
        serial: Serial,
        arguments: &Map<String, Json>,
    ) {
        for (place, rule) in resource_type.rules.iter().enumerate() {
            let key = (resource_type.name.clone(), place);
            match rule {
                Rule::Unique(fields) => {
                    let values = self.values.entry(key).or_default();
                    for value in joined(&resource_type.arguments, arguments, fields) {
                        values.entry(value).or_default().insert(serial);
                    }
                }
                Rule::Disjoint { field, within } => {
                    if let Some((group, (first, last))) = ranged(arguments, field, within) {
                        let ranges = self.ranges.entry(key).or_default().entry(group).or_default();
                        ranges.insert((first, serial), last);
                    }
                }
                Rule::Widens { field, of } => {
                    let outer = arguments.get(&**of).and_then(text);
                    if let (Some(outer), Some(cidr)) = (outer, network(arguments, field)) {
                        self.further.entry((outer, field.to_string())).or_default().insert(serial, cidr);
                    }
                }
                Rule::Inside { .. } => {}
            }
        }
    }

    pub(crate) fn remove(
        &mut self,
        resource_type: &ResourceType,
        serial: Serial,
        arguments: &Map<String, Json>,
    ) {
        for (place, rule) in resource_type.rules.iter().enumerate() {
            let key = (resource_type.name.clone(), place);
            match rule {
                Rule::Unique(fields) => {
                    let Some(values) = self.values.get_mut(&key) else { continue };
                    for value in joined(&resource_type.arguments, arguments, fields) {
                        if let Some(serials) = values.get_mut(&value) {
                            serials.remove(&serial);
                            if serials.is_empty() {
                                values.remove(&value);
                            }
                        }
                    }
                }
                Rule::Disjoint { field, within } => {
                    if let Some((group, (first, _))) = ranged(arguments, field, within)
                        && let Some(groups) = self.ranges.get_mut(&key)
                        && let Some(ranges) = groups.get_mut(&group)
                    {
                        ranges.remove(&(first, serial));
                        if ranges.is_empty() {
                            groups.remove(&group);
                        }
                    }
                }
                Rule::Widens { field, of } => {
                    if let Some(outer) = arguments.get(&**of).and_then(text)
                        && let Some(ranges) = self.further.get_mut(&(outer, field.to_string()))
                    {
                        ranges.remove(&serial);
                    }
                }
                Rule::Inside { .. } => {}
            }
        }
    }

    /// The rule that a resource with these arguments would break; `own` is the resource itself, if it exists.
    pub(crate) fn broken(
        &self,
        resource_type: &ResourceType,
        own: Option<Serial>,
        arguments: &Map<String, Json>,
    ) -> Option<Broken> {
        resource_type.rules.iter().enumerate().find_map(|(place, rule)| {
            let key = (resource_type.name.clone(), place);
            match rule {
                Rule::Unique(fields) => {
                    let values = self.values.get(&key)?;
                    joined(&resource_type.arguments, arguments, fields).into_iter().find_map(|value| {
                        let other = *values.get(&value)?.iter().find(|serial| Some(**serial) != own)?;
                        Some(Broken::Unique { fields: fields.join(", "), value, other })
                    })
                }
                Rule::Disjoint { field, within } => {
                    let (group, (first, last)) = ranged(arguments, field, within)?;
                    let ranges = self.ranges.get(&key)?.get(&group)?;
                    let other = overlapping(ranges, own, first, last)?;
                    Some(Broken::Overlap {
                        field: field.to_string(),
                        cidr: text(arguments.get(&**field)?)?,
                        other,
                    })
                }
                Rule::Inside { .. } | Rule::Widens { .. } => None,
            }
        })
    }

    /// The additional ranges of a resource, beside the one in its own field.
    pub(crate) fn further(&self, id: &str, field: &str) -> impl Iterator<Item = IpNet> + '_ {
        self.further
            .get(&(id.to_owned(), field.to_owned()))
            .into_iter()
            .flat_map(|ranges| ranges.values().copied())
    }
}

/// CIDRs nest or are disjoint, so only the nearest range before a point can contain it, unless something was tampered
/// with.
fn overlapping(ranges: &Ranges, own: Option<Serial>, first: u128, last: u128) -> Option<Serial> {
    let inside = ranges.range((first, 0)..=(last, Serial::MAX)).map(|((_, serial), _)| *serial);
    let before = ranges
        .range(..(first, 0))
        .rev()
        .filter(|((_, serial), _)| Some(*serial) != own)
        .take(1)
        .filter(|(_, end)| **end >= first)
        .map(|((_, serial), _)| *serial);
    inside.filter(|serial| Some(*serial) != own).chain(before).next()
}

/// The network in a field.
pub(crate) fn network(arguments: &Map<String, Json>, field: &str) -> Option<IpNet> {
    arguments.get(field)?.as_str()?.parse().ok()
}

fn ranged(arguments: &Map<String, Json>, field: &str, within: &str) -> Option<(String, (u128, u128))> {
    let group = text(arguments.get(within)?)?;
    let range = match network(arguments, field)? {
        IpNet::V4(net) => {
            let mapped = |address: std::net::Ipv4Addr| u128::from(address.to_ipv6_mapped());
            (mapped(net.network()), mapped(net.broadcast()))
        }
        IpNet::V6(net) => (u128::from(net.network()), u128::from(net.broadcast())),
    };
    Some((group, range))
}

/// The values of these fields in a spelling that equal values share. A set gives one for each of its items.
fn joined(schema: &Schema, arguments: &Map<String, Json>, fields: &[Cow<'static, str>]) -> Vec<String> {
    let meant = |field: &Cow<'static, str>| {
        let (place, value) = (schema.top().key(field), arguments.get(&**field)?);
        match value {
            Json::Array(items) if place.is_set() => Some(
                items.iter().filter_map(|item| text(&place.index(0).canonical(item))).collect::<Vec<_>>(),
            ),
            one => Some(vec![text(&place.canonical(one))?]),
        }
    };
    fields.iter().map(meant).collect::<Option<Vec<_>>>().map(Rule::keys).unwrap_or_default()
}

fn text(value: &Json) -> Option<String> {
    match value {
        Json::Null => None,
        Json::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}
