//! The provider kit: what every client of a cloud shares. A resource type brings four things, as an implementation of
//! [`Calls`]: how to look, to make, to change and to remove ([`Put`], where one call makes and changes). [`Kit`] turns
//! them into the provider contract ([`Manage`](landform_core::Manage)) and adds the rest:
//!
//! - **Waiting.** Every long operation is a ticket. The engine waits between calls; nothing here sleeps, so a program
//!   that is killed while it waits loses nothing.
//! - **Lag.** A read that does not show yet what was written is asked again, within limits that a type can set.
//! - **Finding.** An attempt whose answer was lost is found by its token (a tag, a field) or by its identity.
//! - **Tags.** The tag that marks what an attempt made, default tags, ignored tags, reserved tags.
//! - **Deleting.** What is gone already is gone; what others still use is tried again; what lingers is waited for.
//! - **Differences.** [`Due`] says which fields differ, by the schema; a type changes those.
//! - **Errors.** [`Classes`] is a table from a service's error codes to [`ErrorKind`](landform_core::ErrorKind).
//! - **Rates.** [`Rates`] holds a bucket of tokens for each class of calls, which gets slower when the cloud refuses.
//! - **Fields.** [`Wire`] converts between declared fields and an SDK's optional ones, both ways.
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
pub use many::{each, in_halves, in_pages};
pub use patience::{Pace, Patience};
pub use put::Put;
pub use rates::{Rate, Rates};
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
