//! Types of plain HTTP/JSON services: a type is a path and its declaration.
//!
//! ```
//! use std::{collections::BTreeMap, sync::Arc};
//! use landform_core::{Id, Provider, attributes, resource};
//! use landform_kit::{Kit, rest::{Client, Collection, Rest}};
//!
//! /// A volume in the store.
//! #[resource("store_volume", id = "{hex17}")]
//! pub struct Volume {
//!     /// Its name.
//!     #[field(immutable)]
//!     pub name: String,
//!     /// Its size in GiB.
//!     pub size: u32,
//!     /// Labels.
//!     pub labels: BTreeMap<String, String>,
//! }
//!
//! /// The attributes that the store computes for a [`Volume`].
//! #[attributes]
//! pub struct VolumeAttributes {
//!     /// The volume's id.
//!     pub id: Id<Volume>,
//! }
//!
//! impl Rest for Volume {
//!     const AT: Collection = Collection::with_token("/v1/volumes", "request").status("state", &["ready"]);
//! }
//!
//! # fn provider() -> landform_core::Result<Provider> {
//! let client = Client::new("https://store.example.com")?.bearer("token")?;
//! let provider = Provider::new("store").with::<Volume, _>(&Arc::new(Kit::new(client)));
//! # Ok(provider) }
//! # provider().unwrap();
//! ```
//!
//! The arguments and attributes of a type are fields of one JSON object, under their declared names. A [`Collection`]
//! also says how the kit finds an attempt again, how the service takes a change, what the states mean, how lists are
//! wrapped and paged, and how names are spelt.
//!
//! | answer | means |
//! |---|---|
//! | 400, 422 and any other 4xx | Invalid |
//! | 401, 403 | Denied |
//! | 404, 410 | NotFound |
//! | 409 | AlreadyExists for a creation, InUse for a deletion, Conflict for a change |
//! | 412 | Conflict |
//! | 429 | Throttled; the kit respects `Retry-After` in seconds |
//! | 5xx | Unavailable |
//! | no connection | Unavailable, without effect |
//! | a lost answer | Unavailable or Timeout; the effect is unknown |

mod calls;
mod client;
mod collection;
mod json;

pub use client::{Answer, Client, Request};
pub use collection::{Collection, Rest};
pub use json::{camel, declared};
pub use reqwest::{Method, Url};
