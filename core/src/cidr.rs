//! Networks in CIDR form, IPv4 and IPv6, without host bits.

use std::{
    borrow::Cow,
    fmt,
    net::{Ipv4Addr, Ipv6Addr},
    ops::Deref,
    str::FromStr,
};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// The format that marks such a field in JSON Schema.
pub const FORMAT: &str = "cidr";

/// A network: an address and a prefix length. All bits after the prefix are zero.
///
/// ```
/// use landform_core::Cidr;
/// let network: Cidr = "10.20.0.0/16".parse()?;
/// assert_eq!(network.prefix_len(), 16);
/// let error = "10.20.0.1/16".parse::<Cidr>().unwrap_err();
/// assert_eq!(error.to_string(), "10.20.0.1/16 has host bits set; did you mean 10.20.0.0/16?");
/// # Ok::<(), landform_core::CidrError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cidr(IpNet);

/// A text that is not a network.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CidrError {
    /// Not of the form address/length.
    #[error("{0:?} is not a network in CIDR form, as in \"10.0.0.0/16\"")]
    Malformed(String),
    /// Bits after the prefix are set.
    #[error("{found} has host bits set; did you mean {meant}?")]
    HostBits {
        /// The given value.
        found: IpNet,
        /// The network that holds it.
        meant: IpNet,
    },
}

impl CidrError {
    /// What was expected, as a noun phrase.
    pub fn expected(&self) -> String {
        match self {
            Self::Malformed(_) => "a network in CIDR form, as in \"10.0.0.0/16\"".into(),
            Self::HostBits { meant, .. } => format!("a network without host bits; did you mean {meant}?"),
        }
    }
}

impl Cidr {
    /// The part with a number, from 0, among the parts with a prefix length. `None` if the network has no such part.
    ///
    /// ```
    /// use landform_core::Cidr;
    /// let network: Cidr = "10.20.0.0/16".parse()?;
    /// assert_eq!(network.part(24, 7).map(|part| part.to_string()).as_deref(), Some("10.20.7.0/24"));
    /// assert_eq!(network.part(24, 256), None);
    /// # Ok::<(), landform_core::CidrError>(())
    /// ```
    pub fn part(&self, length: u8, number: u64) -> Option<Self> {
        let bits = length.checked_sub(self.0.prefix_len())?;
        if length > self.0.max_prefix_len() || bits < 64 && number >> bits > 0 {
            return None;
        }
        let part = |behind: u8| u128::from(number).checked_shl(u32::from(behind)).unwrap_or(0);
        Some(Self(match self.0 {
            IpNet::V4(net) => {
                let offset = u32::try_from(part(32 - length)).ok()?;
                IpNet::V4(Ipv4Net::new(Ipv4Addr::from(u32::from(net.network()) | offset), length).ok()?)
            }
            IpNet::V6(net) => {
                let offset = part(128 - length);
                IpNet::V6(Ipv6Net::new(Ipv6Addr::from(u128::from(net.network()) | offset), length).ok()?)
            }
        }))
    }

    /// A network, if no bits after the prefix are set.
    ///
    /// # Errors
    /// Host bits are set.
    pub fn new(network: IpNet) -> Result<Self, CidrError> {
        let meant = network.trunc();
        if meant == network { Ok(Self(network)) } else { Err(CidrError::HostBits { found: network, meant }) }
    }

    /// The network around an address with a prefix length. Clears the host bits.
    pub fn containing(network: IpNet) -> Self {
        Self(network.trunc())
    }

    /// Every IPv4 address: `0.0.0.0/0`.
    pub fn every_ipv4() -> Self {
        Self(IpNet::V4(Ipv4Net::default()))
    }

    /// Every IPv6 address: `::/0`.
    pub fn every_ipv6() -> Self {
        Self(IpNet::V6(Ipv6Net::default()))
    }

    /// The network as a type of ipnet.
    pub fn net(self) -> IpNet {
        self.0
    }
}

impl Deref for Cidr {
    type Target = IpNet;

    fn deref(&self) -> &IpNet {
        &self.0
    }
}

impl FromStr for Cidr {
    type Err = CidrError;

    fn from_str(text: &str) -> Result<Self, CidrError> {
        let network: IpNet = text.parse().map_err(|_| CidrError::Malformed(text.into()))?;
        Self::new(network)
    }
}

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Cidr {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Cidr {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = <Cow<'de, str>>::deserialize(d)?;
        text.parse().map_err(de::Error::custom)
    }
}

impl JsonSchema for Cidr {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Cidr".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({ "type": "string", "format": FORMAT })
    }
}
