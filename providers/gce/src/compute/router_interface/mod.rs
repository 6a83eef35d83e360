//! `google_compute_router_interface`.

#[cfg(feature = "client")]
mod client;

use landform_core::{Id, attributes, resource};

use super::{IpVersion, Router, Subnetwork, router::import_id_of_part};

/// An interface of a router: a part of the router, changed by a PATCH of the router. It leads to a VPN tunnel, to an
/// interconnect attachment, or to a router appliance in a subnetwork.
///
/// # Example
/// ```
/// # use landform_core::{Cidr, Stack};
/// # use landform_gce as gce;
/// # let mut stack = Stack::new("demo");
/// # let network = stack.add("main", gce::Network::new("main").auto_create_subnetworks(false));
/// # let router = stack.add("main", gce::Router::new("main", &network));
/// # let range: Cidr = "10.0.16.0/20".parse()?;
/// # let hub = stack.add("hub", gce::Subnetwork::new("hub", &network, range));
/// let interface = gce::RouterInterface::new("hub", &router).subnetwork(&hub).private_ip_address("10.0.16.5");
/// stack.add("hub", interface);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[resource(
    "google_compute_router_interface",
    id = "{router}/{name}",
    import = import_id_of_part,
    unique("router", "name"),
    takes(create = 12, update = 1, delete = 12)
)]
pub struct RouterInterface {
    /// Its name, unique in the router.
    #[field(immutable, max_length = 63, pattern = "^[a-z]([a-z0-9-]*[a-z0-9])?$")]
    pub name: String,
    /// The router: its id, its link, or its name in the project and region.
    #[field(immutable, same = "self_link")]
    pub router: Id<Router>,
    /// The project. The default is the provider's.
    #[field(immutable, computed, form = "{account}")]
    pub project: Option<String>,
    /// The region. The default is the provider's.
    #[field(immutable, computed, form = "{region}")]
    pub region: Option<String>,
    /// Its address and the range of the link, such as `169.254.1.1/30`.
    #[field(immutable, computed)]
    pub ip_range: Option<String>,
    /// The IP version of the address.
    #[field(immutable, computed)]
    pub ip_version: Option<IpVersion>,
    /// The link to the VPN tunnel that it leads to.
    #[field(immutable, same = "self_link")]
    pub vpn_tunnel: Option<String>,
    /// The link to the interconnect attachment that it leads to.
    #[field(immutable, same = "self_link")]
    pub interconnect_attachment: Option<String>,
    /// The subnetwork of the router appliance that it leads to.
    #[field(immutable)]
    pub subnetwork: Option<Id<Subnetwork>>,
    /// Its address in the subnetwork.
    #[field(immutable)]
    pub private_ip_address: Option<String>,
    /// The name of the interface of the router that replaces it if it fails.
    #[field(immutable, computed)]
    pub redundant_interface: Option<String>,
}

/// The attributes that Compute Engine computes for a [`RouterInterface`].
#[attributes]
pub struct RouterInterfaceAttributes {
    /// The router and the name, joined by a slash.
    pub id: Id<RouterInterface>,
}
