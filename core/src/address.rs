//! Names: resource types, addresses of nodes, tokens of attempts. Only parses and prints them.

use std::{borrow::Borrow, fmt, str::FromStr, sync::Arc};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A name that does not have the form of its kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not {expected}")]
pub struct NameError {
    /// The given value.
    pub text: String,
    /// The expected form, as a noun phrase.
    pub expected: &'static str,
}

macro_rules! text_newtype {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The text of it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, text: &str) -> bool {
                *self.0 == *text
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, text: &&str) -> bool {
                *self.0 == **text
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.0, f)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                struct Text;

                impl de::Visitor<'_> for Text {
                    type Value = $name;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str("a string")
                    }

                    fn visit_str<E: de::Error>(self, text: &str) -> Result<$name, E> {
                        text.parse().map_err(E::custom)
                    }
                }

                d.deserialize_str(Text)
            }
        }
    };
}

text_newtype! {
    /// The name of a resource type, as the Terraform provider spells it: `aws_subnet`. The name of a data source begins
    /// with `data.`: `data.aws_ami`.
    ///
    /// The part before the first underscore names the provider.
    TypeName
}

text_newtype! {
    /// The name of a provider in a stack, a state and an engine: `aws`, or `aws.west` if there are several of a kind.
    ProviderName
}

text_newtype! {
    /// The address of a node in a stack: `aws_subnet.private-a`, the type and the name joined by a dot.
    Address
}

text_newtype! {
    /// The identity of one attempted effect. It is created before the effect, written to the journal, sent to the cloud
    /// (client token, request id or tag), and used to find the result of the attempt.
    ///
    /// At most 64 characters of `[A-Za-z0-9-]`, which AWS accepts as client tokens. GCE request ids are derived from
    /// it.
    Token
}

impl TypeName {
    /// The name of the provider: the part before the first underscore.
    pub fn provider(&self) -> &str {
        self.bare().split('_').next().unwrap_or_default()
    }

    /// The name as Terraform's provider spells it, without the prefix of a data source.
    pub fn bare(&self) -> &str {
        self.0.strip_prefix(DATA).unwrap_or(&self.0)
    }

    /// Whether it is the type of a data source.
    pub fn is_data(&self) -> bool {
        self.0.starts_with(DATA)
    }
}

/// The prefix of the types of data sources.
const DATA: &str = "data.";

impl ProviderName {
    /// Whether it is the default provider of its kind: its name has no part after a dot.
    pub fn is_default(&self) -> bool {
        self.alias().is_none()
    }

    /// The part that distinguishes it from others of its kind: `west` of `aws.west`.
    pub fn alias(&self) -> Option<&str> {
        self.0.split_once('.').map(|(_, alias)| alias)
    }
}

impl FromStr for ProviderName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let word = |word: &str| {
            word.starts_with(|c: char| c.is_ascii_alphabetic())
                && word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
        };
        let (head, tail) = text.split_once('.').map_or((text, None), |(head, tail)| (head, Some(tail)));
        if word(head) && tail.is_none_or(word) {
            Ok(Self(text.into()))
        } else {
            Err(NameError { text: text.into(), expected: "a provider's name, as in \"aws\" or \"aws.west\"" })
        }
    }
}

impl FromStr for TypeName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        if is_type(text) {
            Ok(Self(text.into()))
        } else {
            Err(NameError {
                text: text.into(),
                expected: "a resource type: lower-case letters, digits and '_', as in \"aws_subnet\"",
            })
        }
    }
}

impl Address {
    /// Joins a type and a name. The name is an identifier as in Terraform: letters, digits, `_` and `-`, beginning with
    /// a letter or `_`.
    pub fn new(type_name: &TypeName, name: &str) -> Result<Self, NameError> {
        if is_name(name) {
            Ok(Self(format!("{type_name}.{name}").into()))
        } else {
            Err(NameError {
                text: name.into(),
                expected: "a name: letters, digits, '_' and '-', beginning with a letter or '_'",
            })
        }
    }

    /// The part for the type, before the last dot.
    pub fn type_str(&self) -> &str {
        self.0.rsplit_once('.').map_or("", |(head, _)| head)
    }

    /// The part for the type, as a type name.
    pub fn type_name(&self) -> TypeName {
        TypeName(self.type_str().into())
    }

    /// The part for the name, after the last dot.
    pub fn name(&self) -> &str {
        self.0.rsplit_once('.').map_or(&self.0, |(_, tail)| tail)
    }

    /// Whether it is the address of a data source, which is only read.
    pub fn is_data(&self) -> bool {
        self.0.starts_with(DATA)
    }

    /// An address with a malformed name, for the error that reports it.
    pub(crate) fn unchecked(type_name: &TypeName, name: &str) -> Self {
        Self(format!("{type_name}.{name}").into())
    }
}

impl FromStr for Address {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        // A state has several for each of its objects, so the text is checked in place and copied once.
        if text.rsplit_once('.').is_some_and(|(head, tail)| is_type(head) && is_name(tail)) {
            return Ok(Self(text.into()));
        }
        let expected = "an address: a type, a dot and a name, as in \"aws_subnet.private-a\"";
        Err(NameError { text: text.into(), expected })
    }
}

fn is_type(text: &str) -> bool {
    let bare = text.strip_prefix(DATA).unwrap_or(text);
    bare.starts_with(|c: char| c.is_ascii_lowercase())
        && bare.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

fn is_name(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next().is_some_and(|c| c.is_alphabetic() || c == '_')
        && characters.all(|c| c.is_alphanumeric() || c == '_' || c == '-')
}

impl FromStr for Token {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let good = !text.is_empty()
            && text.len() <= 64
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if good {
            Ok(Self(text.into()))
        } else {
            Err(NameError { text: text.into(), expected: "a token: 1 to 64 letters, digits and '-'" })
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn addresses_round_trip_and_split() {
        let address: Address = "aws_subnet.private-a".parse().unwrap();
        assert_eq!((address.type_str(), address.name()), ("aws_subnet", "private-a"));
        assert_eq!(address.type_name().provider(), "aws");
        assert_eq!(serde_json::from_str::<Address>("\"aws_subnet.private-a\"").unwrap(), address);
    }

    #[test]
    fn data_sources_have_addresses_of_their_own() {
        let address: Address = "data.aws_ami.ubuntu".parse().unwrap();
        assert_eq!((address.type_str(), address.name()), ("data.aws_ami", "ubuntu"));
        let type_name = address.type_name();
        assert!(address.is_data() && type_name.is_data());
        assert_eq!((type_name.bare(), type_name.provider()), ("aws_ami", "aws"));
    }

    #[test]
    fn providers_have_a_kind_and_perhaps_an_alias() {
        assert!("aws".parse::<ProviderName>().unwrap().is_default());
        assert!(!"aws.west".parse::<ProviderName>().unwrap().is_default());
        for bad in ["", "aws.", ".west", "aws.west.1", "a b"] {
            assert!(bad.parse::<ProviderName>().is_err(), "{bad}");
        }
    }

    #[test]
    fn malformed_names_say_what_was_expected() {
        for bad in ["", "aws_subnet", "aws_subnet.", "Aws.x", "aws_subnet.1a", "aws_subnet.a b", "a.b.c"] {
            let error = bad.parse::<Address>().unwrap_err();
            assert!(error.to_string().contains("as in \"aws_subnet.private-a\""), "{error}");
        }
        assert!("a/b".parse::<Token>().is_err());
        assert!("x".repeat(65).parse::<Token>().is_err());
    }
}
