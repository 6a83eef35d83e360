//! Numbers, fingerprints and times in the formats of the services.

use base64::{Engine, prelude::BASE64_STANDARD};
use chrono::{DateTime, FixedOffset, SecondsFormat, Utc};

/// Spreads a counter over 64 bits, one to one.
pub(crate) fn mix(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// A fingerprint: eight bytes.
pub(crate) fn fingerprint(number: u64) -> String {
    BASE64_STANDARD.encode(mix(number).to_be_bytes())
}

/// The present time as Compute Engine writes it, in Mountain View's time zone.
pub(crate) fn timestamp() -> String {
    let now = Utc::now();
    match FixedOffset::west_opt(8 * 3600) {
        Some(offset) => now.with_timezone(&offset).to_rfc3339_opts(SecondsFormat::Millis, false),
        None => rfc3339(now),
    }
}

/// The present time as newer services write it.
pub(crate) fn now() -> String {
    rfc3339(Utc::now())
}

pub(crate) fn rfc3339(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}
