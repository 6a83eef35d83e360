//! The resource types of Compute Engine.

mod address;
mod disk;
mod firewall;
mod forwarding_rule;
mod global_address;
mod http_health_check;
mod instance_group_manager;
mod instance_template;
mod network;
mod region_backend_service;
mod region_health_check;
mod route;
mod router;
mod router_nat;
mod subnetwork;
mod target_pool;

landform_kit::types! {
    with "client" crate::client::Client;
    managed address::Address;
    managed disk::Disk;
    managed firewall::Firewall;
    managed forwarding_rule::ForwardingRule;
    managed global_address::GlobalAddress;
    managed http_health_check::HttpHealthCheck;
    managed instance_group_manager::InstanceGroupManager;
    managed instance_template::InstanceTemplate;
    managed network::Network;
    managed region_backend_service::RegionBackendService;
    managed region_health_check::RegionHealthCheck;
    managed route::Route;
    managed router::Router;
    managed router_nat::RouterNat;
    managed subnetwork::Subnetwork;
    managed target_pool::TargetPool;
}
