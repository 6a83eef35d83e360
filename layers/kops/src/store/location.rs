//! Where a file of the cluster's store is.

/// A place in a store: a bucket and a key in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Location {
    pub(crate) bucket: String,
    pub(crate) key: String,
}

/// The bucket in which kops's own suite keeps what a case has under `memfs://`.
const SUITE_BUCKET: &str = "testingBucket";

impl Location {
    /// Reads a URL: `s3://bucket/key`, or `memfs://key` as in kops's own suite.
    pub(crate) fn parse(url: &str) -> Option<Self> {
        let (scheme, rest) = url.split_once("://")?;
        let rest = rest.trim_end_matches('/');
        let (bucket, key) = rest.split_once('/').unwrap_or((rest, ""));
        match scheme {
            "s3" if !bucket.is_empty() => Some(Self { bucket: bucket.into(), key: key.into() }),
            "memfs" => Some(Self { bucket: SUITE_BUCKET.into(), key: rest.into() }),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn places_in_stores() {
        let place = Location::parse("s3://bucket/a/b/c.yaml").unwrap();
        assert_eq!((place.bucket.as_str(), place.key.as_str()), ("bucket", "a/b/c.yaml"));
        assert_eq!(Location::parse("memfs://a.example.com/b").unwrap().key, "a.example.com/b");
        for url in ["", "bucket/a", "s3://", "ftp://host/a", "gs://bucket/a"] {
            assert_eq!(Location::parse(url), None, "{url}");
        }
    }
}
