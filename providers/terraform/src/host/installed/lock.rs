//! Terraform's dependency lock file: the version and the hashes of each provider. Only reads it.

use std::path::{Path, PathBuf};

use semver::Version;
use serde::Deserialize;

use super::{InstalledError, address::Address};

/// What a lock file records about one provider.
#[derive(Debug, Clone)]
pub(super) struct Locked {
    pub file: PathBuf,
    pub version: Version,
    /// The hashes with their kinds: `h1:…`, `zh:…`.
    pub hashes: Vec<String>,
}

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    provider: std::collections::BTreeMap<String, Entry>,
}

#[derive(Deserialize)]
struct Entry {
    version: String,
    #[serde(default)]
    hashes: Vec<String>,
}

/// Reads what a lock file records about a provider.
pub(super) fn read(file: &Path, address: &Address) -> Result<Locked, InstalledError> {
    let text = std::fs::read_to_string(file).map_err(InstalledError::io(file))?;
    let malformed = |problem: String| InstalledError::Lock { file: file.to_owned(), problem };
    let entries: File = hcl::from_str(&text).map_err(|problem| malformed(problem.to_string()))?;
    let entry = entries.provider.into_iter().find(|(name, _)| *name == address.to_string());
    let (_, entry) = entry
        .ok_or_else(|| InstalledError::NotLocked { provider: address.to_string(), file: file.to_owned() })?;
    let version = Version::parse(&entry.version).map_err(|_| {
        malformed(format!("the version {:?} of {address}, expected one such as 3.6.3", entry.version))
    })?;
    Ok(Locked { file: file.to_owned(), version, hashes: entry.hashes })
}
