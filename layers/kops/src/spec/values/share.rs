//! Numbers that users may also write as text, such as percentages.

use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use std::fmt;

/// A whole number, or a text.
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

/// Some of several machines: a number of them, or a percentage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Share {
    /// A number of machines.
    Count(u32),
    /// A percentage, such as `10%`.
    Percent(u32),
}

impl Share {
    /// Whether the share is nothing.
    pub fn is_zero(self) -> bool {
        matches!(self, Self::Count(0) | Self::Percent(0))
    }

    fn percent(text: &str) -> Option<Self> {
        let digits = text.strip_suffix('%')?;
        let is_canonical = digits == "0" || digits.starts_with(|c: char| ('1'..='9').contains(&c));
        digits.parse().ok().filter(|_| is_canonical).map(Self::Percent)
    }
}

impl Serialize for Share {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Count(number) => serializer.serialize_u32(*number),
            Self::Percent(number) => serializer.collect_str(&format_args!("{number}%")),
        }
    }
}

impl<'de> Deserialize<'de> for Share {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct CountOrPercent;

        impl CountOrPercent {
            fn wrong<E: de::Error>(self, given: impl fmt::Display) -> E {
                E::custom(format_args!(
                    "{given}: expected a number that is not negative, or a percentage such as 10%"
                ))
            }
        }

        impl Visitor<'_> for CountOrPercent {
            type Value = Share;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a number that is not negative, or a percentage such as 10%")
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Share, E> {
                u32::try_from(number).map(Share::Count).map_err(|_| self.wrong(number))
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Share, E> {
                u32::try_from(number).map(Share::Count).map_err(|_| self.wrong(number))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Share, E> {
                Share::percent(text).ok_or_else(|| self.wrong(format_args!("{text:?}")))
            }
        }

        deserializer.deserialize_any(CountOrPercent)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn counts_and_percentages() {
        let read = |value: Value| serde_json::from_value::<Share>(value);
        for (value, share) in [(json!(3), Share::Count(3)), (json!("10%"), Share::Percent(10))] {
            assert_eq!(read(value.clone()).unwrap(), share);
            assert_eq!(serde_json::to_value(share).unwrap(), value);
        }
        for value in
            [json!(-1), json!("some"), json!("-1%"), json!("+1%"), json!("01%"), json!("1"), json!(1.5)]
        {
            assert!(read(value.clone()).is_err(), "{value}");
        }
    }
}
