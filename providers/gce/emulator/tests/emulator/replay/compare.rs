//! Compares an answer with the recorded one, except for placeholders.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::log::Exchange;

/// The mock only repeats the request.
const ECHOED: &str = "the mock fills in no defaults here";
/// The mock knows only the names of public images.
const NAMED_ONLY: &str = "the mock's images have a name and a family only";
/// Other recordings contain the field.
const ELSEWHERE: &str = "recordings of newer scenarios have it";

/// Fields that the emulator's answers have and some recordings lack, by the kind of the object, and why. Much of what
/// was recorded comes from a mock that fills in less than the API does.
pub const RICHER: &[(&str, &str)] = &[
    ("address: addressType", ECHOED),
    ("address: ipVersion", ECHOED),
    ("address: networkTier", ECHOED),
    ("address: status", ECHOED),
    ("address: subnetwork", ECHOED),
    ("backendService: port", ECHOED),
    ("backendService: portName", ECHOED),
    ("backendService: protocol", ECHOED),
    ("disk: sizeGb", ECHOED),
    ("disk: sourceDiskId", ECHOED),
    ("firewall: logConfig", ECHOED),
    ("firewall: sourceRanges", ECHOED),
    ("image: architecture", NAMED_ONLY),
    ("image: archiveSizeBytes", NAMED_ONLY),
    ("image: creationTimestamp", NAMED_ONLY),
    ("image: description", NAMED_ONLY),
    ("image: diskSizeGb", NAMED_ONLY),
    ("image: id", NAMED_ONLY),
    ("image: sourceType", NAMED_ONLY),
    ("image: storageLocations", NAMED_ONLY),
    ("instance: canIpForward", ECHOED),
    ("instance: cpuPlatform", ECHOED),
    ("instance: deletionProtection", ECHOED),
    ("instance: disks", ECHOED),
    ("instance: disks[].autoDelete", ECHOED),
    ("instance: disks[].deviceName", ECHOED),
    ("instance: disks[].index", ECHOED),
    ("instance: disks[].interface", ECHOED),
    ("instance: disks[].kind", ECHOED),
    ("instance: disks[].mode", ECHOED),
    ("instance: disks[].source", ECHOED),
    ("instance: disks[].type", ECHOED),
    ("instance: fingerprint", ECHOED),
    ("instance: labels", ECHOED),
    ("instance: lastStartTimestamp", ECHOED),
    ("instance: lastStopTimestamp", ECHOED),
    ("instance: machineType", ECHOED),
    ("instance: metadata", ECHOED),
    ("instance: metadata.fingerprint", ECHOED),
    ("instance: metadata.kind", ECHOED),
    ("instance: networkInterfaces", ECHOED),
    ("instance: networkInterfaces[].accessConfigs[].kind", ECHOED),
    ("instance: networkInterfaces[].accessConfigs[].networkTier", ECHOED),
    ("instance: networkInterfaces[].fingerprint", ECHOED),
    ("instance: networkInterfaces[].kind", ECHOED),
    ("instance: networkInterfaces[].name", ECHOED),
    ("instance: networkInterfaces[].networkIP", ECHOED),
    ("instance: networkInterfaces[].stackType", ECHOED),
    ("instance: networkInterfaces[].subnetwork", ECHOED),
    ("instance: scheduling", ECHOED),
    ("instance: scheduling.onHostMaintenance", ECHOED),
    ("instance: scheduling.preemptible", ECHOED),
    ("instance: scheduling.provisioningModel", ECHOED),
    ("instance: shieldedInstanceConfig", ECHOED),
    ("instance: shieldedInstanceIntegrityPolicy", ECHOED),
    ("instance: startRestricted", ECHOED),
    ("instance: tags", ECHOED),
    ("instance: tags.fingerprint", ECHOED),
    ("instanceGroupManager: currentActions", ECHOED),
    ("instanceGroupManager: distributionPolicy", ECHOED),
    ("instanceGroupManager: instanceLifecyclePolicy", ECHOED),
    ("instanceGroupManager: instanceTemplate", ECHOED),
    ("instanceGroupManager: listManagedInstancesResults", ECHOED),
    ("instanceGroupManager: updatePolicy.maxSurge.calculated", ECHOED),
    ("instanceGroupManager: updatePolicy.maxUnavailable.calculated", ECHOED),
    ("instanceGroupManager: updatePolicy.replacementMethod", ECHOED),
    ("instanceGroupManager: updatePolicy.type", ECHOED),
    ("instanceGroupManager: versions", ECHOED),
    ("instanceGroupsListInstances: selfLink", ELSEWHERE),
    ("instanceTemplate: properties.disks[].autoDelete", ECHOED),
    ("instanceTemplate: properties.disks[].boot", ECHOED),
    ("instanceTemplate: properties.disks[].interface", ECHOED),
    ("network: routingConfig", ELSEWHERE),
    ("network: subnetworks", ELSEWHERE),
    ("subnetwork: allowSubnetCidrRoutesOverlap", ELSEWHERE),
    ("subnetwork: enableFlowLogs", ELSEWHERE),
    ("subnetwork: state", ELSEWHERE),
];

/// Google accepts the field and never returns it.
const INPUT_ONLY: &str = "it is for requests only; the mock answers what the request said";

/// Fields that recordings have and the emulator's answers lack, and why.
pub const POORER: &[(&str, &str)] = &[
    ("instance: disks[].initializeParams", INPUT_ONLY),
    ("backendService: iap.oauth2ClientSecret", INPUT_ONLY),
    (
        "httpHealthCheck: proxyHeader",
        "Google's type has no such field; the mock takes it from newer health checks",
    ),
];

/// The distance between two answers. Smaller is closer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    Identical,
    SameMeaning,
    Deviating,
    Different,
}

/// The result of a comparison.
#[derive(Default)]
pub struct Comparison {
    pub meaning: Vec<String>,
    /// The known deviations that occurred.
    pub deviations: BTreeSet<String>,
    pub different: Vec<String>,
    /// The answer has another status, so the rest was not compared.
    other_status: bool,
}

impl Comparison {
    /// The distance of the answer from the recorded one, to find the closest reading.
    pub fn distance(&self) -> (Likeness, bool, usize) {
        (self.likeness(), self.other_status, self.different.len())
    }

    pub fn likeness(&self) -> Likeness {
        match (self.different.is_empty(), self.deviations.is_empty(), self.meaning.is_empty()) {
            (false, ..) => Likeness::Different,
            (_, false, _) => Likeness::Deviating,
            (.., false) => Likeness::SameMeaning,
            _ => Likeness::Identical,
        }
    }
}

pub fn compare(exchange: &Exchange, status: u16, answer: &Json) -> Comparison {
    let mut comparison = Comparison::default();
    if status != exchange.status {
        let message = answer["error"]["message"].as_str().unwrap_or_default();
        comparison.other_status = true;
        comparison.different.push(format!("status {} instead of {}: {message}", status, exchange.status));
        return comparison;
    }
    let kind = exchange.answer["kind"].as_str().unwrap_or_default().trim_start_matches("compute#").to_owned();
    comparison.value(&exchange.answer, answer, &kind, "");
    comparison
}

impl Comparison {
    fn value(&mut self, recorded: &Json, ours: &Json, kind: &str, at: &str) {
        match (recorded, ours) {
            (Json::Object(recorded), Json::Object(ours)) => {
                for (name, value) in recorded {
                    let here = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
                    match ours.get(name) {
                        Some(ours) => self.value(value, ours, kind, &here),
                        None if self.known(POORER, &format!("{kind}: {here}")) => {}
                        None => self.different.push(format!("{here}: missing, recorded {value}")),
                    }
                }
                for (name, value) in ours.iter().filter(|(name, _)| !recorded.contains_key(*name)) {
                    let here = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
                    let field = format!("{kind}: {here}");
                    if !self.known(RICHER, &field) {
                        self.different.push(format!("{field}: {value} is more than recorded"));
                    }
                }
            }
            (Json::Array(recorded), Json::Array(ours)) if kind == "network" && at == "subnetworks" => {
                // Google added regions after most of the recordings.
                let there = |link: &Json| ours.iter().any(|ours| like(text_of(link), text_of(ours)));
                let more = ours.len() > recorded.len() && self.known(RICHER, "network: subnetworks");
                if !recorded.iter().all(there) || (ours.len() != recorded.len() && !more) {
                    self.different.push(format!("{at}: {ours:?} instead of {recorded:?}"));
                }
            }
            (Json::Array(recorded), Json::Array(ours)) if recorded.len() == ours.len() => {
                for (recorded, ours) in sorted(recorded).into_iter().zip(sorted(ours)) {
                    self.value(recorded, ours, kind, &format!("{at}[]"));
                }
            }
            (Json::String(recorded), Json::String(ours)) => self.text(recorded, ours, at),
            _ if recorded == ours => {}
            _ => self.different.push(format!("{at}: {ours} instead of {recorded}")),
        }
    }

    /// Whether a field is in a list of known deviations. Records that the deviation was needed.
    fn known(&mut self, list: &[(&str, &str)], field: &str) -> bool {
        let known = list.iter().any(|(known, _)| *known == field);
        if known {
            self.deviations.insert(field.to_owned());
        }
        known
    }

    fn text(&mut self, recorded: &str, ours: &str, at: &str) {
        let name = at.rsplit('.').next().unwrap();
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let placeholder = match name {
            "fingerprint" | "labelFingerprint" | "etag" => !ours.is_empty(),
            "user" => ours.contains('@'),
            // The id of a list is a path, but the recordings replace it by a placeholder.
            "id" if recorded.bytes().all(|byte| byte == b'0') => !ours.is_empty(),
            _ if name.ends_with("Id") || name.ends_with("id") => digits(ours) || like(recorded, ours),
            _ if recorded.starts_with("2024-04-01T12:34:56") => {
                ours.len() > 20 && ours[10..].starts_with('T')
            }
            "address" | "IPAddress" | "gatewayAddress" => ours.parse::<std::net::IpAddr>().is_ok(),
            "internalIpv6Range" => ours.starts_with("fd20:"),
            _ => false,
        };
        if recorded == ours || placeholder || like(recorded, ours) {
            return;
        }
        let (one, other) = (meaning(recorded), meaning(ours));
        if like(&one, &other) || other.ends_with(&format!("/{one}")) {
            self.meaning.push(at.to_owned());
        } else {
            self.different.push(format!("{at}: {ours:?} instead of {recorded:?}"));
        }
    }
}

fn text_of(json: &Json) -> &str {
    json.as_str().unwrap_or_default()
}

/// Lists without a meaningful order are compared in the order of their names.
fn sorted(items: &[Json]) -> Vec<&Json> {
    let mut items: Vec<_> = items.iter().collect();
    if items.iter().all(|item| item["destRange"].is_string()) {
        items.sort_by_key(|item| item["destRange"].as_str());
    }
    items
}

/// Whether a text matches a recorded one with placeholders.
fn like(recorded: &str, ours: &str) -> bool {
    let mut parts = recorded.split("${");
    let Some(mut rest) = parts.next().and_then(|first| ours.strip_prefix(first)) else { return false };
    let mut open = false;
    for part in parts {
        let fixed = part.split_once('}').map_or("", |(_, fixed)| fixed);
        if fixed.is_empty() {
            open = true;
            continue;
        }
        let Some(at) = rest.find(fixed) else { return false };
        rest = &rest[at + fixed.len()..];
        open = false;
    }
    rest.is_empty() || (open && !rest.contains('/'))
}

/// The target of a link, without regard to its host, version and spelling.
fn meaning(text: &str) -> String {
    let rest = match text.split_once("/compute/") {
        Some((_, rest)) => rest.split_once('/').map_or(rest, |(_, path)| path),
        None => text,
    };
    rest.replace("/global/regions/", "/regions/").replace("/global/zones/", "/zones/")
}
