//! Where files of a cluster are kept.

use super::Notation;
use std::fmt;

/// A place in a store of files, such as `s3://bucket/k8s.example.com`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Store {
    /// A key in a bucket of S3. An empty key is the bucket itself.
    S3 {
        /// The bucket.
        bucket: String,
        /// The key, without a slash at its end.
        key: String,
    },
    /// An object in a bucket of Google Cloud Storage. An empty key is the bucket itself.
    Gs {
        /// The bucket.
        bucket: String,
        /// The key, without a slash at its end.
        key: String,
    },
    /// A place in the memory of kops's own test suite, `memfs://…`, without a slash at its end.
    Memory(String),
    /// A place in another store.
    Other {
        /// The text before `://`.
        scheme: String,
        /// The text after it, without a slash at its end.
        path: String,
    },
}

impl Store {
    /// The bucket, if the store is S3.
    pub fn bucket(&self) -> Option<&str> {
        match self {
            Self::S3 { bucket, .. } => Some(bucket),
            Self::Gs { .. } | Self::Memory(_) | Self::Other { .. } => None,
        }
    }

    /// The bucket, if the store is Google Cloud Storage.
    pub fn gs_bucket(&self) -> Option<&str> {
        match self {
            Self::Gs { bucket, .. } => Some(bucket),
            Self::S3 { .. } | Self::Memory(_) | Self::Other { .. } => None,
        }
    }

    /// Whether this place is below another one.
    pub fn is_below(&self, other: &Self) -> bool {
        self.to_string().strip_prefix(&other.to_string()).is_some_and(|rest| rest.starts_with('/'))
    }

    /// A place below this one.
    pub fn join(&self, below: &str) -> Self {
        let under = |key: &str| if key.is_empty() { below.to_owned() } else { format!("{key}/{below}") };
        match self {
            Self::S3 { bucket, key } => Self::S3 { bucket: bucket.clone(), key: under(key) },
            Self::Gs { bucket, key } => Self::Gs { bucket: bucket.clone(), key: under(key) },
            Self::Memory(key) => Self::Memory(under(key)),
            Self::Other { scheme, path } => Self::Other { scheme: scheme.clone(), path: under(path) },
        }
    }
}

impl Notation for Store {
    const EXPECTED: &'static str = "a bucket and a path, such as s3://bucket/k8s.example.com";

    fn read(text: &str) -> Option<Self> {
        let (scheme, rest) = text.split_once("://")?;
        let rest = rest.trim_end_matches('/');
        let (bucket, key) = rest.split_once('/').unwrap_or((rest, ""));
        Some(match scheme {
            "s3" if !bucket.is_empty() => Self::S3 { bucket: bucket.into(), key: key.into() },
            "gs" if !bucket.is_empty() => Self::Gs { bucket: bucket.into(), key: key.into() },
            "memfs" => Self::Memory(rest.into()),
            "" | "s3" | "gs" => return None,
            other => Self::Other { scheme: other.into(), path: rest.into() },
        })
    }
}

impl fmt::Display for Store {
    /// The URL, without a slash at its end.
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::S3 { bucket, key } if key.is_empty() => write!(f, "s3://{bucket}"),
            Self::S3 { bucket, key } => write!(f, "s3://{bucket}/{key}"),
            Self::Gs { bucket, key } if key.is_empty() => write!(f, "gs://{bucket}"),
            Self::Gs { bucket, key } => write!(f, "gs://{bucket}/{key}"),
            Self::Memory(key) => write!(f, "memfs://{key}"),
            Self::Other { scheme, path } => write!(f, "{scheme}://{path}"),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn places_in_stores() {
        let place = Store::read("s3://bucket/a/b/").unwrap();
        assert_eq!(place, Store::S3 { bucket: "bucket".into(), key: "a/b".into() });
        assert_eq!(place.join("c").to_string(), "s3://bucket/a/b/c");
        assert_eq!(Store::read("s3://bucket").unwrap().join("c").to_string(), "s3://bucket/c");
        assert_eq!(Store::read("memfs://a/b"), Some(Store::Memory("a/b".into())));
        assert_eq!(Store::read("gs://bucket/a").unwrap().to_string(), "gs://bucket/a");
        for text in ["", "bucket/a", "s3://", "gs://", "://a"] {
            assert_eq!(Store::read(text), None, "{text}");
        }
    }
}
