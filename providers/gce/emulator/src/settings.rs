//! How an emulated cloud is to be.

use std::{collections::BTreeMap, time::Duration};

/// What an [`Emulator`](crate::Emulator) is started with.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Settings {
    /// The projects; others are not found.
    pub projects: Vec<Project>,
    /// Whether each project begins with the network `default`, as Google's do unless told otherwise.
    pub default_network: bool,
    /// How long operations take.
    pub life: Life,
    /// Quotas that differ from the usual, by metric: `NETWORKS`, `CPUS`.
    pub quotas: BTreeMap<String, u64>,
    /// Public images beyond those that are always there.
    pub images: Vec<Image>,
    /// The port on the loopback interface; 0 takes one that is free.
    pub port: u16,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            projects: vec![Project::new("landform-test")],
            default_network: true,
            life: Life::default(),
            quotas: BTreeMap::new(),
            images: Vec::new(),
            port: 0,
        }
    }
}

/// A project.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Project {
    /// Its id, as `landform-test`.
    pub id: String,
    /// Its number.
    pub number: u64,
    /// Services that are not enabled in it: `compute.googleapis.com`.
    pub disabled: Vec<String>,
}

impl Project {
    /// A project with all services enabled. The number follows from the id.
    pub fn new(id: &str) -> Self {
        let number = id.bytes().fold(0_u64, |sum, byte| (sum * 31 + u64::from(byte)) % 900_000_000_000);
        Self { id: id.to_owned(), number: 100_000_000_000 + number, disabled: Vec::new() }
    }
}

/// A public image.
#[derive(Clone, Debug, PartialEq)]
pub struct Image {
    /// The project it is in: `debian-cloud`.
    pub project: String,
    /// Its name.
    pub name: String,
    /// The family whose newest it is, if any.
    pub family: Option<String>,
}

/// How long an operation is in which state. With nothing said it is RUNNING in its first answer and DONE whenever it
/// is looked at afterwards.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Life {
    /// PENDING, from its start.
    pub pending: Duration,
    /// RUNNING, after that.
    pub running: Duration,
}

impl Life {
    /// Both together.
    pub fn whole(&self) -> Duration {
        self.pending.saturating_add(self.running)
    }
}
