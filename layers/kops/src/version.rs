//! Versions of Kubernetes and other software. They are written without a leading `v`.

use std::cmp::Ordering;
use std::fmt;

/// A version of Kubernetes, such as `1.34.2` or `1.35.0-beta.1`. Versions are ordered as <https://semver.org>
/// specifies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    major: u16,
    minor: u16,
    patch: u16,
    /// The text after the three numbers, with its sign. Empty for a release.
    rest: String,
}

impl Version {
    /// A release of three numbers.
    pub const fn new(major: u16, minor: u16, patch: u16) -> Self {
        Self { major, minor, patch, rest: String::new() }
    }

    /// The pre-release of this release that has these parts, such as `beta.1`.
    pub fn with_prerelease(self, parts: &str) -> Self {
        Self { rest: format!("-{parts}"), ..self }
    }

    /// Reads a version, with or without a leading `v`; a missing last number is 0. `None` if the text is not a version.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let number = text.strip_prefix('v').unwrap_or(text);
        let (release, rest) = number.split_at(number.find(['-', '+']).unwrap_or(number.len()));
        let mut parts = release.split('.').map(str::parse::<u16>);
        let (major, minor) = (parts.next()?.ok()?, parts.next()?.ok()?);
        let patch = parts.next().unwrap_or(Ok(0)).ok()?;
        parts.next().is_none().then(|| Self { major, minor, patch, rest: rest.to_owned() })
    }

    /// The first two numbers.
    pub fn minor(&self) -> (u16, u16) {
        (self.major, self.minor)
    }

    /// Whether the version belongs to this minor version or a later one.
    pub fn is_at_least(&self, major: u16, minor: u16) -> bool {
        self.minor() >= (major, minor)
    }

    /// The parts of a pre-release, such as `beta` and `1`. A release has none.
    fn prerelease(&self) -> impl Iterator<Item = &str> {
        let rest = self.rest.split('+').next().unwrap_or_default();
        rest.trim_start_matches('-').split('.').filter(|part| !part.is_empty())
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        let numbers = |version: &Self| (version.major, version.minor, version.patch);
        // A release comes after its pre-releases.
        let is_release = |version: &Self| version.prerelease().next().is_none();
        let part = |one: &str, other: &str| match (one.parse::<u64>(), other.parse::<u64>()) {
            (Ok(one), Ok(other)) => one.cmp(&other),
            (Ok(_), Err(_)) => Ordering::Less,
            (Err(_), Ok(_)) => Ordering::Greater,
            (Err(_), Err(_)) => one.cmp(other),
        };
        let mut others = other.prerelease();
        let parts = || {
            for own in self.prerelease() {
                match others.next().map(|other| part(own, other)) {
                    Some(Ordering::Equal) => {}
                    Some(order) => return order,
                    None => return Ordering::Greater,
                }
            }
            if others.next().is_some() { Ordering::Less } else { Ordering::Equal }
        };
        let order = numbers(self).cmp(&numbers(other)).then(is_release(self).cmp(&is_release(other)));
        // Versions that are equal so far may differ in their build metadata, which `Eq` compares.
        order.then_with(parts).then_with(|| self.rest.cmp(&other.rest))
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}.{}.{}{}", self.major, self.minor, self.patch, self.rest)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::Version;

    #[test]
    fn versions_are_in_order() {
        let all =
            ["1.34.0-alpha.1", "1.34.0-alpha.2", "1.34.0-alpha.10", "1.34.0-beta.1", "1.34.0", "1.34.1"];
        let all: Vec<Version> = all.iter().filter_map(|text| Version::parse(text)).collect();
        assert!(all.len() == 6 && all.is_sorted() && all.windows(2).all(|pair| pair[0] < pair[1]), "{all:?}");
    }

    #[test]
    fn versions() {
        let version = Version::parse("v1.34.2").unwrap();
        assert_eq!(version.to_string(), "1.34.2");
        assert!(version.is_at_least(1, 34) && version.is_at_least(1, 33) && !version.is_at_least(1, 35));
        assert_eq!(Version::parse("1.34").unwrap().to_string(), "1.34.0");
        let beta = Version::parse("1.35.0-beta.1").unwrap();
        assert_eq!(beta.to_string(), "1.35.0-beta.1");
        assert_eq!(Version::new(1, 35, 0).with_prerelease("beta.1"), beta);
        for text in ["", "1", "one", "1.x", "1.2.3.4", "https://storage/release/v1.34.0"] {
            assert_eq!(Version::parse(text), None, "{text}");
        }
    }
}
