//! Resource types with every kind of field, and with secrets, defaults and computed fields at every depth.

use landform::{Id, Resource, ResourceType, attributes, block, resource};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// Big.
#[resource("demo_big", id = "big-{hex8}", takes(create = 1, update = 1, delete = 1))]
pub struct Big {
    /// Number.
    pub number: u64,
    /// Signed.
    pub signed: Option<i64>,
    /// Numbers.
    pub numbers: Vec<u64>,
    /// Real.
    pub real: Option<f64>,
    /// A list that the cloud fills.
    #[field(computed)]
    pub chosen: Vec<String>,
    /// Words.
    pub words: BTreeSet<String>,
    /// Blocks.
    pub gates: BTreeSet<Gate>,
    /// Labels.
    pub tags: BTreeMap<String, String>,
    /// Name.
    pub name: Option<String>,
    /// Fixed.
    #[field(immutable)]
    pub fixed: Option<String>,
    /// Secret map.
    #[field(secret)]
    pub hidden: BTreeMap<String, String>,
    /// A block.
    pub door: Option<Gate>,
}
/// Attributes.
#[attributes]
pub struct BigAttributes {
    /// id.
    pub id: Id<Big>,
}
/// Gate.
#[block]
#[derive(Eq, PartialOrd, Ord)]
pub struct Gate {
    /// Port.
    pub port: u32,
    /// Word.
    pub word: Option<String>,
    /// Words.
    pub words: Vec<String>,
}

/// Built in.
#[resource("terraform_data", id = "{hex8}", takes(create = 1, update = 1, delete = 1))]
pub struct Datum {
    /// Input.
    pub input: Option<String>,
    /// Replace.
    #[field(immutable)]
    pub triggers_replace: Option<String>,
}
/// Attributes.
#[attributes]
pub struct DatumAttributes {
    /// id.
    pub id: Id<Datum>,
    /// Output.
    #[field(volatile, form = "{input}")]
    pub output: String,
}

/// All of them.
pub fn types() -> [&'static Arc<ResourceType>; 6] {
    [
        Big::resource_type(),
        Datum::resource_type(),
        Any::resource_type(),
        Vault::resource_type(),
        Rack::resource_type(),
        Text::resource_type(),
    ]
}

/// Any.
#[resource("demo_any", id = "any-{hex8}", takes(create = 1, update = 1, delete = 1))]
pub struct Any {
    /// Spec.
    pub spec: serde_json::Value,
}
/// Attributes.
#[attributes]
pub struct AnyAttributes {
    /// id.
    pub id: Id<Any>,
}
/// With secrets inside.
#[resource("demo_vault", id = "vault-{hex8}", takes(create = 1, update = 1, delete = 1))]
pub struct Vault {
    /// Name.
    pub name: String,
    /// As a set.
    pub set: BTreeSet<Slot>,
    /// As a list.
    pub list: Vec<Slot>,
    /// As a map.
    pub map: BTreeMap<String, Slot>,
    /// Alone.
    pub one: Option<Slot>,
    /// A secret set.
    #[field(secret)]
    pub codes: BTreeSet<String>,
    /// A secret list.
    #[field(secret)]
    pub numbers: Vec<u64>,
}
/// Attributes.
#[attributes]
pub struct VaultAttributes {
    /// id.
    pub id: Id<Vault>,
}
/// Slot.
#[block]
#[derive(Eq, PartialOrd, Ord)]
pub struct Slot {
    /// Label.
    pub label: String,
    /// Code.
    #[field(secret)]
    pub code: Option<String>,
}
/// Blocks in everything, with a default and what the cloud chooses.
#[resource("demo_rack", id = "rack-{hex8}", takes(create = 1, update = 1, delete = 1))]
pub struct Rack {
    /// Name.
    pub name: String,
    /// As a set.
    pub set: BTreeSet<Unit>,
    /// As a list.
    pub list: Vec<Unit>,
    /// As a map.
    pub map: BTreeMap<String, Unit>,
}
/// Attributes.
#[attributes]
pub struct RackAttributes {
    /// id.
    pub id: Id<Rack>,
}
/// Unit.
#[block]
#[derive(Eq, PartialOrd, Ord)]
pub struct Unit {
    /// Label.
    pub label: String,
    /// Size.
    #[field(default = 3)]
    pub size: u32,
    /// Place.
    #[field(computed)]
    pub place: Option<String>,
}

/// Texts with a meaning, and fields that the cloud does not keep.
#[resource("demo_text", id = "text-{hex8}", unique("name"), takes(create = 1, update = 1, delete = 1))]
pub struct Text {
    /// Its name, as DNS has names.
    #[field(same = "dns_name")]
    pub name: String,
    /// A policy.
    #[field(same = "policy")]
    pub policy: Option<String>,
    /// A document.
    #[field(same = "json", immutable)]
    pub document: Option<String>,
    /// How long.
    #[field(same = "duration")]
    pub lasts: Option<String>,
    /// How much.
    #[field(same = "size")]
    pub sizes: BTreeSet<String>,
    /// Links, by what they are for.
    #[field(same = "self_link")]
    pub links: BTreeMap<String, String>,
    /// Parts.
    pub parts: BTreeSet<Part>,
    /// A value that the cloud uses and does not keep.
    #[field(write_only)]
    pub once: Option<String>,
    /// At most two.
    #[field(max_items = 2)]
    pub few: Vec<String>,
}
/// Attributes.
#[attributes]
pub struct TextAttributes {
    /// id.
    pub id: Id<Text>,
}
/// A part of a text.
#[block]
#[derive(Eq, PartialOrd, Ord)]
pub struct Part {
    /// The network.
    #[field(same = "cidr")]
    pub network: String,
    /// A secret, as a document.
    #[field(secret, same = "json")]
    pub code: Option<String>,
}
