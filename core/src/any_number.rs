//! Numbers of types that do not say whether they are whole, as in Terraform.

use std::{borrow::Cow, cmp::Ordering, fmt};

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{Input, Ref, number};

/// A number, whole or not. Two are equal if they are the same number.
///
/// An argument of this type takes the numbers of Rust. `Ref::number` makes one of a reference to a number of Rust:
///
/// ```
/// use landform_core::{Address, Input, Number, Path, Ref};
/// let length: Input<Number> = 2.into();
/// let price: Input<Number> = 0.5.into();
/// let port: Ref<u16> = Ref::new("demo_gate.a".parse::<Address>()?, Path::field("port"));
/// let port: Input<Number> = port.number();
/// # let _ = (length, price, port);
/// assert_eq!(Number::from(2), serde_json::from_str("2.0")?);
/// assert_eq!(Number::from(2).as_i64(), Some(2));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Number(serde_json::Number);

impl Number {
    /// The number as an integer; `None` if it is not whole or has more than 64 bits.
    pub fn as_i64(&self) -> Option<i64> {
        // A whole number may be written with a point.
        number::plain(&self.0.clone().into()).as_i64()
    }

    /// The nearest number with a floating point.
    pub fn as_f64(&self) -> Option<f64> {
        self.0.as_f64()
    }

    /// The number as JSON.
    pub fn as_json(&self) -> &serde_json::Number {
        &self.0
    }
}

impl From<serde_json::Number> for Number {
    fn from(number: serde_json::Number) -> Self {
        Self(number)
    }
}

/// Numbers that become one, also by a reference.
macro_rules! whole {
    ($($kind:ty),+) => {
        $(impl From<$kind> for Number {
            fn from(number: $kind) -> Self {
                Self(number.into())
            }
        })+
    };
}

whole!(i8, i16, i32, i64, u8, u16, u32, u64);

/// The same for inputs. A reference to a number of Rust is not converted by itself: conditions could no longer tell what
/// they compare.
macro_rules! inputs {
    ($($kind:ty),+) => {
        $(impl From<$kind> for Input<Number> {
            fn from(number: $kind) -> Self {
                Self::from_expr(Input::<$kind>::from(number).into_expr())
            }
        }

        impl Ref<$kind> {
            /// The number, where a [`Number`] is wanted.
            pub fn number(self) -> Input<Number> {
                Input::from_expr(self.into_expr())
            }
        })+
    };
}

// A number with a floating point may be NaN, which an input reports.
inputs!(i8, i16, i32, i64, u8, u16, u32, u64, f32, f64);

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Number {}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        // JSON has no number without an order.
        number::compare(&self.0, &other.0).unwrap_or(Ordering::Equal)
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(s)
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        serde_json::Number::deserialize(d).map(Self)
    }
}

impl JsonSchema for Number {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Number".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({ "type": "number" })
    }
}
