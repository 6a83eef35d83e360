//! A tool: the name of a stack, the tool's own options and commands, and the clouds it works in. Reads the command
//! line.

use std::{ffi::OsString, marker::PhantomData, process::ExitCode};

use clap::{
    ArgMatches, Args, Command as Clap, CommandFactory, FromArgMatches, Parser, Subcommand,
    builder::PossibleValuesParser,
};
use landform_core::Stack;
use serde_json::json;

use crate::{
    Cloud, Context, Failure,
    arguments::{Command, Options},
    commands, screen,
};

/// The command line of a stack, before it runs.
///
/// ```no_run
/// # fn main() -> std::process::ExitCode {
/// use landform_cli::{Cloud, Tool, clap};
///
/// /// The options of this tool.
/// #[derive(Debug, clap::Args)]
/// struct Region {
///     /// The region.
///     #[arg(long, default_value = "us-east-2")]
///     region: String,
/// }
///
/// Tool::new("base")
///     .about("The base network")
///     .cloud(Cloud::embedded())
///     .arguments::<Region>()
///     .run(|context| {
///         let mut stack = context.new_stack();
///         stack.output("region", context.arguments.region.clone());
///         stack
///     })
/// # }
/// ```
pub struct Tool<A = NoArguments> {
    stack: String,
    about: Option<String>,
    state: Option<String>,
    clouds: Vec<Cloud>,
    arguments: PhantomData<fn() -> A>,
}

/// A tool without additional options.
#[derive(Debug, Clone, Copy, Args)]
pub struct NoArguments {}

/// A tool without additional commands.
#[derive(Debug, Clone, Copy)]
pub enum NoCommand {}

/// The result of a tool's closure: a stack, or the reason why there is none.
pub trait IntoStack {
    /// The stack.
    ///
    /// # Errors
    /// Why there is none.
    fn into_stack(self) -> Result<Stack, Failure>;
}

impl IntoStack for Stack {
    fn into_stack(self) -> Result<Stack, Failure> {
        Ok(self)
    }
}

impl<E: Into<Failure>> IntoStack for Result<Stack, E> {
    fn into_stack(self) -> Result<Stack, Failure> {
        self.map_err(Into::into)
    }
}

impl Tool {
    /// A tool for the stack with this name. By default, its state is in the directory `NAME.state`, and it works in the
    /// clouds of [`Cloud::all`].
    pub fn new(stack: impl Into<String>) -> Self {
        Tool { stack: stack.into(), about: None, state: None, clouds: Vec::new(), arguments: PhantomData }
    }
}

impl<A: Args> Tool<A> {
    /// Sets the description in the help.
    pub fn about(mut self, text: impl Into<String>) -> Self {
        self.about = Some(text.into());
        self
    }

    /// Sets where to keep the state, unless the command line says otherwise.
    pub fn default_state(mut self, url: impl Into<String>) -> Self {
        self.state = Some(url.into());
        self
    }

    /// Adds a cloud to work in. The first one is the default.
    pub fn cloud(mut self, cloud: Cloud) -> Self {
        self.clouds.push(cloud);
        self
    }

    /// Adds the tool's own options. The closures find them in [`Context::arguments`].
    pub fn arguments<B: Args>(self) -> Tool<B> {
        let Self { stack, about, state, clouds, .. } = self;
        Tool { stack, about, state, clouds, arguments: PhantomData }
    }

    /// Reads the command line and runs its command.
    pub fn run<S: IntoStack>(self, declare: impl Fn(&Context<A>) -> S) -> ExitCode {
        self.run_async(async |context| declare(context))
    }

    /// Like [`Tool::run`], for an asynchronous closure.
    pub fn run_async<S: IntoStack>(self, declare: impl AsyncFn(&Context<A>) -> S) -> ExitCode {
        self.run_with(declare, async |_, own: Option<NoCommand>| match own {
            Some(never) => match never {},
            None => Err("expected a command; --help lists them".into()),
        })
    }

    /// Like [`Tool::run_async`], with the tool's own commands beside the usual ones. The closure gets `None` if the
    /// command line names no command.
    pub fn run_with<S: IntoStack, C: Subcommand>(
        self,
        declare: impl AsyncFn(&Context<A>) -> S,
        own: impl AsyncFn(&Context<A>, Option<C>) -> Result<ExitCode, Failure>,
    ) -> ExitCode {
        let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
            Ok(runtime) => runtime,
            Err(error) => {
                screen::note(format!("error: {error}"));
                return ExitCode::FAILURE;
            }
        };
        runtime.block_on(self.from(std::env::args_os(), declare, own))
    }

    async fn from<S: IntoStack, C: Subcommand>(
        mut self,
        line: impl IntoIterator<Item = OsString>,
        declare: impl AsyncFn(&Context<A>) -> S,
        own: impl AsyncFn(&Context<A>, Option<C>) -> Result<ExitCode, Failure>,
    ) -> ExitCode {
        if self.clouds.is_empty() {
            self.clouds = Cloud::all();
        }
        let described = self.described::<C>();
        let read = described.clone().try_get_matches_from(line);
        let Line::<A, C> { command, options, own: arguments } =
            read.and_then(|matches| Line::from_arg_matches(&matches)).unwrap_or_else(|error| error.exit());
        let Self { stack, state, mut clouds, .. } = self;
        clouds.retain(|cloud| options.cloud.iter().any(|name| name == cloud.name()));
        let json = options.json;
        let state = state.unwrap_or_else(|| format!("{stack}.state"));
        let context = Context::new(stack, state, options, arguments, clouds);
        let done = match command {
            Some(Any::Usual(command)) => {
                let declared = async || declare(&context).await.into_stack();
                commands::run(&context, command, declared, described).await
            }
            Some(Any::Own(command)) => own(&context, Some(command)).await,
            None => own(&context, None).await,
        };
        done.unwrap_or_else(|error| told(&error, json))
    }

    fn described<C: Subcommand>(&self) -> Clap {
        let names: Vec<String> = self.clouds.iter().map(|cloud| cloud.name().to_owned()).collect();
        let state = self.state.clone().unwrap_or_else(|| format!("{}.state", self.stack));
        let about = self.about.clone().unwrap_or_else(|| format!("Plan and apply the stack {}", self.stack));
        let default = names.first().cloned().unwrap_or_default();
        Line::<A, C>::command()
            .name(self.stack.clone())
            .about(about)
            .mut_arg("cloud", |arg| arg.value_parser(PossibleValuesParser::new(names)).default_value(default))
            .mut_arg("state", |arg| {
                let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
                arg.help(format!("{help} [default: {state}]"))
            })
    }
}

/// Says what went wrong.
pub(crate) fn told(error: &Failure, json: bool) -> ExitCode {
    if json {
        screen::line(json!({ "event": "error", "message": error.to_string() }));
    }
    screen::note(format!("error: {error}"));
    ExitCode::FAILURE
}

/// A whole command line.
#[derive(Parser)]
struct Line<A: Args, C: Subcommand> {
    #[command(subcommand)]
    command: Option<Any<C>>,
    #[command(flatten)]
    own: A,
    #[command(flatten)]
    options: Options,
}

/// A usual command, or one of the tool's own.
#[derive(Subcommand)]
enum Any<C: Subcommand> {
    #[command(flatten)]
    Own(C),
    #[command(flatten)]
    Usual(Command),
}

impl Subcommand for NoCommand {
    fn augment_subcommands(command: Clap) -> Clap {
        command
    }

    fn augment_subcommands_for_update(command: Clap) -> Clap {
        command
    }

    fn has_subcommand(_: &str) -> bool {
        false
    }
}

impl FromArgMatches for NoCommand {
    fn from_arg_matches(_: &ArgMatches) -> Result<Self, clap::Error> {
        Err(clap::Error::new(clap::error::ErrorKind::InvalidSubcommand))
    }

    fn update_from_arg_matches(&mut self, _: &ArgMatches) -> Result<(), clap::Error> {
        match *self {}
    }
}
