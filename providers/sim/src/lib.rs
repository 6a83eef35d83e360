//! The embedded cloud. It creates resources of any declared type in a directory, and they outlive the process.
//!
//! Everything it does follows from the [`ResourceType`](landform_core::ResourceType): ids by their form, computed
//! values, references that must exist, resources in use that cannot be deleted, ranges and names that must differ, long
//! operations that return a ticket. Data sources find existing resources and given facts. Tests can ask for latency,
//! faults, lagging reads, drift and crashes. A ledger has the existing resources and every effect, so an outsider can
//! compare it with a state. A [`Fleet`] lets groups make and remove members by themselves.
//!
//! Newcomers and tests use it. It never pretends to be more: it moves no packet, checks no permission and no quota, and
//! knows of a real cloud only what the types declare. It keeps its data, including secrets, in clear text in its
//! directory (readable only by the owner). A killed process loses nothing; a power cut may.
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
//! /// The attributes that the cloud computes for a [`Bucket`].
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
mod fleet;
mod form;
mod hook;
mod latency;
mod ledger;
mod log;
mod manner;
mod place;
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
pub use fleet::Fleet;
pub use hook::{Moment, Point, Then};
pub use latency::{Lag, Latency};
pub use ledger::{Effect, Entry, Existing};
pub use log::{LedgerError, PATH};
