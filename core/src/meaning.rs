//! Equality by meaning: texts may differ and mean the same, because a cloud spells texts in its own way. A field's
//! declaration says which meaning it has: `#[field(same = "json")]`.
//!
//! Every meaning has a canonical form. A malformed text (a policy that is not JSON) is its own form.

mod dns;
mod link;
mod policy;
mod ports;
mod quantity;

use std::{borrow::Cow, fmt, str::FromStr};

use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose},
};
use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::{decimal, number};

/// When two spellings of a text mean the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Meaning {
    /// JSON. Ignores white space, the order of keys and the spelling of numbers.
    Json,
    /// An IAM policy. As JSON, and also ignores the order of statements and lists, whether a single text is in a list,
    /// the case of actions, and the spelling of an account as a principal.
    Policy,
    /// Text. Ignores case.
    Case,
    /// A DNS name. Ignores case, a final dot, and whether a letter is written as `\052`.
    DnsName,
    /// A network or an address. Ignores the spelling of its numbers and host bits. An address is the network that
    /// contains only that address.
    Cidr,
    /// Base64 of the same bytes, with or without padding and line breaks, in either alphabet.
    Base64,
    /// A link to a Google resource: complete, without host and version, from any part on (`zones/z/instances/i`), or
    /// the name alone. A project may be given by name or by number.
    SelfLink,
    /// A span of time: `3600s`, `1h`, `60m0s`, `PT1H`, or a number of seconds.
    Duration,
    /// A number of bytes: `1Gi`, `1024Mi`, `1GiB`, `1073741824`.
    Size,
    /// A decimal number of any size: `0.10`, `1e-1`.
    Decimal,
    /// Text without the white space around it.
    Trimmed,
    /// An IP protocol, by its name or its number: `tcp` is 6. `-1` and `all` stand for every protocol.
    IpProtocol,
    /// A port or a range of ports: `443`, `8000-9000`. `443-443` is the port 443.
    PortRange,
}

/// All meanings, with the names that declarations use.
const NAMES: [(Meaning, &str); 13] = [
    (Meaning::Json, "json"),
    (Meaning::Policy, "policy"),
    (Meaning::Case, "case"),
    (Meaning::DnsName, "dns_name"),
    (Meaning::Cidr, "cidr"),
    (Meaning::Base64, "base64"),
    (Meaning::SelfLink, "self_link"),
    (Meaning::Duration, "duration"),
    (Meaning::Size, "size"),
    (Meaning::Decimal, "decimal"),
    (Meaning::Trimmed, "trimmed"),
    (Meaning::IpProtocol, "ip_protocol"),
    (Meaning::PortRange, "port_range"),
];

/// A name that names no meaning.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown meaning {0:?}: expected one of {names}", names = NAMES.map(|(_, name)| name).join(", "))]
pub struct NoSuchMeaning(String);

impl Meaning {
    /// The canonical form of a text. Two texts mean the same if their forms are equal. The form of a form is itself.
    ///
    /// ```
    /// use landform_core::Meaning;
    /// assert_eq!(Meaning::DnsName.canonical("\\052.Example.COM."), "*.example.com");
    /// assert_eq!(Meaning::Duration.canonical("1h30m"), Meaning::Duration.canonical("5400s"));
    /// assert_eq!(Meaning::Duration.canonical("soon"), "soon");
    /// ```
    pub fn canonical<'a>(self, text: &'a str) -> Cow<'a, str> {
        let canonical = match self {
            Self::Json => serde_json::from_str(text).ok().map(|value| number::plain(&value).to_string()),
            Self::Policy => policy::canonical_text(text),
            Self::Case => Some(text.to_lowercase()),
            Self::DnsName => Some(dns::canonical(text)),
            Self::Cidr => cidr(text),
            Self::Base64 => base64(text),
            Self::SelfLink => Some(link::canonical(text)),
            Self::Duration => quantity::duration(text),
            Self::Size => quantity::size(text),
            Self::Decimal => decimal::canonical(text),
            Self::PortRange => ports::canonical(text),
            Self::IpProtocol => return ip_protocol(text),
            Self::Trimmed => return Cow::Borrowed(text.trim()),
        };
        canonical.map_or(Cow::Borrowed(text), Cow::Owned)
    }

    /// Whether two texts mean the same.
    ///
    /// For every meaning except links, two texts mean the same if their canonical forms are equal. A link may say less
    /// than another: `default` means the same as `projects/p/global/networks/default`, and as that of another project.
    pub fn same(self, a: &str, b: &str) -> bool {
        a == b
            || match self {
                Self::SelfLink => link::same(&link::canonical(a), &link::canonical(b)),
                _ => self.canonical(a) == self.canonical(b),
            }
    }

    /// A key for lookups: texts with the same meaning have the same key, and perhaps others too.
    pub fn key(self, text: &str) -> Cow<'_, str> {
        match self {
            Self::SelfLink => link::name(&link::canonical(text)).to_owned().into(),
            _ => self.canonical(text),
        }
    }

    /// The canonical form of a value: of a text, or of a document that is given as a value.
    pub fn canonical_value(self, value: &Json) -> Json {
        match (self, value) {
            (_, Json::String(text)) => self.canonical(text).into_owned().into(),
            (Self::Policy, Json::Object(_)) => policy::canonical(value).to_string().into(),
            (Self::Json, Json::Object(_) | Json::Array(_)) => number::plain(value).to_string().into(),
            (
                Self::Duration | Self::Size | Self::Decimal | Self::IpProtocol | Self::PortRange,
                Json::Number(number),
            ) => self.canonical(&number.to_string()).into_owned().into(),
            _ => number::plain(value),
        }
    }
}

impl fmt::Display for Meaning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = NAMES.iter().find(|(meaning, _)| meaning == self).map_or("", |(_, name)| name);
        f.write_str(name)
    }
}

impl FromStr for Meaning {
    type Err = NoSuchMeaning;

    fn from_str(text: &str) -> Result<Self, NoSuchMeaning> {
        let known = NAMES.iter().find(|(_, name)| *name == text);
        known.map(|(meaning, _)| *meaning).ok_or_else(|| NoSuchMeaning(text.to_owned()))
    }
}

fn cidr(text: &str) -> Option<String> {
    let network = match text.parse::<IpNet>() {
        Ok(network) => network,
        Err(_) => IpNet::from(text.parse::<std::net::IpAddr>().ok()?),
    };
    Some(network.trunc().to_string())
}

/// The protocol in one spelling: a name if clouds accept both a name and a number.
fn ip_protocol(text: &str) -> Cow<'_, str> {
    let name = text.to_ascii_lowercase();
    match name.as_str() {
        "all" | "-1" => "-1".into(),
        "1" => "icmp".into(),
        "6" => "tcp".into(),
        "17" => "udp".into(),
        "58" => "icmpv6".into(),
        _ => name.into(),
    }
}

fn base64(text: &str) -> Option<String> {
    let config = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let digits: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    let alphabet = if digits.contains(['-', '_']) { &alphabet::URL_SAFE } else { &alphabet::STANDARD };
    let bytes = GeneralPurpose::new(alphabet, config).decode(digits).ok()?;
    Some(general_purpose::STANDARD.encode(bytes))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// Texts that mean the same, and one that does not.
    fn told_apart(meaning: Meaning, same: &[&str], other: &str) {
        for a in same {
            for b in same {
                assert!(meaning.same(a, b), "{meaning}: {a} and {b}");
                assert_eq!(meaning.key(a), meaning.key(b), "{meaning}: {a} and {b}");
            }
            assert!(!meaning.same(a, other), "{meaning}: {a} and {other}");
            let canonical = meaning.canonical(a).into_owned();
            assert_eq!(meaning.canonical(&canonical), canonical, "{meaning}: {a}");
        }
    }

    #[test]
    fn every_meaning_has_a_name() {
        for (meaning, name) in NAMES {
            assert_eq!(name.parse::<Meaning>().unwrap(), meaning);
            assert_eq!(serde_json::to_value(meaning).unwrap(), name);
        }
        let error = "jsn".parse::<Meaning>().unwrap_err().to_string();
        assert!(error.starts_with("unknown meaning \"jsn\": expected one of json, policy, case"), "{error}");
    }

    #[test]
    fn json() {
        told_apart(
            Meaning::Json,
            &[r#"{"a":1,"b":[1.5,null]}"#, "{ \"b\" : [15e-1, null], \"a\" : 1.0 }"],
            r#"{"a":1,"b":[null,1.5]}"#,
        );
        told_apart(Meaning::Json, &["9007199254740993"], "9007199254740992");
        told_apart(Meaning::Json, &["no json {"], "no json { ");
    }

    #[test]
    fn case() {
        told_apart(Meaning::Case, &["Standard", "STANDARD"], "premium");
    }

    #[test]
    fn networks() {
        told_apart(Meaning::Cidr, &["2001:DB8:0::/32", "2001:db8::/32", "2001:db8::1/32"], "2001:db8::/33");
        told_apart(Meaning::Cidr, &["10.1.2.3", "10.1.2.3/32"], "10.1.2.4");
        told_apart(Meaning::Cidr, &["10.0.0.0/8", "10.255.0.1/8"], "10.0.0.0/9");
    }

    #[test]
    fn protocols() {
        told_apart(Meaning::IpProtocol, &["tcp", "TCP", "6"], "udp");
        told_apart(Meaning::IpProtocol, &["-1", "all"], "0");
        told_apart(Meaning::IpProtocol, &["58", "icmpv6"], "icmp");
        told_apart(Meaning::IpProtocol, &["4"], "41");
    }

    #[test]
    fn base64_of_the_same_bytes() {
        told_apart(Meaning::Base64, &["+/+/AQ==", "-_-_AQ", "+/+/\r\nAQ", "-_-_AQ=="], "+/+/Ag==");
        told_apart(Meaning::Base64, &["not base64!"], "not base64");
    }

    #[test]
    fn text_within_white_space() {
        told_apart(Meaning::Trimmed, &["ssh-rsa AAAA me", "ssh-rsa AAAA me\n"], "ssh-rsa  AAAA me");
    }
}
