//! Real processes, killed, stopped, raced and starved: nothing is lost, nothing is doubled, and no lock needs manual
//! help.
//!
//! The tests run `examples/scale` with a ledger, in which each resource is a file named by its number and its attempt.
//! The directory therefore shows lost and doubled resources, whatever the state says.
//!
//! | variable | what it sets |
//! |---|---|
//! | `LANDFORM_KILLS` | the number of processes to kill, 200 by default |
//! | `LANDFORM_SEED` | the seed of the random numbers |
//! | `LANDFORM_FUZZ` | the number of inputs for each reader, 1000 by default |
//! | `LANDFORM_FUZZ_SECONDS` | the seconds that libFuzzer spends on each reader, 8 by default |
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used)]

mod compaction;
mod disk;
mod fuzz;
mod killed;
mod libfuzzer;
mod rivals;
