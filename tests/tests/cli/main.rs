//! The `fairwinds` program as its users run it: real processes, each in a separate directory.
#![allow(clippy::unwrap_used)]

mod bad_input;
mod bad_state;
mod commands;
mod desk;
mod examples;
mod google;
mod graph;
mod interrupted;
mod kops;
mod outside;
mod reference;
mod restore;
mod story;
mod tool;
mod transcripts;
