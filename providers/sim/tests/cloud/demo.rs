//! Resource types for the tests, which no real cloud has.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use landform_core::{
    Address, Call, Cidr, Driver, Error, Id, Object, Progress, Resource, ResourceType, Token, attributes,
    block, resource,
};
use landform_sim::{Builder, Cloud, Latency};
use serde_json::{Value as Json, json};

/// A network.
#[resource("demo_network", id = "net-{hex17}", unique("name"), takes(create = 2, update = 1, delete = 1))]
pub struct Network {
    /// Its range.
    #[field(immutable)]
    pub range: Cidr,
    /// Its name.
    #[field(computed)]
    pub name: Option<String>,
    /// Whether names resolve.
    #[field(default = true)]
    pub dns: bool,
    /// Labels.
    pub tags: BTreeMap<String, String>,
}

/// The attributes that the cloud computes.
#[attributes]
pub struct NetworkAttributes {
    /// The id.
    pub id: Id<Network>,
    /// The name in the world.
    #[field(form = "arn:demo:{region}:{account}:{id}")]
    pub arn: String,
    /// The door that came with it.
    #[field(form = "door-{hex8}")]
    pub default_door: Id<Door>,
    /// The number of changes.
    #[field(volatile, form = "1")]
    pub edition: u64,
}

/// A part of a network.
#[resource(
    "demo_part",
    id = "part-{hex8}",
    disjoint("range", within = "network"),
    inside("range", of = "network"),
    takes(create = 1, update = 1, delete = 1)
)]
pub struct Part {
    /// The network.
    #[field(immutable)]
    pub network: Id<Network>,
    /// Its range.
    #[field(immutable)]
    pub range: Cidr,
    /// Its location.
    #[field(immutable, computed, form = "{zone}")]
    pub zone: Option<String>,
    /// Numbers.
    pub ports: BTreeSet<u16>,
    /// Ways out.
    pub exits: Vec<Exit>,
    /// A code.
    #[field(secret)]
    pub code: Option<String>,
}

/// The attributes that the cloud computes.
#[attributes]
pub struct PartAttributes {
    /// The id.
    pub id: Id<Part>,
    /// Its own account.
    pub owner_id: String,
}

/// A way out.
#[block]
pub struct Exit {
    /// The door.
    pub door: Id<Door>,
    /// Whether it locks.
    #[field(default = false)]
    pub locks: bool,
}

/// A further range of a network.
#[resource("demo_annex", id = "{network}-{range}", widens("range", of = "network"))]
pub struct Annex {
    /// The network.
    #[field(immutable)]
    pub network: Id<Network>,
    /// Its range.
    #[field(immutable)]
    pub range: Cidr,
}

/// The attributes that the cloud computes.
#[attributes]
pub struct AnnexAttributes {
    /// The id.
    pub id: Id<Annex>,
}

/// A door in a part, slow to make and to remove.
#[resource("demo_door", id = "door-{hex8}", takes(create = 100, update = 10, delete = 60))]
pub struct Door {
    /// The part.
    #[field(immutable)]
    pub part: Id<Part>,
    /// A word.
    pub word: Option<String>,
    /// A number.
    #[field(default = 7)]
    pub number: u32,
}

/// The attributes that the cloud computes.
#[attributes]
pub struct DoorAttributes {
    /// The id.
    pub id: Id<Door>,
    /// Its address.
    #[field(form = "{ipv4}")]
    pub public_ip: String,
    /// The network of its part.
    pub network: Id<Network>,
}

/// A path to a door, which may outlive the door.
#[resource("demo_path", id = "{network}_{range}")]
pub struct Track {
    /// The network.
    #[field(immutable)]
    pub network: Id<Network>,
    /// The destination.
    #[field(immutable)]
    pub range: Cidr,
    /// The door.
    #[field(weak)]
    pub door: Option<Id<Door>>,
}

/// The attributes that the cloud computes.
#[attributes]
pub struct TrackAttributes {
    /// The id.
    pub id: Id<Track>,
}

/// All of them.
pub fn types() -> [&'static Arc<ResourceType>; 5] {
    [
        Network::resource_type(),
        Part::resource_type(),
        Annex::resource_type(),
        Door::resource_type(),
        Track::resource_type(),
    ]
}

/// A cloud of these types that answers at once.
pub fn builder(directory: &Path) -> Builder {
    Cloud::open(directory).types(types()).latency(Latency::none())
}

/// A cloud and the calls of a provider's user.
pub struct User {
    pub cloud: Cloud,
}

impl User {
    pub fn new(builder: Builder) -> Self {
        Self { cloud: builder.build().unwrap() }
    }

    pub fn driver(&self, type_name: &str) -> std::sync::Arc<dyn Driver> {
        let provider = type_name.split('_').next().unwrap();
        self.cloud.provider(provider).driver(type_name).unwrap().clone()
    }

    fn fresh(&self) -> Token {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        format!("token-{}", COUNT.fetch_add(1, Ordering::Relaxed)).parse().unwrap()
    }

    /// Creates with a fresh token.
    pub async fn create(&self, type_name: &str, arguments: Json) -> Result<Progress<Object>, Error> {
        self.create_with(&self.fresh(), type_name, arguments).await
    }

    pub async fn create_with(
        &self,
        token: &Token,
        type_name: &str,
        arguments: Json,
    ) -> Result<Progress<Object>, Error> {
        let address = address(type_name);
        self.driver(type_name).create(Call::new(&address, token), &arguments).await
    }

    pub async fn update(
        &self,
        type_name: &str,
        prior: &Object,
        arguments: Json,
    ) -> Result<Progress<Object>, Error> {
        let (address, token) = (address(type_name), self.fresh());
        self.driver(type_name).update(Call::new(&address, &token), prior, &arguments).await
    }

    pub async fn delete(&self, type_name: &str, prior: &Object) -> Result<Progress<Object>, Error> {
        let (address, token) = (address(type_name), self.fresh());
        self.driver(type_name).delete(Call::new(&address, &token), prior).await
    }

    pub async fn read(&self, type_name: &str, id: &str) -> Option<Object> {
        self.driver(type_name).read_many(&[&Object::by_id(id)]).await.unwrap().pop().unwrap()
    }

    /// Follows tickets to the end.
    pub async fn settle(
        &self,
        type_name: &str,
        mut progress: Progress<Object>,
    ) -> Result<Option<Object>, Error> {
        let (address, token) = (address(type_name), self.fresh());
        loop {
            let ticket = match progress {
                Progress::Exists(object) => return Ok(Some(object)),
                Progress::Gone => return Ok(None),
                Progress::Partial { problem, .. } => return Err(problem),
                Progress::Pending(ticket) => ticket,
            };
            tokio::time::sleep(ticket.poll_after).await;
            let call = Call::new(&address, &token);
            progress = self.driver(type_name).resume(call, &ticket, &Json::Null).await?;
        }
    }

    /// Creates and waits.
    pub async fn make(&self, type_name: &str, arguments: Json) -> Object {
        let progress = self.create(type_name, arguments).await.unwrap();
        self.settle(type_name, progress).await.unwrap().unwrap()
    }

    /// A network, a part in it, and a door in that.
    pub async fn house(&self) -> [Object; 3] {
        let network = self.make("demo_network", json!({ "range": "10.0.0.0/16" })).await;
        let part = self.make("demo_part", json!({ "network": network.id, "range": "10.0.1.0/24" })).await;
        let door = self.make("demo_door", json!({ "part": part.id })).await;
        [network, part, door]
    }
}

pub fn address(type_name: &str) -> Address {
    format!("{type_name}.it").parse().unwrap()
}

pub fn token(text: &str) -> Token {
    text.parse().unwrap()
}
