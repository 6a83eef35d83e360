//! IAM policies of projects, buckets and accounts. An etag protects changes against races.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use crate::{
    refusal::{Refusal, Result},
    token,
};

/// All policies, by resource.
#[derive(Default)]
pub(crate) struct Policies {
    by_resource: BTreeMap<String, Policy>,
    serial: u64,
}

#[derive(Clone)]
struct Policy {
    bindings: Vec<Json>,
    rest: Map<String, Json>,
    serial: u64,
}

impl Policies {
    /// The policy of a resource. Empty if none was set.
    pub(crate) fn get(&self, resource: &str) -> Map<String, Json> {
        let none = Policy { bindings: Vec::new(), rest: Map::new(), serial: 0 };
        let policy = self.by_resource.get(resource).unwrap_or(&none);
        let mut object = policy.rest.clone();
        object.insert("version".to_owned(), json!(version(&policy.bindings)));
        object.insert("etag".to_owned(), json!(etag(policy.serial)));
        if !policy.bindings.is_empty() {
            object.insert("bindings".to_owned(), json!(policy.bindings));
        }
        object
    }

    /// Sets the policy of a resource unless the etag is old. Without an etag the last write wins. `known` says whether
    /// an account exists.
    pub(crate) fn set(
        &mut self,
        resource: &str,
        mut policy: Map<String, Json>,
        known: impl Fn(&str) -> bool,
    ) -> Result<Map<String, Json>> {
        let there = self.by_resource.get(resource).map_or(0, |policy| policy.serial);
        let given = policy
            .remove("etag")
            .and_then(|etag| etag.as_str().map(str::to_owned))
            .filter(|etag| !etag.is_empty());
        if given.is_some_and(|given| given != etag(there)) {
            let message = "There were concurrent policy changes. Please retry the whole read-modify-write with \
                           exponential backoff.";
            return Err(Refusal::new(409, "aborted", message));
        }
        let bindings = match policy.remove("bindings") {
            Some(Json::Array(bindings)) => checked(bindings, known)?,
            _ => Vec::new(),
        };
        policy.remove("version");
        self.serial += 1;
        let new = Policy { bindings, rest: policy, serial: self.serial };
        self.by_resource.insert(resource.to_owned(), new);
        Ok(self.get(resource))
    }

    /// Marks a deleted account in all bindings.
    pub(crate) fn deleted(&mut self, email: &str, id: &str) {
        let (was, is) =
            (format!("serviceAccount:{email}"), format!("deleted:serviceAccount:{email}?uid={id}"));
        for policy in self.by_resource.values_mut() {
            for binding in &mut policy.bindings {
                for member in binding["members"].as_array_mut().into_iter().flatten() {
                    if member.as_str() == Some(&was) {
                        *member = json!(is);
                    }
                }
            }
        }
    }

    pub(crate) fn forget(&mut self, resource: &str) {
        self.by_resource.remove(resource);
    }
}

fn version(bindings: &[Json]) -> u8 {
    if bindings.iter().any(|binding| !binding["condition"].is_null()) { 3 } else { 1 }
}

fn etag(serial: u64) -> String {
    if serial == 0 { "ACAB".to_owned() } else { token::fingerprint(serial) }
}

/// Checks the members of bindings, and joins bindings with the same role and condition.
fn checked(bindings: Vec<Json>, known: impl Fn(&str) -> bool) -> Result<Vec<Json>> {
    let mut joined: Vec<Json> = Vec::new();
    for binding in bindings {
        let role = binding["role"].as_str().unwrap_or_default();
        let right =
            role.strip_prefix("roles/").is_some_and(|rest| !rest.is_empty()) || role.contains("/roles/");
        if !right {
            return Err(Refusal::bad(format!("Role ({role}) does not exist in the resource's hierarchy.")));
        }
        let members = binding["members"].as_array().cloned().unwrap_or_default();
        for member in members.iter().filter_map(Json::as_str) {
            self::member(member, &known)?;
        }
        if members.is_empty() {
            continue;
        }
        let same = joined
            .iter_mut()
            .find(|other| other["role"] == role && other["condition"] == binding["condition"]);
        match same.and_then(|same| same["members"].as_array_mut()) {
            None => joined.push(binding),
            Some(there) => {
                for member in members {
                    if !there.contains(&member) {
                        there.push(member);
                    }
                }
            }
        }
    }
    Ok(joined)
}

fn member(member: &str, known: impl Fn(&str) -> bool) -> Result<()> {
    if ["allUsers", "allAuthenticatedUsers"].contains(&member) {
        return Ok(());
    }
    let (kind, id) = member.split_once(':').unwrap_or(("", member));
    match kind {
        "serviceAccount" if id.ends_with(".iam.gserviceaccount.com") && !known(id) => {
            Err(Refusal::bad(format!("Service account {id} does not exist.")))
        }
        "user" | "group" | "serviceAccount" if id.contains('@') => Ok(()),
        "domain" | "deleted" | "principal" | "principalSet" | "projectOwner" | "projectEditor"
        | "projectViewer" => Ok(()),
        _ => Err(Refusal::bad(format!("Invalid member: {member}."))),
    }
}
