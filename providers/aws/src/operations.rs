//! Questions and actions for tools that operate what a stack made: the machines of groups, the addresses of load
//! balancers, the catalogue of machine types. They belong to no resource type: plans never show them, and the engine
//! never repeats them.

mod balancers;
mod buckets;
mod listed;
mod machine_types;
mod machines;
mod tagged;
mod zones;

pub use machine_types::MachineType;
pub use machines::{Machine, MachineGroup, Machines};
pub use zones::HostedZone;
