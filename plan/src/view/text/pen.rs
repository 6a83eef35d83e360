//! Writes arguments and differences of fields, as wide as there is room.

use std::fmt;

use landform_core::{SENSITIVE, expr::Expr};

use super::{Detail, TextOptions};
use crate::{
    plan::FieldChange,
    view::{
        lines::{Line, difference},
        number,
        shown::{Shown, label, note},
        style::{Ink, Style},
    },
};

/// How many lines of a long value are shown where there is nothing to compare it with.
const LONG: usize = 24;
/// How far the fields of a change stand from the left.
const INDENT: &str = "      ";
/// Names longer than this do not push the equals signs of the others to the right.
const ALIGNED: usize = 48;
/// By how much a text in one piece may go beyond the width.
const SLACK: usize = 60;
/// A line narrower than this is not worth keeping to.
const NARROW: usize = 40;

/// What a text is written with.
pub(super) struct Pen {
    options: TextOptions,
    pub style: Style,
}

impl Pen {
    pub fn new(options: TextOptions) -> Self {
        Self { options, style: Style { color: options.color } }
    }

    /// How wide a line may be.
    pub fn width(&self) -> usize {
        self.options.width.max(NARROW)
    }

    /// Whether every field is told.
    pub fn full(&self) -> bool {
        self.options.detail == Detail::Full
    }

    /// The arguments of something new.
    pub fn arguments(&self, f: &mut fmt::Formatter<'_>, arguments: &Expr) -> fmt::Result {
        let Shown::Map(fields) = Shown::expr(arguments) else { return Ok(()) };
        self.block(f, &fields, INDENT)
    }

    /// Fields with their equals signs below each other; blocks in braces.
    fn block(&self, f: &mut fmt::Formatter<'_>, fields: &[(String, Shown)], indent: &str) -> fmt::Result {
        let fields: Vec<(String, &Shown)> = fields
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(key, value)| (label(key), value))
            .collect();
        let aligned = fields.iter().filter(|(_, value)| !is_blocks(value)).map(|(key, _)| key.as_str());
        let longest = longest(aligned);
        let mut fields = fields.into_iter();
        fields.try_for_each(|(key, value)| self.given(f, indent, indent, &key, longest, value, ""))
    }

    /// A field with its value. The first line begins with `start`, those below with `indent`.
    #[allow(clippy::too_many_arguments)]
    fn given(
        &self,
        f: &mut fmt::Formatter<'_>,
        start: &str,
        indent: &str,
        key: &str,
        longest: usize,
        value: &Shown,
        end: &str,
    ) -> fmt::Result {
        let deeper = format!("{indent}  ");
        if let Shown::List(items) = value
            && is_blocks(value)
        {
            for (place, item) in items.iter().enumerate() {
                let Shown::Map(inner) = item else { continue };
                writeln!(f, "{}{key} {{{end}", if place == 0 { start } else { indent })?;
                self.block(f, inner, &deeper)?;
                writeln!(f, "{indent}}}")?;
            }
            return Ok(());
        }
        let taken = indent.len() + longest.max(key.chars().count()) + 3;
        let room = self.width().saturating_sub(taken);
        if let Some(line) = value.inline(room + slack(value)) {
            return writeln!(f, "{start}{key:longest$} = {}{end}", self.value(value, line));
        }
        match value {
            Shown::Map(inner) => {
                writeln!(f, "{start}{key:longest$} = {{{end}")?;
                self.block(f, inner, &deeper)?;
                writeln!(f, "{indent}}}")
            }
            Shown::List(_) => {
                writeln!(f, "{start}{key:longest$} = [{end}")?;
                self.long(f, value, &deeper)?;
                writeln!(f, "{indent}]")
            }
            _ => {
                let about = self.style.paint(Ink::Faint, about(value));
                writeln!(f, "{start}{key:longest$} = {about}{end}")?;
                self.long(f, value, &deeper)
            }
        }
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

    /// Differences, one field below the other. `replaces` tells whether the whole is replaced.
    pub fn fields(&self, f: &mut fmt::Formatter<'_>, fields: &[FieldChange], replaces: bool) -> fmt::Result {
        let paths: Vec<String> = fields.iter().map(|field| field.path.to_string()).collect();
        let longest = longest(paths.iter().map(String::as_str));
        for (path, field) in paths.iter().zip(fields) {
            let end = if replaces && field.replaces { " (forces replacement)" } else { "" };
            if field.sensitive {
                let sign = self.style.paint(Ink::Changed, "~");
                let masked = self.style.paint(Ink::Faint, SENSITIVE);
                let end = self.ending(end);
                writeln!(f, "{INDENT}{sign} {path:longest$} = {masked}, differs{end}")?;
                continue;
            }
            let (before, after) = (Shown::json(&field.before), Shown::expr(&field.after));
            self.compared(f, INDENT, path, longest, &before, &after, end)?;
        }
        Ok(())
    }

    /// What something was and what it will be. Nothing and empty are the same.
    #[allow(clippy::too_many_arguments)]
    pub fn compared(
        &self,
        f: &mut fmt::Formatter<'_>,
        indent: &str,
        key: &str,
        longest: usize,
        before: &Shown,
        after: &Shown,
        end: &str,
    ) -> fmt::Result {
        let (sign, ink) = match (before.is_empty(), after.is_empty()) {
            (true, _) => ("+", Ink::Added),
            (false, true) => ("-", Ink::Removed),
            (false, false) => ("~", Ink::Changed),
        };
        let deeper = format!("{indent}  ");
        let start = format!("{indent}{} ", self.style.paint(ink, sign));
        let painted = self.ending(end);
        if sign != "~" {
            let value = if sign == "+" { after } else { before };
            return self.given(f, &start, &deeper, key, longest, value, &painted);
        }
        let taken = deeper.len() + longest.max(key.chars().count()) + 6 + end.len();
        let room = self.width().saturating_sub(taken);
        match (before.inline(room), after.inline(room)) {
            (Some(old), Some(new)) if old.chars().count() + new.chars().count() <= room => {
                writeln!(f, "{start}{key:longest$} = {old} → {}{painted}", self.value(after, new))
            }
            _ => {
                writeln!(f, "{start}{key}{}{painted}", note_of(after))?;
                self.difference(f, &format!("{deeper}  "), before, after)
            }
        }
    }

    fn ending(&self, end: &str) -> String {
        if end.is_empty() { String::new() } else { self.style.paint(Ink::Replaced, end).to_string() }
    }

    /// Two long values, line by line.
    fn difference(
        &self,
        f: &mut fmt::Formatter<'_>,
        indent: &str,
        before: &Shown,
        after: &Shown,
    ) -> fmt::Result {
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
}

/// How wide the names are that stand below each other; those that are far too long do not count.
pub(super) fn longest<'a>(names: impl Iterator<Item = &'a str>) -> usize {
    names.map(|name| name.chars().count()).filter(|length| *length <= ALIGNED).max().unwrap_or(0)
}

/// By how much a value may go beyond the width: what is in one piece reads better so than on a line of its own.
fn slack(value: &Shown) -> usize {
    match value {
        Shown::Text { encoding: None, .. } => SLACK,
        Shown::Plain(_) | Shown::Sensitive | Shown::Unknown(_) => usize::MAX / 2,
        _ => 0,
    }
}

/// Whether a value reads best as blocks: a list of maps of which some take a line of their own.
fn is_blocks(value: &Shown) -> bool {
    matches!(value, Shown::List(items) if !items.is_empty() && items.iter().all(|item| matches!(item, Shown::Map(_))))
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
