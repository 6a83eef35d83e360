//! A plan shown, agreed to, applied and reported.

use std::io::{self, IsTerminal as _, Write as _};

use landform_plan::{
    ApplyOptions, Engine, Plan, Report,
    view::{self, TextOptions},
};
use serde_json::json;

use crate::{Failure, screen};

/// Shows what a plan does: in words, or as one JSON object with its counts.
pub(crate) fn show(plan: &Plan, json: bool) {
    if json {
        let counts = plan.counts();
        screen::line(json!({
            "event": "plan",
            "added": counts.added,
            "changed": counts.changed,
            "replaced": counts.replaced,
            "destroyed": counts.destroyed,
            "unchanged": plan.unchanged.len(),
        }));
    } else {
        screen::view(view::text(plan, &TextOptions::terminal()));
    }
}

/// Asks for consent at the terminal.
pub(crate) fn agreed(question: &str) -> Result<bool, Failure> {
    if !io::stdin().is_terminal() {
        return Err("nobody to ask: run at a terminal, or with --yes".into());
    }
    print!("{question} Only 'yes' will be accepted: ");
    io::stdout().flush()?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    Ok(answer.trim() == "yes")
}

/// Applies a plan and heeds the keyboard: Ctrl-C once finishes what is under way, twice leaves at once.
///
/// # Errors
/// As of [`Engine::apply`].
///
/// # Cancel safety
/// As of [`Engine::apply`].
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
        screen::line(json!({
            "event": "done",
            "added": report.counts.added,
            "changed": report.counts.changed,
            "replaced": report.counts.replaced,
            "destroyed": report.counts.destroyed,
            "failed": report.failures.len(),
            "skipped": report.skipped.len(),
            "outputs": report.outputs,
        }));
    } else if !plan.is_empty() {
        screen::line("");
        screen::view(view::report(report));
    }
}
