//! A command line for any stack: plan, apply, destroy, refresh, import, and commands on the state.
//!
//! A tool is the name of a stack and its declarations. This crate has everything else: the place of the state, the
//! choice of the cloud, questions before changes, progress, colours, JSON for other programs, completion for shells. It
//! never decides what a stack holds.
//!
//! ```no_run
//! use std::process::ExitCode;
//!
//! fn main() -> ExitCode {
//!     landform_cli::run("base", |context| {
//!         let mut stack = context.new_stack();
//!         stack.output("greeting", "hello");
//!         stack
//!     })
//! }
//! ```

mod arguments;
mod carry;
mod cloud;
mod commands;
mod context;
mod key;
#[cfg(feature = "bindings")]
mod landform;
mod progress;
mod screen;
mod state_tool;
mod table;
mod tool;

use std::{error::Error, process::ExitCode};

#[cfg(feature = "aws")]
pub use self::commands::permissions;
#[cfg(feature = "bindings")]
pub use self::landform::landform;
pub use self::{
    arguments::Consent,
    carry::apply,
    cloud::{Cloud, Place},
    context::Context,
    state_tool::state,
    table::Table,
    tool::{IntoStack, NoArguments, NoCommand, Tool},
};
pub use clap;

/// Whatever went wrong, in words.
pub type Failure = Box<dyn Error + Send + Sync>;

/// The exit status of `plan --detailed-exitcode` when there are changes, as in Terraform.
pub const CHANGES: u8 = 2;

/// Runs the command line of a stack: [`Tool::new`] with the default settings.
///
/// The closure declares the stack. Only the commands that need the declarations call it.
pub fn run<S: IntoStack>(stack: &str, declare: impl Fn(&Context) -> S) -> ExitCode {
    Tool::new(stack).run(declare)
}
