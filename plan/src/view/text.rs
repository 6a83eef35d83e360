//! A plan as text, for people: what changes, from what to what, and why.

mod pen;

use std::fmt;

use landform_core::expr::Expr;
use serde_json::Value as Json;

use super::{
    counts, duration, number,
    shown::Shown,
    sign,
    style::{Ink, color_wanted},
    word,
};
use crate::plan::{Change, ChangeKind, Drift, FieldChange, Plan, Reason, ReplaceOrder};
use pen::{Pen, longest};

/// How a plan is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextOptions {
    /// Whether with colours.
    pub color: bool,
    /// How much is told.
    pub detail: Detail,
    /// How many characters a line should hold; what has no room is broken or cut.
    pub width: usize,
}

/// How much a text tells of each change.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Detail {
    /// A line.
    Summary,
    /// Every argument and every difference.
    #[default]
    Full,
}

impl Default for TextOptions {
    fn default() -> Self {
        Self { color: false, detail: Detail::Full, width: 110 }
    }
}

impl TextOptions {
    /// What standard output wants: colours where [`color_wanted`], and the width that `COLUMNS` says.
    pub fn terminal() -> Self {
        let usual = Self::default();
        let columns = std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok());
        Self { color: color_wanted(), width: columns.unwrap_or(usual.width), ..usual }
    }
}

/// A plan as text.
pub fn text<'a>(plan: &'a Plan, options: &TextOptions) -> impl fmt::Display + 'a {
    PlanText { plan, pen: Pen::new(*options) }
}

impl fmt::Display for Plan {
    /// In full, without colours.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        text(self, &TextOptions::default()).fmt(f)
    }
}

/// One change of a plan, as its text tells it.
pub(super) fn change_text(plan: &Plan, change: &Change, options: TextOptions) -> String {
    let text = PlanText { plan, pen: Pen::new(options) };
    fmt::from_fn(|f| text.change(f, change)).to_string()
}

/// The drift of a plan.
pub(super) fn drift_text(plan: &Plan, options: TextOptions) -> String {
    let text = PlanText { plan, pen: Pen::new(options) };
    fmt::from_fn(|f| text.drifted(f)).to_string()
}

/// The conditions that an apply decides.
pub(super) fn checks_text(plan: &Plan, options: TextOptions) -> String {
    let text = PlanText { plan, pen: Pen::new(options) };
    fmt::from_fn(|f| text.check_lines(f)).to_string()
}

/// What people should know before they apply a plan.
pub(super) fn warnings_text(plan: &Plan, options: TextOptions) -> String {
    let text = PlanText { plan, pen: Pen::new(options) };
    fmt::from_fn(|f| text.warning_lines(f)).to_string()
}

/// The outputs that a plan changes.
pub(super) fn outputs_text(plan: &Plan, options: TextOptions) -> String {
    let text = PlanText { plan, pen: Pen::new(options) };
    fmt::from_fn(|f| text.output_lines(f, output_changes(plan))).to_string()
}

/// The arguments of a node.
pub(super) fn arguments_text(arguments: &Expr, options: TextOptions) -> String {
    let pen = Pen::new(options);
    fmt::from_fn(|f| pen.arguments(f, arguments)).to_string()
}

struct PlanText<'a> {
    plan: &'a Plan,
    pen: Pen,
}

impl fmt::Display for PlanText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.drift(f)?;
        self.moves(f)?;
        self.changes(f)?;
        self.checks(f)?;
        self.outputs(f)?;
        self.warnings(f)?;
        self.last_line(f)
    }
}

impl PlanText<'_> {
    fn heading(&self, f: &mut fmt::Formatter<'_>, text: impl fmt::Display) -> fmt::Result {
        writeln!(f, "{}\n", self.pen.style.paint(Ink::Strong, text))
    }

    fn drift(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let drift = &self.plan.drift;
        if drift.is_empty() {
            return Ok(());
        }
        let verb = if drift.len() == 1 { "is" } else { "are" };
        self.heading(f, format_args!("Drift: {} {verb} not as recorded", number(drift.len(), "resource")))?;
        self.drifted(f)?;
        writeln!(f)
    }

    fn drifted(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Drift { address, gone, fields } in &self.plan.drift {
            if *gone {
                writeln!(f, "  {} {address}: gone from the cloud", self.pen.style.paint(Ink::Removed, "-"))?;
                continue;
            }
            let sign = self.pen.style.paint(Ink::Changed, "~");
            if self.pen.full() {
                writeln!(f, "  {sign} {}", self.pen.style.paint(Ink::Strong, address))?;
                self.pen.fields(f, fields, false)?;
            } else {
                writeln!(f, "  {sign} {address}: {}", paths(fields))?;
            }
        }
        Ok(())
    }

    fn moves(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.plan.moves.is_empty() {
            return Ok(());
        }
        self.heading(f, "Moved")?;
        for moved in &self.plan.moves {
            writeln!(f, "    {} is now {}", moved.from, self.pen.style.paint(Ink::Strong, &moved.to))?;
        }
        writeln!(f)
    }

    fn changes(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plan = self.plan;
        if plan.changes.is_empty() {
            return Ok(());
        }
        match plan.destroy {
            true => self.heading(f, format_args!("Everything of stack {} goes", plan.stack))?,
            false => self.heading(f, format_args!("Changes to stack {}", plan.stack))?,
        }
        for change in &plan.changes {
            self.change(f, change)?;
            if self.pen.full() && (change.after.is_some() || !plan.destroy) {
                writeln!(f)?;
            }
        }
        if self.pen.full() && !plan.destroy { Ok(()) } else { writeln!(f) }
    }

    fn checks(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.plan.checks.is_empty() {
            return Ok(());
        }
        self.heading(f, "Decided while applying")?;
        self.check_lines(f)?;
        writeln!(f)
    }

    fn check_lines(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.plan.checks.iter().try_for_each(|check| {
            let address = self.pen.style.paint(Ink::Strong, &check.address);
            writeln!(f, "  ? {} of {address}: {}", check.when, check.message)
        })
    }

    fn change(&self, f: &mut fmt::Formatter<'_>, change: &Change) -> fmt::Result {
        let ink = Ink::of(change.kind);
        let order = format!("{:>3} {}", sign(change.kind), word(change.kind));
        write!(
            f,
            "{} {}",
            self.pen.style.paint(ink, order),
            self.pen.style.paint(Ink::Strong, &change.address)
        )?;
        let said = matches!(&change.reason, Reason::Import(id) if Some(id) == change.id.as_ref());
        match (&change.id, &change.deposed) {
            (Some(id), Some(_)) => write!(f, " ({id}, the old one)")?,
            (Some(id), None) if !said => write!(f, " ({id})")?,
            _ => {}
        }
        if change.provider.contains('.') {
            write!(f, " by {}", change.provider)?;
        }
        let reason = self.reason(change);
        if !reason.is_empty() {
            write!(f, ": {}", self.pen.style.paint(Ink::Faint, reason))?;
        }
        writeln!(f)?;
        match change.kind {
            _ if !self.pen.full() => Ok(()),
            ChangeKind::Create | ChangeKind::Read => {
                change.after.as_ref().map_or(Ok(()), |after| self.pen.arguments(f, after))
            }
            _ => self.pen.fields(f, &change.fields, matches!(change.kind, ChangeKind::Replace(_))),
        }
    }

    /// The reason, where the rest of the line does not say it.
    fn reason(&self, change: &Change) -> String {
        match (&change.reason, change.kind) {
            (Reason::New, _) => String::new(),
            (Reason::Destroy, _) if self.plan.destroy => String::new(),
            (Reason::Differs, _) if self.pen.full() => String::new(),
            (Reason::Differs, _) => paths(&change.fields),
            (Reason::Import(_), _) if !change.fields.is_empty() && !self.pen.full() => {
                format!("{}, then changes {}", change.reason, paths(&change.fields))
            }
            (Reason::Removed, _) => "it stays in the cloud".to_owned(),
            (reason, ChangeKind::Replace(_)) if !change.takes_away() => {
                format!("{reason}; the new one comes first, the old one stays in the cloud")
            }
            (reason, ChangeKind::Replace(ReplaceOrder::CreateFirst)) => {
                format!("{reason}; the new one comes first")
            }
            (reason, _) => reason.to_string(),
        }
    }

    fn outputs(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let changes = output_changes(self.plan);
        if changes.is_empty() {
            return Ok(());
        }
        self.heading(f, "Outputs")?;
        self.output_lines(f, changes)?;
        writeln!(f)
    }

    fn output_lines(&self, f: &mut fmt::Formatter<'_>, changes: Vec<OutputChange<'_>>) -> fmt::Result {
        let longest = longest(changes.iter().map(|(name, ..)| *name));
        for (name, before, after) in changes {
            self.pen.compared(f, "  ", name, longest, &before, &after, "")?;
        }
        Ok(())
    }

    fn warnings(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.plan.warnings.is_empty() {
            return Ok(());
        }
        self.heading(f, "Warnings")?;
        self.warning_lines(f)?;
        writeln!(f)
    }

    fn warning_lines(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.plan.warnings.iter().try_for_each(|warning| writeln!(f, "  ! {warning}"))
    }

    fn last_line(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plan = self.plan;
        let strong = |text| self.pen.style.paint(Ink::Strong, text);
        if plan.changes.is_empty() {
            let recorded = match plan.refreshed.is_empty() {
                true => "",
                false => "; an apply updates what is recorded of them",
            };
            let rest = match (plan.moves.is_empty(), plan.unchanged.len()) {
                (false, _) => " Only addresses change.".to_owned(),
                _ if !output_changes(plan).is_empty() => " Only outputs change.".to_owned(),
                (_, 0) if !plan.refreshed.is_empty() => " An apply records what was read.".to_owned(),
                (_, 0) => String::new(),
                (_, 1) => format!(" The one resource is as declared{recorded}."),
                (_, count) => format!(" All {count} resources are as declared{recorded}."),
            };
            return write!(f, "{}{rest}", strong("No changes."));
        }
        let words = ["to add", "to change", "to replace", "to destroy", "to adopt", "to forget", "to read"];
        write!(f, "{} {}.", strong("Plan:"), counts(plan.counts(), words))?;
        let path = plan.critical_path();
        if path > 0.0 { write!(f, " About {} along the critical path.", duration(path)) } else { Ok(()) }
    }
}

/// What stands for an output that is not there.
const NOTHING: Shown = Shown::List(Vec::new());

/// An output's name, what it was and what it will be.
type OutputChange<'a> = (&'a str, Shown, Shown);

/// The outputs that an apply changes: recorded before, planned after. A secret is never recorded, so that it counts
/// as new with the first apply only.
fn output_changes(plan: &Plan) -> Vec<OutputChange<'_>> {
    let mut changes = Vec::new();
    for (name, after) in &plan.outputs {
        let before = plan.recorded_outputs.get(name);
        let same = match after {
            Expr::Literal(value) => before == Some(value),
            Expr::Secret(_) => before.is_none() && !plan.recorded_outputs.is_empty(),
            _ => false,
        };
        if !same {
            changes.push((name.as_str(), before.map_or(NOTHING, Shown::json), Shown::expr(after)));
        }
    }
    for (name, before) in &plan.recorded_outputs {
        if !plan.outputs.contains_key(name) && *before != Json::Null {
            changes.push((name.as_str(), Shown::json(before), NOTHING));
        }
    }
    changes
}

fn paths(fields: &[FieldChange]) -> String {
    fields.iter().map(|field| field.path.to_string()).collect::<Vec<_>>().join(", ")
}
