//! The cluster layer of Landform: a kops cluster spec becomes resources in a stack.

pub mod cidr;
mod duration;
mod fingerprint;
pub mod fixed;
pub mod lookup;
pub mod model;
pub mod names;
pub mod populate;
pub mod problem;
mod quantity;
mod read;
pub mod source;
pub mod spec;
mod validate;

pub use fixed::FixedLookup;
pub use lookup::Lookup;
pub use model::{ClusterHandles, Existing, Options, cluster};
pub use populate::{NetworkSource, Populated, populate};
pub use problem::{Problem, Problems};
pub use spec::Spec;
pub use validate::validate;
