//! Address ranges, addresses and ports.

use super::written::in_spec;
use super::{Notation, NotationError, Written};
use ipnet::IpNet;
use landform_core::{Cidr, CidrError};
use serde::{Serialize, Serializer};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr};

/// A range whose address has no bits outside its prefix.
impl Notation for Cidr {
    const EXPECTED: &'static str = "an address range, such as 10.20.0.0/16";

    fn read(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    fn parse(text: &str) -> Result<Self, NotationError> {
        text.parse().map_err(|error| match error {
            CidrError::HostBits { meant, .. } => {
                let expected = "an address range without bits outside its prefix";
                NotationError::new(text, expected, Some(format!("did you mean {meant}?")))
            }
            CidrError::Malformed(_) => {
                let hint = text.parse::<IpAddr>().ok().map(|address| {
                    format!("did you mean {address}/{}?", if address.is_ipv4() { 32 } else { 64 })
                });
                NotationError::new(text, Self::EXPECTED, hint)
            }
        })
    }
}

/// A range, where Kubernetes allows bits outside the prefix.
impl Notation for IpNet {
    const EXPECTED: &'static str = "an address range, such as 10.20.0.0/16";

    fn read(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl From<Written<Cidr>> for Written<IpNet> {
    fn from(range: Written<Cidr>) -> Self {
        range.map(Cidr::net)
    }
}

impl Notation for IpAddr {
    const EXPECTED: &'static str = "an IP address";

    fn read(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl Notation for Ipv4Addr {
    const EXPECTED: &'static str = "an IPv4 address";

    fn read(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

/// A machine in a network: its address, or its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Host {
    /// An address.
    Address(IpAddr),
    /// A DNS name.
    Name(String),
}

impl From<String> for Host {
    fn from(text: String) -> Self {
        text.parse().map_or(Self::Name(text), Self::Address)
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Address(address) => address.fmt(f),
            Self::Name(name) => f.write_str(name),
        }
    }
}

impl Serialize for Host {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Ports from a first to a last one, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PortRange {
    /// The first port.
    pub first: u16,
    /// The last port. Never below the first.
    pub last: u16,
}

impl Notation for PortRange {
    const EXPECTED: &'static str = "two ports, such as 30000-32767";

    fn read(text: &str) -> Option<Self> {
        let (first, last) = text.split_once('-')?;
        let (first, last) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
        (first <= last).then_some(Self { first, last })
    }
}

/// Who may reach something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccessSource {
    /// The addresses of a range.
    Range(Written<Cidr>),
    /// The addresses of a prefix list of AWS, given by its id `pl-…`.
    PrefixList(String),
}

impl AccessSource {
    /// The text.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Range(range) => range.as_str(),
            Self::PrefixList(id) => id,
        }
    }

    /// Whether both are the same range or the same list, however they are written.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Range(one), Self::Range(other)) => one.value() == other.value(),
            _ => self == other,
        }
    }
}

impl AsRef<str> for AccessSource {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl Notation for AccessSource {
    const EXPECTED: &'static str = "an address range, such as 10.20.0.0/16, or a prefix list, pl-…";

    fn read(text: &str) -> Option<Self> {
        Self::parse(text).ok()
    }

    fn parse(text: &str) -> Result<Self, NotationError> {
        if text.starts_with("pl-") {
            Ok(Self::PrefixList(text.to_owned()))
        } else {
            text.parse().map(Self::Range)
        }
    }
}

in_spec!(AccessSource);

/// The IPv6 range of a subnet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ipv6Block {
    /// A range of its own.
    Range(Cidr),
    /// A part of the network's range. The user writes `/64#a` for the part with the number 10 and the prefix length 64.
    Part {
        /// The prefix length.
        length: u8,
        /// The part's number, from 0. Its text is hexadecimal.
        number: u64,
    },
}

impl fmt::Display for Ipv6Block {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Range(range) => range.fmt(f),
            Self::Part { length, number } => write!(f, "/{length}#{number:x}"),
        }
    }
}

impl Notation for Ipv6Block {
    const EXPECTED: &'static str = "an IPv6 range, or /64#0 for the first /64 of the network";

    fn read(text: &str) -> Option<Self> {
        Self::parse(text).ok()
    }

    fn parse(text: &str) -> Result<Self, NotationError> {
        let wrong = || NotationError::new(text, Self::EXPECTED, None);
        if let Some(part) = text.strip_prefix('/') {
            let (length, number) = part.split_once('#').ok_or_else(wrong)?;
            let length = length.parse().ok().filter(|length| *length <= 128).ok_or_else(wrong)?;
            let number = u64::from_str_radix(number, 16).map_err(|_| wrong())?;
            return Ok(Self::Part { length, number });
        }
        let range = <Cidr as Notation>::parse(text)?;
        if range.addr().is_ipv6() { Ok(Self::Range(range)) } else { Err(wrong()) }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_users_spelling_is_kept() {
        let range: Written<Cidr> = "2001:DB8:0::/48".parse().unwrap();
        assert_eq!(
            (range.as_str(), range.value().to_string().as_str()),
            ("2001:DB8:0::/48", "2001:db8::/48")
        );
        assert_eq!(serde_json::to_value(&range).unwrap(), "2001:DB8:0::/48");
    }

    #[test]
    fn sources_ports_and_blocks() {
        assert_eq!(AccessSource::read("pl-1"), Some(AccessSource::PrefixList("pl-1".into())));
        assert_eq!(PortRange::read("30000 - 32767"), Some(PortRange { first: 30000, last: 32767 }));
        assert_eq!(Ipv6Block::read("/64#1f"), Some(Ipv6Block::Part { length: 64, number: 31 }));
        assert_eq!(Ipv6Block::read("/64#1f").unwrap().to_string(), "/64#1f");
        for (told, expected) in [
            (AccessSource::parse("10.0.0.1").unwrap_err(), "did you mean 10.0.0.1/32?"),
            (AccessSource::parse("10.0.0.1/8").unwrap_err(), "did you mean 10.0.0.0/8?"),
            (PortRange::parse("2-1").unwrap_err(), "\"2-1\": expected two ports"),
            (PortRange::parse("1-65536").unwrap_err(), "expected two ports"),
            (Ipv6Block::parse("10.0.0.0/8").unwrap_err(), "expected an IPv6 range"),
            (Ipv6Block::parse("/129#0").unwrap_err(), "expected an IPv6 range"),
        ] {
            assert!(told.to_string().contains(expected), "{told}");
        }
    }
}
