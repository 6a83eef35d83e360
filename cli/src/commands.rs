//! The commands of every tool: chooses the command and gives it what it needs. A command that reads only the state gets
//! no cloud and no stack.

mod apply;
mod draw;
mod output;
mod past;
#[cfg(feature = "aws")]
mod rights;
pub(crate) mod state;

use std::{io, process::ExitCode};

use clap::Command as Clap;
use landform_core::Stack;

use crate::{Context, Failure, arguments::Command};

/// Runs a command. `declare` makes the stack, `described` is the whole command line.
pub(crate) async fn run<A>(
    context: &Context<A>,
    command: Command,
    declare: impl AsyncFn() -> Result<Stack, Failure>,
    mut described: Clap,
) -> Result<ExitCode, Failure> {
    match command {
        Command::Plan(wanted) => apply::plan(context, &wanted, &declare().await?).await,
        Command::Apply(wanted) => apply::apply(context, &wanted, &declare().await?).await,
        Command::Destroy(wanted) => apply::destroy(context, &wanted, &declare().await?).await,
        Command::Refresh(consent) => apply::refresh(context, &consent, &declare().await?).await,
        Command::Import(wanted) => apply::import(context, &wanted, declare().await?).await,
        Command::Show { plan } => draw::show(context, &plan, &declare().await?).await,
        Command::Output { name } => output::output(context, name.as_deref(), &declare().await?).await,
        Command::Graph(wanted) => draw::graph(context, &wanted, &declare().await?).await,
        #[cfg(feature = "aws")]
        Command::Permissions(wanted) => rights::run(context, &wanted, &declare().await?).await,
        Command::State(wanted) => {
            let engine = context.state_engine()?;
            let kept =
                state::Kept { engine: &engine, stack: Some(context.stack_name()), json: context.json() };
            state::run(&kept, wanted, context.place()).await
        }
        Command::Past(wanted) => {
            let engine = context.state_engine()?;
            past::run(&engine, Some(context.stack_name()), wanted, context.json()).await
        }
        Command::Restore(wanted) => past::restore(context, &wanted).await,
        Command::Completion { shell } => {
            let name = described.get_bin_name().unwrap_or(described.get_name()).to_owned();
            clap_complete::generate(shell, &mut described, name, &mut io::stdout());
            Ok(ExitCode::SUCCESS)
        }
    }
}

pub(crate) use past::run as look_back;
#[cfg(feature = "aws")]
pub use rights::permissions;
