//! Notations of single values: taints, kernel parameters, digests, URLs, versions, numbers as text.

use super::written::texts;
use super::{Notation, Written};
use crate::version::Version;
use std::fmt;

texts! {
    /// A taint of a Kubernetes node.
    Taint: "key=value:effect, such as dedicated=db:NoSchedule", |text| {
        let (key, effect) = text.rsplit_once(':').unwrap_or((text, "any"));
        !key.is_empty() && !effect.is_empty() && !key.contains(':')
    };
    /// The SHA-256 of a file in 64 hexadecimal digits. `sha256:` may stand before them.
    Sha256: "a SHA-256 in 64 hexadecimal digits", |text| {
        let digits = text.strip_prefix("sha256:").unwrap_or(text);
        digits.len() == 64 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    /// A URL with a scheme and a host.
    Url: "a URL, such as https://example.com", |text| {
        let parts = text.split_once("://");
        parts.is_some_and(|(scheme, rest)| !scheme.is_empty() && !rest.is_empty() && !rest.starts_with('/'))
    };
    /// A kernel parameter with its value.
    KernelParameter: "name=value", |text| text.contains('=');
}

impl Sha256 {
    /// The digits.
    pub fn digits(&self) -> &str {
        self.as_str().strip_prefix("sha256:").unwrap_or(self.as_str())
    }
}

impl Url {
    /// The text before `://`.
    pub fn scheme(&self) -> &str {
        self.as_str().split_once("://").map_or("", |(scheme, _)| scheme)
    }
}

impl Taint {
    /// A taint of its parts. A taint may have no value, or an empty one.
    pub fn new(key: &str, value: Option<&str>, effect: &str) -> Self {
        Self(match value {
            Some(value) => format!("{key}={value}:{effect}"),
            None => format!("{key}:{effect}"),
        })
    }

    /// The key.
    pub fn key(&self) -> &str {
        let before = self.0.rsplit_once(':').map_or(self.as_str(), |(before, _)| before);
        before.split_once('=').map_or(before, |(key, _)| key)
    }

    /// The value, which may be empty.
    pub fn value(&self) -> &str {
        let before = self.0.rsplit_once(':').map_or(self.as_str(), |(before, _)| before);
        before.split_once('=').map_or("", |(_, value)| value)
    }

    /// The effect, such as `NoSchedule`. `None` if the text has none.
    pub fn effect(&self) -> Option<&str> {
        self.0.rsplit_once(':').map(|(_, effect)| effect)
    }
}

/// A finite number that is not negative.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NonNegative(f64);

impl NonNegative {
    /// One half.
    pub const HALF: Self = Self(0.5);

    /// The number.
    pub fn get(self) -> f64 {
        self.0
    }
}

impl fmt::Display for NonNegative {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Notation for NonNegative {
    const EXPECTED: &'static str = "a number that is not negative, such as 0.5";

    fn read(text: &str) -> Option<Self> {
        text.parse().ok().filter(|number: &f64| number.is_finite() && *number >= 0.0).map(Self)
    }
}

/// A whole number that is not negative.
impl Notation for u32 {
    const EXPECTED: &'static str = "a whole number that is not negative";

    fn read(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl Notation for Version {
    const EXPECTED: &'static str = "a version, such as 1.34.0";

    fn read(text: &str) -> Option<Self> {
        Self::parse(text)
    }
}

impl Version {
    /// The version, written with a leading `v`.
    pub(crate) fn with_v(self) -> Written<Self> {
        Written::new(format!("v{self}"), self)
    }
}

/// A version of etcd 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EtcdVersion {
    /// The second number.
    pub minor: u16,
    /// The third number.
    pub patch: u16,
}

impl fmt::Display for EtcdVersion {
    /// The three numbers, without a leading `v`.
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "3.{}.{}", self.minor, self.patch)
    }
}

impl Notation for EtcdVersion {
    const EXPECTED: &'static str = "a version of etcd 3, such as 3.6.12";

    fn read(text: &str) -> Option<Self> {
        let numbers = text.strip_prefix('v').unwrap_or(text).strip_prefix("3.")?;
        let (minor, patch) = numbers.split_once('.')?;
        Some(Self { minor: minor.parse().ok()?, patch: patch.parse().ok()? })
    }
}
