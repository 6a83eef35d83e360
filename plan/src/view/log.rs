//! Events and reports as lines of text, for logs and for the end of a run.

use std::fmt::{self, Write as _};

use super::{counts, duration, failed, number, verb_words};
use crate::{event::Event, report::Report};

/// One event as one line; `None` for what only a progress display cares for.
pub fn event_line(event: &Event) -> Option<String> {
    Some(match event {
        Event::Reading { resources, calls } => {
            format!("reading {} in {}", number(*resources, "resource"), number(*calls, "call"))
        }
        Event::Read { drifted: 0 } => "read: all is as recorded".to_owned(),
        Event::Read { drifted } => format!("read: {} not as recorded", number(*drifted, "resource")),
        Event::Planned { changes: 0 } => "planned: no changes".to_owned(),
        Event::Planned { changes } => format!("planned: {}", number(*changes, "change")),
        Event::Applying { steps } => format!("applying {}", number(*steps, "step")),
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
        Event::Retrying { address, error, pause } => {
            format!("{address}: again in {}: {}", duration(pause.as_secs_f64()), one_line(error))
        }
        Event::Finished { address, verb, id, elapsed } => {
            let [_, done, _] = verb_words(*verb);
            let id = id.as_ref().map(|id| format!(" {id}")).unwrap_or_default();
            format!("{address}: {done}{id} in {}", duration(elapsed.as_secs_f64()))
        }
        Event::Failed { address, verb, error } => {
            format!("{address}: {}: {}", failed(*verb), one_line(error))
        }
        Event::Skipped { address, verb, because } => {
            let [.., order] = verb_words(*verb);
            match because {
                Some(because) => format!("{address}: did not {order}, for {because} failed"),
                None => format!("{address}: did not {order}, for the run was cancelled"),
            }
        }
        Event::Applied { counts: done, failed, skipped, elapsed } => {
            let mut line = format!("applied: {}", counts(*done, DONE));
            if *failed + *skipped > 0 {
                let _ = write!(line, ", {failed} failed, {skipped} skipped");
            }
            format!("{line} in {}", duration(elapsed.as_secs_f64()))
        }
    })
}

const DONE: [&str; 7] = ["added", "changed", "replaced", "destroyed", "adopted", "forgotten", "read"];

/// A report as text: what failed and why, what was not begun because of it, the outputs, and the counts last.
pub fn report(report: &Report) -> impl fmt::Display + '_ {
    ReportText(report)
}

struct ReportText<'a>(&'a Report);

impl fmt::Display for ReportText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Report { counts: done, failures, skipped, outputs, cancelled, elapsed } = self.0;
        for failure in failures {
            writeln!(f, "✗ {}: {}", failure.address, failed(failure.verb))?;
            failure.error.to_string().lines().try_for_each(|line| writeln!(f, "    {line}"))?;
        }
        for step in skipped {
            let [.., order] = verb_words(step.verb);
            let address = &step.address;
            match &step.because {
                Some(because) => writeln!(f, "· {address}: did not {order}, for {because} failed")?,
                None => writeln!(f, "· {address}: did not {order}, for the run was cancelled")?,
            }
        }
        if !failures.is_empty() || !skipped.is_empty() {
            writeln!(f)?;
        }
        if !outputs.is_empty() {
            let longest = outputs.keys().map(|name| name.chars().count()).max().unwrap_or(0);
            writeln!(f, "Outputs")?;
            for (name, value) in outputs {
                writeln!(f, "  {name:longest$} = {value}")?;
            }
            writeln!(f)?;
        }
        let how = match (*cancelled, self.0.is_complete()) {
            (true, _) => "Cancelled",
            (false, true) => "Done",
            (false, false) => "Incomplete",
        };
        write!(f, "{how}: {}", counts(*done, DONE))?;
        if !failures.is_empty() || !skipped.is_empty() {
            write!(f, "; {} failed, {} not begun", failures.len(), skipped.len())?;
        }
        write!(f, ". It took {}.", duration(elapsed.as_secs_f64()))
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
