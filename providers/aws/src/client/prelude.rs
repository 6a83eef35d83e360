//! The imports that the calls of every type need.
// A single compiled service uses only a part of them.
#![allow(unused_imports)]

pub(crate) use async_trait::async_trait;
pub(crate) use landform_core::{DataSource, Error, ErrorKind, FindBy, Id, Observed, Result};
pub(crate) use landform_kit::{
    Attempt, Calls, Due, Made, Next, Patience, Put, Repeated, Seen, State, TagChange, Tagging, Which, Wire,
    calls_by_put, changes, each, in_halves, read, tagged, words,
};

pub(crate) use super::{
    Client, apart,
    error::failed,
    tags::{given, sent, write_tags},
};
