//! The form of a segment: a header, records, a seal. Encodes and decodes bytes; reads and writes no store.
//!
//! ```text
//! {"landform":"segment","format":1,"stack":"base","lineage":"…","seq":17,"run":"…","previous":"…"}
//! {"intent":{"key":"aws_vpc.main","action":"create",…}}
//! {"sealed":{"records":1}}
//! ```
//!
//! `previous` is a hash of the segment before, so the segments form a chain. A segment that was altered, exchanged or
//! brought from elsewhere is noticed, even if its own checksums are right. The keys `landform` and `format` in the
//! first line mean the same in every format.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{
    JournalError, Record,
    line::{self, Damage, Lines, Piece},
    sketch::{Sketches, Step},
};
use crate::store::ENCRYPTED;

/// The newest format. New segments have it.
pub const FORMAT: u32 = 1;

/// The first 16 bytes of a segment's SHA-256, in hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Hash(String);

impl Hash {
    pub(super) fn of(bytes: &[u8]) -> Self {
        Self(hex::encode(&Sha256::digest(bytes)[..16]))
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A segment's first line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Header {
    /// Always `segment`.
    pub landform: String,
    pub format: u32,
    pub stack: String,
    pub lineage: String,
    pub seq: u64,
    /// The run that wrote it, so that two writers never make the same bytes.
    pub run: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<Hash>,
}

/// A segment's last line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Seal {
    #[serde(rename = "sealed")]
    Sealed { records: u64 },
}

/// A segment, decoded.
#[derive(Debug)]
pub(super) struct Segment {
    /// `None` if the segment is cut off within its first line.
    pub header: Option<Header>,
    pub steps: Vec<Step>,
    /// Where the complete lines end, if the segment is cut off.
    pub torn: Option<usize>,
}

/// Why bytes cannot be read as a segment or snapshot.
#[derive(Debug)]
pub(super) enum Unreadable {
    Damaged(Damage),
    Newer(u32),
    Encrypted,
}

impl From<Damage> for Unreadable {
    fn from(damage: Damage) -> Self {
        Self::Damaged(damage)
    }
}

impl Unreadable {
    /// Turns it into an error about a place.
    pub(super) fn at(self, place: String) -> JournalError {
        match self {
            Self::Damaged(Damage { offset, what }) => {
                JournalError::Damaged { place, offset: offset as u64, what }
            }
            Self::Newer(found) => JournalError::Newer { place, found, supported: FORMAT },
            Self::Encrypted => JournalError::encrypted(place),
        }
    }
}

/// Makes a segment of encoded lines.
pub(super) fn encode(header: &Header, lines: &[u8], records: u64) -> Result<Vec<u8>, serde_json::Error> {
    let mut bytes = Vec::with_capacity(lines.len() + 400);
    line::push(&mut bytes, header)?;
    bytes.extend_from_slice(lines);
    line::push(&mut bytes, &Seal::Sealed { records })?;
    Ok(bytes)
}

/// Reads a segment. If it is cut off, returns its complete records.
pub(super) fn decode(bytes: &[u8]) -> Result<Segment, Unreadable> {
    if bytes.starts_with(ENCRYPTED) {
        return Err(Unreadable::Encrypted);
    }
    let mut segment = Segment { header: None, steps: Vec::new(), torn: Some(bytes.len()) };
    let mut sealed = false;
    let mut sketches = Sketches::default();
    for piece in Lines::new(bytes) {
        let (offset, json) = match piece? {
            Piece::Line(offset, json) => (offset, json),
            Piece::Torn(offset) if !sealed => {
                segment.torn = Some(offset);
                break;
            }
            Piece::Torn(offset) => return Err(Damage::new(offset, "bytes after the segment's end").into()),
        };
        if sealed {
            return Err(Damage::new(offset, "a line after the segment's end").into());
        }
        if segment.header.is_none() {
            segment.header = Some(header(json, offset, "segment")?);
        } else if let Some(records) = seal(json) {
            check_count(records, sketches.len() as u64, offset)?;
            sealed = true;
            segment.torn = None;
        } else {
            sketches.push(json, offset)?;
        }
    }
    segment.steps = sketches.finish()?;
    Ok(segment)
}

/// Reads the first line of a segment or snapshot.
pub(super) fn header<'a, T: Deserialize<'a>>(
    json: &'a str,
    offset: usize,
    kind: &str,
) -> Result<T, Unreadable> {
    #[derive(Deserialize)]
    struct Promised<'a> {
        landform: std::borrow::Cow<'a, str>,
        format: u32,
    }
    let bad = |error| Damage::new(offset, format!("not the first line of a {kind}: {error}"));
    let promised: Promised = serde_json::from_str(json).map_err(bad)?;
    if promised.landform != kind {
        let what = format!("expected a {kind}, found a {:?}", promised.landform);
        return Err(Damage::new(offset, what).into());
    }
    if promised.format > FORMAT {
        return Err(Unreadable::Newer(promised.format));
    }
    Ok(serde_json::from_str(json).map_err(bad)?)
}

/// The number of records, if the line is a seal.
pub(super) fn seal(json: &str) -> Option<u64> {
    if !json.starts_with("{\"sealed\":") {
        return None;
    }
    serde_json::from_str(json).ok().map(|Seal::Sealed { records }| records)
}

pub(super) fn check_count(expected: u64, found: u64, offset: usize) -> Result<(), Damage> {
    if expected == found {
        Ok(())
    } else {
        Err(Damage::new(offset, format!("{found} records, but the seal says {expected}")))
    }
}

pub(super) fn record(json: &str, offset: usize) -> Result<Record, Damage> {
    serde_json::from_str(json)
        .map_err(|error| Damage::new(offset, format!("a record that cannot be understood: {error}")))
}
