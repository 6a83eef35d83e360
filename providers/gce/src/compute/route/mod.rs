//! `google_compute_route`.

#[cfg(feature = "client")]
mod client;

use std::collections::BTreeSet;

use landform_core::{Cidr, Id, attributes, resource};

use super::Network;

/// A route of a network. Those to its subnetworks and, unless one of its own is better, to the internet are there without.
#[resource(
    "google_compute_route",
    id = "projects/{project}/global/routes/{name}",
    unique("project", "name"),
    takes(create = 12, update = 1, delete = 12)
)]
pub struct Route {
    /// Its name.
    #[field(immutable)]
    pub name: String,
    /// The network.
    #[field(immutable)]
    pub network: Id<Network>,
    /// Where packets want to go.
    #[field(immutable)]
    pub dest_range: Cidr,
    /// The project; the provider's unless said.
    #[field(immutable, computed, form = "{account}")]
    pub project: Option<String>,
    /// What it is for.
    #[field(immutable)]
    pub description: Option<String>,
    /// Which of several routes counts: the one with the smallest number, 0 to 65535.
    #[field(immutable, default = 1000)]
    pub priority: u32,
    /// The machines that it is for: those with one of these tags; all where none are said.
    #[field(immutable)]
    pub tags: BTreeSet<String>,
    /// Where packets go next: a gateway, which is `default-internet-gateway`.
    #[field(immutable, same = "self_link")]
    pub next_hop_gateway: Option<String>,
    /// Where packets go next: a machine, by its link.
    #[field(immutable, same = "self_link")]
    pub next_hop_instance: Option<String>,
    /// Where packets go next: an address of a machine.
    #[field(immutable, computed)]
    pub next_hop_ip: Option<String>,
    /// Where packets go next: a forwarding rule of an internal load balancer, by its link or address.
    #[field(immutable, same = "self_link")]
    pub next_hop_ilb: Option<String>,
    /// Where packets go next: a VPN tunnel, by its link.
    #[field(immutable, same = "self_link")]
    pub next_hop_vpn_tunnel: Option<String>,
}

/// What Compute Engine computes of a [`Route`].
#[attributes]
pub struct RouteAttributes {
    /// `projects/{project}/global/routes/{name}`.
    pub id: Id<Route>,
    /// Its URL.
    #[field(form = "https://www.googleapis.com/compute/v1/{id}")]
    pub self_link: String,
}
