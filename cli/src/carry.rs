//! Shows a plan, asks for consent, applies it and reports.

use std::io::{self, IsTerminal as _, Write as _};

use landform_engine::{ApplyOptions, Counts, Engine, Plan, Report};
use landform_views::{self as view, TextOptions};
use serde::Serialize;
use serde_json::{Value as Json, json};

use crate::{Failure, screen};

/// Shows what a plan does: in words, or as one JSON object with its counts.
pub(crate) fn show(plan: &Plan, json: bool) {
    if json {
        event("plan", plan.counts(), json!({ "unchanged": plan.unchanged.len() }));
    } else {
        screen::view(view::text_with(plan, &TextOptions::terminal()));
    }
}

/// Asks for consent at the terminal.
pub(crate) fn agreed(question: &str) -> Result<bool, Failure> {
    if !io::stdin().is_terminal() {
        return Err("cannot ask for confirmation: run in a terminal, or pass --yes".into());
    }
    print!("{question} Only 'yes' will be accepted: ");
    io::stdout().flush()?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    Ok(answer.trim() == "yes")
}

/// Applies a plan and listens to the keyboard: Ctrl-C once finishes the running steps, twice returns at once.
///
/// # Errors
/// The same as for [`Engine::apply`].
///
/// # Cancel safety
/// The same as for [`Engine::apply`].
pub async fn apply(engine: &Engine, plan: &Plan, options: &ApplyOptions) -> Result<Report, Failure> {
    let switch = options.cancel.clone();
    let listening = tokio::spawn(async move {
        while tokio::signal::ctrl_c().await.is_ok() {
            switch.cancel();
        }
    });
    let report = engine.apply_with(plan, options).await;
    listening.abort();
    Ok(report?)
}

/// Tells the result of an apply.
pub(crate) fn report(plan: &Plan, report: &Report, json: bool) {
    if json {
        let (failed, skipped) = (report.failures.len(), report.skipped.len());
        event(
            "done",
            report.counts,
            json!({ "failed": failed, "skipped": skipped, "outputs": report.outputs }),
        );
    } else if !plan.is_empty() {
        screen::line("");
        screen::view(view::report(report));
    }
}

/// Prints an event with its counts and further data as one JSON object.
fn event(event: &str, counts: Counts, more: Json) {
    #[derive(Serialize)]
    struct Line<'a> {
        event: &'a str,
        #[serde(flatten)]
        counts: Counts,
        #[serde(flatten)]
        more: Json,
    }
    if let Ok(line) = serde_json::to_string(&Line { event, counts, more }) {
        screen::line(line);
    }
}
