//! The quotas of projects and regions.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use super::{
    link::{self, Place, Scope},
    places::machine_types,
    table::{Collection, Draft},
    world::text,
};
use crate::refusal::{Refusal, Result};

/// Limits and usage.
pub(crate) struct Quotas {
    limits: BTreeMap<String, u64>,
    /// The usage by project, region (empty for the whole project) and metric.
    used: BTreeMap<(String, String, String), u64>,
}

/// The quotas of a whole project: metric and limit.
const GLOBAL: [(&str, u64); 17] = [
    ("BACKEND_SERVICES", 50),
    ("FIREWALLS", 1000),
    ("FORWARDING_RULES", 150),
    ("HEALTH_CHECKS", 150),
    ("IMAGES", 5000),
    ("INSTANCE_TEMPLATES", 1000),
    ("NETWORKS", 50),
    ("ROUTERS", 200),
    ("ROUTES", 1000),
    ("SNAPSHOTS", 20000),
    ("STATIC_ADDRESSES", 700),
    ("SUBNETWORKS", 2750),
    ("TARGET_HTTP_PROXIES", 150),
    ("TARGET_POOLS", 500),
    ("TARGET_TCP_PROXIES", 150),
    ("URL_MAPS", 100),
    ("CPUS_ALL_REGIONS", 100_000),
];

/// The quotas of each region: metric and limit.
const REGIONAL: [(&str, u64); 8] = [
    ("AUTOSCALERS", 500),
    ("CPUS", 24_000),
    ("DISKS_TOTAL_GB", 4_000_000),
    ("INSTANCES", 6000),
    ("INSTANCE_GROUPS", 1000),
    ("INSTANCE_GROUP_MANAGERS", 1000),
    ("STATIC_ADDRESSES", 700),
    ("BACKEND_SERVICES", 500),
];

impl Quotas {
    pub(crate) fn new(limits: &BTreeMap<String, u64>) -> Self {
        Self { limits: limits.clone(), used: BTreeMap::new() }
    }

    fn limit(&self, table: &[(&str, u64)], metric: &str) -> Option<u64> {
        let usual = table.iter().find(|(known, _)| *known == metric).map(|(_, limit)| *limit)?;
        Some(self.limits.get(metric).copied().unwrap_or(usual))
    }

    /// Counts a new resource. Refuses it if it exceeds a quota.
    pub(crate) fn take(&mut self, collection: &Collection, draft: &Draft) -> Result<()> {
        let amounts = amounts(collection, &draft.place, &draft.object);
        for (metric, region, amount) in &amounts {
            let table: &[_] = if region.is_empty() { &GLOBAL } else { &REGIONAL };
            let Some(limit) = self.limit(table, metric) else { continue };
            let key = (draft.place.project.clone(), region.clone(), metric.clone());
            if self.used.get(&key).copied().unwrap_or(0) + amount > limit {
                let place =
                    if region.is_empty() { "globally".to_owned() } else { format!("in region {region}") };
                let message = format!("Quota '{metric}' exceeded.  Limit: {limit}.0 {place}.");
                return Err(Refusal::new(403, "quotaExceeded", message));
            }
        }
        for (metric, region, amount) in amounts {
            *self.used.entry((draft.place.project.clone(), region, metric)).or_default() += amount;
        }
        Ok(())
    }

    pub(crate) fn give_back(&mut self, collection: &Collection, place: &Place, object: &Map<String, Json>) {
        for (metric, region, amount) in amounts(collection, place, object) {
            if let Some(used) = self.used.get_mut(&(place.project.clone(), region, metric)) {
                *used = used.saturating_sub(amount);
            }
        }
    }

    fn shown(&self, table: &[(&str, u64)], project: &str, region: &str) -> Json {
        let line = |metric: &str, limit: u64| {
            let used = self.used.get(&(project.to_owned(), region.to_owned(), metric.to_owned())).copied();
            json!({ "metric": metric, "limit": limit as f64, "usage": used.unwrap_or(0) as f64 })
        };
        table.iter().filter_map(|(metric, _)| Some(line(metric, self.limit(table, metric)?))).collect()
    }

    pub(crate) fn of_project(&self, project: &str) -> Json {
        self.shown(&GLOBAL, project, "")
    }

    pub(crate) fn of_region(&self, project: &str, region: &str) -> Json {
        self.shown(&REGIONAL, project, region)
    }
}

/// The quotas that a resource uses: metric, region, amount.
fn amounts(collection: &Collection, place: &Place, object: &Map<String, Json>) -> Vec<(String, String, u64)> {
    let region = match &place.scope {
        Scope::Global => "",
        scope => scope.region().unwrap_or_default(),
    };
    let mut amounts = Vec::new();
    let mut count = |metric: &str, amount| {
        let regional = REGIONAL.iter().any(|(known, _)| *known == metric) && !region.is_empty();
        amounts.push((metric.to_owned(), if regional { region } else { "" }.to_owned(), amount));
    };
    match collection.segment {
        "disks" => count("DISKS_TOTAL_GB", text(object, "sizeGb").parse().unwrap_or(0)),
        "instances" => {
            count("INSTANCES", 1);
            let machine = link::name(text(object, "machineType"));
            let cpus = machine_types().find(|(name, ..)| name == machine).map_or(0, |(_, cpus, ..)| cpus);
            count("CPUS", cpus);
            count("CPUS_ALL_REGIONS", cpus);
        }
        _ => {
            if let Some(metric) = collection.quota {
                count(metric, 1);
            }
        }
    }
    amounts
}
