//! The address of a provider in Terraform's registries.

use std::{fmt, path::PathBuf, str::FromStr};

use super::InstalledError;

/// The host of an address that names none.
const PUBLIC: &str = "registry.terraform.io";

/// `registry.terraform.io/hashicorp/random`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    host: String,
    namespace: String,
    /// The last part, which is in the name of the program too.
    pub name: String,
}

impl Address {
    /// Its folder in a mirror.
    pub(super) fn folder(&self) -> PathBuf {
        [&self.host, &self.namespace, &self.name].iter().collect()
    }
}

impl FromStr for Address {
    type Err = InstalledError;

    fn from_str(text: &str) -> Result<Self, InstalledError> {
        let parts: Vec<&str> = text.split('/').collect();
        let (host, namespace, name) = match *parts {
            [namespace, name] => (PUBLIC, namespace, name),
            [host, namespace, name] => (host, namespace, name),
            _ => return Err(InstalledError::Address { found: text.to_owned() }),
        };
        let is_word = |part: &str| {
            let is_inner = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
            part.starts_with(|first: char| first.is_ascii_alphanumeric()) && part.chars().all(is_inner)
        };
        let is_host = host.split('.').all(|part| is_word(part.split(':').next().unwrap_or_default()));
        if !(is_host && is_word(namespace) && is_word(name)) {
            return Err(InstalledError::Address { found: text.to_owned() });
        }
        let [host, namespace, name] = [host, namespace, name].map(str::to_ascii_lowercase);
        Ok(Self { host, namespace, name })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.host, self.namespace, self.name)
    }
}
