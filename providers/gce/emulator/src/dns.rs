//! Cloud DNS: zones and their records, changed one by one or by atomic changes.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use crate::{
    call::Call,
    compute::{link, world::World},
    refusal::{Refusal, Result},
    token,
};

/// Zones, by project and name.
#[derive(Default)]
pub(crate) struct Dns {
    zones: BTreeMap<(String, String), Zone>,
    serial: u64,
}

struct Zone {
    object: Map<String, Json>,
    /// Record sets by name and type.
    records: BTreeMap<(String, String), Json>,
    changes: Vec<Json>,
}

impl Dns {
    pub(crate) fn answer(&mut self, call: &Call, world: &World) -> Result<Json> {
        let project =
            ["project", "projectsId"].iter().map(|name| call.variable(name)).find(|id| !id.is_empty());
        let project = project.unwrap_or_default();
        let known = world.project(project).map(|project| (project.id.clone(), project.number));
        let Some((project, number)) = known else {
            let message = format!("The project '{project}' does not exist.");
            return Err(Refusal::new(404, "notFound", message));
        };
        let name = call.variable("managedZone");
        match (call.method.id.trim_start_matches("dns."), name) {
            ("projects.get", _) => Ok(json!({
                "kind": "dns#project", "id": project, "number": number.to_string(),
                "quota": { "kind": "dns#quota", "managedZones": 10000, "rrsetsPerManagedZone": 10000 },
            })),
            ("managedZones.create", _) => self.create(&project, call.body.clone(), world),
            ("managedZones.list", _) => {
                let wanted = call.query("dnsName");
                let mine =
                    self.zones.iter().filter(|((of, _), _)| *of == project).map(|(_, zone)| &zone.object);
                let zones: Vec<_> =
                    mine.filter(|zone| wanted.is_none_or(|wanted| zone["dnsName"] == wanted)).collect();
                Ok(json!({ "kind": "dns#managedZonesListResponse", "managedZones": zones }))
            }
            (method, name) => {
                self.serial += 1;
                let serial = self.serial;
                let mut zones = self.zones.iter_mut();
                let found = zones.find(|((of, known), zone)| {
                    *of == project && (known == name || zone.object["id"] == name)
                });
                let ((_, name), zone) = found.ok_or_else(|| no_zone(name))?;
                let name = name.clone();
                match method {
                    "managedZones.delete" => {
                        if zone.records.keys().any(|(_, kind)| !["NS", "SOA"].contains(&kind.as_str())) {
                            let message = format!(
                                "The resource named '{name}' cannot be deleted because it contains one or more \
                                 'resource records'."
                            );
                            return Err(Refusal::new(400, "containerNotEmpty", message));
                        }
                        self.zones.remove(&(project, name));
                        Ok(Json::Null)
                    }
                    _ => zone.answer(method, call, serial, world, &project),
                }
            }
        }
    }

    fn create(&mut self, project: &str, mut zone: Map<String, Json>, world: &World) -> Result<Json> {
        let text = |field: &str| zone.get(field).and_then(Json::as_str).unwrap_or_default().to_owned();
        let (name, dns_name) = (text("name"), text("dnsName"));
        if !crate::schema::check::is_name(&name) {
            return Err(Refusal::new(
                400,
                "invalid",
                format!("Invalid value for 'entity.managedZone.name': '{name}'"),
            ));
        }
        if !dns_name.ends_with('.') || dns_name.contains("..") || dns_name.len() > 254 {
            let message = format!("Invalid value for 'entity.managedZone.dnsName': '{dns_name}'");
            return Err(Refusal::new(400, "invalid", message));
        }
        let key = (project.to_owned(), name.clone());
        if self.zones.contains_key(&key) {
            let message = format!("The resource 'entity.managedZone' named '{name}' already exists");
            return Err(Refusal::new(409, "alreadyExists", message));
        }
        networks(&zone, world, project)?;
        self.serial += 1;
        let private = zone.get("visibility").is_some_and(|visibility| visibility == "private");
        let servers: Vec<_> = match private {
            true => vec!["ns-gcp-private.googledomains.com.".to_owned()],
            false => (1..=4)
                .map(|n| {
                    format!("ns-cloud-{}{n}.googledomains.com.", (b'a' + (self.serial % 5) as u8) as char)
                })
                .collect(),
        };
        zone.insert("kind".to_owned(), json!("dns#managedZone"));
        zone.insert("id".to_owned(), json!(token::mix(self.serial).to_string()));
        zone.insert("creationTime".to_owned(), json!(token::now()));
        zone.insert("nameServers".to_owned(), json!(servers));
        zone.entry("visibility").or_insert_with(|| json!("public"));
        zone.entry("description").or_insert_with(|| json!(""));
        zone.entry("cloudLoggingConfig")
            .or_insert_with(|| json!({ "kind": "dns#managedZoneCloudLoggingConfig" }));
        let soa = format!("{} cloud-dns-hostmaster.google.com. 1 21600 3600 259200 300", servers[0]);
        let records = [("NS", json!(servers)), ("SOA", json!([soa]))].into_iter().map(|(kind, data)| {
            let record = json!({
                "kind": "dns#resourceRecordSet", "name": dns_name, "type": kind, "ttl": 21600, "rrdatas": data,
            });
            ((dns_name.clone(), kind.to_owned()), record)
        });
        let records = records.collect();
        self.zones.insert(key, Zone { object: zone.clone(), records, changes: Vec::new() });
        Ok(Json::Object(zone))
    }

    /// The paths of all resources that requests made.
    pub(crate) fn names(&self) -> Vec<String> {
        self.zones.keys().map(|(project, name)| format!("projects/{project}/managedZones/{name}")).collect()
    }
}

/// Refuses a private zone of a network that does not exist.
fn networks(zone: &Map<String, Json>, world: &World, project: &str) -> Result<()> {
    let config = zone.get("privateVisibilityConfig");
    let networks = config.and_then(|config| config["networks"].as_array()).into_iter().flatten();
    for url in networks.filter_map(|network| network["networkUrl"].as_str()) {
        let there = link::path(url, project).is_some_and(|path| world.object(&path).is_some());
        if !there {
            return Err(Refusal::new(404, "notFound", format!("The network '{url}' does not exist.")));
        }
    }
    Ok(())
}

fn no_zone(name: &str) -> Refusal {
    let message = format!("The 'parameters.managedZone' resource named '{name}' does not exist.");
    Refusal::new(404, "notFound", message)
}

impl Zone {
    fn answer(
        &mut self,
        method: &str,
        call: &Call,
        serial: u64,
        world: &World,
        project: &str,
    ) -> Result<Json> {
        let key = (call.variable("name").to_ascii_lowercase(), call.variable("type").to_owned());
        let no_records = || {
            let message =
                format!("The 'parameters.name' resource named '{} ({})' does not exist.", key.0, key.1);
            Refusal::new(404, "notFound", message)
        };
        match method {
            "managedZones.get" => Ok(Json::Object(self.object.clone())),
            "managedZones.patch" | "managedZones.update" => {
                let mut object = self.object.clone();
                crate::compute::merge(&mut object, call.body.clone());
                for fixed in ["name", "dnsName", "visibility"] {
                    if object.get(fixed) != self.object.get(fixed) {
                        return Err(Refusal::new(
                            400,
                            "invalid",
                            format!("'entity.managedZone.{fixed}' cannot be changed"),
                        ));
                    }
                }
                networks(&object, world, project)?;
                self.object = object;
                Ok(json!({
                    "kind": "dns#operation", "id": serial.to_string(), "status": "done", "type": "update",
                    "startTime": token::now(), "user": call.user,
                }))
            }
            "resourceRecordSets.list" => {
                let (name, kind) = (call.query("name"), call.query("type"));
                let records = self.records.iter().filter(|((of, is), _)| {
                    name.is_none_or(|name| name.eq_ignore_ascii_case(of))
                        && kind.is_none_or(|kind| kind == is)
                });
                let most = call.query("maxResults").and_then(|most| most.parse().ok()).unwrap_or(1000);
                let first: usize = call.query("pageToken").and_then(|token| token.parse().ok()).unwrap_or(0);
                let all: Vec<_> = records.map(|(_, record)| record).collect();
                let page: Vec<_> = all.iter().skip(first).take(most).collect();
                let mut answer = json!({ "kind": "dns#resourceRecordSetsListResponse", "rrsets": page });
                if first + page.len() < all.len() {
                    answer["nextPageToken"] = json!((first + page.len()).to_string());
                }
                Ok(answer)
            }
            "resourceRecordSets.get" => self.records.get(&key).cloned().ok_or_else(no_records),
            "resourceRecordSets.create" => {
                self.change(&[], &[Json::Object(call.body.clone())]).map(|mut added| added.remove(0))
            }
            "resourceRecordSets.delete" => {
                let there = self.records.get(&key).cloned().ok_or_else(no_records)?;
                self.change(&[there], &[])?;
                Ok(json!({}))
            }
            "resourceRecordSets.patch" => {
                let there = self.records.get(&key).cloned().ok_or_else(no_records)?;
                let mut wanted = there.as_object().cloned().unwrap_or_default();
                crate::compute::merge(&mut wanted, call.body.clone());
                self.change(&[there], &[Json::Object(wanted)]).map(|mut added| added.remove(0))
            }
            "changes.create" => {
                let list =
                    |field: &str| call.body.get(field).and_then(Json::as_array).cloned().unwrap_or_default();
                let (additions, deletions) = (list("additions"), list("deletions"));
                let added = self.change(&deletions, &additions)?;
                let mut change = json!({
                    "kind": "dns#change", "id": self.changes.len().to_string(), "startTime": token::now(),
                    "status": "done",
                });
                for (field, records) in [("additions", added), ("deletions", deletions)] {
                    if !records.is_empty() {
                        change[field] = json!(records);
                    }
                }
                self.changes.push(change.clone());
                change["status"] = json!("pending");
                Ok(change)
            }
            "changes.get" => {
                let id = call.variable("changeId");
                let change = self.changes.iter().find(|change| change["id"] == id).cloned();
                change.ok_or_else(|| {
                    Refusal::new(404, "notFound", format!("The change '{id}' does not exist."))
                })
            }
            "changes.list" => Ok(json!({ "kind": "dns#changesListResponse", "changes": self.changes })),
            _ => Err(Refusal::not_emulated(call.method.id)),
        }
    }

    /// Removes and adds records, all or none. Returns the added records as stored.
    fn change(&mut self, deletions: &[Json], additions: &[Json]) -> Result<Vec<Json>> {
        let mut records = self.records.clone();
        for (index, record) in deletions.iter().enumerate() {
            let at = format!("entity.change.deletions[{index}]");
            let (key, record) = complete(record, &at, &self.object)?;
            match records.remove(&key) {
                Some(there) if there["rrdatas"] == record["rrdatas"] && there["ttl"] == record["ttl"] => {}
                Some(_) => return Err(Refusal::condition(format!("Precondition not met for '{at}'"))),
                None => {
                    let message =
                        format!("The '{at}' resource named '{} ({})' does not exist.", key.0, key.1);
                    return Err(Refusal::new(404, "notFound", message));
                }
            }
        }
        let mut added = Vec::new();
        for (index, record) in additions.iter().enumerate() {
            let at = format!("entity.change.additions[{index}]");
            let (key, record) = complete(record, &at, &self.object)?;
            let alias = |kind: &str| kind == "CNAME";
            let clash = records.keys().any(|(name, kind)| *name == key.0 && (alias(kind) != alias(&key.1)));
            if clash {
                let message =
                    format!("The resource record set '{at}' is invalid because a CNAME must be alone.");
                return Err(Refusal::new(400, "cnameResourceRecordSetConflict", message));
            }
            if records.insert(key.clone(), record.clone()).is_some() {
                let message = format!("The resource '{at}' named '{} ({})' already exists", key.0, key.1);
                return Err(Refusal::new(409, "alreadyExists", message));
            }
            added.push(record);
        }
        self.records = records;
        Ok(added)
    }
}

/// A record set with its kind, and its key. Refuses an invalid one, or one of another zone.
fn complete(record: &Json, at: &str, zone: &Map<String, Json>) -> Result<((String, String), Json)> {
    let name = record["name"].as_str().unwrap_or_default().to_ascii_lowercase();
    let kind = record["type"].as_str().unwrap_or_default().to_owned();
    let domain = zone["dnsName"].as_str().unwrap_or_default();
    let inside = name == domain || name.ends_with(&format!(".{domain}"));
    if !name.ends_with('.') || !inside {
        return Err(Refusal::new(400, "invalid", format!("Invalid value for '{at}.name': '{name}'")));
    }
    let known = [
        "A", "AAAA", "ALIAS", "CAA", "CNAME", "DNSKEY", "DS", "HTTPS", "IPSECKEY", "MX", "NAPTR", "NS",
        "PTR", "SOA", "SPF", "SRV", "SSHFP", "SVCB", "TLSA", "TXT",
    ];
    if !known.contains(&kind.as_str()) {
        return Err(Refusal::new(400, "invalid", format!("Invalid value for '{at}.type': '{kind}'")));
    }
    let data = record["rrdatas"].as_array().cloned().unwrap_or_default();
    let right = |data: &Json| match (kind.as_str(), data.as_str().unwrap_or_default()) {
        ("A", data) => data.parse::<std::net::Ipv4Addr>().is_ok(),
        ("AAAA", data) => data.parse::<std::net::Ipv6Addr>().is_ok(),
        (_, data) => !data.is_empty(),
    };
    if record["routingPolicy"].is_null() && (data.is_empty() || !data.iter().all(right)) {
        return Err(Refusal::new(400, "invalid", format!("Invalid value for '{at}.rrdata'")));
    }
    let mut record = record.clone();
    record["kind"] = json!("dns#resourceRecordSet");
    record["name"] = json!(name);
    if record["ttl"].is_null() {
        record["ttl"] = json!(0);
    }
    Ok(((name, kind), record))
}
