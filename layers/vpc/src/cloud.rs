//! The clouds, by the form of their regions. Tells a region of one cloud from that of another; knows no list of regions.

use std::fmt;

use crate::BaseNetworkError;

/// A cloud that a base network can be on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CloudName {
    /// Amazon Web Services.
    Aws,
    /// Google Cloud.
    Google,
}

impl CloudName {
    /// Refuses the region of another cloud. On Google Cloud it also refuses the name of a zone.
    pub(crate) fn check_region(self, field: &'static str, region: &str) -> Result<(), BaseNetworkError> {
        let right = match self {
            // Emulators and partitions of AWS have regions of other forms, but none has Google's.
            Self::Aws => !is_googles(region),
            Self::Google => is_googles(region),
        };
        let found = region.to_owned();
        if right { Ok(()) } else { Err(BaseNetworkError::Region { field, found, cloud: self }) }
    }

    /// A region, as an example of the form.
    pub(crate) fn region(self) -> &'static str {
        match self {
            Self::Aws => "us-east-2",
            Self::Google => "us-central1",
        }
    }
}

impl fmt::Display for CloudName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Aws => "AWS",
            Self::Google => "Google Cloud",
        })
    }
}

/// Whether a name has the form of Google's regions: letters, a dash, letters, a number.
fn is_googles(region: &str) -> bool {
    let word = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase());
    let Some((continent, rest)) = region.split_once('-') else { return false };
    let direction = rest.trim_end_matches(|c: char| c.is_ascii_digit());
    word(continent) && word(direction) && direction.len() < rest.len()
}
