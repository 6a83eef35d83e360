//! The XML interface, `/BUCKET/OBJECT`. S3 clients and the crate `object_store` use it.

use std::fmt::Write;

use base64::{Engine, prelude::BASE64_STANDARD};
use chrono::{DateTime, Utc};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value as Json, json};

use super::{Blob, Conditions, Storage, json::page};
use crate::{
    answer::{Answer, Request},
    refusal::{Refusal, Result},
    token,
};

/// Answers a request to a bucket or an object.
pub(crate) fn answer(storage: &mut Storage, request: &Request, query: &[(String, String)]) -> Answer {
    let path = request.path.trim_start_matches('/');
    let (bucket, object) = path.split_once('/').unwrap_or((path, ""));
    let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let (bucket, object) = (decode(bucket), decode(object));
    let outcome = match object.is_empty() {
        true => of_bucket(storage, request, &bucket, query),
        false => of_object(storage, request, &bucket, &object, query),
    };
    outcome.unwrap_or_else(|refusal| refused(&refusal))
}

fn refused(refusal: &Refusal) -> Answer {
    let code = match (refusal.status, refusal.message.contains("bucket")) {
        (404, true) => "NoSuchBucket",
        (404, false) => "NoSuchKey",
        (412, _) => "PreconditionFailed",
        (416, _) => "InvalidRange",
        (409, _) => "Conflict",
        (304, _) => return Answer::new(304, "text/plain", Vec::new()),
        _ => "InvalidArgument",
    };
    let message = escape(&refusal.message);
    let body = format!(
        "<?xml version='1.0' encoding='UTF-8'?><Error><Code>{code}</Code><Message>{message}</Message></Error>"
    );
    xml(refusal.status, body)
}

fn xml(status: u16, body: String) -> Answer {
    Answer::new(status, "application/xml; charset=UTF-8", body.into_bytes())
}

fn of_bucket(storage: &Storage, request: &Request, name: &str, query: &[(String, String)]) -> Result<Answer> {
    let bucket = storage.bucket(name)?;
    let get = |name: &str| query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    match request.verb.as_str() {
        "HEAD" => Ok(Answer::new(200, "text/plain", Vec::new())),
        "GET" => {
            let prefix = get("prefix").unwrap_or_default();
            let most = get("max-keys").and_then(|most| most.parse().ok()).unwrap_or(1000).min(1000);
            let token = get("continuation-token").or(get("marker"));
            let token = token.map(|token| {
                BASE64_STANDARD.decode(token).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            });
            let token =
                token.transpose().map_err(|_| Refusal::new(400, "invalid", "Invalid continuation token"))?;
            let after = token.as_deref().or(get("start-after"));
            let page = page(&bucket.blobs, prefix, get("delimiter"), after, most, |_| true);
            let mut body = format!(
                "<?xml version='1.0' encoding='UTF-8'?><ListBucketResult xmlns='http://doc.s3.amazonaws.com/2006-03-01'>\
                 <Name>{name}</Name><Prefix>{}</Prefix><KeyCount>{}</KeyCount><IsTruncated>{}</IsTruncated>",
                escape(prefix),
                page.blobs.len() + page.prefixes.len(),
                page.next.is_some(),
            );
            if let Some(next) = &page.next {
                write!(
                    body,
                    "<NextContinuationToken>{}</NextContinuationToken>",
                    BASE64_STANDARD.encode(next)
                )
                .ok();
            }
            for (name, blob) in &page.blobs {
                write!(
                    body,
                    "<Contents><Key>{}</Key><Generation>{}</Generation><MetaGeneration>{}</MetaGeneration>\
                     <LastModified>{}</LastModified><ETag>{}</ETag><Size>{}</Size></Contents>",
                    escape(name),
                    blob.generation,
                    blob.metageneration,
                    token::rfc3339(blob.updated),
                    escape(&etag(blob)),
                    blob.bytes.len(),
                )
                .ok();
            }
            for prefix in &page.prefixes {
                write!(body, "<CommonPrefixes><Prefix>{}</Prefix></CommonPrefixes>", escape(prefix)).ok();
            }
            body.push_str("</ListBucketResult>");
            Ok(xml(200, body))
        }
        _ => Err(Refusal::new(405, "notAllowed", "Buckets are made by the JSON interface.")),
    }
}

fn of_object(
    storage: &mut Storage,
    request: &Request,
    bucket: &str,
    name: &str,
    query: &[(String, String)],
) -> Result<Answer> {
    let get = |name: &str| query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    let number = |name: &str| request.header(name).and_then(|value| value.parse().ok());
    let conditions = Conditions {
        generation: number("x-goog-if-generation-match"),
        metageneration: number("x-goog-if-metageneration-match"),
        ..Conditions::default()
    };
    match (request.verb.as_str(), get("uploadId")) {
        ("GET" | "HEAD", _) => {
            let blob = storage.blob(bucket, name)?;
            conditions.check(Some(blob))?;
            if get("generation").is_some_and(|wanted| wanted != blob.generation.to_string()) {
                return Err(Refusal::new(404, "notFound", "The specified key does not exist."));
            }
            Ok(media(blob, request, request.verb == "GET"))
        }
        ("POST", None) if get("uploads").is_some() => {
            storage.bucket(bucket)?;
            let id = storage.begin(bucket, name, said(request));
            Ok(xml(
                200,
                format!(
                    "<?xml version='1.0' encoding='UTF-8'?><InitiateMultipartUploadResult><Bucket>{bucket}</Bucket>\
                 <Key>{}</Key><UploadId>{id}</UploadId></InitiateMultipartUploadResult>",
                    escape(name),
                ),
            ))
        }
        ("PUT", Some(id)) => {
            let part = get("partNumber").and_then(|part| part.parse().ok()).unwrap_or(0);
            let etag = storage.part(id, part, request.body.clone())?;
            Ok(Answer::new(200, "text/plain", Vec::new()).with("etag", etag))
        }
        ("POST", Some(id)) => {
            let blob = storage.end(id, &conditions)?;
            Ok(xml(200, format!(
                "<?xml version='1.0' encoding='UTF-8'?><CompleteMultipartUploadResult><Bucket>{bucket}</Bucket>\
                 <Key>{}</Key><ETag>{}</ETag></CompleteMultipartUploadResult>",
                escape(name),
                escape(&etag(blob)),
            ))
            .with("x-goog-generation", blob.generation))
        }
        ("DELETE", Some(id)) => {
            storage.drop_upload(id)?;
            Ok(Answer::new(204, "text/plain", Vec::new()))
        }
        ("PUT", None) => {
            let (bytes, said) =
                match request.header("x-goog-copy-source").or(request.header("x-amz-copy-source")) {
                    None => (request.body.clone(), said(request)),
                    Some(source) => {
                        let source = percent_decode_str(source.trim_start_matches('/'))
                            .decode_utf8_lossy()
                            .into_owned();
                        let (from, source) = source.split_once('/').unwrap_or((source.as_str(), ""));
                        let blob = storage.blob(from, source)?;
                        (blob.bytes.clone(), blob.said.clone())
                    }
                };
            let copied = request.header("x-goog-copy-source").is_some();
            let blob = storage.put(bucket, name, bytes, said, &conditions)?;
            let etag = etag(blob);
            let answer = match copied {
                true => xml(
                    200,
                    format!(
                        "<?xml version='1.0' encoding='UTF-8'?><CopyObjectResult><LastModified>{}</LastModified>\
                     <ETag>{}</ETag></CopyObjectResult>",
                        token::rfc3339(blob.updated),
                        escape(&etag),
                    ),
                ),
                false => Answer::new(200, "text/html; charset=UTF-8", Vec::new()),
            };
            Ok(answer
                .with("etag", etag)
                .with("x-goog-generation", blob.generation)
                .with("x-goog-metageneration", 1))
        }
        ("DELETE", None) => {
            storage.delete(bucket, name, &conditions)?;
            Ok(Answer::new(204, "text/plain", Vec::new()))
        }
        _ => Err(Refusal::new(405, "notAllowed", "The specified method is not allowed.")),
    }
}

/// The bytes of an object, or the requested part of them.
pub(super) fn media(blob: &Blob, request: &Request, with_body: bool) -> Answer {
    let tag = etag(blob);
    let matches = |list: &str| list.split(',').any(|one| one.trim() == "*" || one.trim() == tag);
    let time = |name: &str| request.header(name).and_then(|text| DateTime::parse_from_rfc2822(text).ok());
    let seconds = blob.updated.timestamp();
    if request.header("if-match").is_some_and(|list| !matches(list))
        || time("if-unmodified-since").is_some_and(|time| seconds > time.timestamp())
    {
        return refused(&Refusal::condition(
            "At least one of the pre-conditions you specified did not hold.",
        ));
    }
    let unchanged = match request.header("if-none-match") {
        Some(list) => matches(list),
        None => time("if-modified-since").is_some_and(|time| seconds <= time.timestamp()),
    };
    if unchanged {
        return Answer::new(304, "text/plain", Vec::new()).with("etag", tag);
    }
    let said = |field: &str| blob.said.get(field).and_then(Json::as_str);
    let kind = said("contentType").unwrap_or("application/octet-stream");
    let size = blob.bytes.len();
    let answer = match request.header("range").and_then(|range| part(range, size)) {
        None => Answer::new(200, kind, blob.bytes.clone()),
        Some(Err(())) => {
            let refusal =
                Refusal::new(416, "requestedRangeNotSatisfiable", "The requested range cannot be satisfied.");
            return refused(&refusal).with("content-range", format!("bytes */{size}"));
        }
        Some(Ok((first, end))) => Answer::new(206, kind, blob.bytes[first..end].to_vec())
            .with("content-range", format!("bytes {first}-{}/{size}", end - 1)),
    };
    let length = answer.body.len();
    let mut answer = answer
        .with("etag", tag)
        .with("last-modified", http_time(blob.updated))
        .with("x-goog-generation", blob.generation)
        .with("x-goog-metageneration", blob.metageneration)
        .with("x-goog-stored-content-length", size)
        .with("x-goog-hash", format!("md5={}", BASE64_STANDARD.encode(blob.md5())))
        .with("content-length", length);
    for (field, header) in [
        ("cacheControl", "cache-control"),
        ("contentDisposition", "content-disposition"),
        ("contentEncoding", "content-encoding"),
        ("contentLanguage", "content-language"),
    ] {
        if let Some(value) = said(field) {
            answer = answer.with(header, value);
        }
    }
    for (name, value) in blob.said.get("metadata").and_then(Json::as_object).into_iter().flatten() {
        answer = answer.with(&format!("x-goog-meta-{name}"), value.as_str().unwrap_or_default());
    }
    if !with_body && request.verb == "HEAD" {
        answer.body.clear();
    }
    answer
}

/// The range that a range header asks for, out of a number of bytes.
fn part(range: &str, size: usize) -> Option<std::result::Result<(usize, usize), ()>> {
    let (first, last) = range.strip_prefix("bytes=")?.split_once('-')?;
    let part = match (first.parse::<usize>().ok(), last.parse::<usize>().ok()) {
        (Some(first), Some(last)) => (first, (last + 1).min(size)),
        (Some(first), None) => (first, size),
        (None, Some(count)) => (size.saturating_sub(count), size),
        (None, None) => return None,
    };
    Some(if part.0 < part.1 { Ok(part) } else { Err(()) })
}

/// The metadata of an object in headers.
fn said(request: &Request) -> Map<String, Json> {
    let mut said = Map::new();
    for (header, field) in [
        ("cache-control", "cacheControl"),
        ("content-disposition", "contentDisposition"),
        ("content-encoding", "contentEncoding"),
        ("content-language", "contentLanguage"),
        ("content-type", "contentType"),
        ("x-goog-storage-class", "storageClass"),
    ] {
        if let Some(value) = request.header(header) {
            said.insert(field.to_owned(), json!(value));
        }
    }
    let own =
        request.headers.iter().filter_map(|(name, value)| Some((name.strip_prefix("x-goog-meta-")?, value)));
    let own: Map<_, _> = own.map(|(name, value)| (name.to_owned(), json!(value))).collect();
    if !own.is_empty() {
        said.insert("metadata".to_owned(), Json::Object(own));
    }
    said
}

fn etag(blob: &Blob) -> String {
    format!("\"{}\"", hex::encode(blob.md5()))
}

fn http_time(time: DateTime<Utc>) -> String {
    time.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
