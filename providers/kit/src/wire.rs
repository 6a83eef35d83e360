//! Fields on the wire: how a declared field becomes an SDK's optional field, and back. Enums use their text, so the
//! code names no variant twice.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet, HashMap},
    fmt::{self, Display},
};

use landform_core::{Cidr, Error, Id, Result};

use crate::senseless;

/// A declared field whose SDK type is `W`, usually an `Option`.
///
/// Reading turns an empty text into `None` if the field is optional, and a missing boolean into `false`, because clouds
/// mean that. Writing leaves out an empty list, set or map.
pub trait Wire<W>: Sized {
    /// From the wire.
    ///
    /// # Errors
    /// The problem with the value, worded to follow the field's name: `is missing`.
    fn from_wire(wire: W) -> Result<Self, String>;

    /// To the wire.
    fn wire(&self) -> W;
}

/// A value that is one text on the wire: texts, ids, CIDR ranges, and the enums that [`words!`](crate::words) lists.
pub trait Text: Sized {
    /// The text.
    fn text(&self) -> Cow<'_, str>;

    /// From the text.
    ///
    /// # Errors
    /// The problem with the text.
    fn from_text(text: &str) -> Result<Self, String>;
}

/// Reads a field of an answer. The error names `field`.
///
/// # Errors
/// Internal if the answer lacks the field or holds an unexpected value.
pub fn read<T: Wire<W>, W>(wire: W, field: &str) -> Result<T> {
    T::from_wire(wire).map_err(|problem| unreadable(field, &problem))
}

fn unreadable(field: &str, problem: &str) -> Error {
    senseless(format!("the answer's {field} {problem}"))
}

/// Builds a declared struct from an SDK's value, field by field by [`read`](fn@crate::read):
///
/// ```
/// use landform_kit::read;
///
/// struct Answer { name: Option<String>, ttl: Option<i32>, open: Option<bool> }
/// struct Zone { name: String, seconds: u32, open: bool, kind: &'static str }
///
/// fn zone(answer: Answer) -> landform_kit::core::Result<Zone> {
///     Ok(read!(answer => Zone {
///         name, open,        // fields of the same name
///         seconds: ttl,      // a field of another name
///         kind = "public",   // anything else
///     }))
/// }
/// let answer = Answer { name: Some("a".into()), ttl: Some(60), open: None };
/// assert_eq!(zone(answer)?.seconds, 60);
/// let error = zone(Answer { name: None, ttl: None, open: None }).err().unwrap();
/// assert_eq!(error.message(), "the answer's name is missing");
/// # Ok::<(), landform_kit::core::Error>(())
/// ```
///
/// It moves the fields out of the value, and returns early with `?` if it cannot read one.
#[macro_export]
macro_rules! read {
    ($from:ident => $type:ident { $($field:ident $(: $wire:ident)? $(= $value:expr)?),* $(,)? }) => {
        $type { $( $field: $crate::read!(@ $from $field $(: $wire)? $(= $value)?) ),* }
    };
    (@ $from:ident $field:ident) => {
        $crate::read($from.$field, ::core::stringify!($field))?
    };
    (@ $from:ident $field:ident : $wire:ident) => {
        $crate::read($from.$wire, ::core::stringify!($wire))?
    };
    (@ $from:ident $field:ident = $value:expr) => { $value };
}

/// Declares that enums are words on the wire, spelt as serde spells them: `words!(Tenancy, HostnameType);`.
#[macro_export]
macro_rules! words {
    ($($word:ty),+ $(,)?) => { $(
        impl $crate::Text for $word {
            fn text(&self) -> ::std::borrow::Cow<'_, str> {
                $crate::__word(self).into()
            }
            fn from_text(text: &str) -> ::core::result::Result<Self, ::std::string::String> {
                $crate::__from_word(text)
            }
        }
    )+ };
}

#[doc(hidden)]
pub fn __word<T: serde::Serialize>(word: &T) -> String {
    struct Shown<'a, T>(&'a T);
    impl<T: serde::Serialize> fmt::Display for Shown<'_, T> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            self.0.serialize(f)
        }
    }
    Shown(word).to_string()
}

#[doc(hidden)]
pub fn __from_word<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, String> {
    use serde::de::{IntoDeserializer, value};
    let text: value::StrDeserializer<'_, value::Error> = text.into_deserializer();
    T::deserialize(text).map_err(|error| format!("is unexpected: {error}"))
}

const MISSING: &str = "is missing";

impl Text for String {
    fn text(&self) -> Cow<'_, str> {
        self.as_str().into()
    }

    fn from_text(text: &str) -> Result<Self, String> {
        Ok(text.to_owned())
    }
}

impl<R> Text for Id<R> {
    fn text(&self) -> Cow<'_, str> {
        self.as_str().into()
    }

    fn from_text(text: &str) -> Result<Self, String> {
        Ok(Self::new(text))
    }
}

impl Text for Cidr {
    fn text(&self) -> Cow<'_, str> {
        self.to_string().into()
    }

    fn from_text(text: &str) -> Result<Self, String> {
        text.parse().map_err(|error| format!("is unexpected: {error}"))
    }
}

impl<T: Text, S: Display + for<'a> From<&'a str>> Wire<Option<S>> for T {
    fn from_wire(wire: Option<S>) -> Result<Self, String> {
        T::from_text(&wire.ok_or(MISSING)?.to_string())
    }

    fn wire(&self) -> Option<S> {
        Some(S::from(&self.text()))
    }
}

impl<T: Text, S: Display + for<'a> From<&'a str>> Wire<Option<S>> for Option<T> {
    fn from_wire(wire: Option<S>) -> Result<Self, String> {
        let text = wire.map(|text| text.to_string()).filter(|text| !text.is_empty());
        text.as_deref().map(T::from_text).transpose()
    }

    fn wire(&self) -> Option<S> {
        self.as_ref().map(|value| S::from(&value.text()))
    }
}

impl<T: Text> Wire<String> for T {
    fn from_wire(wire: String) -> Result<Self, String> {
        T::from_text(&wire)
    }

    fn wire(&self) -> String {
        self.text().into_owned()
    }
}

impl Wire<Option<bool>> for bool {
    fn from_wire(wire: Option<bool>) -> Result<Self, String> {
        Ok(wire.unwrap_or_default())
    }

    fn wire(&self) -> Option<bool> {
        Some(*self)
    }
}

impl Wire<Option<bool>> for Option<bool> {
    fn from_wire(wire: Option<bool>) -> Result<Self, String> {
        Ok(wire)
    }

    fn wire(&self) -> Option<bool> {
        *self
    }
}

macro_rules! numbers {
    ($($ours:ty => $($theirs:ty),+;)+) => { $($(
        impl Wire<Option<$theirs>> for $ours {
            fn from_wire(wire: Option<$theirs>) -> Result<Self, String> {
                let number = wire.ok_or(MISSING)?;
                number.try_into().map_err(|_| format!("is {number}, out of range"))
            }

            fn wire(&self) -> Option<$theirs> {
                Some(<$theirs>::try_from(*self).unwrap_or(<$theirs>::MAX))
            }
        }

        impl Wire<Option<$theirs>> for Option<$ours> {
            fn from_wire(wire: Option<$theirs>) -> Result<Self, String> {
                wire.map(|number| <$ours>::from_wire(Some(number))).transpose()
            }

            fn wire(&self) -> Option<$theirs> {
                self.and_then(|number| number.wire())
            }
        }
    )+)+ };
}

numbers! {
    u8 => i32, i64;
    u16 => i32, i64;
    u32 => i32, i64, u32;
    u64 => i32, i64, u64;
    i32 => i32, i64;
    i64 => i32, i64;
}

impl<T: Text, S: Display + for<'a> From<&'a str>> Wire<Option<Vec<S>>> for Vec<T> {
    fn from_wire(wire: Option<Vec<S>>) -> Result<Self, String> {
        wire.unwrap_or_default().iter().map(|item| T::from_text(&item.to_string())).collect()
    }

    fn wire(&self) -> Option<Vec<S>> {
        (!self.is_empty()).then(|| self.iter().map(|item| S::from(&item.text())).collect())
    }
}

impl<T: Text + Ord, S: Display + for<'a> From<&'a str>> Wire<Option<Vec<S>>> for BTreeSet<T> {
    fn from_wire(wire: Option<Vec<S>>) -> Result<Self, String> {
        wire.unwrap_or_default().iter().map(|item| T::from_text(&item.to_string())).collect()
    }

    fn wire(&self) -> Option<Vec<S>> {
        (!self.is_empty()).then(|| self.iter().map(|item| S::from(&item.text())).collect())
    }
}

impl<T: Text> Wire<Option<HashMap<String, String>>> for BTreeMap<String, T> {
    fn from_wire(wire: Option<HashMap<String, String>>) -> Result<Self, String> {
        let entries = wire.unwrap_or_default().into_iter();
        entries.map(|(key, value)| Ok((key, T::from_text(&value)?))).collect()
    }

    fn wire(&self) -> Option<HashMap<String, String>> {
        let entries = self.iter().map(|(key, value)| (key.clone(), value.text().into_owned()));
        (!self.is_empty()).then(|| entries.collect())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use landform_core::block;

    use super::*;

    #[block]
    #[serde(rename_all = "kebab-case")]
    enum Kind {
        IpName,
        ResourceName,
    }

    words!(Kind);

    #[test]
    fn enums_go_by_their_text_both_ways() {
        let wire: Option<String> = Kind::ResourceName.wire();
        assert_eq!(wire.as_deref(), Some("resource-name"));
        assert_eq!(read::<Kind, _>(Some("ip-name".to_owned()), "kind").unwrap(), Kind::IpName);
        let error = read::<Kind, _>(Some("other".to_owned()), "kind").unwrap_err();
        assert!(error.message().starts_with("the answer's kind is unexpected: unknown variant"), "{error}");
    }

    #[test]
    fn nothing_is_told_from_empty_where_clouds_do_not() {
        assert_eq!(read::<Option<Cidr>, _>(Some(String::new()), "range").unwrap(), None);
        assert!(!read::<bool, Option<bool>>(None, "open").unwrap());
        assert_eq!(read::<Option<u16>, _>(Some(443), "port").unwrap(), Some(443));
        assert_eq!(
            read::<u16, _>(Some(70_000), "port").unwrap_err().message(),
            "the answer's port is 70000, out of range"
        );
        assert_eq!(Wire::<Option<Vec<String>>>::wire(&Vec::<String>::new()), None);
    }
}
