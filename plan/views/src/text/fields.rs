//! Writes arguments and differences of fields, within the available width.

use std::fmt::{self, Write as _};

use landform_core::{SENSITIVE, expr::Expr, words};

use super::{Detail, TextOptions};
use landform_engine::plan::FieldChange;

use crate::{
    lines::{Line, difference},
    pen::{Ink, Medium, Pen, broken, cut, padded, width},
    shown::{Shown, label, note},
};

/// How many lines of a long value are shown if there is no other value to compare with.
const LONG: usize = 24;
/// The indent of the fields of a change.
const INDENT: &str = "      ";
/// Longer names do not push the equals signs of the others to the right.
const ALIGNED: usize = 48;
/// How many columns an unbroken text may exceed the width.
const SLACK: usize = 60;
/// The smallest useful width of a line.
const NARROW: usize = 40;
/// The remark on a field that forces a replacement.
const FORCES: &str = " (forces replacement)";

/// A pen, and how much to write with it.
pub(super) struct Fields<'a> {
    pub pen: Pen<'a>,
    options: TextOptions,
}

/// How the first line of a field begins, and how it ends.
#[derive(Clone, Copy)]
struct Frame<'a> {
    /// The beginning of the first line.
    start: &'a str,
    /// The sign behind it.
    sign: Option<(Ink, &'a str)>,
    /// The beginning of the lines below.
    indent: &'a str,
    /// Whether the field forces a replacement.
    forces: bool,
}

impl<'a> Fields<'a> {
    pub fn new(out: &'a mut dyn fmt::Write, medium: Medium, options: TextOptions) -> Self {
        Self { pen: Pen::new(out, medium), options }
    }

    /// The width of a line.
    fn width(&self) -> usize {
        self.options.width.max(NARROW)
    }

    /// Whether every field is shown.
    pub fn full(&self) -> bool {
        self.options.detail == Detail::Full
    }

    /// The arguments of something new.
    pub fn arguments(&mut self, arguments: &Expr) -> fmt::Result {
        let Shown::Map(fields) = Shown::expr(arguments) else { return Ok(()) };
        self.block(&fields, INDENT)
    }

    /// Fields with their equals signs in one column, and blocks in braces.
    fn block(&mut self, fields: &[(String, Shown)], indent: &str) -> fmt::Result {
        let fields: Vec<(String, &Shown)> = fields
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(key, value)| (label(key), value))
            .collect();
        let aligned = fields.iter().filter(|(_, value)| !is_blocks(value)).map(|(key, _)| key.as_str());
        let longest = longest(aligned);
        let frame = Frame { start: indent, sign: None, indent, forces: false };
        fields.iter().try_for_each(|(key, value)| self.given(frame, key, longest, value))
    }

    /// Begins a line with the frame and the key.
    fn begin(&mut self, frame: Frame<'_>, key: &str, longest: usize) -> fmt::Result {
        self.pen.write_str(frame.start)?;
        if let Some((ink, sign)) = frame.sign {
            self.pen.ink(ink, sign)?;
            self.pen.write_str(" ")?;
        }
        write!(self.pen, "{}", padded(key, longest))
    }

    /// Ends a line with the frame's remark.
    fn end(&mut self, frame: Frame<'_>) -> fmt::Result {
        if frame.forces {
            self.pen.ink(Ink::Replaced, FORCES)?;
        }
        self.pen.end()
    }

    /// A field with its value.
    fn given(&mut self, frame: Frame<'_>, key: &str, longest: usize, value: &Shown) -> fmt::Result {
        let indent = frame.indent;
        let deeper = format!("{indent}  ");
        if let Shown::List(items) = value
            && is_blocks(value)
        {
            for (place, item) in items.iter().enumerate() {
                let Shown::Map(inner) = item else { continue };
                match place {
                    0 => self.begin(frame, key, 0)?,
                    _ => write!(self.pen, "{indent}{key}")?,
                }
                self.pen.write_str(" {")?;
                self.end(frame)?;
                self.block(inner, &deeper)?;
                self.pen.line(format_args!("{indent}}}"))?;
            }
            return Ok(());
        }
        let taken = indent.len() + longest.max(width(key)) + 3;
        let room = self.width().saturating_sub(taken);
        self.begin(frame, key, longest)?;
        self.pen.write_str(" = ")?;
        if let Some(line) = value.inline(room.saturating_add(slack(value))) {
            self.value(value, line)?;
            return self.end(frame);
        }
        match value {
            Shown::Map(inner) => {
                self.pen.write_str("{")?;
                self.end(frame)?;
                self.block(inner, &deeper)?;
                self.pen.line(format_args!("{indent}}}"))
            }
            Shown::List(_) => {
                self.pen.write_str("[")?;
                self.end(frame)?;
                self.long(value, &deeper)?;
                self.pen.line(format_args!("{indent}]"))
            }
            _ => {
                self.pen.ink(Ink::Faint, about(value))?;
                self.end(frame)?;
                self.long(value, &deeper)
            }
        }
    }

    /// The first lines of a long value.
    fn long(&mut self, value: &Shown, indent: &str) -> fmt::Result {
        let room = self.width().saturating_sub(indent.len());
        let lines = value.lines(room);
        let shown = if lines.len() > LONG + 1 { LONG } else { lines.len() };
        for line in &lines[..shown] {
            self.pen.line(format!("{indent}{}", cut(line, room)).trim_end())?;
        }
        match lines.len() - shown {
            0 => Ok(()),
            more => {
                self.pen.write_str(indent)?;
                self.pen.ink(Ink::Faint, format_args!("… {more} more lines"))?;
                self.pen.end()
            }
        }
    }

    /// A value on a line. It is faint if there is no value to show yet.
    fn value(&mut self, value: &Shown, line: String) -> fmt::Result {
        let unseen = matches!(value, Shown::Sensitive | Shown::Unknown(_));
        self.pen.ink(if unseen { Ink::Faint } else { Ink::Plain }, line)
    }

    /// Differences, one field below the other. `replaces` says whether the whole resource is replaced.
    pub fn fields(&mut self, fields: &[FieldChange], replaces: bool) -> fmt::Result {
        let paths: Vec<String> = fields.iter().map(|field| field.path.to_string()).collect();
        let longest = longest(paths.iter().map(String::as_str));
        for (path, field) in paths.iter().zip(fields) {
            let forces = replaces && field.replaces;
            if field.sensitive {
                let frame = Frame { start: INDENT, sign: Some((Ink::Changed, "~")), indent: INDENT, forces };
                self.begin(frame, path, longest)?;
                self.pen.write_str(" = ")?;
                self.pen.ink(Ink::Faint, SENSITIVE)?;
                self.pen.write_str(", differs")?;
                self.end(frame)?;
                continue;
            }
            let (before, after) = (Shown::json(&field.before), Shown::expr(&field.after));
            self.compared(INDENT, path, longest, &before, &after, forces)?;
        }
        Ok(())
    }

    /// The old and the new value. Null and empty are the same.
    pub fn compared(
        &mut self,
        indent: &str,
        key: &str,
        longest: usize,
        before: &Shown,
        after: &Shown,
        forces: bool,
    ) -> fmt::Result {
        let sign = match (before.is_empty(), after.is_empty()) {
            (true, _) => (Ink::Added, "+"),
            (false, true) => (Ink::Removed, "-"),
            (false, false) => (Ink::Changed, "~"),
        };
        let deeper = format!("{indent}  ");
        let frame = Frame { start: indent, sign: Some(sign), indent: &deeper, forces };
        match sign.1 {
            "+" => return self.given(frame, key, longest, after),
            "-" => return self.given(frame, key, longest, before),
            _ => {}
        }
        let end = if forces { FORCES.len() } else { 0 };
        let taken = deeper.len() + longest.max(width(key)) + 6 + end;
        let room = self.width().saturating_sub(taken);
        match (before.inline(room), after.inline(room)) {
            (Some(old), Some(new)) if width(&old) + width(&new) <= room => {
                self.begin(frame, key, longest)?;
                write!(self.pen, " = {old} → ")?;
                self.value(after, new)?;
                self.end(frame)
            }
            _ => {
                self.begin(frame, key, 0)?;
                self.pen.write_str(&note_of(after))?;
                self.end(frame)?;
                self.difference(&format!("{deeper}  "), before, after)
            }
        }
    }

    /// Two long values, line by line.
    fn difference(&mut self, indent: &str, before: &Shown, after: &Shown) -> fmt::Result {
        let room = self.width().saturating_sub(indent.len() + 2);
        let lines = |value: &Shown| match value {
            Shown::Text { text, .. } if !text.contains('\n') => broken(text, room),
            value => value.lines(room),
        };
        let (old, new) = (lines(before), lines(after));
        for line in difference(&old, &new) {
            self.pen.write_str(indent)?;
            let (sign, ink, line) = match line {
                Line::Same(line) => (' ', Ink::Plain, line),
                Line::Old(line) => ('-', Ink::Removed, line),
                Line::New(line) => ('+', Ink::Added, line),
                Line::Gap(count) => {
                    let text = format!("  … {}", words::count(count, "equal line"));
                    self.pen.ink(Ink::Faint, text)?;
                    self.pen.end()?;
                    continue;
                }
            };
            self.pen.ink(ink, format!("{sign} {}", cut(line, room)).trim_end())?;
            self.pen.end()?;
        }
        Ok(())
    }
}

/// The width of the names in one column. Names that are far too long do not count.
pub(super) fn longest<'a>(names: impl Iterator<Item = &'a str>) -> usize {
    names.map(width).filter(|length| *length <= ALIGNED).max().unwrap_or(0)
}

/// How many columns a value may exceed the width: an unbroken value is easier to read that way than on its own line.
fn slack(value: &Shown) -> usize {
    match value {
        Shown::Text { encoding: None, .. } => SLACK,
        Shown::Plain(_) | Shown::Sensitive | Shown::Unknown(_) => usize::MAX / 2,
        _ => 0,
    }
}

/// Whether a value is best shown as blocks: a list of maps, some of which need a separate line.
fn is_blocks(value: &Shown) -> bool {
    matches!(value, Shown::List(items) if !items.is_empty() && items.iter().all(|item| matches!(item, Shown::Map(_))))
}

/// The text in place of a value that needs separate lines.
fn about(value: &Shown) -> String {
    match value {
        Shown::Text { text, encoding, open } => {
            let note = note(*encoding, *open).map(|note| format!(", {note}")).unwrap_or_default();
            match text.lines().count() {
                0 | 1 => format!("({}{note})", words::count(text.chars().count(), "character")),
                lines => format!("({lines} lines{note})"),
            }
        }
        _ => String::new(),
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
