//! Amazon EC2: networks and what is in them.

mod ebs_volume;
mod egress_only_internet_gateway;
mod eip;
mod internet_gateway;
mod key_pair;
mod launch_template;
mod nat_gateway;
mod route;
mod route_table;
mod route_table_association;
mod security_group;
mod security_group_rule;
mod subnet;
mod vpc;
mod vpc_dhcp_options;
mod vpc_dhcp_options_association;
mod vpc_ipv4_cidr_block_association;

pub use ebs_volume::*;
pub use egress_only_internet_gateway::*;
pub use eip::*;
pub use internet_gateway::*;
pub use key_pair::*;
pub use launch_template::*;
pub use nat_gateway::*;
pub use route::*;
pub use route_table::*;
pub use route_table_association::*;
pub use security_group::*;
pub use security_group_rule::*;
pub use subnet::*;
pub use vpc::*;
pub use vpc_dhcp_options::*;
pub use vpc_dhcp_options_association::*;
pub use vpc_ipv4_cidr_block_association::*;
