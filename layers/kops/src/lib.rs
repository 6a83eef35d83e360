//! The cluster layer of Landform: a kops cluster spec becomes resources in a stack.

pub mod cidr;
mod duration;
pub mod fixed;
pub mod lookup;
pub mod names;
mod populate;
pub mod problem;
mod read;
pub mod source;
pub mod spec;
mod validate;

pub use fixed::FixedLookup;
pub use lookup::Lookup;
pub use populate::{Balancer, Group, Populated, TerminationQueue, populate};
pub use problem::{Problem, Problems};
pub use spec::Spec;
pub use validate::validate;
