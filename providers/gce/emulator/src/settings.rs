//! The settings of an emulated cloud.

use std::{collections::BTreeMap, time::Duration};

/// The settings of an [`Emulator`](crate::Emulator).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Settings {
    /// The projects. Others do not exist.
    pub projects: Vec<Project>,
    /// Whether each project starts with the network `default`. Google's projects do so by default.
    pub default_network: bool,
    /// How long operations take.
    pub life: Life,
    /// Quotas that differ from the defaults, by metric: `NETWORKS`, `CPUS`.
    pub quotas: BTreeMap<String, u64>,
    /// Public images in addition to those that always exist.
    pub images: Vec<Image>,
    /// The port on the loopback interface. 0 takes a free one.
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
    /// Its id, such as `landform-test`.
    pub id: String,
    /// Its number.
    pub number: u64,
    /// Services that are not enabled in it: `compute.googleapis.com`.
    pub disabled: Vec<String>,
}

impl Project {
    /// A project with all services enabled. The id determines the number.
    pub fn new(id: &str) -> Self {
        let number = id.bytes().fold(0_u64, |sum, byte| (sum * 31 + u64::from(byte)) % 900_000_000_000);
        Self { id: id.to_owned(), number: 100_000_000_000 + number, disabled: Vec::new() }
    }
}

/// A public image.
#[derive(Clone, Debug, PartialEq)]
pub struct Image {
    /// Its project: `debian-cloud`.
    pub project: String,
    /// Its name.
    pub name: String,
    /// The family whose newest image it is, if any.
    pub family: Option<String>,
}

/// How long an operation is in each state. By default it is RUNNING in its first answer and DONE in all later ones.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Life {
    /// The time in state PENDING, from the start.
    pub pending: Duration,
    /// The time in state RUNNING after that.
    pub running: Duration,
}

impl Life {
    /// The total time.
    pub fn whole(&self) -> Duration {
        self.pending.saturating_add(self.running)
    }
}
