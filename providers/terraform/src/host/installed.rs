//! Finds plugins where Terraform keeps them: in its plugin cache, its mirrors, and the folder of `terraform init`.
//! Downloads nothing.

mod address;
mod lock;
mod package;

use std::{
    env, io,
    path::{Path, PathBuf},
};

use semver::Version;

use self::{
    address::Address,
    lock::Locked,
    package::{Form, Package},
};
use super::Launch;

/// A plugin that is installed on this machine, by its address and version.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use landform_terraform::{Installed, Plugin};
///
/// let random = Installed::new("hashicorp/random")?.locked_by(".terraform.lock.hcl")?;
/// let plugin = Plugin::open(random.find().await?).await?;
/// # let _ = plugin;
/// # Ok(()) }
/// ```
///
/// It is searched in these folders, in this order:
///
/// 1. the folders that [`Installed::folder`] adds
/// 2. `.terraform/providers` in the current folder
/// 3. the folder in `TF_PLUGIN_CACHE_DIR`
/// 4. `terraform.d/plugins` in the current folder
/// 5. `.terraform.d/plugins` in the home folder
/// 6. `terraform/plugins` in the folders of `XDG_DATA_HOME` and `XDG_DATA_DIRS`, or in their defaults
///
/// Both layouts of a mirror are known: `HOST/NAMESPACE/TYPE/VERSION/OS_ARCH/` with the program, and
/// `HOST/NAMESPACE/TYPE/terraform-provider-TYPE_VERSION_OS_ARCH.zip`.
///
/// # Guarantees
/// - Nothing is downloaded, and no program is started.
/// - With a lock file, the whole package has one of the recorded hashes. Without one, nothing is checked.
///
/// Source: Terraform's documents on provider installation and on the dependency lock file.
#[derive(Debug, Clone)]
#[must_use]
pub struct Installed {
    address: Address,
    version: Option<Version>,
    locked: Option<Locked>,
    folders: Vec<PathBuf>,
    unpack_into: Option<PathBuf>,
}

/// Why an installed plugin cannot be used. No program was started.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InstalledError {
    /// The address is malformed.
    #[error(
        "invalid address of a provider {found:?}: expected [HOST/]NAMESPACE/TYPE, such as hashicorp/random"
    )]
    Address {
        /// The address.
        found: String,
    },
    /// The version is malformed.
    #[error("invalid version {found:?} of {provider}: expected one such as 3.6.3")]
    Version {
        /// The provider.
        provider: String,
        /// The version.
        found: String,
    },
    /// The lock file is malformed.
    #[error("invalid lock file {}: {problem}", file.display())]
    Lock {
        /// The file.
        file: PathBuf,
        /// What is wrong, and where.
        problem: String,
    },
    /// The lock file does not have the provider.
    #[error("{} has no entry for {provider}: run `terraform init`", file.display())]
    NotLocked {
        /// The provider.
        provider: String,
        /// The lock file.
        file: PathBuf,
    },
    /// No folder has the plugin.
    #[error(
        "{provider} {}is not installed for {platform}: searched {}",
        version_words(version),
        listed(folders)
    )]
    NotFound {
        /// The provider.
        provider: String,
        /// The version that was asked for.
        version: Option<String>,
        /// The platform in Terraform's words: `linux_amd64`.
        platform: String,
        /// The folders that exist and were searched.
        folders: Vec<PathBuf>,
    },
    /// The plugin is not the one that the lock file records.
    #[error("{} has the hash {found}, expected one of {}", package.display(), expected.join(", "))]
    Hash {
        /// The package: a folder or a zip file.
        package: PathBuf,
        /// Its hash.
        found: String,
        /// The hashes in the lock file that such a package can have.
        expected: Vec<String>,
    },
    /// The lock file has no hash of a kind that can be checked here.
    #[error("the lock file has no {kind} hash for {}: run `terraform providers lock`", package.display())]
    NoHash {
        /// The package: a folder or a zip file.
        package: PathBuf,
        /// The kind of hash that is missing.
        kind: &'static str,
    },
    /// The plugin is packed.
    #[error("{} is packed: run `terraform init`, or name a folder with Installed::unpack_into", package.display())]
    Packed {
        /// The zip file.
        package: PathBuf,
    },
    /// The package does not hold one plugin.
    #[error("{} is not a package of a plugin: {problem}", package.display())]
    Package {
        /// The package: a folder or a zip file.
        package: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// A file cannot be read or written.
    #[error("cannot use {}", file.display())]
    Io {
        /// The file or folder.
        file: PathBuf,
        /// The reason.
        #[source]
        source: io::Error,
    },
}

impl InstalledError {
    fn io(file: &Path) -> impl Fn(io::Error) -> Self {
        move |source| Self::Io { file: file.to_owned(), source }
    }
}

impl Installed {
    /// Searches a provider by its address: `[HOST/]NAMESPACE/TYPE`. The host is `registry.terraform.io` by default.
    ///
    /// # Errors
    /// The address is malformed.
    pub fn new(address: &str) -> Result<Self, InstalledError> {
        let address = address.parse()?;
        Ok(Self { address, version: None, locked: None, folders: Vec::new(), unpack_into: None })
    }

    /// Takes exactly this version. By default it is the version in the lock file, or else the newest one that is
    /// installed. Versions before a release, such as 1.0.0-beta1, are taken only by this method or a lock file.
    ///
    /// # Errors
    /// The version is malformed.
    pub fn version(mut self, version: &str) -> Result<Self, InstalledError> {
        let malformed =
            |_| InstalledError::Version { provider: self.address.to_string(), found: version.to_owned() };
        self.version = Some(Version::parse(version).map_err(malformed)?);
        Ok(self)
    }

    /// Takes the version that a lock file of Terraform records, and checks the package by the recorded hashes.
    ///
    /// # Errors
    /// The file cannot be read, is malformed, or does not have the provider.
    pub fn locked_by(mut self, file: impl AsRef<Path>) -> Result<Self, InstalledError> {
        self.locked = Some(lock::read(file.as_ref(), &self.address)?);
        Ok(self)
    }

    /// Adds a folder to search before the usual ones: a mirror or a cache.
    pub fn folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folders.push(folder.into());
        self
    }

    /// Unpacks a packed plugin into this folder, which has the layout of a mirror. A plugin that is already there is
    /// used as it is, if it has the right hash.
    pub fn unpack_into(mut self, folder: impl Into<PathBuf>) -> Self {
        self.unpack_into = Some(folder.into());
        self
    }

    /// Finds the plugin, and checks it if a lock file is given.
    ///
    /// # Errors
    /// No folder has the plugin, it has another hash, or it cannot be read or unpacked.
    ///
    /// # Cancel safety
    /// Dropping the future leaves no half-unpacked plugin. The check of a large package may go on for a moment.
    pub async fn find(self) -> Result<Launch, InstalledError> {
        let program = tokio::task::spawn_blocking(move || self.program()).await;
        // The task ends by itself only.
        let program = program.unwrap_or_else(|lost| std::panic::resume_unwind(lost.into_panic()))?;
        Ok(Launch::new(program))
    }

    fn program(self) -> Result<PathBuf, InstalledError> {
        let folders = self.searched();
        let wanted = self.version.as_ref().or(self.locked.as_ref().map(|locked| &locked.version));
        if let (Some(asked), Some(locked)) = (&self.version, &self.locked)
            && *asked != locked.version
        {
            return Err(InstalledError::Lock {
                file: locked.file.clone(),
                problem: format!("it records version {} of {}, not {asked}", locked.version, self.address),
            });
        }
        let mut found = Vec::new();
        for folder in &folders {
            found.extend(package::in_folder(folder, &self.address)?);
        }
        // The first of the equal ones is that of the first folder, and unpacked.
        let fits = |package: &&Package| match wanted {
            Some(wanted) => package.version == *wanted,
            None => package.version.pre.is_empty(),
        };
        let best = found.iter().filter(fits).rev().max_by(|one, other| one.version.cmp(&other.version));
        let Some(package) = best else {
            return Err(InstalledError::NotFound {
                provider: self.address.to_string(),
                version: wanted.map(ToString::to_string),
                platform: package::platform(),
                folders,
            });
        };
        if let Some(locked) = &self.locked {
            package.check(&locked.hashes)?;
        }
        match (&package.form, &self.unpack_into) {
            (Form::Folder, _) => package.program(&self.address),
            (Form::Zip, Some(folder)) => {
                let unpacked = package.unpack(folder, &self.address)?;
                unpacked.program(&self.address)
            }
            (Form::Zip, None) => Err(InstalledError::Packed { package: package.place.clone() }),
        }
    }

    /// The folders that exist, each once.
    fn searched(&self) -> Vec<PathBuf> {
        let mut folders = self.folders.clone();
        folders.push(".terraform/providers".into());
        folders.extend(variable("TF_PLUGIN_CACHE_DIR"));
        folders.push("terraform.d/plugins".into());
        let home = env::home_dir();
        folders.extend(home.as_ref().map(|home| home.join(".terraform.d/plugins")));
        let data = variable("XDG_DATA_HOME").or_else(|| home.map(|home| home.join(".local/share")));
        folders.extend(data.map(|data| data.join("terraform/plugins")));
        let shared = env::var_os("XDG_DATA_DIRS").filter(|folders| !folders.is_empty());
        let shared = shared.unwrap_or_else(|| "/usr/local/share:/usr/share".into());
        folders.extend(env::split_paths(&shared).map(|data| data.join("terraform/plugins")));
        let mut seen = std::collections::HashSet::new();
        folders.retain(|folder| folder.is_dir() && seen.insert(folder.clone()));
        folders
    }
}

fn variable(name: &str) -> Option<PathBuf> {
    env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}

fn version_words(version: &Option<String>) -> String {
    version.as_ref().map(|version| format!("{version} ")).unwrap_or_default()
}

fn listed(folders: &[PathBuf]) -> String {
    if folders.is_empty() {
        return "no folder, because none of Terraform's folders exists".to_owned();
    }
    folders.iter().map(|folder| folder.display().to_string()).collect::<Vec<_>>().join(", ")
}
