//! The provider kit: the code that the clients of all clouds share. A resource type implements [`Calls`] with four
//! methods: look, make, change and remove. A type that one call both creates and changes implements [`Put`] instead.
//! [`Kit`] turns these methods into the provider contract ([`Manage`](landform_core::Manage)) and adds the rest:
//!
//! - **Waiting.** Every long operation is a ticket. The engine waits between calls. The kit never sleeps, so a program
//!   that is killed while it waits loses nothing.
//! - **Lag.** The kit repeats a read that does not show a write yet, within limits that a type can set.
//! - **Finding.** If the answer to an attempt is lost, the kit finds its resource by token (a tag or a field) or by
//!   identity.
//! - **Tags.** The tag that marks the resource of an attempt, default tags, ignored tags, reserved tags.
//! - **Deleting.** A deletion succeeds if the object is gone already, is tried again while others use the object, and
//!   waits while the object lingers.
//! - **Differences.** [`Due`] names the fields that differ, by the schema. The type changes those fields.
//! - **Errors.** [`Classes`] is a table from a service's error codes to [`ErrorKind`](landform_core::ErrorKind).
//! - **Rates.** [`Rates`] holds a bucket of tokens for each class of calls and slows down when the cloud throttles a
//!   call.
//! - **Fields.** [`Wire`] converts between declared fields and an SDK's optional fields, both ways.
//!
//! With the feature `http`, [`rest`] manages the types of plain HTTP/JSON services: a type is a path and its
//! declaration. The kit knows no cloud and no engine.

mod calls;
mod due;
mod error;
mod form;
mod kit;
mod many;
mod patience;
mod put;
mod rates;
#[cfg(feature = "http")]
pub mod rest;
mod sharing;
mod stage;
mod table;
mod tags;
mod wire;

pub use async_trait::async_trait;
pub use calls::{
    Attempt, Calls, Cloud, Made, Next, Operation, Repeated, Seen, State, Which, Work, request_id,
};
pub use due::Due;
pub use error::{Class, Classes, chain, refused, senseless};
pub use kit::Kit;
pub use landform_core as core;
pub use many::{each, existing, in_halves, in_pages};
pub use patience::{Pace, Patience};
pub use put::Put;
pub use rates::{Rate, Rates};
pub use sharing::Shared;
pub use tags::{TagChange, Tagging, Tags};
#[doc(hidden)]
pub use wire::{__from_word, __word};
pub use wire::{Text, Wire, read};

#[doc(hidden)]
pub type __Type = std::sync::Arc<landform_core::ResourceType>;

#[doc(hidden)]
pub fn __type<R: landform_core::Resource>() -> __Type {
    R::resource_type().clone()
}
