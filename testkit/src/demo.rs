//! Resource types for tests, with every relation that the engine knows.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use landform::{Cidr, Id, Resource, ResourceType, attributes, block, data, resource};

/// A network.
#[resource("demo_network", id = "net-{hex8}", unique("name"), takes(create = 2, update = 1, delete = 1))]
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
    /// The number of its changes.
    #[field(volatile, form = "1")]
    pub edition: u64,
}

/// A part of a network.
#[resource(
    "demo_part",
    id = "part-{hex8}",
    disjoint("range", within = "network"),
    inside("range", of = "network"),
    takes(create = 3, update = 1, delete = 1)
)]
pub struct Part {
    /// The network.
    #[field(immutable)]
    pub network: Id<Network>,
    /// Its range.
    #[field(immutable)]
    pub range: Cidr,
    /// Where it lies.
    #[field(immutable, computed, form = "{zone}")]
    pub zone: Option<String>,
    /// Numbers.
    pub ports: BTreeSet<u16>,
    /// A word.
    pub word: Option<String>,
}

/// The attributes that the cloud computes.
#[attributes]
pub struct PartAttributes {
    /// The id.
    pub id: Id<Part>,
}

/// A door in a part. It is slow to create, to change and to delete.
#[resource("demo_door", id = "door-{hex8}", takes(create = 100, update = 10, delete = 60))]
pub struct Door {
    /// The part.
    #[field(immutable)]
    pub part: Id<Part>,
    /// A word.
    pub word: Option<String>,
    /// Its material.
    #[field(immutable)]
    pub stuff: Option<String>,
}

/// The attributes that the cloud computes.
#[attributes]
pub struct DoorAttributes {
    /// The id.
    pub id: Id<Door>,
    /// Its address.
    #[field(form = "{ipv4}")]
    pub public_ip: String,
}

/// A group of doors, identified by its name.
#[resource("demo_group", id = "{name}", unique("name"), takes(create = 1, update = 1, delete = 1))]
pub struct Group {
    /// Its name.
    #[field(immutable)]
    pub name: String,
    /// The doors.
    pub doors: Vec<Id<Door>>,
    /// Further rules.
    pub ways: Vec<Way>,
    /// Labels.
    pub tags: BTreeMap<String, String>,
}

/// A rule of a group.
#[block]
pub struct Way {
    /// The network.
    pub network: Id<Network>,
    /// The range.
    #[field(default = 1)]
    pub width: u32,
}

/// The attributes that the cloud computes.
#[attributes]
pub struct GroupAttributes {
    /// The id.
    pub id: Id<Group>,
}

/// A path to a door, which may outlive the door.
#[resource("demo_path", id = "{network}_{range}", takes(create = 1, update = 1, delete = 1))]
pub struct Track {
    /// The network.
    #[field(immutable)]
    pub network: Id<Network>,
    /// The destination.
    #[field(immutable)]
    pub range: Cidr,
    /// By which door.
    #[field(weak)]
    pub door: Option<Id<Door>>,
    /// The cost.
    pub cost: Option<u32>,
}

/// The attributes that the cloud computes.
#[attributes]
pub struct TrackAttributes {
    /// The id.
    pub id: Id<Track>,
}

/// A key with a secret, and a secret that the cloud makes.
#[resource("demo_key", id = "key-{hex8}", takes(create = 1, update = 1, delete = 1))]
pub struct Key {
    /// Its name.
    pub name: String,
    /// Its secret code.
    #[field(secret)]
    pub code: Option<String>,
}

/// The attributes that the cloud computes.
#[attributes]
pub struct KeyAttributes {
    /// The id.
    pub id: Id<Key>,
    /// Its secret code.
    #[field(secret, form = "material-{hex17}")]
    pub material: String,
}

/// A stone, which cannot be changed.
#[resource("demo_stone", id = "stone-{hex8}", takes(create = 1, update = 1, delete = 1))]
pub struct Stone {
    /// Its form.
    #[field(immutable)]
    pub form: String,
    /// The key on which it lies.
    #[field(immutable)]
    pub key: Option<Id<Key>>,
}

/// The attributes that the cloud computes.
#[attributes]
pub struct StoneAttributes {
    /// The id.
    pub id: Id<Stone>,
}

/// An existing network.
#[data("demo_network")]
pub struct KnownNetwork {
    /// Its name.
    pub name: Option<String>,
    /// Labels that it has.
    pub tags: BTreeMap<String, String>,
}

/// What the cloud reports about it.
#[attributes]
pub struct KnownNetworkAttributes {
    /// The id.
    pub id: Id<Network>,
    /// Its range.
    pub range: Cidr,
}

/// An existing key.
#[data("demo_key")]
pub struct KnownKey {
    /// Its name.
    pub name: String,
}

/// What the cloud reports about it.
#[attributes]
pub struct KnownKeyAttributes {
    /// The id.
    pub id: Id<Key>,
    /// Its secret code.
    #[field(secret)]
    pub material: String,
}

/// An existing note.
#[data("demo_note")]
pub struct KnownNote {
    /// Where it lies.
    pub place: String,
}

/// What the cloud reports about it.
#[attributes]
pub struct KnownNoteAttributes {
    /// The id.
    pub id: Id<Note>,
}

/// The region's zones, as a given fact.
#[data("demo_zones")]
pub struct Zones {
    /// The region.
    pub region: String,
}

/// Their attributes.
#[attributes]
pub struct ZonesAttributes {
    /// The id.
    pub id: Id<Zones>,
    /// Their names.
    pub names: Vec<String>,
}

/// The parts of a network.
#[data("demo_parts")]
pub struct KnownParts {
    /// The network.
    pub network: Option<Id<Network>>,
}

/// Their attributes.
#[attributes]
pub struct KnownPartsAttributes {
    /// Where they are.
    #[field(form = "{region}")]
    pub id: Id<KnownParts>,
    /// Their ids.
    #[field(required)]
    pub ids: Vec<Id<Part>>,
}

/// All of them.
pub fn types() -> [&'static Arc<ResourceType>; 13] {
    [
        Network::resource_type(),
        Part::resource_type(),
        Door::resource_type(),
        Group::resource_type(),
        Track::resource_type(),
        Key::resource_type(),
        Stone::resource_type(),
        Note::resource_type(),
        KnownNetwork::resource_type(),
        KnownKey::resource_type(),
        KnownNote::resource_type(),
        KnownParts::resource_type(),
        Zones::resource_type(),
    ]
}

/// A note with any text.
#[resource("demo_note", id = "note-{hex8}", takes(create = 1, update = 1, delete = 1))]
pub struct Note {
    /// Its text.
    pub text: String,
    /// Other notes that it needs.
    pub about: Vec<Id<Note>>,
    /// The note that it is written on.
    #[field(immutable)]
    pub paper: Option<Id<Note>>,
    /// Its kind.
    #[field(immutable)]
    pub kind: Option<String>,
}

/// The attributes that the cloud computes.
#[attributes]
pub struct NoteAttributes {
    /// The id.
    pub id: Id<Note>,
    /// Where it lies.
    #[field(form = "shelf/{id}")]
    pub place: String,
}

/// A range.
pub fn cidr(text: &str) -> Cidr {
    text.parse().unwrap()
}
