//! Shows and maintains a state in any store: `cargo run --example state -- --state URL list`.
//!
//! It needs no provider and asks no cloud. For a bucket, a database or an encrypted state, build it with
//! `--features object-store,postgres,encryption`.

use std::process::ExitCode;

fn main() -> ExitCode {
    landform::cli::state()
}
