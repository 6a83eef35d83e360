//! The JSON interface of buckets and objects.

use std::collections::BTreeSet;

use base64::{Engine, prelude::BASE64_STANDARD};
use chrono::Utc;
use serde_json::{Map, Value as Json, json};

use super::{Blob, Conditions, Storage};
use crate::{
    answer::{Answer, Request},
    call::Call,
    policy::Policies,
    refusal::{Refusal, Result},
    settings::Project,
    token,
};

/// The metadata that belongs to the other services.
pub(crate) struct Around<'a> {
    pub projects: &'a [Project],
    pub policies: &'a mut Policies,
    pub knows: &'a dyn Fn(&str) -> bool,
    pub request: &'a Request,
}

/// Answers a method of `storage.buckets` or `storage.objects`.
pub(crate) fn answer(storage: &mut Storage, call: &Call, around: Around<'_>) -> Result<Answer> {
    let id = call.method.id.trim_start_matches("storage.");
    if let ("objects.get", Some("media")) = (id, call.query("alt")) {
        let blob = storage.blob(call.variable("bucket"), call.variable("object"))?;
        conditions(call).check(Some(blob))?;
        return Ok(super::xml::media(blob, around.request, true));
    }
    let json = match id.split_once('.') {
        Some(("buckets", name)) => bucket(storage, call, name, around),
        Some(("objects", name)) => object(storage, call, name, around),
        _ => Err(Refusal::not_emulated(call.method.id)),
    };
    json.map(|json| Answer::json(200, &json))
}

/// The conditions in a query.
pub(crate) fn conditions(call: &Call) -> Conditions {
    let number = |name: &str| call.query(name).and_then(|value| value.parse().ok());
    Conditions {
        generation: number("ifGenerationMatch"),
        not_generation: number("ifGenerationNotMatch"),
        metageneration: number("ifMetagenerationMatch"),
        not_metageneration: number("ifMetagenerationNotMatch"),
    }
}

fn bucket(storage: &mut Storage, call: &Call, name: &str, around: Around<'_>) -> Result<Json> {
    let bucket = call.variable("bucket").to_owned();
    let resource = format!("b/{bucket}");
    match name {
        "insert" | "list" => {
            let id = call.query("project").unwrap_or_default();
            let mut projects = around.projects.iter();
            let project = projects.find(|known| known.id == id || known.number.to_string() == id);
            let project =
                project.ok_or_else(|| Refusal::new(400, "invalid", format!("Unknown project id: {id}")))?;
            match name {
                "insert" => storage.make(project, &call.body),
                _ => {
                    let buckets = storage.of_project(&project.id, call.query("prefix").unwrap_or_default());
                    let mut answer = json!({ "kind": "storage#buckets" });
                    if !buckets.is_empty() {
                        answer["items"] = json!(buckets);
                    }
                    Ok(answer)
                }
            }
        }
        "get" => Ok(Json::Object(storage.bucket(&bucket)?.object.clone())),
        "delete" => {
            storage.unmake(&bucket)?;
            around.policies.forget(&resource);
            Ok(Json::Null)
        }
        "patch" | "update" => {
            let object = &mut storage.bucket_mut(&bucket)?.object;
            let there: i64 =
                object["metageneration"].as_str().and_then(|text| text.parse().ok()).unwrap_or(1);
            if conditions(call).metageneration.is_some_and(|wanted| wanted != there) {
                return Err(Refusal::condition(
                    "At least one of the pre-conditions you specified did not hold.",
                ));
            }
            let mut body = call.body.clone();
            for fixed in [
                "name",
                "location",
                "id",
                "projectNumber",
                "metageneration",
                "etag",
                "timeCreated",
                "updated",
            ] {
                body.remove(fixed);
            }
            crate::compute::merge(object, body);
            object.insert("metageneration".to_owned(), json!((there + 1).to_string()));
            object.insert("updated".to_owned(), json!(token::now()));
            object.insert("etag".to_owned(), json!(BASE64_STANDARD.encode((there + 1).to_be_bytes())));
            Ok(Json::Object(object.clone()))
        }
        "getIamPolicy" => {
            storage.bucket(&bucket)?;
            Ok(policy(around.policies.get(&resource), &bucket))
        }
        "setIamPolicy" => {
            storage.bucket(&bucket)?;
            let mut wanted = call.body.clone();
            for field in ["kind", "resourceId"] {
                wanted.remove(field);
            }
            around.policies.set(&resource, wanted, around.knows).map(|set| policy(set, &bucket))
        }
        "testIamPermissions" => {
            let permissions: Vec<_> =
                call.query.iter().filter(|(name, _)| name == "permissions").map(|(_, v)| v).collect();
            Ok(json!({ "kind": "storage#testIamPermissionsResponse", "permissions": permissions }))
        }
        _ => Err(Refusal::not_emulated(call.method.id)),
    }
}

fn policy(mut policy: Map<String, Json>, bucket: &str) -> Json {
    policy.insert("kind".to_owned(), json!("storage#policy"));
    policy.insert("resourceId".to_owned(), json!(format!("projects/_/buckets/{bucket}")));
    Json::Object(policy)
}

fn object(storage: &mut Storage, call: &Call, name: &str, around: Around<'_>) -> Result<Json> {
    let (bucket, object) = (call.variable("bucket").to_owned(), call.variable("object").to_owned());
    let host = &around.request.host;
    match name {
        "list" => list(storage, call, &bucket, host),
        "get" => {
            let blob = storage.blob(&bucket, &object)?;
            conditions(call).check(Some(blob))?;
            if call.query("generation").is_some_and(|wanted| wanted != blob.generation.to_string()) {
                return Err(Refusal::new(404, "notFound", format!("No such object: {bucket}/{object}")));
            }
            Ok(blob.show(&bucket, &object, host))
        }
        "delete" => storage.delete(&bucket, &object, &conditions(call)).map(|()| Json::Null),
        "patch" | "update" => {
            let conditions = conditions(call);
            conditions.check(Some(storage.blob(&bucket, &object)?))?;
            let blob = storage.bucket_mut(&bucket)?.blobs.get_mut(&object);
            let Some(blob) = blob else { return Err(Refusal::new(404, "notFound", "No such object")) };
            let body = said(&call.body);
            if name == "update" {
                blob.said.clear();
            }
            crate::compute::merge(&mut blob.said, body);
            blob.metageneration += 1;
            blob.updated = Utc::now();
            Ok(blob.show(&bucket, &object, host))
        }
        "copy" | "rewrite" => {
            let source = storage.blob(call.variable("sourceBucket"), call.variable("sourceObject"))?;
            let mut said = source.said.clone();
            crate::compute::merge(&mut said, self::said(&call.body));
            let (bytes, size) = (source.bytes.clone(), source.bytes.len());
            let (to, target) = (call.variable("destinationBucket"), call.variable("destinationObject"));
            let shown = storage.put(to, target, bytes, said, &conditions(call))?.show(to, target, host);
            Ok(match name {
                "copy" => shown,
                _ => json!({
                    "kind": "storage#rewriteResponse", "done": true, "totalBytesRewritten": size.to_string(),
                    "objectSize": size.to_string(), "resource": shown,
                }),
            })
        }
        "compose" => {
            let (to, target) = (call.variable("destinationBucket"), call.variable("destinationObject"));
            let sources =
                call.body.get("sourceObjects").and_then(Json::as_array).cloned().unwrap_or_default();
            let mut bytes = Vec::new();
            for source in &sources {
                bytes.extend(&storage.blob(to, source["name"].as_str().unwrap_or_default())?.bytes);
            }
            let said = call.body.get("destination").and_then(Json::as_object).map(said).unwrap_or_default();
            Ok(storage.put(to, target, bytes, said, &conditions(call))?.show(to, target, host))
        }
        _ => Err(Refusal::not_emulated(call.method.id)),
    }
}

/// The fields of an object that a client may set.
pub(super) fn said(body: &Map<String, Json>) -> Map<String, Json> {
    let own = [
        "cacheControl",
        "contentDisposition",
        "contentEncoding",
        "contentLanguage",
        "contentType",
        "customTime",
        "metadata",
        "storageClass",
        "temporaryHold",
        "eventBasedHold",
    ];
    body.iter()
        .filter(|(name, _)| own.contains(&name.as_str()))
        .map(|(n, v)| (n.clone(), v.clone()))
        .collect()
}

fn list(storage: &Storage, call: &Call, bucket: &str, host: &str) -> Result<Json> {
    let most = call
        .query("maxResults")
        .and_then(|most| most.parse().ok())
        .filter(|most| *most > 0)
        .unwrap_or(1000)
        .min(1000);
    let after = match call.query("pageToken") {
        None | Some("") => None,
        Some(token) => {
            let text = BASE64_STANDARD.decode(token).ok().and_then(|bytes| String::from_utf8(bytes).ok());
            Some(text.ok_or_else(|| Refusal::new(400, "invalid", format!("Invalid page token: {token}")))?)
        }
    };
    let within = |name: &str| {
        call.query("startOffset").is_none_or(|start| name >= start)
            && call.query("endOffset").is_none_or(|end| name < end)
    };
    let bucket_name = bucket;
    let bucket = storage.bucket(bucket)?;
    let prefix = call.query("prefix").unwrap_or_default();
    let page = page(&bucket.blobs, prefix, call.query("delimiter"), after.as_deref(), most, within);
    let mut answer = json!({ "kind": "storage#objects" });
    if !page.blobs.is_empty() {
        answer["items"] = page.blobs.iter().map(|(name, blob)| blob.show(bucket_name, name, host)).collect();
    }
    if !page.prefixes.is_empty() {
        answer["prefixes"] = json!(page.prefixes);
    }
    if let Some(next) = page.next {
        answer["nextPageToken"] = json!(BASE64_STANDARD.encode(next));
    }
    Ok(answer)
}

/// A part of a listing.
pub(super) struct Page<'a> {
    pub blobs: Vec<(&'a String, &'a Blob)>,
    pub prefixes: BTreeSet<String>,
    /// The name after which the next page starts.
    pub next: Option<String>,
}

/// The objects with a prefix, after a name. Names with a delimiter after the prefix are grouped into prefixes.
pub(super) fn page<'a>(
    blobs: &'a std::collections::BTreeMap<String, Blob>,
    prefix: &str,
    delimiter: Option<&str>,
    after: Option<&str>,
    most: usize,
    within: impl Fn(&str) -> bool,
) -> Page<'a> {
    let mut page = Page { blobs: Vec::new(), prefixes: BTreeSet::new(), next: None };
    let delimiter = delimiter.filter(|delimiter| !delimiter.is_empty());
    let mut last = None;
    for (name, blob) in blobs.range(prefix.to_owned()..).take_while(|(name, _)| name.starts_with(prefix)) {
        let folder = delimiter.and_then(|delimiter| {
            let at = name[prefix.len()..].find(delimiter)?;
            Some(name[..prefix.len() + at + delimiter.len()].to_owned())
        });
        let key = folder.as_deref().unwrap_or(name);
        let shown = after.is_some_and(|after| name.as_str() <= after || key <= after) || !within(name);
        if shown || folder.as_ref().is_some_and(|folder| page.prefixes.contains(folder)) {
            continue;
        }
        if page.blobs.len() + page.prefixes.len() == most {
            page.next = last;
            break;
        }
        last = Some(key.to_owned());
        match folder {
            Some(folder) => {
                page.prefixes.insert(folder);
            }
            None => page.blobs.push((name, blob)),
        }
    }
    page
}
