//! Encryption at rest for any store. AES-256-GCM seals everything, so the store underneath sees no record.
//!
//! **Keys.** Random keys seal the data. They are kept beside the journal, in a ring that the user's key seals: it is
//! derived from a passphrase by Argon2id, or given by a command. So changing the user's key, or starting a new data
//! key, only writes the ring again. Older data keys still open their data.
//!
//! **Binding.** Each object is sealed together with the ring's own random id, its kind and its number. So nobody who
//! can write to the store can pass one object off as another, or bring one from elsewhere. The ring's id stands for the
//! place, because a copy of all files has to open elsewhere. The removal of the newest objects is not noticed, as
//! without encryption.
//!
//! **No downgrade.** With a key, unsealed data is refused; without one, sealed data is.

mod key;
mod ring;
mod seal;

use std::sync::Arc;

use async_trait::async_trait;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use tokio::sync::Mutex;

pub use self::key::Encryption;
use self::{
    ring::Ring,
    seal::{Opener, Sealer, Subject},
};
use super::{Chunks, LeaseVersion, Listing, Parts, Store, StoreError, StoreErrorKind};

/// A store with sealed content. Its first write creates the key ring.
#[derive(Debug)]
pub struct Encrypted {
    inner: Arc<dyn Store>,
    encryption: Encryption,
    ring: Mutex<Option<Arc<Ring>>>,
}

impl Encrypted {
    /// A store that a key seals. Reads nothing and asks for no key yet.
    pub fn new(inner: Arc<dyn Store>, encryption: Encryption) -> Self {
        Self { inner, encryption, ring: Mutex::default() }
    }

    /// Creates a new data key and seals the ring with `next`, which may be the current key of the user. Returns the
    /// store with the new key.
    ///
    /// - **Guarantees**: atomic. Earlier data stays readable and is not written again. Running writers finish with the
    ///   data key that they know.
    /// - **Errors**: [`StoreErrorKind::NotEncrypted`] if there is no ring yet, [`StoreErrorKind::WrongKey`],
    ///   [`StoreErrorKind::Conflict`] if somebody else rotates too.
    /// - **Caveats**: a person with a copy of the old ring and its key can still read earlier data. To prevent that
    ///   too, export the state and import it into a new place.
    /// - **Cancel safety**: if it is dropped, the ring is the old one or the new one.
    pub async fn rotate(&self, next: Encryption) -> Result<Self, StoreError> {
        let Some((version, bytes)) = self.inner.read_keys().await? else {
            return Err(StoreError::new(StoreErrorKind::NotEncrypted, "rotate the keys of", self.describe())
                .because("it has none"));
        };
        let place = self.describe();
        let mut ring = Ring::open(&bytes, &self.encryption, &place).await?;
        ring.begin_key();
        let bytes = ring.seal(&next, &place).await?;
        self.inner.put_keys(Some(&version), bytes).await?;
        Ok(Self { inner: self.inner.clone(), encryption: next, ring: Mutex::new(Some(Arc::new(ring))) })
    }

    /// The ring, if there is one.
    async fn ring(&self) -> Result<Option<Arc<Ring>>, StoreError> {
        let mut known = self.ring.lock().await;
        if known.is_none() {
            *known = self.read_ring().await?;
        }
        Ok(known.clone())
    }

    async fn read_ring(&self) -> Result<Option<Arc<Ring>>, StoreError> {
        let Some((_, bytes)) = self.inner.read_keys().await? else { return Ok(None) };
        Ok(Some(Arc::new(Ring::open(&bytes, &self.encryption, &self.describe()).await?)))
    }

    /// The ring. Creates it if there is none, and creates nothing else.
    async fn ring_to_write(&self) -> Result<Arc<Ring>, StoreError> {
        if let Some(ring) = self.ring().await? {
            return Ok(ring);
        }
        if self.inner.list().await? != Listing::default() {
            return Err(self.not_encrypted());
        }
        let mut known = self.ring.lock().await;
        let made = Ring::new();
        let bytes = made.seal(&self.encryption, &self.describe()).await?;
        let ring = match self.inner.put_keys(None, bytes).await {
            Ok(_) => Arc::new(made),
            Err(error) if error.kind() == StoreErrorKind::Conflict => self.read_ring().await?.ok_or(error)?,
            Err(error) => return Err(error),
        };
        *known = Some(ring.clone());
        Ok(ring)
    }

    /// The ring with a key. Reads it again if somebody rotated the keys.
    async fn ring_with(&self, key: &str) -> Result<Arc<Ring>, StoreError> {
        if let Some(ring) = self.ring().await?.filter(|ring| ring.has(key)) {
            return Ok(ring);
        }
        let found = self.read_ring().await?.ok_or_else(|| self.not_encrypted())?;
        *self.ring.lock().await = Some(found.clone());
        Ok(found)
    }

    fn not_encrypted(&self) -> StoreError {
        StoreError::new(StoreErrorKind::NotEncrypted, "use the key for", self.describe())
            .because("the existing state is not encrypted")
    }

    fn place(&self, subject: Subject) -> String {
        format!("{}: {subject}", self.describe())
    }

    async fn seal(&self, subject: Subject, bytes: &[u8]) -> Result<Vec<u8>, StoreError> {
        Ok(Sealer::new(&*self.ring_to_write().await?, subject).whole(bytes))
    }

    async fn open(&self, subject: Subject, sealed: &[u8]) -> Result<Vec<u8>, StoreError> {
        let place = self.place(subject);
        let mut opener = Opener::new(subject, place.clone());
        opener.push(sealed);
        let Some(key) = opener.key()? else { return Err(opener.cut_short()) };
        opener.unlock(&*self.ring_with(&key).await?)?;
        let mut plain = Vec::with_capacity(sealed.len());
        while let Some(frame) = opener.frame()? {
            plain.extend_from_slice(&frame);
        }
        opener.finish()?;
        Ok(plain)
    }
}

#[async_trait]
impl Store for Encrypted {
    fn describe(&self) -> String {
        self.inner.describe()
    }

    async fn list(&self) -> Result<Listing, StoreError> {
        let listing = self.inner.list().await?;
        if listing != Listing::default() && self.ring().await?.is_none() {
            return Err(self.not_encrypted());
        }
        Ok(listing)
    }

    async fn append(&self, seq: u64, bytes: Arc<[u8]>) -> Result<(), StoreError> {
        let sealed = self.seal(Subject::Segment(seq), &bytes).await?;
        self.inner.append(seq, sealed.into()).await
    }

    async fn read(&self, seq: u64) -> Result<Vec<u8>, StoreError> {
        let sealed = self.inner.read(seq).await?;
        self.open(Subject::Segment(seq), &sealed).await
    }

    async fn put_snapshot(&self, seq: u64, parts: Parts) -> Result<(), StoreError> {
        let sealer = Sealer::new(&*self.ring_to_write().await?, Subject::Snapshot(seq));
        self.inner.put_snapshot(seq, Box::new(sealer.parts(parts))).await
    }

    async fn read_snapshot(&self, seq: u64) -> Result<Chunks, StoreError> {
        let subject = Subject::Snapshot(seq);
        let mut chunks = self.inner.read_snapshot(seq).await?;
        let mut opener = Opener::new(subject, self.place(subject));
        let key = loop {
            match (opener.key()?, chunks.try_next().await?) {
                (Some(key), chunk) => {
                    opener.push(&chunk.unwrap_or_default());
                    break key;
                }
                (None, Some(chunk)) => opener.push(&chunk),
                (None, None) => return Err(opener.cut_short()),
            }
        };
        opener.unlock(&*self.ring_with(&key).await?)?;
        let frames = stream::try_unfold((opener, chunks), |(mut opener, mut chunks)| async move {
            loop {
                if let Some(frame) = opener.frame()? {
                    return Ok(Some((frame, (opener, chunks))));
                }
                match chunks.try_next().await? {
                    Some(chunk) => opener.push(&chunk),
                    None => return opener.finish().map(|()| None),
                }
            }
        });
        Ok(frames.boxed())
    }

    async fn prune(&self, through: u64) -> Result<(), StoreError> {
        self.inner.prune(through).await
    }

    async fn read_lease(&self) -> Result<Option<(LeaseVersion, Vec<u8>)>, StoreError> {
        let Some((version, sealed)) = self.inner.read_lease().await? else { return Ok(None) };
        if self.ring().await?.is_none() {
            return Err(self.not_encrypted());
        }
        match self.open(Subject::Lease, &sealed).await {
            Ok(bytes) => Ok(Some((version, bytes))),
            // A malformed lease protects nobody, so the journal takes it over.
            Err(error) if matches!(error.kind(), StoreErrorKind::Damaged | StoreErrorKind::NotEncrypted) => {
                Ok(Some((version, sealed)))
            }
            Err(error) => Err(error),
        }
    }

    async fn put_lease(
        &self,
        previous: Option<&LeaseVersion>,
        bytes: Vec<u8>,
    ) -> Result<LeaseVersion, StoreError> {
        self.inner.put_lease(previous, self.seal(Subject::Lease, &bytes).await?).await
    }

    async fn remove_lease(&self, version: &LeaseVersion) -> Result<(), StoreError> {
        self.inner.remove_lease(version).await
    }
}
