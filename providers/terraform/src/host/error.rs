//! Why a plugin cannot be used.

use std::time::Duration;

use landform_core::{Error, schema::Violation};

/// Why a plugin cannot be used. No process is left behind.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PluginError {
    /// The program cannot be started.
    #[error("{program} cannot be started")]
    Start {
        /// The program.
        program: String,
        /// The reason.
        #[source]
        source: std::io::Error,
    },
    /// The program ended before it said where it listens.
    #[error("{program} ended at its start ({status}), expected the first line of a plugin{said}")]
    Ended {
        /// The program.
        program: String,
        /// How it ended.
        status: String,
        /// What it said on stderr, with a colon before it.
        said: String,
    },
    /// The holder of the plugin cannot work.
    #[error("{program} cannot be held: {message}")]
    Holder {
        /// The program.
        program: String,
        /// The reason.
        message: String,
    },
    /// The program is not a plugin.
    #[error(
        "{program} is not a plugin of Terraform: its first line is {line:?}, expected 1|6|unix|/path|grpc|…"
    )]
    NotAPlugin {
        /// The program.
        program: String,
        /// The beginning of its first line.
        line: String,
    },
    /// The plugin speaks another version of the protocol.
    #[error("{program} speaks version {version} of the plugin protocol, expected 5 or 6")]
    Protocol {
        /// The program.
        program: String,
        /// The version.
        version: String,
    },
    /// The plugin does not answer.
    #[error("{program} did not {what} within {} s", after.as_secs_f64())]
    Silent {
        /// The program.
        program: String,
        /// What it should have done.
        what: &'static str,
        /// How long it was given.
        after: Duration,
    },
    /// The connection to the plugin failed.
    #[error("cannot talk to {program}")]
    Connection {
        /// The program.
        program: String,
        /// The reason.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The plugin answered what the protocol does not allow.
    #[error("{program} gives a malformed answer: {message}")]
    Malformed {
        /// The program.
        program: String,
        /// What is wrong.
        message: String,
    },
    /// The configuration does not fit the plugin's schema.
    #[error("the configuration of {program}: {}", violations.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Configuration {
        /// The program.
        program: String,
        /// Everything that is wrong.
        violations: Vec<Violation>,
    },
    /// The plugin refuses the configuration.
    #[error("{program} refuses its configuration: {error}")]
    Refused {
        /// The program.
        program: String,
        /// The messages of the plugin.
        error: Error,
    },
}
