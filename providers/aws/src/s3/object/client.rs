//! The calls for objects. One read gives the content and the headers. The metadata of an object holds the token of its
//! attempt, so that both are written at once.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_s3::{
    operation::{get_object::GetObjectOutput, put_object::builders::PutObjectFluentBuilder},
    primitives::ByteStream,
    types::{Grant, Permission, Tagging as Sdk},
};
use aws_smithy_types::base64;
use landform_core::Meaning;
use landform_kit::chain;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::*;
use crate::{
    client::{AWS_TAGS, TOKEN_TAG, error::built, prelude::*},
    s3::client::empty_a_page,
};

words!(CannedAcl, StorageClass);

/// The prefix of Landform's metadata.
const OURS: &str = "landform-";
const TOKEN: &str = "landform-token";
const CONTENT: &str = "landform-content";
const ACL: &str = "landform-acl";

/// The marker for content that was given in base64.
const BASE64: &str = "base64";
const NOTHING: &str = "none";

/// The maximum size of an object that the client reads, in bytes. The state holds the whole content.
const LARGEST: i64 = 64 << 20;

#[async_trait]
impl Calls<Client> for S3Object {
    const TAGS: Option<Tagging<Client, Self>> = tagged!(tags, tag);
    const REPEATED: Repeated = Repeated::IsRefused;

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        each(which.ids_or(|object| object.identity().into()), async |id| {
            let Some((bucket, key)) = id.split_once('/') else { return Ok(None) };
            let found = client.s3.get_object().bucket(bucket).key(key).send().await.map_err(failed)?;
            seen(client, bucket, key, found).await.map(Some)
        })
        .await
    }

    async fn make(&self, client: &Client, attempt: &Attempt<'_>) -> Result<Made<Self>> {
        let call = self.put(client, attempt.token().as_str(), &attempt.tags)?.if_none_match("*");
        call.send().await.map_err(failed).map_err(|error| match error.provider_code() {
            Some("PreconditionFailed") => error.with_kind(ErrorKind::AlreadyExists),
            _ => error,
        })?;
        Ok(Made::id(self.identity()))
    }

    async fn change(&self, client: &Client, seen: &Seen<Self>, _: &Due<'_>) -> Result<Next> {
        // S3 drops whatever the request does not repeat, including tags.
        let token = seen.tags.get(TOKEN_TAG).map(String::as_str).unwrap_or_default();
        self.put(client, token, &seen.tags)?.send().await.map_err(failed)?;
        Ok(Next::Changed)
    }

    async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        let S3Object { bucket, key, .. } = &prior.arguments;
        if prior.attributes.version_id.is_none() {
            client.s3.delete_object().bucket(bucket.as_str()).key(key).send().await.map_err(failed)?;
            return Ok(Next::Done);
        }
        let more = empty_a_page(client, bucket.as_str(), Some(key)).await?;
        Ok(if more { Next::Changed } else { Next::Done })
    }
}

impl S3Object {
    fn identity(&self) -> String {
        format!("{}/{}", self.bucket, self.key)
    }

    fn put(
        &self,
        client: &Client,
        token: &str,
        tags: &BTreeMap<String, String>,
    ) -> Result<PutObjectFluentBuilder> {
        let refused = |field: &str, message: String| Error::new(ErrorKind::Invalid, message).at(field);
        let bytes = match (&self.content, &self.content_base64) {
            (Some(_), Some(_)) => {
                return Err(refused(
                    "content_base64",
                    "expected content or content_base64, found both".into(),
                ));
            }
            (Some(text), None) => text.clone().into_bytes(),
            // Accepts base64 with or without padding, in either alphabet.
            (None, Some(text)) => base64::decode(Meaning::Base64.canonical(text).as_ref())
                .map_err(|error| refused("content_base64", format!("invalid base64: {}", chain(&error))))?,
            (None, None) => Vec::new(),
        };
        let mut metadata: HashMap<String, String> =
            self.metadata.iter().map(|(key, value)| (key.clone(), value.clone())).collect();
        if let Some(key) = metadata.keys().find(|key| key.starts_with(OURS) || **key != key.to_lowercase()) {
            let message =
                format!("expected a key in lower case that does not start with {OURS}, found {key}");
            return Err(refused("metadata", message));
        }
        metadata.insert(TOKEN.to_owned(), token.to_owned());
        let given = match (&self.content, &self.content_base64) {
            (None, None) => Some(NOTHING),
            (None, Some(_)) => Some(BASE64),
            _ => None,
        };
        metadata.extend(given.map(|given| (CONTENT.to_owned(), given.to_owned())));
        if let Some(acl) = &self.acl {
            metadata.insert(ACL.to_owned(), acl.wire());
        }
        let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let tags = tags.iter().filter(|(key, _)| *key != TOKEN_TAG && !key.starts_with(AWS_TAGS));
        let tags: Vec<String> =
            tags.map(|(key, value)| format!("{}={}", encoded(key), encoded(value))).collect();
        Ok(client
            .s3
            .put_object()
            .bucket(self.bucket.as_str())
            .key(&self.key)
            .body(ByteStream::from(bytes))
            .set_metadata(Some(metadata))
            .set_content_type(self.content_type.wire())
            .set_cache_control(self.cache_control.wire())
            .set_content_disposition(self.content_disposition.wire())
            .set_content_encoding(self.content_encoding.wire())
            .set_content_language(self.content_language.wire())
            .set_website_redirect_location(self.website_redirect.wire())
            .set_acl(self.acl.wire())
            .set_server_side_encryption(self.server_side_encryption.wire())
            .set_ssekms_key_id(self.kms_key_id.wire())
            .set_bucket_key_enabled(self.bucket_key_enabled)
            .set_storage_class(self.storage_class.wire())
            .set_tagging((!tags.is_empty()).then(|| tags.join("&"))))
    }
}

async fn seen(client: &Client, bucket: &str, key: &str, found: GetObjectOutput) -> Result<Seen<S3Object>> {
    let id = format!("{bucket}/{key}");
    if found.content_length.is_some_and(|length| length > LARGEST) {
        let message = format!("the object is larger than {LARGEST} bytes, the maximum for a state");
        return Err(Error::new(ErrorKind::Unsupported, message).resource(id));
    }
    let mut metadata: BTreeMap<String, String> = found.metadata.unwrap_or_default().into_iter().collect();
    let ours: BTreeMap<String, String> = metadata.extract_if(.., |key, _| key.starts_with(OURS)).collect();
    let bytes = found.body.collect().await.map_err(|error| {
        Error::new(ErrorKind::Unavailable, format!("S3 stopped sending the content: {}", chain(&error)))
    });
    let bytes = bytes?.to_vec();
    let (content, content_base64) = match (String::from_utf8(bytes), ours.get(CONTENT).map(String::as_str)) {
        (Ok(text), Some(NOTHING)) if text.is_empty() => (None, None),
        (Ok(text), Some(BASE64)) => (None, Some(base64::encode(text))),
        (Ok(text), _) => (Some(text), None),
        (Err(other), _) => (None, Some(base64::encode(other.as_bytes()))),
    };
    let tags = async {
        if found.tag_count.is_none_or(|count| count == 0) {
            return Ok(Vec::new());
        }
        let call = client.s3.get_object_tagging().bucket(bucket).key(key);
        call.send().await.map_err(failed).map(|answer| answer.tag_set)
    };
    let acl = async {
        if !ours.contains_key(ACL) {
            return Ok(None);
        }
        let answer = client.s3.get_object_acl().bucket(bucket).key(key).send().await.map_err(failed)?;
        let owner = answer.owner.and_then(|owner| owner.id).unwrap_or_default();
        Ok::<_, Error>(canned(&owner, answer.grants.unwrap_or_default()))
    };
    let (tags, acl) = tokio::try_join!(tags, acl)?;
    let arguments = S3Object {
        bucket: Id::new(bucket),
        key: key.to_owned(),
        content,
        content_base64,
        content_type: found.content_type,
        cache_control: found.cache_control,
        content_disposition: found.content_disposition,
        // The SDK adds this encoding to requests.
        content_encoding: found
            .content_encoding
            .filter(|coding| coding != "aws-chunked" && !coding.is_empty()),
        content_language: found.content_language,
        website_redirect: found.website_redirect_location,
        metadata,
        acl,
        server_side_encryption: read(found.server_side_encryption, "server_side_encryption")?,
        kms_key_id: found.ssekms_key_id,
        bucket_key_enabled: found.bucket_key_enabled,
        storage_class: match found.storage_class {
            Some(class) => read(Some(class), "storage_class")?,
            None => Some(StorageClass::Standard),
        },
        tags: Default::default(),
    };
    let attributes = S3ObjectAttributes {
        arn: format!("arn:{}:s3:::{id}", client.partition()),
        id: Id::new(id),
        etag: found.e_tag.unwrap_or_default().trim_matches('"').to_owned(),
        version_id: found.version_id.filter(|version| !version.is_empty()),
    };
    let token = ours.get(TOKEN).map(|token| (TOKEN_TAG.to_owned(), token.clone()));
    Ok(Seen::new(arguments, attributes).tags(given(Some(tags)).chain(token)))
}

/// The canned access list that makes these grants to others than the owner. `None` if no canned list makes them.
fn canned(owner: &str, grants: Vec<Grant>) -> Option<CannedAcl> {
    const ALL: &str = "http://acs.amazonaws.com/groups/global/AllUsers";
    const AUTHENTICATED: &str = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers";
    let mut others: Vec<(Option<String>, Permission)> = Vec::new();
    for grant in grants {
        let (Some(grantee), Some(permission)) = (grant.grantee, grant.permission) else { continue };
        if grantee.id.as_deref() != Some(owner) {
            others.push((grantee.uri, permission));
        }
    }
    others.sort_by_key(|(group, permission)| (group.clone(), permission.as_str().to_owned()));
    let others: Vec<(Option<&str>, &Permission)> =
        others.iter().map(|(group, permission)| (group.as_deref(), permission)).collect();
    match others.as_slice() {
        [] => Some(CannedAcl::Private),
        [(Some(ALL), Permission::Read)] => Some(CannedAcl::PublicRead),
        [(Some(ALL), Permission::Read), (Some(ALL), Permission::Write)] => Some(CannedAcl::PublicReadWrite),
        [(Some(AUTHENTICATED), Permission::Read)] => Some(CannedAcl::AuthenticatedRead),
        [(None, Permission::Read)] => Some(CannedAcl::BucketOwnerRead),
        [(None, Permission::FullControl)] => Some(CannedAcl::BucketOwnerFullControl),
        _ => None,
    }
}

/// Writes all tags at once, as S3 requires.
async fn tag(client: &Client, seen: &Seen<S3Object>, change: &TagChange) -> Result<Next> {
    let S3Object { bucket, key, .. } = &seen.object.arguments;
    let mut all = change.all.clone();
    all.remove(TOKEN_TAG);
    match sent(&all) {
        None => {
            let call = client.s3.delete_object_tagging().bucket(bucket.as_str()).key(key);
            call.send().await.map_err(failed)?;
        }
        Some(tags) => {
            let tags = built(Sdk::builder().set_tag_set(Some(tags)).build())?;
            let call = client.s3.put_object_tagging().bucket(bucket.as_str()).key(key).tagging(tags);
            call.send().await.map_err(failed)?;
        }
    }
    Ok(Next::Changed)
}
