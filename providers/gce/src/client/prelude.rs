//! The imports that the calls of every type need.

pub(crate) use landform_core::{Error, ErrorKind, FindBy, Observed, Result};
pub(crate) use landform_kit::{
    Attempt, Calls, Due, Made, Next, Repeated, Seen, Shared, Tagging, Which, async_trait, shared, tagged,
};
pub(crate) use serde_json::{Map, Value as Json, json};

pub(crate) use super::{
    Client, Place, begun,
    part::{self, Part, part_calls},
    table::{self, Change, Entry, Renamed, Scope, Table, calls},
};
