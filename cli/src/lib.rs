//! A command line for any stack: plan, apply, destroy, refresh, import, look at the state and after it.
//!
//! A tool is a stack's name and what it declares. Everything else is here: where the state is kept, which cloud it is
//! done in, what is asked before anything changes, progress, colours, JSON for other programs, completion for shells.
//! What a stack holds is never decided here.
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
mod progress;
mod screen;
mod state_tool;
mod table;
mod tool;

use std::{error::Error, process::ExitCode};

#[cfg(feature = "aws")]
pub use self::commands::permissions;
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

/// The exit status of `plan --detailed-exitcode` that finds changes, as Terraform's.
pub const CHANGES: u8 = 2;

/// Runs the command line of a stack: [`Tool::new`] with everything as it usually is.
///
/// The closure declares the stack; it is called by the commands that need to know what is declared, and by no other.
pub fn run<S: IntoStack>(stack: &str, declare: impl Fn(&Context) -> S) -> ExitCode {
    Tool::new(stack).run(declare)
}
