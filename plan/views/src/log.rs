//! Events and reports as lines of text, for logs and for the end of a run.

use std::fmt::{self, Write as _};

use landform_core::{Address, Printable, words::count};

use super::{
    counts, duration, failed,
    pen::{Medium, Pen, padded, width},
    shown::label,
    verb_words,
};
use landform_engine::{Event, Notice, Report};

/// One event as one line; `None` for an event that only a progress display needs. Its text cannot steer a terminal.
pub fn event_line(event: &Event) -> Option<String> {
    Some(Printable(said(event)?).in_a_line().to_string())
}

fn said(event: &Event) -> Option<String> {
    Some(match event {
        Event::Reading { resources, calls } => {
            format!("reading {} in {}", count(*resources, "resource"), count(*calls, "call"))
        }
        Event::Read { drifted: 0 } => "read: nothing differs from the state".to_owned(),
        Event::Read { drifted: 1 } => "read: 1 resource differs from the state".to_owned(),
        Event::Read { drifted } => format!("read: {drifted} resources differ from the state"),
        Event::Planned { changes: 0 } => "planned: no changes".to_owned(),
        Event::Planned { changes } => format!("planned: {}", count(*changes, "change")),
        Event::Applying { steps } => format!("applying {}", count(*steps, "step")),
        Event::Recovered { address, outcome } => format!("{address}: recovered: {outcome}"),
        Event::Started { address, verb, expected } => {
            let [doing, ..] = verb_words(*verb);
            match *expected >= 1.0 {
                true => format!("{address}: {doing} (usually {})", duration(*expected)),
                false => format!("{address}: {doing}"),
            }
        }
        Event::Waiting { address, note, elapsed } => {
            let note = if note.is_empty() { "waiting" } else { note };
            format!("{address}: {note} ({} so far)", duration(elapsed.as_secs_f64()))
        }
        Event::Retrying { address, attempt, error, pause } => {
            let pause = duration(pause.as_secs_f64());
            format!("{address}: attempt {attempt} failed, retrying in {pause}: {}", one_line(error))
        }
        Event::Warned(Notice { address, diagnostic }) => {
            format!("{address}: warning: {}", one_line(&diagnostic.to_string()))
        }
        Event::Finished { address, verb, id, elapsed } => {
            let [_, done, _] = verb_words(*verb);
            let id = id.as_ref().map(|id| format!(" {id}")).unwrap_or_default();
            format!("{address}: {done}{id} in {}", duration(elapsed.as_secs_f64()))
        }
        Event::Failed { address, verb, error } => {
            format!("{address}: {}: {}", failed(*verb), one_line(error))
        }
        Event::Skipped { address, because, .. } => {
            format!("{address}: {}", skipped(because.as_ref()))
        }
        Event::Applied { counts: done, failed, skipped, elapsed } => {
            let mut line = format!("applied: {}", counts(*done, DONE));
            if *failed + *skipped > 0 {
                let _ = write!(line, ", {failed} failed, {skipped} skipped");
            }
            format!("{line} in {}", duration(elapsed.as_secs_f64()))
        }
        // A later engine may send events for which this view has no words.
        _ => return None,
    })
}

const DONE: [&str; 7] = ["added", "changed", "replaced", "destroyed", "adopted", "forgotten", "read"];

/// The line that says that a step was skipped, and why.
fn skipped(because: Option<&Address>) -> String {
    match because {
        Some(because) => format!("skipped: {because} failed"),
        None => "skipped: the run was cancelled".to_owned(),
    }
}

/// A report as text: failures and their reasons, skipped steps, the outputs, and the counts last. Its text cannot steer
/// a terminal.
pub fn report(report: &Report) -> impl fmt::Display + '_ {
    fmt::from_fn(|f| write_report(report, &mut Pen::new(f, Medium::Plain)))
}

fn write_report(report: &Report, pen: &mut Pen<'_>) -> fmt::Result {
    let Report { counts: done, failures, skipped: left, warnings, outputs, cancelled, elapsed } = report;
    for warning in warnings {
        pen.line(format_args!("! {warning}"))?;
    }
    for failure in failures {
        pen.line(format_args!("✗ {}: {}", failure.address, failed(failure.verb)))?;
        let error = failure.error.to_string();
        error.lines().try_for_each(|line| pen.line(format_args!("    {line}")))?;
    }
    for step in left {
        pen.line(format_args!("· {}: {}", step.address, skipped(step.because.as_ref())))?;
    }
    if !report.is_complete() || !warnings.is_empty() {
        pen.end()?;
    }
    if !outputs.is_empty() {
        let names: Vec<String> = outputs.keys().map(|name| label(name)).collect();
        let longest = names.iter().map(|name| width(name)).max().unwrap_or(0);
        pen.line("Outputs")?;
        for (name, value) in names.iter().zip(outputs.values()) {
            pen.line(format_args!("  {} = {value}", padded(name, longest)))?;
        }
        pen.end()?;
    }
    let how = match (*cancelled, report.is_complete()) {
        (true, _) => "Cancelled",
        (false, true) => "Done",
        (false, false) => "Incomplete",
    };
    write!(pen, "{how}: {}", counts(*done, DONE))?;
    if !report.is_complete() {
        write!(pen, "; {} failed, {} skipped", failures.len(), left.len())?;
    }
    write!(pen, ". It took {}.", duration(elapsed.as_secs_f64()))
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
