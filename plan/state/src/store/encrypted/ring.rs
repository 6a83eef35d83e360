//! The ring of data keys, sealed with the user's key. It is stored as one JSON document; the newest key is the last.

use std::time::{SystemTime, UNIX_EPOCH};

use aes_gcm::Aes256Gcm;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{
    Encryption, StoreError, StoreErrorKind,
    key::Derivation,
    seal::{cipher, decrypt, encrypt, random},
};

const NAME: &str = "keys";
const FORMAT: u32 = 1;

/// The data keys of one store.
pub(super) struct Ring {
    id: String,
    older: Vec<Key>,
    newest: Key,
}

/// One data key.
struct Key {
    id: String,
    since: u64,
    bytes: Zeroizing<[u8; 32]>,
    cipher: Aes256Gcm,
}

#[derive(Serialize, Deserialize)]
struct Document {
    landform: String,
    format: u32,
    id: String,
    sealed_by: Derivation,
    keys: Vec<Sealed>,
}

#[derive(Serialize, Deserialize)]
struct Sealed {
    id: String,
    /// When the key came into use, in seconds since 1970.
    since: u64,
    nonce: String,
    sealed: String,
}

impl Ring {
    /// A ring with one new key.
    pub(super) fn new() -> Self {
        Self { id: hex::encode(random::<16>()), older: Vec::new(), newest: Key::new() }
    }

    /// Adds a key and uses it from now on.
    pub(super) fn begin_key(&mut self) {
        self.older.push(std::mem::replace(&mut self.newest, Key::new()));
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.cipher(key).is_some()
    }

    pub(super) fn cipher(&self, key: &str) -> Option<&Aes256Gcm> {
        self.keys().rev().find(|found| found.id == key).map(|found| &found.cipher)
    }

    /// All keys, the oldest first.
    fn keys(&self) -> impl DoubleEndedIterator<Item = &Key> {
        self.older.iter().chain([&self.newest])
    }

    /// The key for everything that is written now.
    pub(super) fn newest(&self) -> (&str, &Aes256Gcm) {
        (&self.newest.id, &self.newest.cipher)
    }

    /// The ring in its stored form.
    pub(super) async fn seal(&self, by: &Encryption, place: &str) -> Result<Vec<u8>, StoreError> {
        let sealed_by = by.new_derivation();
        let lock = cipher(&by.derive(&sealed_by, place).await?);
        let keys = self.keys().enumerate().map(|(index, key)| {
            let mut text = key.bytes.to_vec();
            let (nonce, tag) = encrypt(&lock, &bound(&self.id, index, &key.id, key.since), &mut text);
            text.extend_from_slice(&tag);
            let (nonce, sealed) = (BASE64_STANDARD.encode(nonce), BASE64_STANDARD.encode(text));
            Sealed { id: key.id.clone(), since: key.since, nonce, sealed }
        });
        let document = Document {
            landform: NAME.into(),
            format: FORMAT,
            id: self.id.clone(),
            keys: keys.collect(),
            sealed_by,
        };
        serde_json::to_vec_pretty(&document)
            .map_err(|error| StoreError::new(StoreErrorKind::Other, "seal the keys of", place).because(error))
    }

    /// Opens a ring from its stored form.
    pub(super) async fn open(bytes: &[u8], by: &Encryption, place: &str) -> Result<Self, StoreError> {
        let fail = |kind, why: String| StoreError::new(kind, "open the keys of", place).because(why);
        let damaged = |why: String| fail(StoreErrorKind::Damaged, why);
        let document: Document =
            serde_json::from_slice(bytes).map_err(|error| damaged(format!("not a key ring: {error}")))?;
        if document.landform != NAME || document.format > FORMAT {
            let (name, format) = (document.landform, document.format);
            let why =
                format!("it is {name:?} of format {format}; this release reads {NAME:?} up to {FORMAT}");
            return Err(fail(StoreErrorKind::Unsupported, why));
        }
        let lock = cipher(&by.derive(&document.sealed_by, place).await?);
        let mut keys = Vec::with_capacity(document.keys.len());
        for (index, key) in document.keys.into_iter().enumerate() {
            let decode =
                |text: &str| BASE64_STANDARD.decode(text).map_err(|error| damaged(error.to_string()));
            let (nonce, sealed) = (decode(&key.nonce)?, Zeroizing::new(decode(&key.sealed)?));
            let [12, 48] = [nonce.len(), sealed.len()] else {
                return Err(damaged(format!("key {} has the wrong length", key.id)));
            };
            let (text, tag) = sealed.split_at(32);
            let mut bytes = Zeroizing::new([0; 32]);
            bytes.copy_from_slice(text);
            if !decrypt(&lock, &nonce, &bound(&document.id, index, &key.id, key.since), &mut *bytes, tag) {
                return Err(fail(StoreErrorKind::WrongKey, "this key does not open it".into()));
            }
            let cipher = cipher(&bytes);
            keys.push(Key { id: key.id, since: key.since, bytes, cipher });
        }
        let newest = keys.pop().ok_or_else(|| damaged("it has no key".into()))?;
        Ok(Self { id: document.id, older: keys, newest })
    }
}

impl Key {
    /// A random key that is in use from now on.
    fn new() -> Self {
        let bytes = Zeroizing::new(random());
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let cipher = cipher(&bytes);
        Self { id: hex::encode(random::<8>()), since, bytes, cipher }
    }
}

impl std::fmt::Debug for Ring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let keys: Vec<&str> = self.keys().map(|key| key.id.as_str()).collect();
        f.debug_struct("Ring").field("id", &self.id).field("keys", &keys).finish()
    }
}

fn bound(ring: &str, index: usize, key: &str, since: u64) -> Vec<u8> {
    format!("landform keys\n{FORMAT}\n{ring}\n{index}\n{key}\n{since}").into_bytes()
}
