//! The embedded cloud: it realises any declared resource type in a directory and survives the process.
//!
//! Everything it does follows from the [`ResourceType`](landform_core::ResourceType): ids by their form, computed
//! values, references that must exist, what is in use cannot go, ranges and names that must differ, long operations
//! that answer with a ticket. Data sources find what exists and what the cloud was told. Latency, faults, lagging reads,
//! drift and crashes can be asked for. A ledger says what exists and what was ever done, so that an outsider can compare
//! it with what a state believes.
//!
//! It is what a newcomer runs and what tests use. It never pretends to be more: it moves no packet, checks no
//! permission and no quota, knows of a real cloud only what the types declare, and keeps what it is given, secrets
//! included, in clear text in its directory (readable by the owner alone). A killed process loses nothing; a machine
//! that loses power may.
//!
//! ```
//! use landform_core::{Id, attributes, resource};
//! use landform_sim::Cloud;
//!
//! /// A bucket.
//! #[resource("demo_bucket", id = "{name}", unique("name"))]
//! pub struct Bucket {
//!     /// Its name.
//!     #[field(immutable)]
//!     pub name: String,
//! }
//!
//! /// What the cloud says of it.
//! #[attributes]
//! pub struct BucketAttributes {
//!     /// The id.
//!     pub id: Id<Bucket>,
//! }
//!
//! # use landform_core::Resource;
//! # let directory = tempfile::tempdir()?;
//! let cloud = Cloud::open(directory.path()).types([Bucket::resource_type()]).region("us-east-2").build()?;
//! let provider = cloud.provider("demo");
//! assert!(provider.driver("demo_bucket").is_some());
//! assert!(cloud.objects()?.is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod builder;
mod calls;
mod clock;
mod cloud;
mod compute;
mod decide;
mod demand;
mod driver;
mod faults;
mod form;
mod hook;
mod latency;
mod ledger;
mod log;
mod manner;
mod question;
mod references;
mod rules;
mod session;
mod source;
mod world;

pub use builder::Builder;
pub use calls::{Calls, Operation};
pub use cloud::Cloud;
pub use faults::Fault;
pub use hook::{Moment, Point, Then};
pub use latency::{Lag, Latency};
pub use ledger::{Effect, Entry, Existing};
pub use log::{LedgerError, PATH};
