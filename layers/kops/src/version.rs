//! Versions of Kubernetes: read, compared, written without a leading `v`.

use std::fmt;

/// A version of Kubernetes, such as `1.34.2` or `1.35.0-beta.1`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    major: u16,
    minor: u16,
    patch: u16,
    /// What follows the three numbers, with its sign; empty for a release.
    rest: String,
}

impl Version {
    /// Reads a version, with or without a leading `v`; a missing last number is 0. Nothing if the text is none.
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
    fn versions() {
        let version = Version::parse("v1.34.2").unwrap();
        assert_eq!(version.to_string(), "1.34.2");
        assert!(version.is_at_least(1, 34) && version.is_at_least(1, 33) && !version.is_at_least(1, 35));
        assert_eq!(Version::parse("1.34").unwrap().to_string(), "1.34.0");
        assert_eq!(Version::parse("1.35.0-beta.1").unwrap().to_string(), "1.35.0-beta.1");
        for text in ["", "1", "one", "1.x", "1.2.3.4", "https://storage/release/v1.34.0"] {
            assert_eq!(Version::parse(text), None, "{text}");
        }
    }
}
