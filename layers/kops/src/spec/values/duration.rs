//! Lengths of time in Go's notation.

use super::Notation;
use serde::de::{self, Deserializer};
use serde::{Deserialize, Serialize, Serializer};
use std::fmt;

/// A length of time as Go writes it: `48h20m`, `1.5s`, `0`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Duration {
    nanos: i64,
}

/// Go's units of time, in nanoseconds.
const UNITS: [(&str, i64); 8] = [
    ("h", 3_600_000_000_000),
    ("m", 60_000_000_000),
    ("s", 1_000_000_000),
    ("ms", 1_000_000),
    ("us", 1_000),
    ("µs", 1_000),
    ("μs", 1_000),
    ("ns", 1),
];

impl Duration {
    /// A number of seconds.
    pub const fn seconds(seconds: i64) -> Self {
        Self { nanos: seconds.saturating_mul(1_000_000_000) }
    }

    /// Reads a length of time. `None` if the text is not a length of time.
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, mut rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        if rest == "0" {
            return Some(Self::default());
        }
        if rest.is_empty() {
            return None;
        }
        let mut total = 0_i64;
        while !rest.is_empty() {
            let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
            let (whole, fraction) = rest[..digits].split_once('.').unwrap_or((&rest[..digits], ""));
            if whole.is_empty() && fraction.is_empty() || fraction.contains('.') {
                return None;
            }
            rest = &rest[digits..];
            let letters = rest.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(rest.len());
            let (_, unit) = UNITS.iter().find(|(sign, _)| *sign == &rest[..letters])?;
            rest = &rest[letters..];
            let whole: i64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
            total = total.checked_add(whole.checked_mul(*unit)?)?;
            let mut place = *unit;
            for digit in fraction.bytes() {
                place /= 10;
                total = total.checked_add(place * i64::from(digit - b'0'))?;
            }
        }
        Some(Self { nanos: if negative { -total } else { total } })
    }

    /// The whole seconds in it.
    pub fn as_seconds(self) -> i64 {
        self.nanos / 1_000_000_000
    }
}

impl Notation for Duration {
    const EXPECTED: &'static str = "a time such as 48h20m or 30s";

    fn read(text: &str) -> Option<Self> {
        Self::parse(text)
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        if self.nanos < 0 {
            f.write_str("-")?;
        }
        let nanos = self.nanos.unsigned_abs();
        let part = |f: &mut fmt::Formatter, nanos: u64, unit: u64, sign: &str| {
            let (whole, mut rest) = (nanos / unit, nanos % unit);
            write!(f, "{whole}")?;
            let mut place = unit;
            for index in 0.. {
                if rest == 0 {
                    break;
                }
                if index == 0 {
                    f.write_str(".")?;
                }
                place /= 10;
                write!(f, "{}", rest / place)?;
                rest %= place;
            }
            f.write_str(sign)
        };
        match nanos {
            0 => f.write_str("0s"),
            1..1_000 => part(f, nanos, 1, "ns"),
            1_000..1_000_000 => part(f, nanos, 1_000, "µs"),
            1_000_000..1_000_000_000 => part(f, nanos, 1_000_000, "ms"),
            _ => {
                let minutes = nanos / 60_000_000_000;
                match (minutes / 60, minutes % 60) {
                    (0, 0) => {}
                    (0, minutes) => write!(f, "{minutes}m")?,
                    (hours, minutes) => write!(f, "{hours}h{minutes}m")?,
                }
                part(f, nanos % 60_000_000_000, 1_000_000_000, "s")
            }
        }
    }
}

impl Serialize for Duration {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Duration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        <Self as Notation>::parse(&text).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn times_have_one_form() {
        for (text, form) in [
            ("48h20m", "48h20m0s"),
            ("0", "0s"),
            ("0s", "0s"),
            ("1500ms", "1.5s"),
            ("90s", "1m30s"),
            ("1h", "1h0m0s"),
            ("250ms", "250ms"),
            ("1.5h", "1h30m0s"),
            ("-2m", "-2m0s"),
            ("10us", "10µs"),
        ] {
            assert_eq!(Duration::parse(text).unwrap().to_string(), form, "{text}");
        }
        for text in ["", "48", "two days", "1d", "h", "-", "1.2.3s", "9999999999h"] {
            assert_eq!(Duration::parse(text), None, "{text}");
        }
        assert_eq!(Duration::parse("48h20m").unwrap().as_seconds(), 174_000);
    }
}
