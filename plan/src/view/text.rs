//! A plan as text, for people: what changes, from what to what, and why.

use std::fmt;

use landform_core::{SENSITIVE, expr::Expr};
use serde_json::Value as Json;

use super::{
    counts, duration,
    lines::{Line, difference},
    number,
    shown::{Shown, label, note},
    sign,
    style::{Ink, Style, color_wanted},
    word,
};
use crate::plan::{Change, ChangeKind, Drift, FieldChange, Plan, Reason, ReplaceOrder};

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
    PlanText { plan, options: *options, style: Style { color: options.color } }
}

impl fmt::Display for Plan {
    /// In full, without colours.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        text(self, &TextOptions::default()).fmt(f)
    }
}

struct PlanText<'a> {
    plan: &'a Plan,
    options: TextOptions,
    style: Style,
}

/// How many lines of a long value are shown where there is nothing to compare it with.
const LONG: usize = 12;
/// How far the fields of a change stand from the left.
const INDENT: &str = "      ";
/// A line narrower than this is not worth keeping to.
const NARROW: usize = 40;

impl fmt::Display for PlanText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.drift(f)?;
        self.moves(f)?;
        self.changes(f)?;
        self.outputs(f)?;
        self.last_line(f)
    }
}

impl PlanText<'_> {
    fn heading(&self, f: &mut fmt::Formatter<'_>, text: impl fmt::Display) -> fmt::Result {
        writeln!(f, "{}\n", self.style.paint(Ink::Strong, text))
    }

    fn width(&self) -> usize {
        self.options.width.max(NARROW)
    }

    fn full(&self) -> bool {
        self.options.detail == Detail::Full
    }

    fn drift(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let drift = &self.plan.drift;
        if drift.is_empty() {
            return Ok(());
        }
        let verb = if drift.len() == 1 { "is" } else { "are" };
        self.heading(f, format_args!("Drift: {} {verb} not as recorded", number(drift.len(), "resource")))?;
        for Drift { address, gone, fields } in drift {
            if *gone {
                writeln!(f, "  {} {address}: gone from the cloud", self.style.paint(Ink::Removed, "-"))?;
                continue;
            }
            let sign = self.style.paint(Ink::Changed, "~");
            if self.full() {
                writeln!(f, "  {sign} {}", self.style.paint(Ink::Strong, address))?;
                self.fields(f, fields, false)?;
            } else {
                writeln!(f, "  {sign} {address}: {}", paths(fields))?;
            }
        }
        writeln!(f)
    }

    fn moves(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.plan.moves.is_empty() {
            return Ok(());
        }
        self.heading(f, "Moved")?;
        for moved in &self.plan.moves {
            writeln!(f, "    {} is now {}", moved.from, self.style.paint(Ink::Strong, &moved.to))?;
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
            if self.full() && (change.after.is_some() || !plan.destroy) {
                writeln!(f)?;
            }
        }
        if self.full() && !plan.destroy { Ok(()) } else { writeln!(f) }
    }

    fn change(&self, f: &mut fmt::Formatter<'_>, change: &Change) -> fmt::Result {
        let ink = Ink::of(change.kind);
        let order = format!("{:>3} {}", sign(change.kind), word(change.kind));
        write!(f, "{} {}", self.style.paint(ink, order), self.style.paint(Ink::Strong, &change.address))?;
        let said = matches!(&change.reason, Reason::Import(id) if Some(id) == change.id.as_ref());
        match (&change.id, &change.deposed) {
            (Some(id), Some(_)) => write!(f, " ({id}, the old one)")?,
            (Some(id), None) if !said => write!(f, " ({id})")?,
            _ => {}
        }
        let reason = self.reason(change);
        if !reason.is_empty() {
            write!(f, ": {}", self.style.paint(Ink::Faint, reason))?;
        }
        writeln!(f)?;
        match change.kind {
            _ if !self.full() => Ok(()),
            ChangeKind::Create => change.after.as_ref().map_or(Ok(()), |after| self.arguments(f, after)),
            _ => self.fields(f, &change.fields, matches!(change.kind, ChangeKind::Replace(_))),
        }
    }

    /// The reason, where the rest of the line does not say it.
    fn reason(&self, change: &Change) -> String {
        match (&change.reason, change.kind) {
            (Reason::New, _) => String::new(),
            (Reason::Destroy, _) if self.plan.destroy => String::new(),
            (Reason::Differs, _) if self.full() => String::new(),
            (Reason::Differs, _) => paths(&change.fields),
            (Reason::Import(_), _) if !change.fields.is_empty() && !self.full() => {
                format!("{}, then changes {}", change.reason, paths(&change.fields))
            }
            (Reason::Removed, _) => "it stays in the cloud".to_owned(),
            (reason, ChangeKind::Replace(ReplaceOrder::CreateFirst)) => {
                format!("{reason}; the new one comes first")
            }
            (reason, _) => reason.to_string(),
        }
    }

    /// The arguments of something new.
    fn arguments(&self, f: &mut fmt::Formatter<'_>, arguments: &Expr) -> fmt::Result {
        let Shown::Map(fields) = Shown::expr(arguments) else { return Ok(()) };
        self.block(f, &fields, INDENT)
    }

    /// Fields with their equals signs below each other; blocks in braces.
    fn block(&self, f: &mut fmt::Formatter<'_>, fields: &[(String, Shown)], indent: &str) -> fmt::Result {
        let fields = || fields.iter().filter(|(_, value)| !value.is_empty());
        let one_line = |value: &Shown| !is_blocks(value);
        let names = fields().filter(|(_, value)| one_line(value)).map(|(key, _)| label(key).chars().count());
        let longest = names.filter(|length| *length <= 32).max().unwrap_or(0);
        let deeper = format!("{indent}  ");
        for (key, value) in fields() {
            let key = label(key);
            match value {
                Shown::List(items) if is_blocks(value) => {
                    for item in items {
                        let Shown::Map(inner) = item else { continue };
                        writeln!(f, "{indent}{key} {{")?;
                        self.block(f, inner, &deeper)?;
                        writeln!(f, "{indent}}}")?;
                    }
                }
                _ => {
                    let room =
                        self.width().saturating_sub(indent.len() + longest.max(key.chars().count()) + 3);
                    match (value.inline(room), value) {
                        (Some(line), _) => {
                            writeln!(f, "{indent}{key:longest$} = {}", self.value(value, line))?
                        }
                        (None, Shown::Map(inner)) => {
                            writeln!(f, "{indent}{key} = {{")?;
                            self.block(f, inner, &deeper)?;
                            writeln!(f, "{indent}}}")?;
                        }
                        (None, _) => {
                            let about = about(value);
                            writeln!(f, "{indent}{key:longest$} = {}", self.style.paint(Ink::Faint, about))?;
                            self.long(f, value, &deeper)?;
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// The first lines of a value that takes many.
    fn long(&self, f: &mut fmt::Formatter<'_>, value: &Shown, indent: &str) -> fmt::Result {
        let room = self.width().saturating_sub(indent.len());
        let lines = value.lines(room);
        let shown = if lines.len() > LONG + 1 { LONG } else { lines.len() };
        lines[..shown]
            .iter()
            .try_for_each(|line| writeln!(f, "{}", format!("{indent}{}", cut(line, room)).trim_end()))?;
        match lines.len() - shown {
            0 => Ok(()),
            more => {
                writeln!(f, "{indent}{}", self.style.paint(Ink::Faint, format_args!("… {more} more lines")))
            }
        }
    }

    /// A value on a line, faint where it says that there is none to be seen yet.
    fn value(&self, value: &Shown, line: String) -> impl fmt::Display {
        let unseen = matches!(value, Shown::Sensitive | Shown::Unknown(_));
        self.style.paint(if unseen { Ink::Faint } else { Ink::Plain }, line)
    }

    fn fields(&self, f: &mut fmt::Formatter<'_>, fields: &[FieldChange], replaces: bool) -> fmt::Result {
        let named: Vec<(String, &FieldChange)> =
            fields.iter().map(|field| (field.path.to_string(), field)).collect();
        let lengths = named.iter().map(|(path, _)| path.chars().count());
        let longest = lengths.filter(|length| *length <= 40).max().unwrap_or(0);
        for (path, field) in named {
            self.field(f, &path, field, longest, replaces && field.replaces)?;
        }
        Ok(())
    }

    fn field(
        &self,
        f: &mut fmt::Formatter<'_>,
        path: &str,
        field: &FieldChange,
        longest: usize,
        replaces: bool,
    ) -> fmt::Result {
        let (before, after) = (Shown::json(&field.before), Shown::expr(&field.after));
        let (sign, ink) = match (before.is_empty() && !field.sensitive, after.is_empty()) {
            (true, _) => ("+", Ink::Added),
            (false, true) => ("-", Ink::Removed),
            (false, false) => ("~", Ink::Changed),
        };
        write!(f, "{INDENT}{} ", self.style.paint(ink, sign))?;
        let end = if replaces { " (forces replacement)" } else { "" };
        let end = self.style.paint(Ink::Replaced, end);
        if field.sensitive {
            let masked = self.style.paint(Ink::Faint, SENSITIVE);
            return writeln!(f, "{path:longest$} = {masked}, differs{end}");
        }
        let taken = INDENT.len() + 5 + longest.max(path.chars().count()) + if replaces { 21 } else { 0 };
        let room = self.width().saturating_sub(taken);
        let (line_before, line_after) = (before.inline(room), after.inline(room));
        match (sign, line_before, line_after) {
            ("+", _, Some(line)) => writeln!(f, "{path:longest$} = {}{end}", self.value(&after, line)),
            ("-", Some(line), _) => writeln!(f, "{path:longest$} = {line}{end}"),
            ("~", Some(old), Some(new)) if old.chars().count() + new.chars().count() + 3 <= room => {
                writeln!(f, "{path:longest$} = {old} → {}{end}", self.value(&after, new))
            }
            ("~", ..) => {
                writeln!(f, "{path}{}{end}", note_of(&after))?;
                self.difference(f, &before, &after)
            }
            _ => {
                writeln!(f, "{path}{}{end}", note_of(if sign == "+" { &after } else { &before }))?;
                self.long(f, if sign == "+" { &after } else { &before }, "            ")
            }
        }
    }

    /// Two long values, line by line.
    fn difference(&self, f: &mut fmt::Formatter<'_>, before: &Shown, after: &Shown) -> fmt::Result {
        let indent = "          ";
        let room = self.width().saturating_sub(indent.len() + 2);
        let lines = |value: &Shown| match value {
            Shown::Text { text, .. } if !text.contains('\n') => broken(text, room),
            value => value.lines(room),
        };
        let (old, new) = (lines(before), lines(after));
        for line in difference(&old, &new) {
            let (sign, ink, line) = match line {
                Line::Same(line) => (' ', Ink::Plain, line),
                Line::Old(line) => ('-', Ink::Removed, line),
                Line::New(line) => ('+', Ink::Added, line),
                Line::Gap(count) => {
                    let text = format!("… {}", number(count, "equal line"));
                    writeln!(f, "{indent}  {}", self.style.paint(Ink::Faint, text))?;
                    continue;
                }
            };
            let text = format!("{sign} {}", cut(line, room));
            writeln!(f, "{indent}{}", self.style.paint(ink, text.trim_end()))?;
        }
        Ok(())
    }

    fn outputs(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let changes = output_changes(self.plan);
        if changes.is_empty() {
            return Ok(());
        }
        self.heading(f, "Outputs")?;
        let longest = changes.iter().map(|(name, ..)| name.chars().count()).max().unwrap_or(0);
        for (name, before, after) in changes {
            let room = self.width().saturating_sub(longest + 7);
            let line = |value: &Shown| value.inline(room).unwrap_or_else(|| about(value).to_owned());
            let (sign, ink) = match (&before, &after) {
                (None, _) => ("+", Ink::Added),
                (_, None) => ("-", Ink::Removed),
                _ => ("~", Ink::Changed),
            };
            write!(f, "  {} {name:longest$} = ", self.style.paint(ink, sign))?;
            match (&before, &after) {
                (Some(before), Some(after)) => {
                    writeln!(f, "{} → {}", line(before), self.value(after, line(after)))?;
                }
                (Some(value), None) | (None, Some(value)) => {
                    writeln!(f, "{}", self.value(value, line(value)))?
                }
                (None, None) => writeln!(f)?,
            }
        }
        writeln!(f)
    }

    fn last_line(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plan = self.plan;
        let strong = |text| self.style.paint(Ink::Strong, text);
        if plan.changes.is_empty() {
            let rest = match (plan.moves.is_empty(), plan.unchanged.len()) {
                (false, _) => " Only addresses change.".to_owned(),
                _ if !output_changes(plan).is_empty() => " Only outputs change.".to_owned(),
                (_, 0) if !plan.refreshed.is_empty() => " An apply records what was read.".to_owned(),
                (_, 0) => String::new(),
                (_, 1) => " The one resource is as declared.".to_owned(),
                (_, count) => format!(" All {count} resources are as declared."),
            };
            return write!(f, "{}{rest}", strong("No changes."));
        }
        let words = ["to add", "to change", "to replace", "to destroy", "to adopt", "to forget"];
        write!(f, "{} {}.", strong("Plan:"), counts(plan.counts(), words))?;
        let path = plan.critical_path();
        if path > 0.0 { write!(f, " About {} along the critical path.", duration(path)) } else { Ok(()) }
    }
}

/// The outputs that an apply changes: recorded before, planned after. A secret is never recorded, so that it counts
/// as new with the first apply only.
pub(super) fn output_changes(plan: &Plan) -> Vec<(&str, Option<Shown>, Option<Shown>)> {
    let mut changes = Vec::new();
    for (name, after) in &plan.outputs {
        let before = plan.recorded_outputs.get(name);
        let same = match after {
            Expr::Literal(value) => before == Some(value),
            Expr::Secret(_) => before.is_none() && !plan.recorded_outputs.is_empty(),
            _ => false,
        };
        if !same {
            changes.push((name.as_str(), before.map(Shown::json), Some(Shown::expr(after))));
        }
    }
    for (name, before) in &plan.recorded_outputs {
        if !plan.outputs.contains_key(name) && *before != Json::Null {
            changes.push((name.as_str(), Some(Shown::json(before)), None));
        }
    }
    changes
}

/// Whether a value reads best as blocks: a list of maps of which some take a line of their own.
fn is_blocks(value: &Shown) -> bool {
    matches!(value, Shown::List(items) if !items.is_empty() && items.iter().all(|item| matches!(item, Shown::Map(_))))
}

fn paths(fields: &[FieldChange]) -> String {
    fields.iter().map(|field| field.path.to_string()).collect::<Vec<_>>().join(", ")
}

/// What stands in the place of a value that takes lines of its own.
fn about(value: &Shown) -> String {
    match value {
        Shown::Text { text, encoding, open } => {
            let note = note(*encoding, *open).map(|note| format!(", {note}")).unwrap_or_default();
            match text.lines().count() {
                0 | 1 => format!("({} characters{note})", text.chars().count()),
                lines => format!("({lines} lines{note})"),
            }
        }
        Shown::List(items) => format!("({})", number(items.len(), "item")),
        Shown::Map(_) | Shown::Plain(_) | Shown::Sensitive | Shown::Unknown(_) => String::new(),
    }
}

fn note_of(value: &Shown) -> String {
    match value {
        Shown::Text { encoding, open, .. } => {
            note(*encoding, *open).map(|note| format!(" ({note})")).unwrap_or_default()
        }
        _ => String::new(),
    }
}

fn cut(line: &str, width: usize) -> String {
    match line.chars().count() > width {
        true => line.chars().take(width.saturating_sub(1)).chain(['…']).collect(),
        false => line.to_owned(),
    }
}

fn broken(text: &str, width: usize) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    characters.chunks(width.max(1)).map(|chunk| chunk.iter().collect()).collect()
}
