//! Uploads: in one request, with metadata beside the bytes, or in parts that a client can resume.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use super::{Blob, Conditions, Storage, json::said};
use crate::{
    answer::{Answer, Request},
    refusal::{Refusal, Result},
    token,
};

/// An upload in several requests.
pub(crate) struct Upload {
    bucket: String,
    name: String,
    said: Map<String, Json>,
    conditions: Conditions,
    bytes: Vec<u8>,
    /// The parts by number, if they may arrive in any order.
    parts: BTreeMap<u32, Vec<u8>>,
}

/// Answers `/upload/storage/v1/b/{bucket}/o`.
pub(crate) fn upload(
    storage: &mut Storage,
    request: &Request,
    bucket: &str,
    query: &[(String, String)],
) -> Result<Answer> {
    let get = |name: &str| query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    let number = |name: &str| get(name).and_then(|value| value.parse().ok());
    let conditions = Conditions {
        generation: number("ifGenerationMatch"),
        not_generation: number("ifGenerationNotMatch"),
        metageneration: number("ifMetagenerationMatch"),
        not_metageneration: number("ifMetagenerationNotMatch"),
    };
    if let Some(id) = get("upload_id") {
        return go_on(storage, request, id);
    }
    let (said, bytes) = match get("uploadType") {
        Some("media") => {
            let mut said = Map::new();
            if let Some(kind) = request.header("content-type") {
                said.insert("contentType".to_owned(), kind.into());
            }
            (said, request.body.clone())
        }
        Some("multipart") => parts(request)?,
        Some("resumable") => (metadata(&request.body)?, Vec::new()),
        other => return Err(Refusal::new(400, "invalid", format!("Unknown upload type: {other:?}"))),
    };
    let name = get("name").or_else(|| said.get("name").and_then(Json::as_str)).unwrap_or_default().to_owned();
    if name.is_empty() {
        return Err(Refusal::new(400, "required", "Required: name"));
    }
    storage.bucket(bucket)?;
    if get("uploadType") == Some("resumable") {
        conditions.check(storage.bucket(bucket)?.blobs.get(&name))?;
        let id = format!("{:016x}", token::mix(storage.next()));
        let mut own = self::said(&said);
        if let Some(kind) = request.header("x-upload-content-type") {
            own.entry("contentType").or_insert_with(|| kind.into());
        }
        let upload =
            Upload { bucket: bucket.to_owned(), name, said: own, conditions, bytes, parts: BTreeMap::new() };
        storage.uploads.insert(id.clone(), upload);
        let place =
            format!("{}/upload/storage/v1/b/{bucket}/o?uploadType=resumable&upload_id={id}", request.host);
        return Ok(Answer::new(200, "text/plain", Vec::new())
            .with("location", place)
            .with("x-guploader-uploadid", id));
    }
    let own = self::said(&said);
    let shown = storage.put(bucket, &name, bytes, own, &conditions)?.show(bucket, &name, &request.host);
    Ok(Answer::json(200, &shown))
}

/// A further part of an upload: `Content-Range: bytes 0-99/200`, or `bytes */200` to ask for its progress.
fn go_on(storage: &mut Storage, request: &Request, id: &str) -> Result<Answer> {
    if request.verb == "DELETE" {
        return storage
            .uploads
            .remove(id)
            .map(|_| Answer::new(499, "text/plain", Vec::new()))
            .ok_or_else(no_upload);
    }
    let upload = storage.uploads.get_mut(id).ok_or_else(no_upload)?;
    let range =
        request.header("content-range").unwrap_or("bytes 0-*/*").trim_start_matches("bytes ").to_owned();
    let (part, whole) = range.split_once('/').unwrap_or((range.as_str(), "*"));
    let first = part.split('-').next().and_then(|first| first.parse::<usize>().ok());
    if let Some(first) = first {
        if first > upload.bytes.len() {
            return Err(Refusal::new(
                400,
                "invalid",
                format!("The next byte wanted is {}.", upload.bytes.len()),
            ));
        }
        upload.bytes.truncate(first);
        upload.bytes.extend(&request.body);
    }
    let size = whole.parse::<usize>().ok();
    let done = match size {
        Some(size) => upload.bytes.len() >= size,
        None => {
            first.is_some()
                && !part.is_empty()
                && request.header("content-range").is_none_or(|r| !r.ends_with("/*"))
        }
    };
    if !done {
        let answer = Answer::new(308, "text/plain", Vec::new());
        return Ok(match upload.bytes.len() {
            0 => answer,
            there => answer.with("range", format!("bytes=0-{}", there - 1)),
        });
    }
    let Some(upload) = storage.uploads.remove(id) else { return Err(no_upload()) };
    let blob = storage.put(&upload.bucket, &upload.name, upload.bytes, upload.said, &upload.conditions)?;
    Ok(Answer::json(200, &blob.show(&upload.bucket, &upload.name, &request.host)))
}

/// Uploads in numbered parts.
impl Storage {
    /// Starts an upload. Returns its id.
    pub(super) fn begin(&mut self, bucket: &str, name: &str, said: Map<String, Json>) -> String {
        let id = format!("{:016x}", token::mix(self.next()));
        let (bucket, name, conditions) = (bucket.to_owned(), name.to_owned(), Conditions::default());
        let upload = Upload { bucket, name, said, conditions, bytes: Vec::new(), parts: BTreeMap::new() };
        self.uploads.insert(id.clone(), upload);
        id
    }

    /// Stores a part. Returns its tag.
    pub(super) fn part(&mut self, id: &str, number: u32, bytes: Vec<u8>) -> Result<String> {
        let upload = self.uploads.get_mut(id).ok_or_else(no_upload)?;
        let tag = format!("\"{}-{number}\"", bytes.len());
        upload.parts.insert(number, bytes);
        Ok(tag)
    }

    /// Makes an object from the parts.
    pub(super) fn end(&mut self, id: &str, conditions: &Conditions) -> Result<&Blob> {
        let upload = self.uploads.remove(id).ok_or_else(no_upload)?;
        let bytes = upload.parts.into_values().flatten().collect();
        self.put(&upload.bucket, &upload.name, bytes, upload.said, conditions)
    }

    /// Aborts an upload.
    pub(super) fn drop_upload(&mut self, id: &str) -> Result<()> {
        self.uploads.remove(id).map(|_| ()).ok_or_else(no_upload)
    }
}

fn no_upload() -> Refusal {
    Refusal::new(404, "notFound", "There is no such upload.")
}

fn metadata(bytes: &[u8]) -> Result<Map<String, Json>> {
    match bytes.is_empty() {
        true => Ok(Map::new()),
        false => serde_json::from_slice(bytes)
            .map_err(|error| Refusal::new(400, "parseError", format!("Parse Error: {error}"))),
    }
}

/// The two parts of a `multipart/related` body: metadata, then the bytes.
fn parts(request: &Request) -> Result<(Map<String, Json>, Vec<u8>)> {
    let wrong =
        || Refusal::new(400, "badContent", "The body is not multipart/related with metadata and content.");
    let kind = request.header("content-type").unwrap_or_default();
    let boundary = kind
        .split("boundary=")
        .nth(1)
        .map(|rest| rest.split(';').next().unwrap_or(rest))
        .ok_or_else(wrong)?;
    let mark = format!("--{}", boundary.trim_matches(['"', '\'']));
    let mut rest: &[u8] = &request.body;
    let mut parts = Vec::new();
    loop {
        let at = find(rest, mark.as_bytes()).ok_or_else(wrong)?;
        rest = &rest[at + mark.len()..];
        if rest.starts_with(b"--") {
            break;
        }
        let head =
            find(rest, b"\r\n\r\n").map(|at| (at, 4)).or_else(|| find(rest, b"\n\n").map(|at| (at, 2)));
        let (head, gap) = head.ok_or_else(wrong)?;
        let end = find(&rest[head + gap..], mark.as_bytes()).ok_or_else(wrong)? + head + gap;
        let body = &rest[head + gap..end];
        let body = body.strip_suffix(b"\r\n").or_else(|| body.strip_suffix(b"\n")).unwrap_or(body);
        parts.push((String::from_utf8_lossy(&rest[..head]).into_owned(), body));
    }
    let [(_, first), (head, bytes)] = parts.as_slice() else { return Err(wrong()) };
    let mut said = metadata(first)?;
    let kind = head.lines().find_map(|line| {
        line.split_once(':').filter(|(name, _)| name.trim().eq_ignore_ascii_case("content-type"))
    });
    if let Some((_, kind)) = kind {
        said.entry("contentType").or_insert_with(|| kind.trim().into());
    }
    Ok((said, bytes.to_vec()))
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}
