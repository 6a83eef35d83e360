//! Data sources: what is asked of AWS and never managed, named and shaped as in Terraform's provider. They bear the
//! names of the resource types they find, and so keep to this module.
//!
//! ```
//! use landform_aws::{self as aws, data};
//! use landform_core::{Cidr, Stack};
//!
//! let mut stack = Stack::new("guest");
//! let zones = stack.read("here", data::AvailabilityZones::new().state(data::ZoneState::Available));
//! let vpc = stack.read("shared", data::Vpc::new().tag("Name", "shared"));
//! let block: Cidr = "10.20.64.0/24".parse()?;
//! stack.add("guest-a", aws::Subnet::ipv4(vpc.id(), block).availability_zone(zones.names().at(0)));
//! stack.check()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod filter;

pub use filter::*;

mod ami;
mod availability_zones;
mod subnet;
mod subnets;
mod vpc;

landform_kit::types! {
    with "ec2" crate::client::Client;
    data ami::Ami;
    data availability_zones::AvailabilityZones;
    data subnet::Subnet;
    data subnets::Subnets;
    data vpc::Vpc;
}
