//! Infrastructure as embeddable Rust: declare resources as typed values, plan, apply, and never lose one.
//!
//! This crate is the facade: everything a user needs, by feature. The house behind it is in ARCHITECTURE.md.
//!
//! | feature | what it adds |
//! |---|---|
//! | `aws` (default) | AWS's resource types, as declarations |
//! | `gce` | Google Compute Engine's resource types, as declarations |
//! | `vpc` (default) | the base network layer |
//! | `kops` (default) | the cluster layer |
//! | `client` | the calls that manage real resources, by the clouds' SDKs |
//! | `http` | the adapter for plain HTTP/JSON services, [`kit::rest`] |
//! | `object-store` | state in S3, Google Cloud Storage or Azure |
//! | `postgres` | state in PostgreSQL |
//! | `encryption` | state encrypted at rest |

pub use landform_core::*;
pub use landform_kit as kit;
pub use landform_plan::{
    Action, Answer, ApplyOptions, Cancel, Change, ChangeKind, Check, Counts, CreateFirst, Drift, Engine,
    EngineBuilder, EngineError, Event, Failure, FieldChange, Incomplete, MoveConflict, MoveProblem, Plan,
    PlanFileError, PlanOptions, Policy, Reason, Refresh, ReplaceOrder, Report, Restored, Secrets, Sink,
    Skipped, Unmet, Verb, Warning, When, event, journal, plan, store, view,
};
pub use landform_sim as sim;

#[cfg(feature = "aws")]
pub use landform_aws as aws;
#[cfg(feature = "gce")]
pub use landform_gce as gce;
#[cfg(feature = "kops")]
pub use landform_kops as kops;
#[cfg(feature = "vpc")]
pub use landform_vpc as vpc;

/// The documents' examples, compiled with the tests.
#[cfg(doctest)]
mod documents {
    #[doc = include_str!("README.md")]
    mod readme {}
    #[doc = include_str!("docs/stacks.md")]
    mod stacks {}
    #[doc = include_str!("docs/adding-a-resource.md")]
    mod adding_a_resource {}
}
