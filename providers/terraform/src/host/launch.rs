//! How a plugin is started.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    time::Duration,
};

use super::secrets::Key;

/// How to start a plugin.
///
/// ```
/// use landform_terraform::Launch;
/// let launch = Launch::new("/usr/bin/terraform-provider-random").environment("HTTPS_PROXY", "http://proxy:8080");
/// # let _ = launch;
/// ```
#[derive(Debug, Clone)]
pub struct Launch {
    pub(super) program: PathBuf,
    pub(super) arguments: Vec<OsString>,
    pub(super) environment: Vec<(OsString, OsString)>,
    pub(super) patience: Duration,
    pub(super) key: Option<Key>,
    pub(super) held: Option<PathBuf>,
}

impl Launch {
    /// Starts this program, without arguments, in the environment of this process.
    pub fn new(program: impl Into<PathBuf>) -> Self {
        Self {
            program: program.into(),
            arguments: Vec::new(),
            environment: Vec::new(),
            patience: Duration::from_secs(60),
            key: None,
            held: None,
        }
    }

    /// Adds an argument.
    pub fn argument(mut self, argument: impl Into<OsString>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    /// Sets a variable of the environment.
    pub fn environment(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.environment.push((name.into(), value.into()));
        self
    }

    /// Sets how long to wait for the plugin to start and to describe its types; by default a minute, like Terraform.
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Allows sensitive values. A plugin must get them back in the clear, so the seals of a Landform state are not
    /// enough for it: its states of types with sensitive values are encrypted with this key (AES-256-GCM) and kept in
    /// the private bytes of the object. Keep the key: without it, these objects cannot be changed or deleted.
    pub fn sensitive_values_with(mut self, key: [u8; 32]) -> Self {
        self.key = Some(Key::new(key));
        self
    }

    /// Starts the plugin under a holder, which keeps the answers to creations in this folder. If the engine's process is
    /// killed, the holder finishes the changes that run, and the next run takes their results from the folder. The
    /// program must call [`hold_plugins`](crate::hold_plugins) first in its `main`.
    ///
    /// Use the same folder for every run of a stack, on a local disk. Only the user can read it. Several stacks may share
    /// it. Answers are deleted as soon as a journal has them.
    #[cfg(unix)]
    pub fn held_in(mut self, folder: impl Into<PathBuf>) -> Self {
        self.held = Some(folder.into());
        self
    }
}

impl From<&str> for Launch {
    fn from(program: &str) -> Self {
        Self::new(program)
    }
}

impl From<&Path> for Launch {
    fn from(program: &Path) -> Self {
        Self::new(program)
    }
}

impl From<PathBuf> for Launch {
    fn from(program: PathBuf) -> Self {
        Self::new(program)
    }
}
