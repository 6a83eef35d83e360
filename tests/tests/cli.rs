//! The `fairwinds` program as its users run it: real processes, each in a directory of its own.
#![allow(clippy::unwrap_used)]

#[path = "cli/bad_input.rs"]
mod bad_input;
#[path = "cli/bad_state.rs"]
mod bad_state;
#[path = "cli/commands.rs"]
mod commands;
#[path = "cli/desk.rs"]
mod desk;
#[path = "../support/examples.rs"]
mod examples;
#[path = "cli/graph.rs"]
mod graph;
#[path = "cli/interrupted.rs"]
mod interrupted;
#[path = "cli/kops.rs"]
mod kops;
#[path = "cli/outside.rs"]
mod outside;
#[path = "kill/random.rs"]
mod random;
#[path = "cli/restore.rs"]
mod restore;
#[path = "cli/examples.rs"]
mod short_examples;
#[path = "cli/story.rs"]
mod story;
#[path = "cli/tool.rs"]
mod tool;
