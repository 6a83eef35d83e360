//! Where a journal's bytes live: numbered segments, snapshots and one lease, behind one small trait.
//!
//! A store knows nothing of records. It keeps one promise that everything else stands on: **a segment number can be
//! won once, ever**. Whoever appends segment 17 has the right to speak after segment 16; everybody else is told
//! [`StoreErrorKind::Taken`]. That is the fencing, and no clock is part of it.

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

use std::{ffi::OsString, fmt, sync::Arc};

use async_trait::async_trait;
use futures::stream::BoxStream;
use landform_core::Printable;

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

/// How every sealed object begins, so that a reader without the key can say what it is.
pub(crate) const ENCRYPTED: &[u8] = b"landform-encrypted ";

/// What a store holds, each list ascending.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// The numbers of the segments, from 1.
    pub segments: Vec<u64>,
    /// The numbers of the segments up to which a snapshot tells the state.
    pub snapshots: Vec<u64>,
}

/// Which writing of the lease this is: an ETag, a generation, a row version. Opaque; compared for equality only.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct LeaseVersion(String);

impl LeaseVersion {
    /// Wraps what the store calls this version.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The version as the store spells it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The bytes of a snapshot, made while they are written: a state need not be in memory twice.
pub type Parts = Box<dyn Iterator<Item = Vec<u8>> + Send>;

/// The bytes of a snapshot while they are read, cut anywhere.
pub type Chunks = BoxStream<'static, Result<Vec<u8>, StoreError>>;

/// A place for one stack's journal.
///
/// **Cancel safety**: a call whose future is dropped may go on. What it writes is there whole or not at all, and later
/// calls are not held up.
///
/// Implementations are checked by the functions of [`contract`].
#[async_trait]
pub trait Store: Send + Sync + fmt::Debug {
    /// The store's URL, for messages. It never contains a credential.
    fn describe(&self) -> String;

    /// Lists what is there.
    ///
    /// - **Guarantees**: a segment whose append was answered before the call is listed, unless pruned. A place that
    ///   does not exist yet lists as empty and is not created.
    /// - **Assumptions**: none.
    /// - **Caveats**: what is appended or pruned meanwhile may or may not be listed.
    async fn list(&self) -> Result<Listing, StoreError>;

    /// Creates segment `seq`, unless that number was ever won before.
    ///
    /// - **Guarantees**: of all calls for one number, by any process at any time, at most one succeeds; the others
    ///   fail with [`StoreErrorKind::Taken`], also when the segment has been pruned since: a number at or below
    ///   any snapshot is taken. After `Ok` the bytes survive the loss of power. Readers see all of the bytes or no
    ///   segment.
    /// - **Assumptions**: `seq` is 1 or follows a segment or snapshot that the caller has read.
    /// - **Caveats**: any other error leaves open whether the segment exists; the caller reads it and compares.
    async fn append(&self, seq: u64, bytes: Arc<[u8]>) -> Result<(), StoreError>;

    /// Reads segment `seq`.
    ///
    /// - **Guarantees**: the bytes are those given to the append that won. [`StoreErrorKind::NotFound`] says that
    ///   the segment was never won or has been pruned.
    /// - **Assumptions**: none.
    /// - **Caveats**: the store does not notice damage; the segment's own checksums do.
    async fn read(&self, seq: u64) -> Result<Vec<u8>, StoreError>;

    /// Writes the snapshot that tells the state after segment `seq`.
    ///
    /// - **Guarantees**: readers see the whole snapshot or none. After `Ok` it survives the loss of power, and no
    ///   number up to `seq` can be won any more. Writing the same snapshot again replaces it.
    /// - **Assumptions**: the parts tell the fold of segments `1..=seq`, so two writers of one number write the
    ///   same meaning.
    /// - **Caveats**: after an error the snapshot may exist, whole.
    async fn put_snapshot(&self, seq: u64, parts: Parts) -> Result<(), StoreError>;

    /// Reads the snapshot `seq`.
    ///
    /// - **Guarantees**: the chunks joined are the parts joined. [`StoreErrorKind::NotFound`] if it is not there.
    /// - **Assumptions**: none.
    /// - **Caveats**: chunks are cut anywhere. A failure may come in mid-stream.
    async fn read_snapshot(&self, seq: u64) -> Result<Chunks, StoreError>;

    /// Removes the segments up to `through` and the snapshots below it, which snapshot `through` covers.
    ///
    /// - **Guarantees**: refused with [`StoreErrorKind::NotFound`], and nothing removed, unless snapshot `through`
    ///   exists. Snapshots go first, then segments in ascending order, so an interruption leaves no hole in what a
    ///   reader needs. Doing it again does no harm.
    /// - **Assumptions**: none.
    /// - **Caveats**: a reader that listed before may find a segment gone; it lists again.
    async fn prune(&self, through: u64) -> Result<(), StoreError>;

    /// Reads the lease and which version of it this is.
    ///
    /// - **Guarantees**: the bytes are those of one `put_lease`, whole. Nothing is created.
    /// - **Assumptions**: none.
    /// - **Caveats**: it may be replaced the moment after.
    async fn read_lease(&self) -> Result<Option<(LeaseVersion, Vec<u8>)>, StoreError>;

    /// Writes the lease if it is still at `previous`; `None` means that there is none.
    ///
    /// - **Guarantees**: of several calls with one `previous`, at most one succeeds; the others fail with
    ///   [`StoreErrorKind::Conflict`]. A version is never used again.
    /// - **Assumptions**: none.
    /// - **Caveats**: a lease is politeness: it keeps two writers from wasting each other's time. Only
    ///   [`Store::append`] keeps them apart.
    async fn put_lease(
        &self,
        previous: Option<&LeaseVersion>,
        bytes: Vec<u8>,
    ) -> Result<LeaseVersion, StoreError>;

    /// Removes the lease if it is still at `version`.
    ///
    /// - **Guarantees**: [`StoreErrorKind::Conflict`] if it is at another version or not there.
    /// - **Assumptions**: none.
    /// - **Caveats**: as of [`Store::put_lease`].
    async fn remove_lease(&self, version: &LeaseVersion) -> Result<(), StoreError>;

    /// Reads the ring of wrapped keys that an encrypted journal has beside it, and which version of it this is.
    ///
    /// - **Guarantees**: as of [`Store::read_lease`].
    /// - **Assumptions**: none.
    /// - **Caveats**: a store that keeps no keys has none, which is what the provided method says.
    async fn read_keys(&self) -> Result<Option<(LeaseVersion, Vec<u8>)>, StoreError> {
        Ok(None)
    }

    /// Writes the ring of wrapped keys if it is still at `previous`; `None` means that there is none.
    ///
    /// - **Guarantees**: as of [`Store::put_lease`], and it survives the loss of power. Without the ring nothing that
    ///   was encrypted by it can be read.
    /// - **Assumptions**: none.
    /// - **Caveats**: the provided method answers [`StoreErrorKind::Unsupported`]: such a store cannot be encrypted.
    async fn put_keys(
        &self,
        previous: Option<&LeaseVersion>,
        bytes: Vec<u8>,
    ) -> Result<LeaseVersion, StoreError> {
        let (_, _) = (previous, bytes);
        Err(StoreError::new(StoreErrorKind::Unsupported, "keep keys in", self.describe())
            .because("this store has no place for them"))
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
/// Credentials and endpoints come from the process's environment, by the names that the clouds' own tools use. Nothing
/// is read or created, and nobody is asked. A scheme that this build does not have is [`StoreErrorKind::BadUrl`], with
/// what it has.
pub fn open(url: &str) -> Result<Arc<dyn Store>, StoreError> {
    open_with(url, variables())
}

/// As [`open`], with these variables in the place of the process's environment.
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
    /// To a directory of this machine.
    Directory(String),
    /// To whatever its scheme says.
    Scheme(&'a str),
}

/// Where a URL or a path leads; fails with the reason in words.
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

/// A URL as messages name it, without what may be a password in it.
fn shown(url: &str) -> String {
    let url = &Printable(url).in_a_line().to_string();
    match url.split_once("://").map(|(scheme, rest)| (scheme, rest.rsplit_once('@'))) {
        Some((scheme, Some((_, rest)))) => format!("{scheme}://…@{rest}"),
        _ => url.into(),
    }
}

/// The process's environment. A variable that is no text is none of those that are looked for.
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

/// Undoes percent-encoding, as URLs of paths with spaces have it.
fn decode(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digit = |b: u8| char::from(b).to_digit(16);
        let value = digit(rest.next()?)? * 16 + digit(rest.next()?)?;
        bytes.push(u8::try_from(value).ok()?);
    }
    String::from_utf8(bytes).ok()
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
