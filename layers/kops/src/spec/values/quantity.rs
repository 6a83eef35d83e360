//! Kubernetes quantities.

use super::Notation;
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
    /// A number of thousandths, such as `100m`.
    pub fn milli(number: u32) -> Self {
        Self(write(NANO / 1000 * i128::from(number), false))
    }

    /// A number of mebibytes, such as `70Mi`.
    pub fn mebi(number: u32) -> Self {
        Self(write(NANO * 1024 * 1024 * i128::from(number), true))
    }

    /// Reads a quantity. `None` if the text is not a quantity.
    pub fn parse(text: &str) -> Option<Self> {
        let (nanos, binary) = read(text)?;
        Some(Self(write(nanos, binary)))
    }

    /// The canonical form.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The quantity as a whole number, rounded up. `None` if it is negative or does not fit.
    pub fn whole(&self) -> Option<u32> {
        self.in_units(NANO)
    }

    /// The quantity in millions, rounded up, as kops gives memory to AWS. `None` if it is negative or does not fit.
    pub fn millions(&self) -> Option<u32> {
        self.in_units(NANO * 1_000_000)
    }

    /// The quantity as a JSON number: an integer if it is whole, or else a float.
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

impl Notation for Quantity {
    const EXPECTED: &'static str = "a quantity, such as 500m or 2Gi";

    fn read(text: &str) -> Option<Self> {
        Self::parse(text)
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
        let text = deserializer.deserialize_any(TextOrNumber(Self::EXPECTED))?;
        <Self as Notation>::parse(&text).map_err(de::Error::custom)
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
}
