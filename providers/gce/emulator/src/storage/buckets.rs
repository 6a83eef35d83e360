//! The defaults and the names of buckets.

use serde_json::{Map, Value as Json, json};

use super::{Bucket, Storage};
use crate::{
    refusal::{Refusal, Result},
    settings::Project,
    token,
};

impl Storage {
    /// Makes a bucket.
    pub(super) fn make(&mut self, project: &Project, body: &Map<String, Json>) -> Result<Json> {
        let name = body.get("name").and_then(Json::as_str).unwrap_or_default();
        if !is_bucket_name(name) {
            return Err(Refusal::new(400, "invalid", format!("Invalid bucket name: '{name}'")));
        }
        match self.buckets.get(name) {
            Some(there) if there.project == project.id => {
                let message =
                    "Your previous request to create the named bucket succeeded and you already own it.";
                return Err(Refusal::new(409, "conflict", message));
            }
            Some(_) => {
                let message = "The requested bucket name is not available. The bucket namespace is shared by all users \
                               of the system. Please select a different name and try again.";
                return Err(Refusal::new(409, "conflict", message));
            }
            None => {}
        }
        let mut object = body.clone();
        let serial = self.next();
        complete(&mut object, project, serial);
        let bucket =
            Bucket { object: object.clone(), project: project.id.clone(), blobs: Default::default() };
        self.buckets.insert(name.to_owned(), bucket);
        Ok(Json::Object(object))
    }

    /// Removes an empty bucket.
    pub(super) fn unmake(&mut self, name: &str) -> Result<()> {
        if !self.bucket(name)?.blobs.is_empty() {
            return Err(Refusal::new(409, "conflict", "The bucket you tried to delete is not empty."));
        }
        self.buckets.remove(name);
        Ok(())
    }

    /// The buckets of a project whose names begin with a text.
    pub(super) fn of_project(&self, project: &str, prefix: &str) -> Vec<&Map<String, Json>> {
        let mine = self
            .buckets
            .iter()
            .filter(|(name, bucket)| bucket.project == project && name.starts_with(prefix));
        mine.map(|(_, bucket)| &bucket.object).collect()
    }
}

fn is_bucket_name(name: &str) -> bool {
    let right = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_.".contains(&byte);
    let ends =
        |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    let bytes = name.as_bytes();
    (3..=63).contains(&bytes.len())
        && bytes.iter().copied().all(right)
        && ends(bytes.first())
        && ends(bytes.last())
        && !name.starts_with("goog")
        && !name.contains("..")
        && name.parse::<std::net::Ipv4Addr>().is_err()
}

fn complete(object: &mut Map<String, Json>, project: &Project, serial: u64) {
    let name = object.get("name").and_then(Json::as_str).unwrap_or_default().to_owned();
    let location = object.get("location").and_then(Json::as_str).unwrap_or("US").to_ascii_uppercase();
    let multi = ["US", "EU", "ASIA"].contains(&location.as_str());
    let now = token::now();
    for (field, value) in [
        ("kind", json!("storage#bucket")),
        ("id", json!(name)),
        ("location", json!(location)),
        ("selfLink", json!(format!("https://www.googleapis.com/storage/v1/b/{name}"))),
        ("projectNumber", json!(project.number.to_string())),
        ("metageneration", json!("1")),
        ("generation", json!((1_700_000_000_000_000 + serial).to_string())),
        ("timeCreated", json!(now)),
        ("updated", json!(now)),
        ("etag", json!("CAE=")),
        ("locationType", json!(if multi { "multi-region" } else { "region" })),
    ] {
        object.insert(field.to_owned(), value);
    }
    object.entry("storageClass").or_insert_with(|| json!("STANDARD"));
    if multi {
        object.entry("rpo").or_insert_with(|| json!("DEFAULT"));
    }
    let policy = json!({ "retentionDurationSeconds": "604800", "effectiveTime": now });
    object.entry("softDeletePolicy").or_insert(policy);
    let access = object.entry("iamConfiguration").or_insert_with(|| json!({}));
    let uniform = access["uniformBucketLevelAccess"]["enabled"].as_bool().unwrap_or(false);
    access["uniformBucketLevelAccess"]["enabled"] = json!(uniform);
    access["bucketPolicyOnly"]["enabled"] = json!(uniform);
    if access["publicAccessPrevention"].is_null() {
        access["publicAccessPrevention"] = json!("inherited");
    }
}
