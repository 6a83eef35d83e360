//! Shows progress: bars on a terminal, lines elsewhere, JSON for tools.

use std::{
    collections::HashMap,
    io::IsTerminal,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use landform_core::{Address, Printable};
use landform_engine::{Event, Sink, Verb};
use landform_views as view;

use crate::screen;

/// How events are shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Show {
    /// Bars, or lines if there is no terminal.
    People,
    /// One JSON object an event.
    Json,
    /// Bars, or nothing if there is no terminal.
    Brief,
}

/// A listener.
pub(crate) fn listen(show: Show) -> Sink {
    match (show, std::io::stderr().is_terminal()) {
        (Show::Json, _) => Sink::new(|event| {
            if let Ok(line) = serde_json::to_string(&event) {
                screen::line(line);
            }
        }),
        (_, true) => {
            let bars = Arc::new(Mutex::new(Bars::new()));
            Sink::new(move |event| bars.lock().unwrap_or_else(PoisonError::into_inner).show(event))
        }
        (Show::People, false) => Sink::new(|event| {
            if let Some(line) = view::event_line(&event) {
                screen::note(line);
            }
        }),
        (Show::Brief, false) => Sink::none(),
    }
}

/// One bar for all steps, and a line for each slow step.
struct Bars {
    all: MultiProgress,
    whole: Option<ProgressBar>,
    lines: HashMap<(Address, Verb), ProgressBar>,
}

/// Steps that take fewer seconds than this on a real cloud get no separate line.
const WORTH_A_LINE: f64 = 5.0;

impl Bars {
    fn new() -> Self {
        Self { all: MultiProgress::new(), whole: None, lines: HashMap::new() }
    }

    fn show(&mut self, event: Event) {
        match event {
            Event::Applying { steps } => {
                let style = ProgressStyle::with_template("  {bar:40.green/dim} {pos}/{len} steps {elapsed}");
                let bar = ProgressBar::new(steps as u64);
                if let Ok(style) = style {
                    bar.set_style(style.progress_chars("━╸─"));
                }
                self.whole = Some(self.all.add(bar));
            }
            Event::Started { address, verb, expected } if expected >= WORTH_A_LINE => {
                let bar = self.all.add(ProgressBar::new_spinner());
                bar.set_message(format!("{} {address}", doing(verb)));
                bar.enable_steady_tick(Duration::from_millis(80));
                self.lines.insert((address, verb), bar);
            }
            Event::Finished { address, verb, .. } => self.end(address, verb, None),
            Event::Failed { address, verb, error } => self.end(address, verb, Some(error)),
            Event::Skipped { .. } => self.advance(),
            Event::Recovered { address, outcome } => self.say(format!("  settled {address}: {outcome}")),
            Event::Retrying { address, error, .. } => self.say(format!("  retrying {address}: {error}")),
            Event::Warned(notice) => self.say(format!("  warning: {notice}")),
            Event::Applied { .. } => {
                if let Some(bar) = self.whole.take() {
                    bar.finish_and_clear();
                }
            }
            _ => {}
        }
    }

    fn end(&mut self, address: Address, verb: Verb, error: Option<String>) {
        if let Some(error) = error {
            self.say(format!("  failed: {address}: {error}"));
        }
        if let Some(bar) = self.lines.remove(&(address, verb)) {
            bar.finish_and_clear();
        }
        self.advance();
    }

    fn advance(&self) {
        if let Some(bar) = &self.whole {
            bar.inc(1);
        }
    }

    fn say(&self, line: String) {
        // If a line cannot be written, the work still goes on.
        let _ = self.all.println(Printable(line).in_a_line().to_string());
    }
}

fn doing(verb: Verb) -> &'static str {
    match verb {
        Verb::Create => "creating",
        Verb::Update => "updating",
        Verb::Delete => "deleting",
        Verb::Adopt => "taking over",
        Verb::Forget => "forgetting",
        Verb::Read => "reading",
        Verb::Check => "checking",
        Verb::Pass => "passing",
    }
}
