//! Small files that other programs keep in a directory or a bucket, as kops keeps its clusters. They are read, listed
//! and written with the URLs and credentials of the state stores. Knows nothing of their content.

mod local;

use std::{fmt, sync::Arc};

use async_trait::async_trait;

use self::local::Directory;
use super::{StoreError, StoreErrorKind, Whereabouts};

/// Files in a directory or a bucket. Creating this value touches nothing.
///
/// The path of a file is relative, with slashes between its parts: `k8s.example.com/instancegroup/nodes`.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// use landform_state::store::{Expect, Files, StoreErrorKind};
///
/// let directory = tempfile::tempdir()?;
/// let files = Files::open(&directory.path().display().to_string())?;
/// let first = files.put("k8s.example.com/config", b"kind: Cluster".to_vec(), Expect::Nothing).await?;
/// files.put("k8s.example.com/config", b"kind: Cluster\n".to_vec(), Expect::Version(&first)).await?;
/// assert_eq!(files.list("").await?.folders, ["k8s.example.com"]);
///
/// let late = files.put("k8s.example.com/config", Vec::new(), Expect::Version(&first)).await;
/// assert_eq!(late.unwrap_err().kind(), StoreErrorKind::Conflict);
/// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone)]
pub struct Files {
    place: Arc<dyn Place>,
    url: Arc<str>,
}

/// A file as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// The whole content.
    pub bytes: Vec<u8>,
    /// Which writing this is.
    pub version: FileVersion,
}

/// A version of a file: an ETag, a generation, a digest. Only compared for equality.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FileVersion {
    pub(super) tag: Option<String>,
    pub(super) generation: Option<String>,
}

/// What must exist for a file to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expect<'a> {
    /// No file of this path.
    Nothing,
    /// This writing of it.
    Version(&'a FileVersion),
    /// Whatever is there is replaced.
    Anything,
}

/// What is directly in a folder, each list ascending.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entries {
    /// The names of the files.
    pub files: Vec<String>,
    /// The names of the folders.
    pub folders: Vec<String>,
}

/// A place of files. Paths come as checked parts.
#[async_trait]
pub(super) trait Place: Send + Sync {
    async fn get(&self, path: &[&str]) -> Result<Option<Content>, StoreError>;
    async fn list(&self, folder: &[&str]) -> Result<Entries, StoreError>;
    async fn put(&self, path: &[&str], bytes: Vec<u8>, expect: Expect<'_>)
    -> Result<FileVersion, StoreError>;
    async fn remove(&self, path: &[&str]) -> Result<(), StoreError>;
}

impl Files {
    /// Opens the place that a URL names: `file:///directory`, a path, `s3://bucket/prefix`, `gs://…` or `az://…`.
    ///
    /// Credentials and endpoints come from the environment, as for [`open`](super::open). Reads, creates and sends
    /// nothing.
    ///
    /// # Errors
    /// [`StoreErrorKind::BadUrl`] if it is none of these, or needs a feature that this build does not have.
    pub fn open(url: &str) -> Result<Self, StoreError> {
        Self::open_with(url, super::variables())
    }

    /// Like [`Files::open`], with these variables instead of the environment of the process.
    ///
    /// # Errors
    /// The same as for [`Files::open`].
    pub fn open_with<K: Into<String>, V: Into<String>>(
        url: &str,
        environment: impl IntoIterator<Item = (K, V)>,
    ) -> Result<Self, StoreError> {
        let bad = |why: &str| {
            StoreError::new(StoreErrorKind::BadUrl, "open the files at", super::shown(url)).because(format!(
                "{why}; expected file:///absolute/path, a path, s3://bucket/prefix, gs://… or az://…"
            ))
        };
        #[cfg_attr(not(feature = "object-store"), expect(unused_variables))]
        let environment: Vec<(String, String)> =
            environment.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        let scheme = match super::whereabouts(url).map_err(|why| bad(&why))? {
            Whereabouts::Directory(root) => {
                let directory = Directory::new(&root);
                return Ok(Self { url: directory.describe().into(), place: Arc::new(directory) });
            }
            Whereabouts::Scheme(scheme) => scheme,
        };
        match scheme {
            #[cfg(feature = "object-store")]
            scheme if super::object::SCHEMES.contains(&scheme) => {
                let bucket = super::object::Bucket::open(url, &environment)?;
                Ok(Self { url: bucket.describe().into(), place: Arc::new(bucket) })
            }
            #[cfg(not(feature = "object-store"))]
            "s3" | "gs" | "az" => Err(bad("this build lacks the feature \"object-store\"")),
            "postgres" | "postgresql" => Err(bad("a database holds no files")),
            _ => Err(bad(&format!("the scheme {scheme:?} is not supported"))),
        }
    }

    /// The place's URL, for messages. It never contains a credential.
    pub fn describe(&self) -> &str {
        &self.url
    }

    /// A file's URL, for messages.
    pub fn url(&self, path: &str) -> String {
        format!("{}/{path}", self.url.trim_end_matches('/'))
    }

    /// Reads a file; `None` if it does not exist.
    ///
    /// # Errors
    /// The path is malformed, or the place fails: [`StoreErrorKind::Missing`] says that the bucket does not exist.
    ///
    /// # Cancel safety
    /// It only reads, so dropping it leaves nothing behind.
    pub async fn get(&self, path: &str) -> Result<Option<Content>, StoreError> {
        self.place.get(&self.parts("read", path)?).await
    }

    /// Lists the direct content of a folder; `""` is the whole place. A missing folder is empty.
    ///
    /// # Errors
    /// The same as for [`Files::get`].
    ///
    /// # Cancel safety
    /// It only reads, so dropping it leaves nothing behind.
    pub async fn list(&self, folder: &str) -> Result<Entries, StoreError> {
        let parts = if folder.is_empty() { Vec::new() } else { self.parts("list", folder)? };
        self.place.list(&parts).await
    }

    /// Writes a file if the existing one is as expected.
    ///
    /// - **Guarantees**: readers see all of the new bytes or the old ones. After `Ok` they survive a power cut. Of
    ///   several calls that expect the same version, or no file, one succeeds, and the others fail with
    ///   [`StoreErrorKind::Conflict`].
    /// - **Assumptions**: in a directory, only calls of this kind take turns to compare and write. Other programs may
    ///   replace files at any time.
    /// - **Caveats**: in a directory, only the file's owner can read it. In a bucket, a caller with the same bytes as
    ///   another one may be told that it has written them. After an error other than a conflict, the file may be
    ///   written.
    ///
    /// # Errors
    /// Like [`Files::get`], and the conflict.
    ///
    /// # Cancel safety
    /// If it is dropped, the file may be written, and then completely.
    pub async fn put(
        &self,
        path: &str,
        bytes: Vec<u8>,
        expect: Expect<'_>,
    ) -> Result<FileVersion, StoreError> {
        self.place.put(&self.parts("write", path)?, bytes, expect).await
    }

    /// Removes a file. A missing file is not an error.
    ///
    /// # Errors
    /// The same as for [`Files::get`].
    ///
    /// # Cancel safety
    /// If it is dropped, the file may be removed.
    pub async fn remove(&self, path: &str) -> Result<(), StoreError> {
        self.place.remove(&self.parts("remove", path)?).await
    }

    /// The parts of a relative path. Refuses `.`, `..` and empty parts.
    fn parts<'a>(&self, operation: &'static str, path: &'a str) -> Result<Vec<&'a str>, StoreError> {
        let parts: Vec<&str> = path.split('/').collect();
        let is_name = |part: &&str| {
            !matches!(*part, "" | "." | "..") && !part.contains(|c: char| c.is_control() || c == '\\')
        };
        if parts.iter().all(is_name) {
            return Ok(parts);
        }
        Err(StoreError::new(StoreErrorKind::BadUrl, operation, self.url(path)).because(format!(
            "{path:?} is not a file path; expected names separated by slashes, none of them empty, \".\" or \"..\""
        )))
    }
}

impl fmt::Debug for Files {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Files").field("url", &self.url).finish_non_exhaustive()
    }
}

/// The error for a file that already exists, or that has changed since it was read.
pub(super) fn conflict(place: String, expect: Expect<'_>) -> StoreError {
    let error = StoreError::new(StoreErrorKind::Conflict, "write", place);
    match expect {
        Expect::Nothing => error.because("it already exists"),
        _ => error,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::store::contract;

    #[tokio::test]
    async fn a_directory_keeps_the_contract_of_files() {
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path().join("a b");
        contract::files_are_kept(&Files::open(&root.display().to_string()).unwrap()).await;
        let left: Vec<_> = std::fs::read_dir(root.join("k8s.example.com")).unwrap().flatten().collect();
        assert!(left.iter().all(|entry| !entry.file_name().to_string_lossy().starts_with('.')), "{left:?}");
    }

    #[test]
    fn a_url_of_no_files_says_what_was_expected() {
        for bad in ["", "file://host/x", "ftp://x/y", "postgres://me:hush@host/db"] {
            let error = Files::open(bad).unwrap_err();
            assert_eq!(error.kind(), StoreErrorKind::BadUrl, "{bad}");
            let text = error.to_string();
            assert!(text.contains("s3://bucket/prefix") && !text.contains("hush"), "{text}");
        }
    }
}
