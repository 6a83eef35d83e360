//! The base network: a VPC in several availability zones, with four subnets and a managed NAT gateway in each zone, and
//! room for several clusters. A pure function from a description to declared nodes. It makes no calls, and declares
//! nothing of the clusters.
//!
//! The type of the description is the choice of a cloud. [`BaseNetwork`] is on AWS. `gce::BaseNetwork`, behind the feature
//! `gce`, is on Google Cloud: it has the same tiers, address plan and outputs, and the module says what differs.
//!
//! ```
//! use landform_core::Stack;
//! use landform_vpc::{self as vpc, BaseNetwork, Tier};
//!
//! let mut stack = Stack::new("base");
//! let net = vpc::base(&mut stack, &BaseNetwork { zones: 3.into(), ..BaseNetwork::default() })?;
//!
//! let working = net.private_working("us-east-2a").id(); // a typed reference, to place things in
//! let databases = net.subnet_ids(Tier::PrivateProduction); // one subnet a zone
//! let egress = net.nat_gateway("us-east-2a").id(); // clusters share it
//! let block = net.cluster_block(0)?; // addresses for the first cluster
//! assert_eq!(block.cidr.to_string(), "10.20.128.0/19");
//!
//! stack.check()?;
//! # let _ = (working, databases, egress);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What is where on AWS
//! The tiers, their places in the VPC's range and the routing follow the Terraform module that ReactiveOps, later
//! Fairwinds, published for this network (`FairwindsOps/terraform-vpc`).
//!
//! | tier | what belongs there | way out |
//! |---|---|---|
//! | public | load balancers, bastions, the NAT gateways | internet gateway |
//! | admin | shared internal tools: build servers, monitoring | the zone's NAT gateway |
//! | private working | what serves no customer: staging, development | the zone's NAT gateway |
//! | private production | what serves customers | the zone's NAT gateway |
//!
//! Admin subnets are private, because administrative machines are the last that should have a public address.
//! Administrators connect through a bastion or VPN endpoint in a public subnet.
//!
//! All public subnets share one route table, because the internet gateway has no zone. The private subnets of each zone
//! have their own, which leads only to the NAT gateway of that zone. So the loss of a zone costs no other zone its
//! egress.

mod addresses;
mod aws;
mod base;
mod cloud;
mod description;
mod error;
#[cfg(feature = "gce")]
pub mod gce;
mod network;
mod ranges;
mod zones;

pub use addresses::{AddressPlan, ClusterBlock, ClusterZone};
pub use base::{Description, base};
pub use cloud::CloudName;
pub use description::{BaseNetwork, NatGateways, Sizes, Tier};
pub use error::BaseNetworkError;
pub use network::Network;
pub use zones::{MOST_ZONES, Zone, Zones};
