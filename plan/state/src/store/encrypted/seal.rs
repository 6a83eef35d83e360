//! The form of a sealed object: a line that names the key, then frames that can each be opened alone. Handles bytes
//! only.
//!
//! ```text
//! landform-encrypted 1 KEY OBJECT\n
//! LENGTH(4, big-endian) LAST(1) NONCE(12) CIPHERTEXT AND TAG(LENGTH)    as often as needed
//! ```
//!
//! `KEY` is the id of the data key and `OBJECT` is random. The tag protects both, and the number of the frame. Nonces
//! are random, so one key is good for 2³² frames; a rotation starts another key.

use std::fmt;

use aes_gcm::{
    AeadInPlace as _, Aes256Gcm, KeyInit as _, Nonce, Tag,
    aead::{OsRng, rand_core::RngCore as _},
};
use zeroize::Zeroizing;

use super::{StoreError, StoreErrorKind, ring::Ring};
use crate::store::ENCRYPTED;

const FORMAT: &str = "1";
const NONCE: usize = 12;
const TAG: usize = 16;
const PREFIX: usize = 4 + 1 + NONCE;

/// The longest first line of any format.
const LONGEST_LINE: usize = 200;

/// What a sealed object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    Segment(u64),
    Snapshot(u64),
    Lease,
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Segment(seq) => write!(f, "segment {seq}"),
            Self::Snapshot(seq) => write!(f, "snapshot {seq}"),
            Self::Lease => f.write_str("lease"),
        }
    }
}

/// Fills bytes with randomness from the system.
pub(super) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    OsRng.fill_bytes(&mut bytes);
    bytes
}

/// The cipher with a key of 32 bytes.
pub(super) fn cipher(key: &Zeroizing<[u8; 32]>) -> Aes256Gcm {
    Aes256Gcm::new((&**key).into())
}

/// Seals the text in place and returns nonce and tag. AES-GCM fails only beyond 64 GiB.
pub(super) fn encrypt(cipher: &Aes256Gcm, bound: &[u8], text: &mut [u8]) -> ([u8; NONCE], [u8; TAG]) {
    let nonce = random();
    let tag = cipher
        .encrypt_in_place_detached(Nonce::from_slice(&nonce), bound, text)
        .expect("a frame is far smaller than the 64 GiB that AES-GCM takes");
    (nonce, tag.into())
}

/// Opens the sealed text in place; false if anything was altered.
pub(super) fn decrypt(cipher: &Aes256Gcm, nonce: &[u8], bound: &[u8], text: &mut [u8], tag: &[u8]) -> bool {
    let (nonce, tag) = (Nonce::from_slice(nonce), Tag::from_slice(tag));
    cipher.decrypt_in_place_detached(nonce, bound, text, tag).is_ok()
}

/// Makes the frames of one object.
pub(super) struct Sealer {
    cipher: Aes256Gcm,
    bound: String,
    line: Option<Vec<u8>>,
    frames: u64,
}

impl Sealer {
    pub(super) fn new(ring: &Ring, subject: Subject) -> Self {
        let (key, cipher) = ring.newest();
        let object = hex::encode(random::<16>());
        let name = std::str::from_utf8(ENCRYPTED).unwrap_or_default();
        let line = format!("{name}{FORMAT} {key} {object}\n").into_bytes();
        Self {
            cipher: cipher.clone(),
            bound: bound(ring, subject, key, &object),
            line: Some(line),
            frames: 0,
        }
    }

    /// All of a small object.
    pub(super) fn whole(mut self, text: &[u8]) -> Vec<u8> {
        self.frame(text, true)
    }

    /// The parts of a large object, made on demand.
    pub(super) fn parts(
        mut self,
        parts: impl Iterator<Item = Vec<u8>> + Send,
    ) -> impl Iterator<Item = Vec<u8>> + Send {
        let mut parts = parts.peekable();
        let mut ended = false;
        std::iter::from_fn(move || {
            if ended {
                return None;
            }
            let part = parts.next().unwrap_or_default();
            ended = parts.peek().is_none();
            Some(self.frame(&part, ended))
        })
    }

    fn frame(&mut self, text: &[u8], last: bool) -> Vec<u8> {
        let mut out = self.line.take().unwrap_or_default();
        let start = out.len();
        out.reserve(PREFIX + text.len() + TAG);
        let length = u32::try_from(text.len() + TAG).expect("parts are some megabytes at most");
        out.extend_from_slice(&length.to_be_bytes());
        out.push(u8::from(last));
        out.extend_from_slice(&[0; NONCE]);
        out.extend_from_slice(text);
        let bound = frame_bound(&self.bound, self.frames, last);
        let (nonce, tag) = encrypt(&self.cipher, &bound, &mut out[start + PREFIX..]);
        out[start + PREFIX - NONCE..start + PREFIX].copy_from_slice(&nonce);
        out.extend_from_slice(&tag);
        self.frames += 1;
        out
    }
}

/// Accepts sealed bytes, split anywhere, and returns frames.
pub(super) struct Opener {
    subject: Subject,
    place: String,
    bytes: Vec<u8>,
    at: usize,
    header: Option<(String, String)>,
    lock: Option<(Aes256Gcm, String)>,
    frames: u64,
    ended: bool,
}

impl Opener {
    pub(super) fn new(subject: Subject, place: String) -> Self {
        Self { subject, place, bytes: Vec::new(), at: 0, header: None, lock: None, frames: 0, ended: false }
    }

    pub(super) fn push(&mut self, bytes: &[u8]) {
        if self.at > 0 {
            self.bytes.drain(..self.at);
            self.at = 0;
        }
        self.bytes.extend_from_slice(bytes);
    }

    /// The id of the key that opens it, once the first line is read.
    pub(super) fn key(&mut self) -> Result<Option<String>, StoreError> {
        let known = self.bytes.len().min(ENCRYPTED.len());
        if self.bytes[..known] != ENCRYPTED[..known] {
            return Err(self.error(StoreErrorKind::NotEncrypted, "it is not encrypted"));
        }
        let Some(end) = self.bytes.iter().position(|byte| *byte == b'\n') else {
            return if self.bytes.len() > LONGEST_LINE {
                Err(self.damaged("its first line"))
            } else {
                Ok(None)
            };
        };
        let line = String::from_utf8_lossy(&self.bytes[ENCRYPTED.len().min(end)..end]).into_owned();
        let words: Vec<&str> = line.split(' ').collect();
        match words[..] {
            [FORMAT, key, object] => {
                self.at = end + 1;
                self.header = Some((key.into(), object.into()));
                Ok(Some(key.into()))
            }
            [format, ..] if format.parse::<u32>().is_ok_and(|format| format > 1) => {
                let what = format!("its format {format} is newer than this release; use a newer one");
                Err(self.error(StoreErrorKind::Unsupported, what))
            }
            _ => Err(self.damaged("its first line")),
        }
    }

    pub(super) fn unlock(&mut self, ring: &Ring) -> Result<(), StoreError> {
        let Some((key, object)) = &self.header else { return Err(self.cut_short()) };
        let Some(cipher) = ring.cipher(key) else {
            let what = format!("key {key} sealed it, and the key ring does not have that key");
            return Err(self.error(StoreErrorKind::WrongKey, what));
        };
        self.lock = Some((cipher.clone(), bound(ring, self.subject, key, object)));
        Ok(())
    }

    /// The text of the next frame, once all of it is read.
    pub(super) fn frame(&mut self) -> Result<Option<Vec<u8>>, StoreError> {
        let Some((cipher, bound)) = &self.lock else { return Ok(None) };
        let rest = &self.bytes[self.at..];
        if rest.is_empty() {
            return Ok(None);
        }
        if self.ended {
            return Err(self.damaged("bytes after its end"));
        }
        let Some(([l0, l1, l2, l3, last], nonce)) =
            rest.get(..PREFIX).and_then(|p| p.split_first_chunk::<5>())
        else {
            return Ok(None);
        };
        let length = u32::from_be_bytes([*l0, *l1, *l2, *l3]) as usize;
        let place = format!("frame {}", self.frames + 1);
        if length < TAG || *last > 1 {
            return Err(self.damaged(&place));
        }
        let last = *last == 1;
        let Some(sealed) = rest.get(PREFIX..PREFIX + length) else { return Ok(None) };
        let (text, tag) = sealed.split_at(length - TAG);
        let mut text = text.to_vec();
        if !decrypt(cipher, nonce, &frame_bound(bound, self.frames, last), &mut text, tag) {
            return Err(self.damaged(&place));
        }
        self.at += PREFIX + length;
        self.frames += 1;
        self.ended = last;
        Ok(Some(text))
    }

    /// Everything was there.
    pub(super) fn finish(&self) -> Result<(), StoreError> {
        if self.ended && self.at == self.bytes.len() { Ok(()) } else { Err(self.cut_short()) }
    }

    pub(super) fn cut_short(&self) -> StoreError {
        self.error(StoreErrorKind::Damaged, "it ends before its end")
    }

    fn damaged(&self, what: &str) -> StoreError {
        let what = format!("{what} was changed, or was written in another place");
        self.error(StoreErrorKind::Damaged, what)
    }

    fn error(&self, kind: StoreErrorKind, what: impl Into<String>) -> StoreError {
        StoreError::new(kind, "decrypt", &*self.place).because(what.into())
    }
}

/// The data that is sealed together with every frame of an object. No part can contain the separator.
fn bound(ring: &Ring, subject: Subject, key: &str, object: &str) -> String {
    format!("landform\n{FORMAT}\n{}\n{subject}\n{key}\n{object}\n", ring.id())
}

fn frame_bound(object: &str, frame: u64, last: bool) -> Vec<u8> {
    format!("{object}{frame}\n{}", if last { "last" } else { "more" }).into_bytes()
}
