//! `google_compute_network_peering`.

#[cfg(feature = "client")]
mod client;

use landform_core::{Id, Recorded, attributes, block, resource};

use super::Network;

/// One side of a peering of two networks. It is a part of its network. Traffic flows when both networks have a side.
/// Compute Engine changes one peering of a network at a time.
///
/// # Example
/// ```
/// # use landform_core::Stack;
/// # use landform_gce as gce;
/// # let mut stack = Stack::new("demo");
/// # let main = stack.add("main", gce::Network::new("main").auto_create_subnetworks(false));
/// # let shared = stack.add("shared", gce::Network::new("shared").auto_create_subnetworks(false));
/// stack.add("out", gce::NetworkPeering::new("to-shared", &main, &shared));
/// stack.add("back", gce::NetworkPeering::new("to-main", &shared, &main));
/// ```
#[resource(
    "google_compute_network_peering",
    id = "{network}/{name}",
    import = import_id,
    unique("network", "name"),
    takes(create = 40, update = 20, delete = 40)
)]
pub struct NetworkPeering {
    /// Its name, unique in the network.
    #[field(immutable, max_length = 63, pattern = "^[a-z]([a-z0-9-]*[a-z0-9])?$")]
    pub name: String,
    /// The network.
    #[field(immutable)]
    pub network: Id<Network>,
    /// The other network.
    #[field(immutable)]
    pub peer_network: Id<Network>,
    /// Whether the other network gets the custom routes.
    #[field(default = false)]
    pub export_custom_routes: bool,
    /// Whether the network takes the other's custom routes.
    #[field(default = false)]
    pub import_custom_routes: bool,
    /// Whether the other network gets the routes of subnetworks with public addresses.
    #[field(immutable, default = true)]
    pub export_subnet_routes_with_public_ip: bool,
    /// Whether the network takes the other's routes of subnetworks with public addresses.
    #[field(immutable, computed)]
    pub import_subnet_routes_with_public_ip: Option<bool>,
    /// The IP versions of the traffic.
    #[field(default = PeeringStack::Ipv4Only)]
    pub stack_type: PeeringStack,
}

/// The network's id and the name. A Terraform state holds the network as a link.
fn import_id(recorded: Recorded<'_>) -> Option<String> {
    let [network, name] = ["network", "name"].map(|name| recorded.text(name));
    let network = network?;
    let network = network.find("projects/").map(|at| &network[at..])?;
    Some(format!("{network}/{}", name?))
}

/// The attributes that Compute Engine computes for a [`NetworkPeering`].
#[attributes]
pub struct NetworkPeeringAttributes {
    /// The network and the name, joined by a slash.
    pub id: Id<NetworkPeering>,
    /// `ACTIVE` if the other network has its side, else `INACTIVE`.
    #[field(volatile, form = "INACTIVE")]
    pub state: String,
    /// Details about the state.
    #[field(volatile, form = "Waiting for peer network to connect.")]
    pub state_details: String,
}

/// The IP versions of the traffic between two networks.
#[block]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PeeringStack {
    /// IPv4.
    Ipv4Only,
    /// IPv4 and IPv6.
    #[serde(rename = "IPV4_IPV6")]
    Ipv4Ipv6,
}
