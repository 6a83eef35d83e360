//! Compute Engine: networks and what is in them.

mod network;
mod router;
mod router_nat;
mod subnetwork;

pub use network::*;
pub use router::*;
pub use router_nat::*;
pub use subnetwork::*;
