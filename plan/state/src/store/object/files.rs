//! Files in a bucket.

use std::sync::Arc;

use async_trait::async_trait;
use object_store::{
    Error, ObjectStore as Objects, ObjectStoreExt as _, PutMode, PutOptions, PutPayload, UpdateVersion,
    path::Path,
};

use super::{
    StoreError,
    error::{self, failed},
    url,
};
use crate::store::files::{Content, Entries, Expect, FileVersion, Place, conflict};

/// A prefix of a bucket as a place for files.
pub(in crate::store) struct Bucket {
    objects: Arc<dyn Objects>,
    prefix: Path,
    url: String,
}

impl Bucket {
    pub(in crate::store) fn open(url: &str, environment: &[(String, String)]) -> Result<Self, StoreError> {
        let (objects, prefix, url) = url::connect("open the files at", url, environment)?;
        Ok(Self { objects, prefix, url })
    }

    pub(in crate::store) fn describe(&self) -> &str {
        &self.url
    }

    fn path(&self, parts: &[&str]) -> Path {
        parts.iter().fold(self.prefix.clone(), |path, part| path.join(*part))
    }

    fn place(&self, parts: &[&str]) -> String {
        format!("{}/{}", self.url, parts.join("/"))
    }
}

#[async_trait]
impl Place for Bucket {
    async fn get(&self, parts: &[&str]) -> Result<Option<Content>, StoreError> {
        let fail = |error| failed("read", self.place(parts), error);
        let found = match self.objects.get(&self.path(parts)).await {
            Err(Error::NotFound { source, .. }) if !error::lacks_bucket(&*source) => return Ok(None),
            found => found.map_err(fail)?,
        };
        let version = FileVersion { tag: found.meta.e_tag.clone(), generation: found.meta.version.clone() };
        Ok(Some(Content { bytes: found.bytes().await.map_err(fail)?.into(), version }))
    }

    async fn list(&self, parts: &[&str]) -> Result<Entries, StoreError> {
        let folder = self.path(parts);
        let under = Some(&folder).filter(|folder| !folder.as_ref().is_empty());
        let found = self.objects.list_with_delimiter(under).await;
        let found = found.map_err(|error| failed("list", self.place(parts), error))?;
        let name = |path: &Path| {
            let mut below = path.prefix_match(&folder)?;
            below.next().map(|part| part.as_ref().to_owned())
        };
        let mut entries = Entries {
            // Consoles create an object with the name of a folder to show an empty folder.
            files: found.objects.iter().filter_map(|meta| name(&meta.location)).collect(),
            folders: found.common_prefixes.iter().filter_map(name).collect(),
        };
        entries.files.sort_unstable();
        entries.folders.sort_unstable();
        Ok(entries)
    }

    async fn remove(&self, parts: &[&str]) -> Result<(), StoreError> {
        match self.objects.delete(&self.path(parts)).await {
            Err(Error::NotFound { source, .. }) if !error::lacks_bucket(&*source) => Ok(()),
            removed => removed.map_err(|error| failed("remove", self.place(parts), error)),
        }
    }

    async fn put(
        &self,
        parts: &[&str],
        bytes: Vec<u8>,
        expect: Expect<'_>,
    ) -> Result<FileVersion, StoreError> {
        let mode = match expect {
            Expect::Nothing => PutMode::Create,
            Expect::Version(FileVersion { tag, generation }) => {
                PutMode::Update(UpdateVersion { e_tag: tag.clone(), version: generation.clone() })
            }
            Expect::Anything => PutMode::Overwrite,
        };
        let payload = PutPayload::from(bytes.clone());
        match self.objects.put_opts(&self.path(parts), payload, PutOptions::from(mode)).await {
            Ok(put) => Ok(FileVersion { tag: put.e_tag, generation: put.version }),
            Err(Error::AlreadyExists { .. } | Error::Precondition { .. }) => {
                // It may be our own write, which was sent again because the answer was lost.
                match self.get(parts).await? {
                    Some(found) if found.bytes == bytes => Ok(found.version),
                    _ => Err(conflict(self.place(parts), expect)),
                }
            }
            // Replacing a missing file is a conflict too, unless the bucket itself is missing.
            Err(Error::NotFound { source, .. })
                if matches!(expect, Expect::Version(_)) && !error::lacks_bucket(&*source) =>
            {
                Err(conflict(self.place(parts), expect))
            }
            Err(error) => Err(failed("write", self.place(parts), error)),
        }
    }
}
