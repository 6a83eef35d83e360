//! The command `landform`. `cli/src/landform.rs` has it.

use std::process::ExitCode;

fn main() -> ExitCode {
    landform::cli::landform()
}
