//! Makes a client from `s3://bucket/prefix`, `gs://…` or `az://…`. Reads the environment and sends nothing.

use std::{net::IpAddr, sync::Arc, time::Duration};

use object_store::{
    BackoffConfig, ObjectStore as Objects, RetryConfig,
    aws::{AmazonS3Builder, AmazonS3ConfigKey},
    azure::{AzureConfigKey, MicrosoftAzureBuilder},
    gcp::{GoogleCloudStorageBuilder, GoogleConfigKey},
    path::Path,
};

use super::{ObjectStore, StoreError, StoreErrorKind};

/// The schemes of the URLs understood here.
pub(in crate::store) const SCHEMES: [&str; 3] = ["s3", "gs", "az"];

/// The store of a URL whose scheme is one of [`SCHEMES`].
///
/// Credentials, region and endpoint come from the environment, with the clouds' own names: `AWS_ACCESS_KEY_ID`,
/// `AWS_REGION`, `AWS_ENDPOINT_URL`; `GOOGLE_APPLICATION_CREDENTIALS`; `AZURE_STORAGE_ACCOUNT_NAME`,
/// `AZURE_STORAGE_ACCOUNT_KEY`. Without these, the machine's own are used. Plain HTTP is used only to this machine,
/// unless `AWS_ALLOW_HTTP` says otherwise.
pub(in crate::store) fn open(url: &str, environment: &[(String, String)]) -> Result<ObjectStore, StoreError> {
    let (objects, prefix, url) = connect("open the state store", url, environment)?;
    Ok(ObjectStore::new(objects, prefix, url))
}

/// The client for a URL's bucket, the prefix in it, and the URL for messages. `operation` is what the client is for.
pub(super) fn connect(
    operation: &'static str,
    url: &str,
    environment: &[(String, String)],
) -> Result<(Arc<dyn Objects>, Path, String), StoreError> {
    let bad = |why: String| {
        StoreError::new(StoreErrorKind::BadUrl, operation, crate::store::shown(url)).because(format!(
            "{why}; expected s3://bucket/prefix, gs://bucket/prefix or az://container/prefix"
        ))
    };
    let (scheme, rest) = url.split_once("://").ok_or_else(|| bad("it has no scheme".into()))?;
    let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if bucket.contains('@') {
        return Err(bad("a bucket URL cannot hold credentials; set them in the environment".into()));
    }
    if bucket.is_empty() || !bucket.chars().all(is_name) {
        return Err(bad(format!("invalid bucket name {bucket:?}")));
    }
    if let Some(sign) = prefix.chars().find(|c| matches!(c, '?' | '#')) {
        return Err(bad(format!("the prefix has a {sign:?}")));
    }
    let path = Path::from_url_path(prefix).map_err(|error| bad(error.to_string()))?;
    let objects = match scheme {
        "s3" => s3(bucket, environment),
        "gs" => gs(bucket, environment),
        "az" => az(bucket, environment),
        other => return Err(bad(format!("the scheme {other:?} is not one of a bucket"))),
    };
    let objects = objects.map_err(|error| bad(super::error::brief(&error)))?;
    let url = format!("{scheme}://{bucket}/{path}");
    let url = url.trim_end_matches('/').to_owned();
    Ok((objects, path, url))
}

fn s3(bucket: &str, environment: &[(String, String)]) -> object_store::Result<Arc<dyn Objects>> {
    let mut builder = AmazonS3Builder::new().with_bucket_name(bucket).with_retry(retry());
    for (key, value) in options::<AmazonS3ConfigKey>("AWS_", environment) {
        if matches!(key, AmazonS3ConfigKey::Endpoint | AmazonS3ConfigKey::S3Endpoint) && is_loopback(value) {
            builder = builder.with_allow_http(true);
        }
        builder = builder.with_config(key, value);
    }
    Ok(Arc::new(builder.build()?))
}

fn gs(bucket: &str, environment: &[(String, String)]) -> object_store::Result<Arc<dyn Objects>> {
    let mut builder = GoogleCloudStorageBuilder::new().with_bucket_name(bucket).with_retry(retry());
    for (key, value) in options::<GoogleConfigKey>("GOOGLE_", environment) {
        // The library would send the credentials in the clear.
        if key == GoogleConfigKey::BaseUrl && value.starts_with("http://") && !is_loopback(value) {
            let source = "GOOGLE_BASE_URL is plain HTTP to another machine, expected https".into();
            return Err(object_store::Error::Generic { store: "GCS", source });
        }
        builder = builder.with_config(key, value);
    }
    Ok(Arc::new(builder.build()?))
}

fn az(container: &str, environment: &[(String, String)]) -> object_store::Result<Arc<dyn Objects>> {
    let mut builder = MicrosoftAzureBuilder::new().with_container_name(container).with_retry(retry());
    for (key, value) in options::<AzureConfigKey>("AZURE_", environment) {
        builder = builder.with_config(key, value);
    }
    Ok(Arc::new(builder.build()?))
}

/// The environment variables that the client of a cloud knows.
fn options<'a, K: std::str::FromStr>(
    prefix: &str,
    environment: &'a [(String, String)],
) -> impl Iterator<Item = (K, &'a str)> {
    environment.iter().filter_map(move |(name, value)| {
        let key = Some(name).filter(|name| name.starts_with(prefix))?.to_ascii_lowercase().parse().ok()?;
        Some((key, value.as_str()))
    })
}

/// Short, because the journal keeps retrying within its own limit.
fn retry() -> RetryConfig {
    RetryConfig {
        backoff: BackoffConfig {
            init_backoff: Duration::from_millis(100),
            max_backoff: Duration::from_secs(2),
            base: 2.0,
        },
        max_retries: 3,
        retry_timeout: Duration::from_secs(20),
    }
}

/// Whether a URL leads to this machine, so that nothing is sent in the clear over a network.
fn is_loopback(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("http://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return false;
    }
    let host = match authority.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    host == "localhost" || host.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn googles_storage_elsewhere_needs_https() {
        let refused = |url: &str| {
            let environment = [("GOOGLE_BASE_URL".to_owned(), url.to_owned())];
            let opened = open("gs://states/a", &environment);
            opened.is_err_and(|error| error.to_string().contains("expected https"))
        };
        assert!(refused("http://storage.example.com"));
        assert!(!refused("https://storage.example.com") && !refused("http://127.0.0.1:4443"));
    }

    #[test]
    fn only_this_machine_may_be_spoken_to_in_the_clear() {
        for here in ["http://127.0.0.1:5000", "http://localhost/", "http://[::1]:9000/x"] {
            assert!(is_loopback(here), "{here}");
        }
        for elsewhere in [
            "https://127.0.0.1",
            "http://10.0.0.1:9000",
            "http://localhost.example.com",
            "http://127.0.0.1@evil.example",
        ] {
            assert!(!is_loopback(elsewhere), "{elsewhere}");
        }
    }
}
