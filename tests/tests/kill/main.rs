//! Real processes, killed, stopped, raced and starved: nothing is lost, nothing is doubled, and no lock needs a hand.
//!
//! What runs is `examples/scale` with a ledger, where each resource is a file named by its number and the attempt that
//! made it. So whoever looks at the directory sees what is lost and what is doubled, whatever the state says.
//!
//! | variable | what it sets |
//! |---|---|
//! | `LANDFORM_KILLS` | how many processes are killed, 200 unless said |
//! | `LANDFORM_SEED` | where the random numbers begin |
//! | `LANDFORM_FUZZ` | how many inputs each reader is fed, 1000 unless said |
//! | `LANDFORM_FUZZ_SECONDS` | how long libFuzzer looks for an input that breaks a reader, 8 for each unless said |
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used)]

mod compaction;
mod disk;
mod fuzz;
mod killed;
mod libfuzzer;
mod rivals;
