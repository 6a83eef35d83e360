//! Amazon EC2 Auto Scaling: groups of instances.

mod attachment;
mod group;
mod lifecycle_hook;
mod mixed_instances;

pub use attachment::*;
pub use group::*;
pub use lifecycle_hook::*;
pub use mixed_instances::*;
