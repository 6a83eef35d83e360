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
const LONG: usize = 12;
/// How far the fields of a change stand from the left.
const INDENT: &str = "      ";
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
                    match (value.inline(room + self.slack(value)), value) {
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

    /// By how much a value may go beyond the width: a text in one piece reads better so than on a line of its own.
    fn slack(&self, value: &Shown) -> usize {
        if matches!(value, Shown::Text { encoding: None, .. }) { SLACK } else { 0 }
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
    pub fn value(&self, value: &Shown, line: String) -> impl fmt::Display {
        let unseen = matches!(value, Shown::Sensitive | Shown::Unknown(_));
        self.style.paint(if unseen { Ink::Faint } else { Ink::Plain }, line)
    }

    /// Differences, one field below the other. `replaces` tells whether the whole is replaced.
    pub fn fields(&self, f: &mut fmt::Formatter<'_>, fields: &[FieldChange], replaces: bool) -> fmt::Result {
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
}

/// Whether a value reads best as blocks: a list of maps of which some take a line of their own.
fn is_blocks(value: &Shown) -> bool {
    matches!(value, Shown::List(items) if !items.is_empty() && items.iter().all(|item| matches!(item, Shown::Map(_))))
}

/// What stands in the place of a value that takes lines of its own.
pub(super) fn about(value: &Shown) -> String {
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
