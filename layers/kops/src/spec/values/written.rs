//! Values with a notation: how a text becomes a value, and how the text is kept.

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::{Serialize, Serializer};
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::str::FromStr;

/// Why a text is not a value of a notation. Says what was given and what was expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotationError(pub(crate) String);

impl NotationError {
    /// The text is not what a notation expects. The hint, if there is one, follows in parentheses.
    pub(crate) fn new(text: &str, expected: &str, hint: Option<String>) -> Self {
        let hint = hint.map(|hint| format!(" ({hint})")).unwrap_or_default();
        Self(format!("{text:?}: expected {expected}{hint}"))
    }
}

/// A value that users write as text.
pub trait Notation: Sized {
    /// What a text of the notation is, as a noun phrase with an example.
    const EXPECTED: &'static str;

    /// Reads a text. `None` if it does not follow the notation.
    fn read(text: &str) -> Option<Self>;

    /// Reads a text.
    ///
    /// # Errors
    /// The text does not follow the notation.
    fn parse(text: &str) -> Result<Self, NotationError> {
        Self::read(text).ok_or_else(|| NotationError::new(text, Self::EXPECTED, None))
    }
}

/// A value with the text that the user wrote. Serialisation writes that text, so a spec keeps the user's spelling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written<T> {
    value: T,
    text: String,
}

impl<T> Written<T> {
    pub(super) fn new(text: String, value: T) -> Self {
        Self { value, text }
    }

    /// The value.
    pub fn value(&self) -> &T {
        &self.value
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The same text with another view of its value.
    pub(crate) fn map<U>(self, view: impl FnOnce(T) -> U) -> Written<U> {
        Written { value: view(self.value), text: self.text }
    }
}

impl<T> Deref for Written<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: Notation + fmt::Display> From<T> for Written<T> {
    fn from(value: T) -> Self {
        Self { text: value.to_string(), value }
    }
}

impl<T> fmt::Display for Written<T> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl<T: Notation> FromStr for Written<T> {
    type Err = NotationError;

    fn from_str(text: &str) -> Result<Self, NotationError> {
        Ok(Self { value: T::parse(text)?, text: text.to_owned() })
    }
}

impl<T> Serialize for Written<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de, T: Notation> Deserialize<'de> for Written<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read(deserializer)
    }
}

/// The text of a field, or an empty text if the field is absent.
pub fn text<T: AsRef<str>>(field: &Option<T>) -> &str {
    field.as_ref().map_or("", AsRef::as_ref)
}

impl<T> AsRef<str> for Written<T> {
    fn as_ref(&self) -> &str {
        &self.text
    }
}

/// Reads a text where a deserializer finds one.
pub(super) fn read<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: FromStr<Err = NotationError>,
    D: Deserializer<'de>,
{
    struct Text<T>(PhantomData<T>);

    impl<T: FromStr<Err = NotationError>> Visitor<'_> for Text<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
            f.write_str("a string")
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
            text.parse().map_err(E::custom)
        }
    }

    deserializer.deserialize_str(Text(PhantomData))
}

/// Makes types with a [`Notation`] and an `AsRef<str>` fields of a spec.
macro_rules! in_spec {
    ($($name:ident)*) => {$(
        impl std::str::FromStr for $name {
            type Err = $crate::spec::values::NotationError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                <Self as $crate::spec::values::Notation>::parse(text)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
                f.write_str(self.as_ref())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_ref())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::spec::values::written::read(deserializer)
            }
        }
    )*};
}
pub(super) use in_spec;

/// Declares texts of one form: a name, what is expected, and the test that a text passes.
macro_rules! texts {
    ($($(#[$about:meta])* $name:ident: $expected:literal, $passes:expr;)*) => {$(
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl $crate::spec::values::Notation for $name {
            const EXPECTED: &'static str = $expected;

            fn read(text: &str) -> Option<Self> {
                let passes: fn(&str) -> bool = $passes;
                passes(text).then(|| Self(text.to_owned()))
            }
        }

        $crate::spec::values::written::in_spec!($name);
    )*};
}
pub(super) use texts;
