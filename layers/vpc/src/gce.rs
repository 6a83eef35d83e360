//! The base network on Google Cloud: a global network of custom mode, with four subnetworks and a Cloud NAT in each of
//! its regions, firewall rules, and room for several clusters. It has the tiers, the address plan and the outputs of the
//! network on AWS, and other types where the clouds differ.
//!
//! ```
//! use landform_core::Stack;
//! use landform_vpc::{self as vpc, Tier, gce};
//!
//! let mut stack = Stack::new("base");
//! let description = gce::BaseNetwork { regions: "us-central1".into(), ..gce::BaseNetwork::default() };
//! let net = vpc::base(&mut stack, &description)?;
//!
//! let working = net.private_working("us-central1").id(); // a typed reference, to place machines of any zone in
//! let databases = net.subnet_ids(Tier::PrivateProduction); // one subnetwork a region
//! let egress = net.nat_gateway("us-central1").id(); // serves the subnetworks of clusters too
//! let block = net.cluster_block(0)?; // addresses for the first cluster
//! assert_eq!(block.private.to_string(), "10.20.128.0/20");
//! assert_eq!(block.pods.to_string(), "100.96.0.0/14");
//!
//! stack.check()?;
//! # let _ = (working, databases, egress);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What differs from AWS
//! | | AWS | Google Cloud |
//! |---|---|---|
//! | the network | is in one region and has the range | is global and has no range: `cidr` is what the layer divides |
//! | a subnet | is in one zone | is in one region and serves all of its zones |
//! | a place of the address plan | a zone: `region`, `zones` | a region: `regions` |
//! | public or private | decided by the subnet's route table | decided by each machine: it has a public address or not |
//! | the way out of private machines | a NAT gateway in each zone, by a route | one Cloud NAT in each region, which no zone can take down, for all subnetworks |
//! | sharing it | a consumer adds a route | a consumer adds nothing: its subnetwork is in the region |
//! | who may talk | nobody, until there is a security group | nobody, until there is a firewall rule: the layer declares some |
//! | addresses of pods | those of the subnet, or an overlay | secondary ranges of the subnetwork |
//! | tags | on everything | on nothing that the layer declares |
//!
//! # Firewall rules
//! On AWS the members of a VPC's default security group may talk with each other. Here a rule for each tier lets the
//! machines in its subnetworks talk with each other. Another rule lets the health checks and proxies of Google's load
//! balancers in, which come from outside of the network. [`BaseNetwork::ssh_from`] adds a rule for SSH. No rule affects
//! the subnetworks of clusters, which bring their own.
//!
//! # Outputs
//! As on AWS, with regions for zones: `…_vpc_id` (the network's id), `…_vpc_cidr_block`; maps by region:
//! `…_{public,admin,private_working,private_production}_subnet_ids`, `…_nat_gateway_ids` (of the Cloud NATs),
//! `…_nat_public_ips` (here a list for each region, and only addresses that the layer reserves); and the list
//! `…_cluster_cidr_blocks`. There are no route tables, so their outputs do not exist. In addition there are `…_router_ids`
//! by region, and the lists `…_cluster_pod_cidr_blocks` and `…_cluster_service_cidr_blocks`.

mod addresses;
mod base;
mod description;
mod firewall;
mod network;
mod regions;

pub use addresses::{AddressPlan, ClusterBlock, SecondaryRanges};
pub use description::{BaseNetwork, Nat};
pub use network::Network;
pub use regions::{MOST_REGIONS, Region, Regions};
