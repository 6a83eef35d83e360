//! Amazon EC2: networks and what is in them.

mod egress_only_internet_gateway;
mod eip;
mod internet_gateway;
mod nat_gateway;
mod route;
mod route_table;
mod route_table_association;
mod subnet;
mod vpc;

pub use egress_only_internet_gateway::*;
pub use eip::*;
pub use internet_gateway::*;
pub use nat_gateway::*;
pub use route::*;
pub use route_table::*;
pub use route_table_association::*;
pub use subnet::*;
pub use vpc::*;
