//! Stores for the bytes of a journal: numbered segments, snapshots and one lease, behind one small trait.
//!
//! A store knows nothing of records. It keeps one promise, on which everything else depends: **only one append ever
//! succeeds for a segment number**. The writer that appends segment 17 has the right to write after segment 16; every
//! other one gets [`StoreErrorKind::Taken`]. This is the fencing, and it needs no clock.

pub mod contract;
#[cfg(feature = "encryption")]
mod encrypted;
mod error;
mod files;
mod local;
mod memory;
#[cfg(feature = "object-store")]
mod object;
#[cfg(feature = "postgres")]
mod postgres;
pub mod temporary;

use std::{borrow::Cow, ffi::OsString, fmt, sync::Arc};

use async_trait::async_trait;
use futures::stream::BoxStream;
use landform_core::Printable;
use percent_encoding::percent_decode_str;

#[cfg(feature = "encryption")]
pub use self::encrypted::{Encrypted, Encryption};
#[cfg(feature = "object-store")]
pub use self::object::ObjectStore;
#[cfg(feature = "postgres")]
pub use self::postgres::PostgresStore;
pub use self::{
    error::{StoreError, StoreErrorKind},
    files::{Content, Entries, Expect, FileVersion, Files},
    local::LocalStore,
    memory::MemoryStore,
};

/// How every sealed object begins, so that a reader without the key can recognise it.
pub(crate) const ENCRYPTED: &[u8] = b"landform-encrypted ";

/// The content of a store, each list ascending.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// The numbers of the segments, from 1.
    pub segments: Vec<u64>,
    /// The numbers of the segments after which a snapshot has the state.
    pub snapshots: Vec<u64>,
}

/// A version of the lease: an ETag, a generation, a row version. Opaque; only compared for equality.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct LeaseVersion(String);

impl LeaseVersion {
    /// Wraps the store's name of this version.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The version as the store spells it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The bytes of a snapshot, made while they are written, so that a state need not be in memory twice.
pub type Parts = Box<dyn Iterator<Item = Vec<u8>> + Send>;

/// The bytes of a snapshot while they are read, split anywhere.
pub type Chunks = BoxStream<'static, Result<Vec<u8>, StoreError>>;

/// A place for one stack's journal.
///
/// **Cancel safety**: a call may go on after its future is dropped. It writes everything or nothing, and does not delay
/// later calls.
///
/// The functions of [`contract`] check implementations.
#[async_trait]
pub trait Store: Send + Sync + fmt::Debug {
    /// The store's URL, for messages. It never contains a credential.
    fn describe(&self) -> String;

    /// Lists what is there.
    ///
    /// - **Guarantees**: a segment whose append was answered before the call is listed, unless it was pruned. A place
    ///   that does not exist yet lists as empty and is not created.
    /// - **Assumptions**: none.
    /// - **Caveats**: segments that are appended or pruned meanwhile may or may not be listed.
    async fn list(&self) -> Result<Listing, StoreError>;

    /// Creates segment `seq`, unless that number was ever used before.
    ///
    /// - **Guarantees**: of all calls for one number, by any process at any time, at most one succeeds. The others fail
    ///   with [`StoreErrorKind::Taken`], even if the segment was pruned since: every number at or below a snapshot is
    ///   taken. After `Ok` the bytes survive a power cut. Readers see all of the bytes or no segment.
    /// - **Assumptions**: `seq` is 1, or follows a segment or snapshot that the caller has read.
    /// - **Caveats**: after any other error, the segment may or may not exist. The caller reads it and compares.
    async fn append(&self, seq: u64, bytes: Arc<[u8]>) -> Result<(), StoreError>;

    /// Reads segment `seq`.
    ///
    /// - **Guarantees**: the bytes are those of the successful append. [`StoreErrorKind::NotFound`] means that the
    ///   segment never existed or was pruned.
    /// - **Assumptions**: none.
    /// - **Caveats**: the store does not notice damage; the checksums of the segment do.
    async fn read(&self, seq: u64) -> Result<Vec<u8>, StoreError>;

    /// Writes the snapshot of the state after segment `seq`.
    ///
    /// - **Guarantees**: readers see the whole snapshot or none. After `Ok` it survives a power cut, and no append
    ///   succeeds for a number up to `seq` any more. Writing the same snapshot again replaces it.
    /// - **Assumptions**: the parts have the state after segments `1..=seq`, so two writers of one number write the
    ///   same meaning.
    /// - **Caveats**: after an error the snapshot may exist completely.
    async fn put_snapshot(&self, seq: u64, parts: Parts) -> Result<(), StoreError>;

    /// Reads the snapshot `seq`.
    ///
    /// - **Guarantees**: the joined chunks equal the joined parts. [`StoreErrorKind::NotFound`] if there is no such
    ///   snapshot.
    /// - **Assumptions**: none.
    /// - **Caveats**: chunks may end anywhere. An error may come in the middle of the stream.
    async fn read_snapshot(&self, seq: u64) -> Result<Chunks, StoreError>;

    /// Removes the segments up to `through` and the snapshots below it. Snapshot `through` covers them.
    ///
    /// - **Guarantees**: fails with [`StoreErrorKind::NotFound`] and removes nothing, unless snapshot `through` exists.
    ///   Removes snapshots first, then segments in ascending order, so an interruption leaves no gap for readers.
    ///   Repeating it does no harm.
    /// - **Assumptions**: none.
    /// - **Caveats**: a reader that listed before may miss a segment; it lists again.
    async fn prune(&self, through: u64) -> Result<(), StoreError>;

    /// Reads the lease and its version.
    ///
    /// - **Guarantees**: the bytes are those of one `put_lease`, complete. Creates nothing.
    /// - **Assumptions**: none.
    /// - **Caveats**: it may be replaced right afterwards.
    async fn read_lease(&self) -> Result<Option<(LeaseVersion, Vec<u8>)>, StoreError>;

    /// Writes the lease if its version is still `previous`; `None` means that there is no lease.
    ///
    /// - **Guarantees**: of several calls with the same `previous`, at most one succeeds. The others fail with
    ///   [`StoreErrorKind::Conflict`]. A version is never used again.
    /// - **Assumptions**: none.
    /// - **Caveats**: a lease only keeps two writers from wasting each other's time. [`Store::append`] keeps them
    ///   apart.
    async fn put_lease(
        &self,
        previous: Option<&LeaseVersion>,
        bytes: Vec<u8>,
    ) -> Result<LeaseVersion, StoreError>;

    /// Removes the lease if its version is still `version`.
    ///
    /// - **Guarantees**: [`StoreErrorKind::Conflict`] if it has another version or does not exist.
    /// - **Assumptions**: none.
    /// - **Caveats**: as of [`Store::put_lease`].
    async fn remove_lease(&self, version: &LeaseVersion) -> Result<(), StoreError>;

    /// Reads the ring of wrapped keys beside an encrypted journal, and the version of the ring.
    ///
    /// - **Guarantees**: as of [`Store::read_lease`].
    /// - **Assumptions**: none.
    /// - **Caveats**: a store that keeps no keys has none; the provided method says so.
    async fn read_keys(&self) -> Result<Option<(LeaseVersion, Vec<u8>)>, StoreError> {
        Ok(None)
    }

    /// Writes the ring of wrapped keys if its version is still `previous`; `None` means that there is no ring.
    ///
    /// - **Guarantees**: as [`Store::put_lease`], and the ring survives a power cut. Without the ring, nothing that it
    ///   encrypted can be read.
    /// - **Assumptions**: none.
    /// - **Caveats**: the provided method returns [`StoreErrorKind::Unsupported`]: such a store cannot be encrypted.
    async fn put_keys(
        &self,
        previous: Option<&LeaseVersion>,
        bytes: Vec<u8>,
    ) -> Result<LeaseVersion, StoreError> {
        let (_, _) = (previous, bytes);
        Err(StoreError::new(StoreErrorKind::Unsupported, "keep keys in", self.describe())
            .because("this store cannot keep keys"))
    }
}

/// Opens the store that a URL names:
///
/// | URL | feature |
/// |---|---|
/// | `file:///var/lib/landform/base`, or a path | |
/// | `s3://bucket/prefix`, `gs://bucket/prefix`, `az://container/prefix` | `object-store` |
/// | `postgres://user@host/database#place` | `postgres` |
///
/// Credentials and endpoints come from the environment, with the names of the clouds' own tools. Reads, creates and
/// sends nothing. A scheme that this build does not have is [`StoreErrorKind::BadUrl`], which lists the schemes that it
/// has.
pub fn open(url: &str) -> Result<Arc<dyn Store>, StoreError> {
    open_with(url, variables())
}

/// Like [`open`], with these variables instead of the environment of the process.
pub fn open_with<K: Into<String>, V: Into<String>>(
    url: &str,
    environment: impl IntoIterator<Item = (K, V)>,
) -> Result<Arc<dyn Store>, StoreError> {
    let bad = |why: &str| {
        StoreError::new(StoreErrorKind::BadUrl, "open the state store", shown(url))
            .because(format!("{why}; expected {EXPECTED}"))
    };
    let environment = environment.into_iter().map(|(name, value)| (name.into(), value.into()));
    #[cfg_attr(not(any(feature = "object-store", feature = "postgres")), expect(unused_variables))]
    let environment: Vec<(String, String)> = environment.collect();
    let scheme = match whereabouts(url).map_err(|why| bad(&why))? {
        Whereabouts::Directory(path) => return Ok(Arc::new(LocalStore::new(path))),
        Whereabouts::Scheme(scheme) => scheme,
    };
    match scheme {
        #[cfg(feature = "object-store")]
        scheme if object::SCHEMES.contains(&scheme) => Ok(Arc::new(object::open(url, &environment)?)),
        #[cfg(feature = "postgres")]
        scheme if postgres::SCHEMES.contains(&scheme) => {
            Ok(Arc::new(PostgresStore::open(url, &environment)?))
        }
        #[cfg(not(feature = "postgres"))]
        "postgres" | "postgresql" => Err(bad("this build lacks the feature \"postgres\"")),
        #[cfg(not(feature = "object-store"))]
        "s3" | "gs" | "az" => Err(bad("this build lacks the feature \"object-store\"")),
        _ => Err(bad(&format!("the scheme {scheme:?} is not supported"))),
    }
}

/// Where a URL leads.
enum Whereabouts<'a> {
    /// A directory of this machine.
    Directory(String),
    /// A URL with this scheme.
    Scheme(&'a str),
}

/// The place of a URL or a path. Fails with the reason in words.
fn whereabouts(url: &str) -> Result<Whereabouts<'_>, String> {
    if url.trim().is_empty() {
        return Err("the URL is empty".into());
    }
    match url.split_once("://") {
        None => Ok(Whereabouts::Directory(url.into())),
        Some(("file", rest)) if rest.starts_with('/') => match decode(rest) {
            Some(path) => Ok(Whereabouts::Directory(path)),
            None => Err("a '%' in the path is not followed by two hexadecimal digits of UTF-8 text".into()),
        },
        Some(("file", _)) => Err("a file URL needs three slashes and an absolute path".into()),
        Some((scheme, _)) => Ok(Whereabouts::Scheme(scheme)),
    }
}

/// A URL for messages, without a possible password.
fn shown(url: &str) -> String {
    let url = &Printable(url).in_a_line().to_string();
    match url.split_once("://").map(|(scheme, rest)| (scheme, rest.rsplit_once('@'))) {
        Some((scheme, Some((_, rest)))) => format!("{scheme}://…@{rest}"),
        _ => url.into(),
    }
}

/// The environment of the process. A variable that is not text is left out.
fn variables() -> impl Iterator<Item = (String, String)> {
    let text =
        |(name, value): (OsString, OsString)| Some((name.into_string().ok()?, value.into_string().ok()?));
    std::env::vars_os().filter_map(text)
}

/// What this build opens.
const EXPECTED: &str = if cfg!(all(feature = "object-store", feature = "postgres")) {
    "file:///absolute/path, a path, s3://bucket/prefix, gs://…, az://… or postgres://user@host/database#place"
} else if cfg!(feature = "object-store") {
    "file:///absolute/path, a path, s3://bucket/prefix, gs://… or az://…"
} else if cfg!(feature = "postgres") {
    "file:///absolute/path, a path or postgres://user@host/database#place"
} else {
    "file:///absolute/path or a path"
};

/// Decodes percent-encoding, as in URLs of paths with spaces.
fn decode(path: &str) -> Option<String> {
    let digits = |rest: &str| rest.len() > 1 && rest.bytes().take(2).all(|byte| byte.is_ascii_hexdigit());
    // The library keeps a '%' that is followed by anything else. In a URL it is a mistake.
    if !path.split('%').skip(1).all(digits) {
        return None;
    }
    percent_decode_str(path).decode_utf8().ok().map(Cow::into_owned)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn urls_name_local_directories() {
        assert_eq!(open("file:///var/a%20b").unwrap().describe(), "file:///var/a%20b");
        assert_eq!(open("/var/x").unwrap().describe(), "file:///var/x");
    }

    #[test]
    fn a_bad_url_says_what_was_expected() {
        for bad in ["", "file://host/x", "file://", "ftp://bucket/x", "file:///a%2"] {
            let error = open(bad).unwrap_err();
            assert_eq!(error.kind(), StoreErrorKind::BadUrl, "{bad}");
            assert!(error.to_string().contains("file:///absolute/path"), "{error}");
        }
    }
}
