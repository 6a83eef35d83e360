//! Looks at a state and looks after it, wherever it is kept: `cargo run --example state -- --state URL list`.
//!
//! It needs no provider and asks no cloud. For a bucket, a database or an encrypted state, build it with
//! `--features object-store,postgres,encryption`.

use std::process::ExitCode;

fn main() -> ExitCode {
    landform::cli::state()
}
