//! Elastic Load Balancing: network, application and classic load balancers.

mod classic;
mod lb;
mod listener;
mod target_group;

pub use classic::*;
pub use lb::*;
pub use listener::*;
pub use target_group::*;
