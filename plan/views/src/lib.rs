//! Views for people and tools: plans, stacks and states as text, JSON, pictures, pages and Terraform's forms. Views
//! only look, and never show a secret.

mod dot;
mod graph;
mod html;
mod json;
mod lines;
mod log;
mod mismatch;
mod pen;
mod pieces;
mod reference;
mod secrets;
mod shown;
mod terraform;
mod text;
mod tfstate;

pub use dot::{DotOptions, plan_dot, stack_dot};
pub use html::{html, stack_html};
pub use json::{terraform_json, terraform_state_json};
pub use log::{event_line, report};
pub use mismatch::mismatch;
pub use pen::color_wanted;
pub use reference::{Permission, reference};
pub use terraform::{Export, ExportError, terraform};
pub use text::{Detail, TextOptions, text, text_with};
pub use tfstate::{Imported, LeftOut, TakenOver, TerraformState, TfstateError, read_tfstate};

use landform_engine::plan::{ChangeKind, Counts, ReplaceOrder, Verb};

/// The sign in front of a change.
fn sign(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::Create => "+",
        ChangeKind::Update => "~",
        ChangeKind::Replace(ReplaceOrder::DestroyFirst) => "-/+",
        ChangeKind::Replace(ReplaceOrder::CreateFirst) => "+/-",
        ChangeKind::Delete => "-",
        ChangeKind::Adopt => ">",
        ChangeKind::Forget => ".",
        ChangeKind::Read => "<=",
    }
}

/// The name of an operation, as an order.
fn word(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::Create => "create",
        ChangeKind::Update => "update",
        ChangeKind::Replace(_) => "replace",
        ChangeKind::Delete => "destroy",
        ChangeKind::Adopt => "adopt",
        ChangeKind::Forget => "forget",
        ChangeKind::Read => "read",
    }
}

/// The name of a step while it runs, when it is done, and as an order.
fn verb_words(verb: Verb) -> [&'static str; 3] {
    match verb {
        Verb::Create => ["creating", "created", "create"],
        Verb::Update => ["updating", "updated", "update"],
        Verb::Delete => ["destroying", "destroyed", "destroy"],
        Verb::Adopt => ["adopting", "adopted", "adopt"],
        Verb::Forget => ["forgetting", "forgotten", "forget"],
        Verb::Read => ["reading", "read", "read"],
        Verb::Check => ["checking", "checked", "check"],
        Verb::Pass => ["passing", "passed", "pass"],
    }
}

/// That a step failed.
fn failed(verb: Verb) -> String {
    match verb {
        Verb::Check => "a condition does not hold".to_owned(),
        verb => format!("failed to {}", verb_words(verb)[2]),
    }
}

/// A duration as people write it: `840 ms`, `4.2 s`, `3 min 40 s`, `1 h 5 min`.
fn duration(seconds: f64) -> String {
    if seconds < 0.9995 {
        return format!("{:.0} ms", seconds * 1000.0);
    }
    if seconds < 9.95 {
        let text = format!("{seconds:.1}");
        return format!("{} s", text.strip_suffix(".0").unwrap_or(&text));
    }
    let whole = seconds.round() as u64;
    let two = |large: u64, large_unit: &str, small: u64, small_unit: &str| match small {
        0 => format!("{large} {large_unit}"),
        small => format!("{large} {large_unit} {small} {small_unit}"),
    };
    match whole {
        0..60 => format!("{whole} s"),
        60..3600 => two(whole / 60, "min", whole % 60, "s"),
        _ => two(whole / 3600, "h", whole % 3600 / 60, "min"),
    }
}

/// The counts of a plan or a report. The usual four are always there, so that lines can be compared.
fn counts(counts: Counts, words: [&str; 7]) -> String {
    let Counts { added, changed, replaced, destroyed, adopted, forgotten, read } = counts;
    let numbers = [added, changed, replaced, destroyed, adopted, forgotten, read];
    let parts: Vec<String> = numbers
        .iter()
        .zip(words)
        .enumerate()
        .filter(|(place, (number, _))| *place < 4 || **number > 0)
        .map(|(_, (number, word))| format!("{number} {word}"))
        .collect();
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    #[test]
    fn durations_are_said_as_people_do() {
        let said: Vec<String> =
            [0.0, 0.84, 1.0, 4.23, 9.97, 59.4, 220.0, 240.0, 3900.0, 7200.0].map(super::duration).into();
        assert_eq!(
            said,
            ["0 ms", "840 ms", "1 s", "4.2 s", "10 s", "59 s", "3 min 40 s", "4 min", "1 h 5 min", "2 h"]
        );
    }
}
