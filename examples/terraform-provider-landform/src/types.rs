//! The plugin's own types. They show every form that a field can have.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use landform::{Cidr, Decimal, Id, Resource, ResourceType, attributes, block, resource};

/// The types.
pub(crate) fn own_types() -> Vec<Arc<ResourceType>> {
    vec![Network::resource_type().clone(), Machine::resource_type().clone()]
}

/// A network.
#[resource("landform_network", id = "net-{hex8}")]
pub struct Network {
    /// Its name.
    #[field(immutable)]
    pub name: String,
    /// Its range.
    #[field(immutable)]
    pub range: Cidr,
    /// Labels.
    pub labels: BTreeMap<String, String>,
}

/// The attributes of a [`Network`].
#[attributes]
pub struct NetworkAttributes {
    /// Its id.
    pub id: Id<Network>,
    /// Its name in the whole cloud.
    #[field(form = "landform:{region}:{account}:network/{id}")]
    pub arn: String,
}

/// A machine.
#[resource("landform_machine", id = "m-{hex8}")]
pub struct Machine {
    /// Its network.
    #[field(immutable)]
    pub network_id: Id<Network>,
    /// Its name.
    pub name: String,
    /// The number of its processors.
    #[field(default = 2)]
    pub processors: u32,
    /// Its zone. The cloud chooses one if none is given.
    #[field(immutable, computed)]
    pub zone: Option<String>,
    /// The highest price for an hour.
    pub price: Option<Decimal>,
    /// What it runs when it starts.
    #[field(secret)]
    pub script: Option<String>,
    /// Its first password. It is recorded nowhere.
    #[field(write_only)]
    pub password: Option<String>,
    /// Groups.
    pub groups: BTreeSet<String>,
    /// Its disks, in their order.
    pub disk: Vec<Disk>,
    /// What it listens to.
    pub rule: BTreeSet<Rule>,
    /// How it is watched.
    pub monitoring: Option<Monitoring>,
    /// How it is maintained.
    #[field(nesting = "single")]
    pub maintenance: Option<Maintenance>,
    /// What it costs whom.
    #[field(nesting = "attribute")]
    pub billing: Option<Billing>,
    /// Anything else.
    pub notes: Option<landform::serde_json::Value>,
}

/// The attributes of a [`Machine`].
#[attributes]
pub struct MachineAttributes {
    /// Its id.
    pub id: Id<Machine>,
    /// Its address.
    pub address: String,
    /// The number of its changes.
    #[field(volatile)]
    pub generation: String,
}

/// A disk.
#[block]
pub struct Disk {
    /// Its size in GiB.
    pub size: u32,
    /// Its kind.
    #[field(default = "ssd")]
    pub kind: String,
    /// Whether it outlives the machine.
    pub keep: Option<bool>,
}

/// A rule.
#[block]
#[derive(Eq, PartialOrd, Ord)]
pub struct Rule {
    /// The port.
    pub port: u16,
    /// The protocol.
    #[field(default = "tcp")]
    pub protocol: String,
    /// Where from.
    pub from: BTreeSet<Cidr>,
}

/// How a machine is watched.
#[block]
pub struct Monitoring {
    /// How often, in seconds.
    #[field(default = 60)]
    pub interval: u32,
    /// Who gets the message.
    pub contact: Option<String>,
}

/// How a machine is maintained.
#[block]
pub struct Maintenance {
    /// The day of the week.
    pub day: String,
}

/// Who pays for a machine.
#[block]
pub struct Billing {
    /// The cost centre.
    pub center: String,
    /// Further shares, in percent.
    pub shares: BTreeMap<String, u32>,
}
