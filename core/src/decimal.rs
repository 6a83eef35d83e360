//! Decimal numbers of any size, kept as written: no 64-bit float stands between a declaration and a cloud.

use std::{borrow::Cow, fmt, str::FromStr};

use schemars::{JsonSchema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// The JSON Schema format of fields with a decimal number.
pub(crate) const FORMAT: &str = "decimal";

/// A decimal number, as text. Two are equal if they are the same number.
///
/// ```
/// use landform_core::Decimal;
/// let price: Decimal = "0.10".parse()?;
/// assert_eq!(price, "1e-1".parse()?);
/// assert_eq!(price.to_string(), "0.10");
/// assert_ne!("9007199254740993".parse::<Decimal>()?, "9007199254740992".parse()?);
/// assert_eq!("1,5".parse::<Decimal>().unwrap_err().to_string(), "\"1,5\" is not a decimal number, as in 12.50 or -1e3");
/// # Ok::<(), landform_core::DecimalError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Decimal(String);

/// A text that is not a decimal number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a decimal number, as in 12.50 or -1e3")]
pub struct DecimalError(String);

impl Decimal {
    /// The number, as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Decimal {
    type Err = DecimalError;

    fn from_str(text: &str) -> Result<Self, DecimalError> {
        match canonical(text) {
            Some(_) => Ok(Self(text.to_owned())),
            None => Err(DecimalError(text.to_owned())),
        }
    }
}

impl From<i64> for Decimal {
    fn from(number: i64) -> Self {
        Self(number.to_string())
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        canonical(&self.0) == canonical(&other.0)
    }
}

impl Eq for Decimal {}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cow::<'de, str>::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl JsonSchema for Decimal {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Decimal".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": FORMAT })
    }
}

/// The canonical form of a number: its digits without zeros at either end, and the power of ten of the last one. `None`
/// if the text is not a number.
pub(crate) fn canonical(text: &str) -> Option<String> {
    let (sign, unsigned) = match text.strip_prefix(['-', '+']) {
        Some(rest) if text.starts_with('-') => ("-", rest),
        Some(rest) => ("", rest),
        None => ("", text),
    };
    let (number, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((number, exponent)) => (number, exponent.parse::<i64>().ok()?),
        None => (unsigned, 0),
    };
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let digits = [whole, part].concat();
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let significant = digits.trim_end_matches('0');
    let dropped = i64::try_from(digits.len() - significant.len()).ok()?;
    let significant = significant.trim_start_matches('0');
    if significant.is_empty() {
        return Some("0".to_owned());
    }
    let power = exponent.checked_sub(i64::try_from(part.len()).ok()?)?.checked_add(dropped)?;
    Some(match power {
        0 => format!("{sign}{significant}"),
        power => format!("{sign}{significant}e{power}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_one_form_each_and_other_texts_none() {
        for (text, form) in [
            ("0", Some("0")),
            ("-0.000e7", Some("0")),
            ("1.50", Some("15e-1")),
            ("+15e-1", Some("15e-1")),
            ("-00120", Some("-12e1")),
            ("120e-1", Some("12")),
            (".5", Some("5e-1")),
            ("5.", Some("5")),
            ("123456789012345678901234567890.1", Some("1234567890123456789012345678901e-1")),
            ("", None),
            (".", None),
            ("1e", None),
            ("1e9223372036854775808", None),
            ("1.1e-9223372036854775808", None),
            ("0x10", None),
            ("NaN", None),
            ("1 ", None),
            ("--1", None),
            ("1.2.3", None),
        ] {
            assert_eq!(canonical(text).as_deref(), form, "{text}");
            if let Some(form) = form {
                assert_eq!(canonical(form).as_deref(), Some(form), "the form of a form is itself");
            }
        }
    }
}
