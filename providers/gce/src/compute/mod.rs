//! Compute Engine: networks and what is in them.

mod address;
mod disk;
mod firewall;
mod global_address;
mod network;
mod route;
mod router;
mod router_nat;
mod subnetwork;

landform_kit::types! {
    with "client" crate::client::Client;
    managed address::Address;
    managed disk::Disk;
    managed firewall::Firewall;
    managed global_address::GlobalAddress;
    managed network::Network;
    managed route::Route;
    managed router::Router;
    managed router_nat::RouterNat;
    managed subnetwork::Subnetwork;
}
