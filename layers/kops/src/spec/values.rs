//! Values with a notation of their own: Kubernetes quantities, Go's durations, numbers that may be texts.
//!
//! Each is checked when it is read and written in the one form in which kops writes it.

use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use std::fmt;

/// A Kubernetes quantity: a number with a unit, such as `2`, `500m`, `4G` and `4Gi`. Held in its canonical form: no
/// fraction, the greatest unit that leaves none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Quantity(String);

/// The units of quantities: their sign, and the power of 1000 or 1024 that they stand for.
const DECIMAL: [(&str, i32); 9] =
    [("n", -3), ("u", -2), ("m", -1), ("", 0), ("k", 1), ("M", 2), ("G", 3), ("T", 4), ("P", 5)];
const BINARY: [(&str, u32); 5] = [("Ki", 1), ("Mi", 2), ("Gi", 3), ("Ti", 4), ("Pi", 5)];
/// The smallest part of a quantity: a billionth.
const NANO: i128 = 1_000_000_000;

impl Quantity {
    /// Reads a quantity. Nothing if the text is none.
    pub fn parse(text: &str) -> Option<Self> {
        let (nanos, binary) = read(text)?;
        Some(Self(write(nanos, binary)))
    }

    /// The canonical form.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The quantity in whole ones, rounded up; nothing if it is negative or too large.
    pub fn whole(&self) -> Option<u32> {
        self.in_units(NANO)
    }

    /// The quantity in millions, rounded up, as kops gives memory to AWS.
    pub fn millions(&self) -> Option<u32> {
        self.in_units(NANO * 1_000_000)
    }

    /// The quantity as a number.
    pub fn number(&self) -> Option<serde_json::Value> {
        let (nanos, _) = read(&self.0)?;
        Some(match i64::try_from(nanos / NANO) {
            Ok(whole) if nanos % NANO == 0 => whole.into(),
            _ => (nanos as f64 / NANO as f64).into(),
        })
    }

    fn in_units(&self, unit: i128) -> Option<u32> {
        let (nanos, _) = read(&self.0)?;
        u32::try_from(nanos.div_euclid(unit) + i128::from(nanos.rem_euclid(unit) != 0)).ok()
    }

    /// Whether the quantity is below zero.
    pub fn is_negative(&self) -> bool {
        self.0.starts_with('-')
    }
}

/// The quantity in billionths, and whether its unit is a power of 1024.
fn read(text: &str) -> Option<(i128, bool)> {
    let unit = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len());
    let (number, unit) = text.split_at(unit);
    let (negative, digits) = match number.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, number.strip_prefix('+').unwrap_or(number)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() && fraction.is_empty() || !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    let (scale, binary) = match BINARY.iter().find(|(sign, _)| *sign == unit) {
        Some((_, power)) => (NANO.checked_mul(1024_i128.checked_pow(*power)?)?, true),
        None => {
            let power = match DECIMAL.iter().find(|(sign, _)| *sign == unit) {
                Some((_, power)) => power * 3,
                None => unit.strip_prefix(['e', 'E'])?.parse::<i32>().ok()?,
            };
            (10_i128.checked_pow(u32::try_from(power + 9).ok()?)?, false)
        }
    };
    let mut nanos = scale.checked_mul(if whole.is_empty() { 0 } else { whole.parse().ok()? })?;
    let mut place = scale;
    for digit in fraction.bytes() {
        place /= 10;
        nanos = nanos.checked_add(place * i128::from(digit - b'0'))?;
    }
    Some((if negative { -nanos } else { nanos }, binary))
}

fn write(nanos: i128, binary: bool) -> String {
    if binary && nanos.abs() >= NANO * 1024 && nanos % NANO == 0 {
        let ones = nanos / NANO;
        let fitting = BINARY.iter().rev().find(|(_, power)| ones % 1024_i128.pow(*power) == 0);
        return match fitting {
            Some((sign, power)) => format!("{}{sign}", ones / 1024_i128.pow(*power)),
            None => ones.to_string(),
        };
    }
    if nanos == 0 {
        return "0".into();
    }
    let scale = |power: i32| 1000_i128.pow((power + 3).unsigned_abs());
    let fitting = DECIMAL.iter().rev().find(|(_, power)| nanos % scale(*power) == 0);
    let (sign, power) = fitting.copied().unwrap_or(("n", -3));
    format!("{}{sign}", nanos / scale(power))
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Quantity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Quantity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        const EXPECTED: &str = "a quantity, such as 500m or 2Gi";
        let text = deserializer.deserialize_any(TextOrNumber(EXPECTED))?;
        Self::parse(&text).ok_or_else(|| de::Error::custom(format_args!("{text:?}: expected {EXPECTED}")))
    }
}

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

    /// Reads a length of time. Nothing if the text is none.
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
        Self::parse(&text)
            .ok_or_else(|| de::Error::custom(format_args!("{text:?}: expected a time such as 48h20m or 30s")))
    }
}

/// A whole number, or a text such as a percentage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum IntOrString {
    /// A number.
    Int(i64),
    /// A text.
    String(String),
}

impl Default for IntOrString {
    fn default() -> Self {
        Self::Int(0)
    }
}

/// Takes a text, or a number as its text.
struct TextOrNumber(&'static str);

impl Visitor<'_> for TextOrNumber {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.0)
    }

    fn visit_str<E>(self, text: &str) -> Result<String, E> {
        Ok(text.into())
    }

    fn visit_i64<E>(self, number: i64) -> Result<String, E> {
        Ok(number.to_string())
    }

    fn visit_u64<E>(self, number: u64) -> Result<String, E> {
        Ok(number.to_string())
    }

    fn visit_f64<E>(self, number: f64) -> Result<String, E> {
        Ok(number.to_string())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn quantities_have_one_form() {
        for (text, form) in [
            ("2", "2"),
            ("100m", "100m"),
            ("1000m", "1"),
            ("0.5", "500m"),
            ("1.5", "1500m"),
            ("2000", "2k"),
            ("0", "0"),
            ("70Mi", "70Mi"),
            ("1024Mi", "1Gi"),
            ("1.5Gi", "1536Mi"),
            ("512Ki", "512Ki"),
            ("100Ki", "100Ki"),
            ("1e3", "1k"),
            ("-1", "-1"),
            ("4G", "4G"),
        ] {
            assert_eq!(Quantity::parse(text).unwrap().as_str(), form, "{text}");
        }
        for text in ["", "many", "1 Gi", "1Gib", ".", "1.2.3", "Mi", "1e", "99999999999999999999999999999P"] {
            assert_eq!(Quantity::parse(text), None, "{text}");
        }
    }

    #[test]
    fn quantities_are_rounded_up() {
        let quantity = |text| Quantity::parse(text).unwrap();
        assert_eq!(quantity("1500m").whole(), Some(2));
        assert_eq!(quantity("4G").millions(), Some(4000));
        assert_eq!(quantity("1Gi").millions(), Some(1074));
        assert_eq!(quantity("-1").whole(), None);
        assert!(quantity("-1").is_negative());
    }

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
