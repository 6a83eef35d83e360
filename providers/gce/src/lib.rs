//! Google Compute Engine's resource types, with the names and shapes of Terraform's Google provider. The declarations
//! know no SDK and make no call. The client that manages real resources is beside each declaration, behind the feature
//! `client`.
//!
//! The crate has networks (network, subnetwork, router, NAT, peering, addresses, firewall rules, routes), machines
//! (disks, instances, templates, groups, autoscalers), load balancers (regional and global), and what surrounds them:
//! service accounts and roles, buckets, DNS zones. Subnetworks and NATs are regional, so one of each serves all zones of
//! a region.
//!
//! ```
//! use landform_core::{Cidr, Stack};
//! use landform_gce as gce;
//!
//! let mut stack = Stack::new("base");
//! let network = stack.add("main", gce::Network::new("main").auto_create_subnetworks(false));
//! let range: Cidr = "10.0.16.0/20".parse()?;
//! stack.add("nodes", gce::Subnetwork::new("nodes", &network, range).region("us-central1"));
//! let router = stack.add("main", gce::Router::new("main", &network).region("us-central1"));
//! stack.add("main", gce::RouterNat::new("main", &router).region("us-central1"));
//! stack.check()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#[cfg(feature = "client")]
pub mod client;
pub mod compute;
pub mod data;
pub mod dns;
pub mod iam;
#[cfg(feature = "client")]
pub mod operations;
mod settings;
pub mod storage;

#[cfg(feature = "client")]
pub use client::{Client, Provider};
pub use compute::*;
pub use dns::*;
pub use iam::*;
pub use settings::Settings;
pub use storage::*;

/// All types, for code that handles any type: the embedded cloud, exports.
pub fn types() -> Vec<std::sync::Arc<landform_core::ResourceType>> {
    [compute::types(), data::types(), dns::types(), iam::types(), storage::types()].concat()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    #[test]
    fn every_type_is_well_formed_and_refers_to_types_that_are_listed() {
        use landform_core::schema::Kind;
        let types = types();
        for known in &types {
            for field in known.arguments.fields() {
                if let Kind::Text { refers_to: Some(target), .. } = &field.kind {
                    assert!(types.iter().any(|other| other.name == *target), "{}: {target}", known.name);
                }
            }
        }
    }

    #[test]
    fn import_ids_follow_from_what_terraform_records() {
        let cases = [
            (
                "google_compute_network",
                json!({ "id": "projects/p/global/networks/n", "project": "p", "name": "n" }),
                "projects/p/global/networks/n",
            ),
            (
                "google_compute_subnetwork",
                json!({ "id": "projects/p/regions/r/subnetworks/n", "project": "p", "region": "r", "name": "n" }),
                "projects/p/regions/r/subnetworks/n",
            ),
            (
                "google_compute_router",
                json!({ "id": "projects/p/regions/r/routers/n", "project": "p", "region": "r", "name": "n" }),
                "projects/p/regions/r/routers/n",
            ),
            (
                "google_compute_router_nat",
                json!({ "id": "p/r/router/n", "project": "p", "region": "r", "router": "router", "name": "n" }),
                "projects/p/regions/r/routers/router/n",
            ),
            (
                "google_compute_router_nat",
                json!({ "project": "p", "region": "r", "name": "n",
                    "router": "https://www.googleapis.com/compute/v1/projects/p/regions/r/routers/router" }),
                "projects/p/regions/r/routers/router/n",
            ),
        ];
        for (name, recorded, expected) in cases {
            let types = types();
            let known = types.iter().find(|known| known.name_str() == name).unwrap();
            assert_eq!(known.import_id(recorded.as_object().unwrap()).as_deref(), Ok(expected), "{name}");
        }
    }
}
