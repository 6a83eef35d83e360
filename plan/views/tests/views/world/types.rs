//! Resource types as clouds have them, and a data source.

use std::collections::BTreeMap;

use async_trait::async_trait;
use landform_core::{Cidr, DataSource, Id, Result, Secret, attributes, block, data, resource};

/// A network.
#[resource("demo_network", id = "net-{hex8}", takes(create = 2, update = 1, delete = 2))]
pub struct Network {
    /// Its range.
    #[field(immutable)]
    pub cidr_block: Cidr,
    /// Whether names resolve.
    #[field(default = true)]
    pub enable_dns: bool,
    /// Labels.
    pub tags: BTreeMap<String, String>,
}

/// The attributes that the cloud computes.
#[attributes]
pub struct NetworkAttributes {
    /// The id.
    pub id: Id<Network>,
    /// The name in the world.
    pub arn: String,
}

/// A part of a network.
#[resource("demo_subnet", id = "sub-{hex8}", takes(create = 3, update = 1, delete = 3))]
pub struct Subnet {
    /// The network.
    #[field(immutable)]
    pub network_id: Id<Network>,
    /// Its range.
    #[field(immutable)]
    pub cidr_block: Cidr,
    /// Labels.
    pub tags: BTreeMap<String, String>,
}

/// The attributes that the cloud computes.
#[attributes]
pub struct SubnetAttributes {
    /// The id.
    pub id: Id<Subnet>,
}

/// A gateway, slow to create.
#[resource("demo_gateway", id = "gw-{hex8}", takes(create = 100, update = 1, delete = 60))]
pub struct Gateway {
    /// Its subnet.
    #[field(immutable)]
    pub subnet_id: Id<Subnet>,
    /// A password.
    pub key: Option<Secret>,
}

/// The attributes that the cloud computes.
#[attributes]
pub struct GatewayAttributes {
    /// The id.
    pub id: Id<Gateway>,
    /// The address.
    pub public_ip: String,
    /// A key that the cloud makes.
    #[field(secret)]
    pub token: String,
}

/// A role.
#[resource("demo_role", id = "{name}")]
pub struct Role {
    /// Its name.
    #[field(immutable)]
    pub name: String,
    /// The policy, as JSON.
    pub policy: String,
}

/// The attributes that the cloud computes.
#[attributes]
pub struct RoleAttributes {
    /// The id.
    pub id: Id<Role>,
}

/// A template for machines.
#[resource("demo_template", id = "lt-{hex8}")]
pub struct Template {
    /// Its name.
    #[field(immutable)]
    pub name: String,
    /// The start script of a machine, in base64.
    pub user_data: Option<String>,
    /// Disks.
    pub disk: Vec<Disk>,
    /// The metadata of machines.
    pub metadata: Option<Metadata>,
}

/// A disk.
#[block]
pub struct Disk {
    /// The device.
    pub device: String,
    /// The size in GiB.
    pub size: u32,
    /// Its readers.
    pub key: Option<Secret>,
}

/// The metadata of machines.
#[block]
pub struct Metadata {
    /// Whether a token is needed.
    pub token_required: bool,
    /// The hop limit.
    #[field(default = 1)]
    pub hops: u32,
}

/// The attributes that the cloud computes.
#[attributes]
pub struct TemplateAttributes {
    /// The id.
    pub id: Id<Template>,
    /// The version.
    #[field(volatile)]
    pub latest_version: u32,
}

/// Machines.
#[resource("demo_group", id = "{name}", takes(create = 60, update = 5, delete = 120))]
pub struct Group {
    /// Its name.
    #[field(immutable)]
    pub name: String,
    /// Their template.
    pub template: Id<Template>,
    /// Their location.
    pub subnets: Vec<Id<Subnet>>,
    /// The minimum number.
    pub min_size: u32,
    /// The maximum number.
    pub max_size: u32,
    /// Further text.
    pub note: Option<String>,
}

/// The attributes that the cloud computes.
#[attributes]
pub struct GroupAttributes {
    /// The id.
    pub id: Id<Group>,
}

/// An image that somebody else manages.
#[data("demo_image")]
pub struct Image {
    /// Its family.
    pub family: String,
    /// The address from which it must be reachable.
    pub near: Option<String>,
}

/// What is known of it.
#[attributes]
pub struct ImageAttributes {
    /// The id.
    pub id: Id<Image>,
    /// Its architecture.
    pub architecture: String,
    /// Its secret code.
    #[field(secret)]
    pub key: String,
}

/// The data source of images.
pub struct Images;

#[async_trait]
impl DataSource<Image> for Images {
    async fn read(&self, image: &Image) -> Result<ImageAttributes> {
        let id = Id::new(format!("image-{}", image.family));
        Ok(ImageAttributes { id, architecture: "arm64".into(), key: "tok-attribute-in-the-clear".into() })
    }
}
