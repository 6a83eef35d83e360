//! The input of a tool's closures: the command line, and the engine that it describes.

use std::{process::ExitCode, time::Duration};

use landform_core::Stack;
use landform_engine::{ApplyOptions, Engine, EngineBuilder, Plan, Sink};

use crate::{
    Consent, Failure,
    arguments::Options,
    carry,
    cloud::{Cloud, Place},
    key,
    progress::{self, Show},
    screen,
    tool::NoArguments,
};

/// A parsed command line. `A` holds the tool's own options.
pub struct Context<A = NoArguments> {
    /// The tool's own options.
    pub arguments: A,
    stack: String,
    options: Options,
    place: Place,
    clouds: Vec<Cloud>,
}

impl<A> Context<A> {
    pub(crate) fn new(
        stack: String,
        state: String,
        options: Options,
        arguments: A,
        clouds: Vec<Cloud>,
    ) -> Self {
        let place = Place { state: options.state.clone().unwrap_or(state) };
        Self { arguments, stack, options, place, clouds }
    }

    /// An empty stack of the tool's name.
    pub fn new_stack(&self) -> Stack {
        Stack::new(&*self.stack)
    }

    /// The name of the stack. A state belongs to one stack.
    pub fn stack_name(&self) -> &str {
        &self.stack
    }

    /// The cloud that it works in.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// Whether `--state` or its variable was given.
    pub fn has_state(&self) -> bool {
        self.options.state.is_some()
    }

    /// Whether it works in the cloud with this name.
    pub fn uses_cloud(&self, name: &str) -> bool {
        self.clouds.iter().any(|cloud| cloud.name() == name)
    }

    /// Whether JSON is asked for.
    pub fn json(&self) -> bool {
        self.options.json
    }

    /// A listener that shows events in the form that the command line asks for.
    pub fn listener(&self) -> Sink {
        progress::listen(if self.json() { Show::Json } else { Show::People })
    }

    /// A listener that shows bars on a terminal, and otherwise nothing unless the command line asks for JSON.
    pub fn brief_listener(&self) -> Sink {
        progress::listen(if self.json() { Show::Json } else { Show::Brief })
    }

    /// The engine that the command line describes: its state, its providers, its listener.
    ///
    /// # Errors
    /// The URL of the state is malformed, or a provider cannot be opened.
    ///
    /// # Cancel safety
    /// It only reads, so dropping it leaves nothing behind.
    pub async fn engine(&self) -> Result<Engine, Failure> {
        let mut builder = self.builder()?.events(self.listener());
        for cloud in &self.clouds {
            builder = cloud.provide(&self.place, builder).await?;
        }
        Ok(builder.open()?)
    }

    /// The same engine without a listener, for commands that print only their result.
    pub(crate) async fn silent_engine(&self) -> Result<Engine, Failure> {
        Ok(self.engine().await?.with_events(Sink::none()))
    }

    /// An engine for the state alone.
    pub(crate) fn state_engine(&self) -> Result<Engine, Failure> {
        Ok(self.builder()?.open()?)
    }

    fn builder(&self) -> Result<EngineBuilder, Failure> {
        let builder = Engine::builder().state(&*self.place.state);
        key::with(builder.wait(Duration::from_secs(self.options.lock_timeout)))
    }

    /// Prints a plan, asks for consent unless it was given, applies the plan and reports.
    ///
    /// # Errors
    /// There is nobody to ask for consent, or as [`Engine::apply`].
    ///
    /// # Cancel safety
    /// The same as for [`Engine::apply`].
    pub async fn carry_out(
        &self,
        engine: &Engine,
        plan: &Plan,
        question: &str,
        consent: &Consent,
    ) -> Result<ExitCode, Failure> {
        self.carry_out_if(!plan.is_empty(), engine, plan, question, consent).await
    }

    /// Like [`Context::carry_out`], for plans that do more than the question says.
    pub(crate) async fn carry_out_if(
        &self,
        is_asked: bool,
        engine: &Engine,
        plan: &Plan,
        question: &str,
        consent: &Consent,
    ) -> Result<ExitCode, Failure> {
        carry::show(plan, self.json());
        if is_asked && !consent.yes && !carry::agreed(question)? {
            screen::note("Nothing was changed.");
            return Ok(ExitCode::FAILURE);
        }
        self.apply(engine, plan, consent.parallelism).await
    }

    /// Applies a plan and reports.
    pub(crate) async fn apply(
        &self,
        engine: &Engine,
        plan: &Plan,
        parallelism: usize,
    ) -> Result<ExitCode, Failure> {
        for cloud in self.clouds.iter().filter(|_| !plan.is_empty()) {
            cloud.prepare(&self.place)?;
        }
        let options = ApplyOptions { parallelism, ..ApplyOptions::default() };
        let report = carry::apply(engine, plan, &options).await?;
        carry::report(plan, &report, self.json());
        Ok(if report.is_complete() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}
