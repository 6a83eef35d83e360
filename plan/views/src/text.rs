//! A plan as text for people: what changes, from what to what, and why.

mod fields;

use std::fmt::{self, Write as _};

use landform_core::{expr::Expr, words};
use serde_json::Value as Json;

use super::{
    counts, duration,
    pen::{Ink, Medium, color_wanted},
    shown::{Shown, label},
    sign, word,
};
use fields::{Fields, longest};
use landform_engine::plan::{Change, ChangeKind, Drift, FieldChange, Plan, Reason, ReplaceOrder};

/// How a plan is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextOptions {
    /// Whether with colours.
    pub color: bool,
    /// The level of detail.
    pub detail: Detail,
    /// The width of a line in characters. Longer text is broken or cut.
    pub width: usize,
}

/// The level of detail for each change.
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
    /// The options that standard output wants: colours if [`color_wanted`], and the width in `COLUMNS`.
    pub fn terminal() -> Self {
        let usual = Self::default();
        let columns = std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok());
        Self { color: color_wanted(), width: columns.unwrap_or(usual.width), ..usual }
    }
}

/// A plan as text: in full, without colours. Its text cannot steer a terminal, whatever the plan holds.
pub fn text(plan: &Plan) -> impl fmt::Display + '_ {
    text_with(plan, &TextOptions::default())
}

/// Like [`text`], with these options.
pub fn text_with<'a>(plan: &'a Plan, options: &TextOptions) -> impl fmt::Display + use<'a> {
    let options = *options;
    let medium = if options.color { Medium::Terminal } else { Medium::Plain };
    fmt::from_fn(move |f| PlanText { plan, to: Fields::new(f, medium, options) }.whole())
}

/// A part of a plan's text as HTML, with lines of this width.
fn part(plan: &Plan, width: usize, write: impl FnOnce(&mut PlanText<'_>) -> fmt::Result) -> String {
    let mut html = String::new();
    let to = Fields::new(&mut html, Medium::Page, TextOptions { width, ..TextOptions::default() });
    // Writing to a string cannot fail.
    let _ = write(&mut PlanText { plan, to });
    html
}

/// One change of a plan as HTML, like its text.
pub(super) fn change_html(plan: &Plan, change: &Change, width: usize) -> String {
    part(plan, width, |text| text.change(change))
}

/// The drift of a plan as HTML.
pub(super) fn drift_html(plan: &Plan, width: usize) -> String {
    part(plan, width, |text| text.drifted())
}

/// The conditions that an apply checks, as HTML.
pub(super) fn checks_html(plan: &Plan, width: usize) -> String {
    part(plan, width, |text| text.check_lines())
}

/// The warnings of a plan, as HTML.
pub(super) fn warnings_html(plan: &Plan, width: usize) -> String {
    part(plan, width, |text| text.warning_lines())
}

/// The changed outputs of a plan, as HTML.
pub(super) fn outputs_html(plan: &Plan, width: usize) -> String {
    part(plan, width, |text| text.output_lines(output_changes(plan)))
}

/// The arguments of a node as HTML.
pub(super) fn arguments_html(arguments: &Expr, width: usize) -> String {
    let mut html = String::new();
    let options = TextOptions { width, ..TextOptions::default() };
    let _ = Fields::new(&mut html, Medium::Page, options).arguments(arguments);
    html
}

struct PlanText<'a> {
    plan: &'a Plan,
    to: Fields<'a>,
}

impl PlanText<'_> {
    fn whole(&mut self) -> fmt::Result {
        self.drift()?;
        self.moves()?;
        self.changes()?;
        self.checks()?;
        self.outputs()?;
        self.warnings()?;
        self.last_line()
    }

    fn heading(&mut self, text: impl fmt::Display) -> fmt::Result {
        self.to.pen.ink(Ink::Strong, text)?;
        self.to.pen.end()?;
        self.to.pen.end()
    }

    fn drift(&mut self) -> fmt::Result {
        let count = self.plan.drift.len();
        if count == 0 {
            return Ok(());
        }
        let verb = if count == 1 { "differs" } else { "differ" };
        self.heading(format_args!("Drift: {} {verb} from the state", words::count(count, "resource")))?;
        self.drifted()?;
        self.to.pen.end()
    }

    fn drifted(&mut self) -> fmt::Result {
        for Drift { address, gone, fields } in &self.plan.drift {
            let (ink, sign) = if *gone { (Ink::Removed, "-") } else { (Ink::Changed, "~") };
            self.to.pen.write_str("  ")?;
            self.to.pen.ink(ink, sign)?;
            self.to.pen.write_str(" ")?;
            if *gone {
                self.to.pen.line(format_args!("{address}: gone from the cloud"))?;
            } else if self.to.full() {
                self.to.pen.ink(Ink::Strong, address)?;
                self.to.pen.end()?;
                self.to.fields(fields, false)?;
            } else {
                self.to.pen.line(format_args!("{address}: {}", paths(fields)))?;
            }
        }
        Ok(())
    }

    fn moves(&mut self) -> fmt::Result {
        if self.plan.moves.is_empty() {
            return Ok(());
        }
        self.heading("Moved")?;
        for moved in &self.plan.moves {
            write!(self.to.pen, "    {} is now ", moved.from)?;
            self.to.pen.ink(Ink::Strong, &moved.to)?;
            self.to.pen.end()?;
        }
        self.to.pen.end()
    }

    fn changes(&mut self) -> fmt::Result {
        let plan = self.plan;
        if plan.changes.is_empty() {
            return Ok(());
        }
        match plan.destroy {
            true => self.heading(format_args!("Destroy everything in stack {}", plan.stack))?,
            false => self.heading(format_args!("Changes to stack {}", plan.stack))?,
        }
        for change in &plan.changes {
            self.change(change)?;
            if self.to.full() && (change.after.is_some() || !plan.destroy) {
                self.to.pen.end()?;
            }
        }
        if self.to.full() && !plan.destroy { Ok(()) } else { self.to.pen.end() }
    }

    fn checks(&mut self) -> fmt::Result {
        if self.plan.checks.is_empty() {
            return Ok(());
        }
        self.heading("Checked while applying")?;
        self.check_lines()?;
        self.to.pen.end()
    }

    fn check_lines(&mut self) -> fmt::Result {
        let plan = self.plan;
        plan.checks.iter().try_for_each(|check| {
            write!(self.to.pen, "  ? {} of ", check.when)?;
            self.to.pen.ink(Ink::Strong, &check.address)?;
            self.to.pen.line(format_args!(": {}", check.message))
        })
    }

    fn change(&mut self, change: &Change) -> fmt::Result {
        let order = format!("{:>3} {}", sign(change.kind), word(change.kind));
        self.to.pen.ink(Ink::of(change.kind), order)?;
        self.to.pen.write_str(" ")?;
        self.to.pen.ink(Ink::Strong, &change.address)?;
        let said = matches!(&change.reason, Reason::Import(id) if Some(id) == change.id.as_ref());
        match (&change.id, &change.deposed) {
            (Some(id), Some(_)) => write!(self.to.pen, " ({id}, the old one)")?,
            (Some(id), None) if !said => write!(self.to.pen, " ({id})")?,
            _ => {}
        }
        if change.provider.contains('.') {
            write!(self.to.pen, " by {}", change.provider)?;
        }
        let reason = self.reason(change);
        if !reason.is_empty() {
            self.to.pen.write_str(": ")?;
            self.to.pen.ink(Ink::Faint, reason)?;
        }
        self.to.pen.end()?;
        match change.kind {
            _ if !self.to.full() => Ok(()),
            ChangeKind::Create | ChangeKind::Read => {
                change.after.as_ref().map_or(Ok(()), |after| self.to.arguments(after))
            }
            _ => self.to.fields(&change.fields, matches!(change.kind, ChangeKind::Replace(_))),
        }?;
        match self.to.full() {
            true => self.forecast(change),
            false => Ok(()),
        }
    }

    /// What the provider predicts of a change.
    fn forecast(&mut self, change: &Change) -> fmt::Result {
        let Some(forecast) = &change.forecast else { return Ok(()) };
        for (path, value) in &forecast.values {
            self.to.pen.line(format_args!("      {path} will be {value}"))?;
        }
        for path in &forecast.unknown {
            self.to.pen.line(format_args!("      {path} will be known after the apply"))?;
        }
        Ok(())
    }

    /// The reason, if the rest of the line does not say it.
    fn reason(&self, change: &Change) -> String {
        match (&change.reason, change.kind) {
            (Reason::New, _) => String::new(),
            (Reason::Destroy, _) if self.plan.destroy => String::new(),
            (Reason::Differs, _) if self.to.full() => String::new(),
            (Reason::Differs, _) => paths(&change.fields),
            (Reason::Import(_), _) if !change.fields.is_empty() && !self.to.full() => {
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

    fn outputs(&mut self) -> fmt::Result {
        let changes = output_changes(self.plan);
        if changes.is_empty() {
            return Ok(());
        }
        self.heading("Outputs")?;
        self.output_lines(changes)?;
        self.to.pen.end()
    }

    fn output_lines(&mut self, changes: Vec<OutputChange<'_>>) -> fmt::Result {
        let names: Vec<String> = changes.iter().map(|(name, ..)| label(name)).collect();
        let longest = longest(names.iter().map(String::as_str));
        for (name, (_, before, after)) in names.iter().zip(&changes) {
            self.to.compared("  ", name, longest, before, after, false)?;
        }
        Ok(())
    }

    fn warnings(&mut self) -> fmt::Result {
        if self.plan.warnings.is_empty() {
            return Ok(());
        }
        self.heading("Warnings")?;
        self.warning_lines()?;
        self.to.pen.end()
    }

    fn warning_lines(&mut self) -> fmt::Result {
        let plan = self.plan;
        plan.warnings.iter().try_for_each(|warning| self.to.pen.line(format_args!("  ! {warning}")))
    }

    fn last_line(&mut self) -> fmt::Result {
        let plan = self.plan;
        if plan.changes.is_empty() {
            let recorded = match plan.refreshed.is_empty() {
                true => "",
                false => "; an apply records that in the state",
            };
            let rest = match (plan.moves.is_empty(), plan.unchanged.len()) {
                (false, _) => " Only addresses change.".to_owned(),
                _ if !output_changes(plan).is_empty() => " Only outputs change.".to_owned(),
                (_, 0) if !plan.refreshed.is_empty() => " An apply records what was read.".to_owned(),
                (_, 0) => String::new(),
                (_, 1) => format!(" The one resource is as declared{recorded}."),
                (_, count) => format!(" All {count} resources are as declared{recorded}."),
            };
            self.to.pen.ink(Ink::Strong, "No changes.")?;
            return self.to.pen.write_str(&rest);
        }
        let order = ["to add", "to change", "to replace", "to destroy", "to adopt", "to forget", "to read"];
        self.to.pen.ink(Ink::Strong, "Plan:")?;
        write!(self.to.pen, " {}.", counts(plan.counts(), order))?;
        let path = plan.critical_path();
        if path > 0.0 {
            write!(self.to.pen, " About {} along the critical path.", duration(path))
        } else {
            Ok(())
        }
    }
}

/// The text for a missing output.
const NOTHING: Shown = Shown::List(Vec::new());

/// An output: its name, its old and its new value.
type OutputChange<'a> = (&'a str, Shown, Shown);

/// The outputs that an apply changes: recorded before, planned after. A secret is never recorded, so it counts as new
/// only until the first apply.
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
