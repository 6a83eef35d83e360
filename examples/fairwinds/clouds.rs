//! The clouds that this tool works in.

use landform::cli::{Cloud, Context};

/// The cloud that the command line names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chosen {
    /// The embedded cloud, which has the types of all clouds.
    Embedded,
    /// AWS.
    Aws,
    /// Google Cloud.
    Google,
}

impl Chosen {
    /// The cloud of a command line.
    pub fn of<A>(context: &Context<A>) -> Self {
        if context.uses_cloud("aws") {
            Self::Aws
        } else if context.uses_cloud("gce") {
            Self::Google
        } else {
            Self::Embedded
        }
    }
}

/// Google Cloud. Without its client there is only the story, on the embedded cloud.
#[cfg(feature = "gce-client")]
pub fn google() -> Cloud {
    Cloud::gce()
}

/// Google Cloud. Without its client there is only the story, on the embedded cloud.
#[cfg(not(feature = "gce-client"))]
pub fn google() -> Cloud {
    Cloud::new("gce", async |_| Err(NO_CLIENT.into()))
}

/// Why this build cannot call Google Cloud.
#[cfg(not(feature = "gce-client"))]
pub const NO_CLIENT: &str = "this build has no client for Google Cloud: build it with --features gce-client, or use the embedded \
                             cloud with --network FILE, where the file has `regions`";
