//! Data sources: objects that Landform reads from Google Cloud and never manages, with the names and shapes of
//! Terraform's provider. A data source has the name of the resource type that it finds, so all of them are in this
//! module.
//!
//! ```
//! use landform_core::Stack;
//! use landform_gce::{self as gce, data};
//!
//! let mut stack = Stack::new("guest");
//! let zones = stack.read("here", data::Zones::new().region("us-east1"));
//! let debian = stack.read("system", data::Image::new().family("debian-12").project("debian-cloud"));
//! let shared = stack.read("shared", data::Network::new("shared"));
//! let system = gce::BootDisk::new().initialize_params(gce::NewDisk::new().image(debian.self_link()));
//! let interface = gce::InstanceInterface::new().network(shared.id());
//! let web = gce::Instance::new("web", "e2-small", system, [interface]).zone(zones.names().at(0));
//! stack.add("web", web);
//! ```

mod client_config;
mod image;
mod machine_types;
mod network;
mod project;
mod subnetwork;
mod zones;

landform_kit::types! {
    with "client" crate::client::Client;
    data client_config::ClientConfig;
    data image::Image;
    data machine_types::MachineTypes;
    data network::Network;
    data project::Project;
    data subnetwork::Subnetwork;
    data zones::Zones;
}
