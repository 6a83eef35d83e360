//! Copies files to the cluster's file server: a bucket of S3 or Google, or a server that takes `PUT` requests. A file's
//! SHA-256 goes beside it, last, as `FILE.sha256`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use landform::kops::{AssetFile, sha256};
use landform::store::{Expect, Files};
use reqwest::{Client, StatusCode, Url};

use super::Copied;
use crate::Failure;

/// The limit for a server that sends nothing.
const SILENCE: Duration = Duration::from_secs(60);

/// The places that files come from and go to.
pub struct Shelves {
    client: Client,
    mirror: Option<PathBuf>,
}

/// Where a file goes.
enum Shelf {
    /// An object of a bucket.
    Bucket { files: Files, path: String },
    /// A URL that takes `PUT`.
    Server(Url),
}

impl Shelves {
    pub fn new(mirror: Option<&Path>) -> Result<Self, Failure> {
        let client = Client::builder().read_timeout(SILENCE).build()?;
        Ok(Self { client, mirror: mirror.map(Path::to_owned) })
    }

    /// Copies a file, unless the place has its hash.
    pub async fn copy(&self, file: &AssetFile) -> Result<Copied, Failure> {
        let shelf = Shelf::of(&file.download)?;
        if self.hash_at(&shelf).await?.as_deref() == Some(file.sha256.as_str()) {
            return Ok(Copied::WasThere);
        }
        let bytes = self.fetched(&file.canonical).await?;
        let found = sha256(bytes.as_slice())?;
        if found != file.sha256 {
            return Err(format!("the file has the SHA-256 {found}, expected {}", file.sha256).into());
        }
        self.put(&shelf, "", bytes).await?;
        self.put(&shelf, ".sha256", format!("{found}\n").into_bytes()).await?;
        Ok(Copied::Anew)
    }

    async fn fetched(&self, url: &str) -> Result<Vec<u8>, Failure> {
        if let Some(mirror) = &self.mirror {
            let path = mirror.join(url.split_once("://").map_or(url, |(_, path)| path));
            return Ok(std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?);
        }
        let answer = self.client.get(url).send().await?.error_for_status()?;
        Ok(answer.bytes().await?.to_vec())
    }

    /// The hash beside a file. `None` if there is none.
    async fn hash_at(&self, shelf: &Shelf) -> Result<Option<String>, Failure> {
        let bytes = match shelf {
            Shelf::Bucket { files, path } => {
                files.get(&format!("{path}.sha256")).await?.map(|content| content.bytes)
            }
            Shelf::Server(url) => {
                let answer = self.client.get(beside(url, ".sha256")).send().await?;
                match answer.status() {
                    StatusCode::NOT_FOUND | StatusCode::FORBIDDEN => None,
                    _ => Some(answer.error_for_status()?.bytes().await?.to_vec()),
                }
            }
        };
        let text = bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        Ok(text.and_then(|text| text.split_whitespace().next().map(str::to_owned)))
    }

    async fn put(&self, shelf: &Shelf, suffix: &str, bytes: Vec<u8>) -> Result<(), Failure> {
        match shelf {
            Shelf::Bucket { files, path } => {
                files.put(&format!("{path}{suffix}"), bytes, Expect::Anything).await?;
            }
            Shelf::Server(url) => {
                self.client.put(beside(url, suffix)).body(bytes).send().await?.error_for_status()?;
            }
        }
        Ok(())
    }
}

impl Shelf {
    fn of(url: &str) -> Result<Self, Failure> {
        let url = Url::parse(url).map_err(|error| format!("spec.assets.fileRepository: {url}: {error}"))?;
        Ok(match in_bucket(&url) {
            Some((bucket, path)) => Self::Bucket { files: Files::open(&bucket)?, path },
            None => Self::Server(url),
        })
    }
}

/// The bucket that a URL of S3 or of Google's storage names, and the path in it.
fn in_bucket(url: &Url) -> Option<(String, String)> {
    let host = url.host_str()?;
    let path = url.path().trim_start_matches('/');
    let in_path = |scheme: &str| {
        let (bucket, path) = path.split_once('/')?;
        Some((format!("{scheme}://{bucket}"), path.to_owned()))
    };
    if let scheme @ ("s3" | "gs") = url.scheme() {
        return Some((format!("{scheme}://{host}"), path.to_owned()));
    }
    if host == "storage.googleapis.com" {
        return in_path("gs");
    }
    let service = host.strip_suffix(".amazonaws.com").or_else(|| host.strip_suffix(".amazonaws.com.cn"))?;
    if service == "s3" || service.starts_with("s3.") || service.starts_with("s3-") {
        return in_path("s3");
    }
    let (bucket, _) =
        service.split_once(".s3").filter(|(_, rest)| rest.is_empty() || rest.starts_with(['.', '-']))?;
    Some((format!("s3://{bucket}"), path.to_owned()))
}

/// The URL of the file whose name ends with a suffix.
fn beside(url: &Url, suffix: &str) -> Url {
    let mut beside = url.clone();
    beside.set_path(&format!("{}{suffix}", url.path()));
    beside
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn urls_of_buckets_name_the_bucket_and_the_path() {
        let of = |url: &str| in_bucket(&Url::parse(url).unwrap());
        let there = |bucket: &str| Some((bucket.to_owned(), "a/kubelet".to_owned()));
        assert_eq!(of("https://s3.eu-west-1.amazonaws.com/files/a/kubelet"), there("s3://files"));
        assert_eq!(of("https://s3.amazonaws.com/files/a/kubelet"), there("s3://files"));
        assert_eq!(of("https://s3-eu-west-1.amazonaws.com/files/a/kubelet"), there("s3://files"));
        assert_eq!(of("https://files.s3.eu-west-1.amazonaws.com/a/kubelet"), there("s3://files"));
        assert_eq!(of("https://my.files.s3.amazonaws.com/a/kubelet"), there("s3://my.files"));
        assert_eq!(of("https://files.s3.cn-north-1.amazonaws.com.cn/a/kubelet"), there("s3://files"));
        assert_eq!(of("https://storage.googleapis.com/files/a/kubelet"), there("gs://files"));
        assert_eq!(of("s3://files/a/kubelet"), there("s3://files"));
        assert_eq!(of("https://files.example.com/a/kubelet"), None);
        assert_eq!(of("https://files.s3x.amazonaws.com/a/kubelet"), None);
    }
}
