//! Cloud Storage: buckets and objects with generations, by its JSON and XML interfaces. It keeps only the live
//! generation of an object.

mod buckets;
mod json;
mod upload;
mod xml;

use std::collections::BTreeMap;

use base64::{Engine, prelude::BASE64_STANDARD};
use chrono::{DateTime, Utc};
use md5::{Digest, Md5};
use serde_json::{Map, Value as Json, json};

pub(crate) use json::{Around, answer};
pub(crate) use upload::{Upload, upload};
pub(crate) use xml::answer as xml;

use crate::{
    refusal::{Refusal, Result},
    token,
};

/// All buckets.
#[derive(Default)]
pub(crate) struct Storage {
    buckets: BTreeMap<String, Bucket>,
    uploads: BTreeMap<String, Upload>,
    serial: u64,
}

/// A bucket and its objects.
pub(crate) struct Bucket {
    pub object: Map<String, Json>,
    pub project: String,
    pub blobs: BTreeMap<String, Blob>,
}

/// An object.
pub(crate) struct Blob {
    pub bytes: Vec<u8>,
    /// The metadata that the client set: `contentType`, `metadata` …
    pub said: Map<String, Json>,
    pub generation: i64,
    pub metageneration: i64,
    pub created: DateTime<Utc>,
    pub updated: DateTime<Utc>,
}

/// The conditions under which a request reads, changes or deletes an object.
#[derive(Default)]
pub(crate) struct Conditions {
    pub generation: Option<i64>,
    pub not_generation: Option<i64>,
    pub metageneration: Option<i64>,
    pub not_metageneration: Option<i64>,
}

impl Conditions {
    /// Refuses an object, or its absence, that does not meet the conditions.
    pub(crate) fn check(&self, blob: Option<&Blob>) -> Result<()> {
        let generation = blob.map_or(0, |blob| blob.generation);
        let metageneration = blob.map(|blob| blob.metageneration);
        let met = self.generation.is_none_or(|wanted| wanted == generation)
            && self.metageneration.is_none_or(|wanted| Some(wanted) == metageneration);
        if !met {
            return Err(Refusal::condition("At least one of the pre-conditions you specified did not hold."));
        }
        let other = self.not_generation.is_none_or(|not| not != generation)
            && self.not_metageneration.is_none_or(|not| Some(not) != metageneration);
        match other {
            true => Ok(()),
            false => Err(Refusal::new(304, "notModified", "Not Modified")),
        }
    }
}

impl Storage {
    pub(crate) fn bucket(&self, name: &str) -> Result<&Bucket> {
        self.buckets.get(name).ok_or_else(no_bucket)
    }

    pub(crate) fn bucket_mut(&mut self, name: &str) -> Result<&mut Bucket> {
        self.buckets.get_mut(name).ok_or_else(no_bucket)
    }

    pub(crate) fn blob(&self, bucket: &str, name: &str) -> Result<&Blob> {
        self.bucket(bucket)?.blobs.get(name).ok_or_else(|| no_object(bucket, name))
    }

    /// Writes an object.
    pub(crate) fn put(
        &mut self,
        bucket: &str,
        name: &str,
        bytes: Vec<u8>,
        said: Map<String, Json>,
        conditions: &Conditions,
    ) -> Result<&Blob> {
        if name.is_empty() || name.len() > 1024 || name.contains(['\r', '\n']) || name == "." || name == ".."
        {
            return Err(Refusal::new(400, "invalid", format!("Invalid object name '{name}'")));
        }
        let bucket = self.bucket_mut(bucket)?;
        conditions.check(bucket.blobs.get(name))?;
        let now = Utc::now();
        let last = bucket.blobs.get(name).map_or(0, |blob| blob.generation);
        let generation = now.timestamp_micros().max(last + 1);
        let blob = Blob { bytes, said, generation, metageneration: 1, created: now, updated: now };
        bucket.blobs.insert(name.to_owned(), blob);
        bucket.blobs.get(name).ok_or_else(no_bucket)
    }

    pub(crate) fn delete(&mut self, bucket: &str, name: &str, conditions: &Conditions) -> Result<()> {
        let blobs = &mut self.bucket_mut(bucket)?.blobs;
        let blob = blobs.get(name);
        if blob.is_some() || conditions.generation.is_some() {
            conditions.check(blob)?;
        }
        match blobs.remove(name) {
            Some(_) => Ok(()),
            None => Err(no_object(bucket, name)),
        }
    }

    fn next(&mut self) -> u64 {
        self.serial += 1;
        self.serial
    }

    /// The paths of all resources that requests made.
    pub(crate) fn names(&self) -> Vec<String> {
        let of = |(name, bucket): (&String, &Bucket)| {
            let blobs: Vec<_> = bucket.blobs.keys().map(|blob| format!("b/{name}/o/{blob}")).collect();
            std::iter::once(format!("b/{name}")).chain(blobs).collect::<Vec<_>>()
        };
        self.buckets.iter().flat_map(of).collect()
    }
}

impl Blob {
    pub(crate) fn md5(&self) -> [u8; 16] {
        Md5::digest(&self.bytes).into()
    }

    /// The object as the JSON interface shows it.
    pub(crate) fn show(&self, bucket: &str, name: &str, host: &str) -> Json {
        let mut object = self.said.clone();
        let encoded =
            percent_encoding::utf8_percent_encode(name, percent_encoding::NON_ALPHANUMERIC).to_string();
        let link = format!("{host}/storage/v1/b/{bucket}/o/{encoded}");
        let media = format!(
            "{host}/download/storage/v1/b/{bucket}/o/{encoded}?generation={}&alt=media",
            self.generation
        );
        let crc = BASE64_STANDARD.encode(crc32c::crc32c(&self.bytes).to_be_bytes());
        for (field, value) in [
            ("kind", "storage#object".to_owned()),
            ("id", format!("{bucket}/{name}/{}", self.generation)),
            ("selfLink", link),
            ("mediaLink", media),
            ("name", name.to_owned()),
            ("bucket", bucket.to_owned()),
            ("generation", self.generation.to_string()),
            ("metageneration", self.metageneration.to_string()),
            ("size", self.bytes.len().to_string()),
            ("md5Hash", BASE64_STANDARD.encode(self.md5())),
            ("crc32c", crc),
            ("etag", token::fingerprint(self.generation as u64 ^ self.metageneration as u64)),
            ("timeCreated", token::rfc3339(self.created)),
            ("updated", token::rfc3339(self.updated)),
            ("timeStorageClassUpdated", token::rfc3339(self.created)),
            ("timeFinalized", token::rfc3339(self.created)),
        ] {
            object.insert(field.to_owned(), json!(value));
        }
        object.entry("storageClass").or_insert_with(|| json!("STANDARD"));
        object.entry("contentType").or_insert_with(|| json!("application/octet-stream"));
        Json::Object(object)
    }
}

fn no_bucket() -> Refusal {
    Refusal::new(404, "notFound", "The specified bucket does not exist.")
}

fn no_object(bucket: &str, name: &str) -> Refusal {
    Refusal::new(404, "notFound", format!("No such object: {bucket}/{name}"))
}
