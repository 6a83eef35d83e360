//! `google_compute_route`.

#[cfg(feature = "client")]
mod client;

use std::collections::BTreeSet;

use landform_core::{Cidr, Id, attributes, resource};

use super::Network;

/// A route of a network. Compute Engine makes the routes to the subnetworks, and a default route to the internet.
///
/// # Example
/// ```
/// # use landform_core::{Cidr, Stack};
/// # use landform_gce as gce;
/// # let mut stack = Stack::new("demo");
/// # let network = stack.add("main", gce::Network::new("main").auto_create_subnetworks(false));
/// let everywhere: Cidr = "0.0.0.0/0".parse()?;
/// let route = gce::Route::new("out", &network, everywhere).next_hop_gateway("default-internet-gateway");
/// stack.add("out", route);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[resource(
    "google_compute_route",
    id = "projects/{project}/global/routes/{name}",
    unique("project", "name"),
    takes(create = 12, update = 1, delete = 12)
)]
pub struct Route {
    /// Its name.
    #[field(immutable, max_length = 63, pattern = "^[a-z]([a-z0-9-]*[a-z0-9])?$")]
    pub name: String,
    /// The network.
    #[field(immutable)]
    pub network: Id<Network>,
    /// The destination range.
    #[field(immutable)]
    pub dest_range: Cidr,
    /// The project. The default is the provider's.
    #[field(immutable, computed, form = "{account}")]
    pub project: Option<String>,
    /// A description of its purpose.
    #[field(immutable)]
    pub description: Option<String>,
    /// The priority, 0 to 65535. The route with the lowest number counts.
    #[field(immutable, default = 1000)]
    pub priority: u32,
    /// The tags of the machines that use the route. Empty means all machines.
    #[field(immutable)]
    pub tags: BTreeSet<String>,
    /// The next hop: the gateway `default-internet-gateway`.
    #[field(immutable, same = "self_link")]
    pub next_hop_gateway: Option<String>,
    /// The next hop: the link to a machine.
    #[field(immutable, same = "self_link")]
    pub next_hop_instance: Option<String>,
    /// The next hop: an address of a machine.
    #[field(immutable, computed)]
    pub next_hop_ip: Option<String>,
    /// The next hop: the link or the address of an internal load balancer's forwarding rule.
    #[field(immutable, same = "self_link")]
    pub next_hop_ilb: Option<String>,
    /// The next hop: the link to a VPN tunnel.
    #[field(immutable, same = "self_link")]
    pub next_hop_vpn_tunnel: Option<String>,
}

/// The attributes that Compute Engine computes for a [`Route`].
#[attributes]
pub struct RouteAttributes {
    /// `projects/{project}/global/routes/{name}`.
    pub id: Id<Route>,
    /// Its URL.
    #[field(form = "https://www.googleapis.com/compute/v1/{id}")]
    pub self_link: String,
}
