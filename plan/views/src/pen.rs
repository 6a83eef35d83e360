//! The pen of every text view. All shown text passes through it, so no text can steer a terminal, add a line or break a
//! page.

use std::{
    fmt::{self, Write},
    io::IsTerminal,
};

use landform_core::Printable;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use landform_engine::plan::ChangeKind;

/// Whether standard output wants colours: it is a terminal, and neither `NO_COLOR` (with any value except the empty
/// one) nor `TERM=dumb` is set. See <https://no-color.org>.
pub fn color_wanted() -> bool {
    wanted(&|name| std::env::var(name).ok(), std::io::stdout().is_terminal())
}

fn wanted(variable: &dyn Fn(&str) -> Option<String>, terminal: bool) -> bool {
    let refused = variable("NO_COLOR").is_some_and(|value| !value.is_empty());
    terminal && !refused && variable("TERM").is_none_or(|term| term != "dumb")
}

/// A style of writing, named by its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ink {
    Plain,
    Strong,
    Faint,
    Added,
    Changed,
    Removed,
    Replaced,
    Adopted,
}

impl Ink {
    pub fn of(kind: ChangeKind) -> Self {
        match kind {
            ChangeKind::Create => Self::Added,
            ChangeKind::Update => Self::Changed,
            ChangeKind::Replace(_) => Self::Replaced,
            ChangeKind::Delete => Self::Removed,
            ChangeKind::Adopt => Self::Adopted,
            ChangeKind::Forget => Self::Faint,
            ChangeKind::Read => Self::Adopted,
        }
    }

    /// The code for a terminal.
    fn code(self) -> u8 {
        match self {
            Self::Plain => 0,
            Self::Strong => 1,
            Self::Faint => 2,
            Self::Added => 32,
            Self::Changed => 33,
            Self::Removed => 31,
            Self::Replaced => 35,
            Self::Adopted => 36,
        }
    }

    /// The CSS class for a page.
    fn class(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Strong => "strong",
            Self::Faint => "faint",
            Self::Added => "added",
            Self::Changed => "changed",
            Self::Removed => "removed",
            Self::Replaced => "replaced",
            Self::Adopted => "adopted",
        }
    }
}

/// What is written on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Medium {
    /// Text without colours.
    Plain,
    /// A terminal with colours.
    Terminal,
    /// HTML.
    Page,
}

/// Writes on a medium. Treats everything it gets as text: only [`Pen::end`] ends a line, and only [`Pen::ink`] adds
/// colours.
pub(super) struct Pen<'a> {
    out: &'a mut dyn fmt::Write,
    medium: Medium,
}

impl<'a> Pen<'a> {
    pub fn new(out: &'a mut dyn fmt::Write, medium: Medium) -> Self {
        Self { out, medium }
    }

    /// Writes in an ink.
    pub fn ink(&mut self, ink: Ink, what: impl fmt::Display) -> fmt::Result {
        match self.medium {
            Medium::Terminal if ink != Ink::Plain => {
                write!(self.out, "\x1b[{}m", ink.code())?;
                write!(self, "{what}")?;
                self.out.write_str("\x1b[0m")
            }
            Medium::Page if ink != Ink::Plain => {
                write!(self.out, "<span class=\"{}\">", ink.class())?;
                write!(self, "{what}")?;
                self.out.write_str("</span>")
            }
            _ => write!(self, "{what}"),
        }
    }

    /// Ends the line.
    pub fn end(&mut self) -> fmt::Result {
        self.out.write_char('\n')
    }

    /// Writes a whole line.
    pub fn line(&mut self, what: impl fmt::Display) -> fmt::Result {
        write!(self, "{what}")?;
        self.end()
    }
}

impl fmt::Write for Pen<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let shown = Printable(text).in_a_line();
        match self.medium {
            Medium::Plain | Medium::Terminal => write!(self.out, "{shown}"),
            Medium::Page => write!(Html(self.out), "{shown}"),
        }
    }
}

/// Writes text into HTML, between tags or into a quoted attribute.
struct Html<'a>(&'a mut dyn fmt::Write);

impl fmt::Write for Html<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let mut rest = text;
        while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
            self.0.write_str(&rest[..at])?;
            self.0.write_str(match rest.as_bytes()[at] {
                b'&' => "&amp;",
                b'<' => "&lt;",
                b'>' => "&gt;",
                b'"' => "&quot;",
                _ => "&#39;",
            })?;
            rest = &rest[at + 1..];
        }
        self.0.write_str(rest)
    }
}

/// A text as HTML.
pub(super) fn html(text: &str) -> String {
    let mut html = String::new();
    // Writing to a string cannot fail.
    let _ = Pen::new(&mut html, Medium::Page).write_str(text);
    html
}

/// How many columns a text takes on a terminal.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// A text, padded to at least this many columns.
pub(super) fn padded(text: &str, columns: usize) -> impl fmt::Display {
    let missing = columns.saturating_sub(width(text));
    fmt::from_fn(move |f| write!(f, "{text}{:missing$}", ""))
}

/// The part of a text that fits on a line.
pub(super) fn cut(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let end = fitting(text, columns.saturating_sub(1));
    format!("{}…", &text[..end])
}

/// A text in pieces that fit.
pub(super) fn broken(text: &str, columns: usize) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let first = rest.chars().next().map_or(1, char::len_utf8);
        let (piece, tail) = rest.split_at(fitting(rest, columns).max(first));
        pieces.push(piece.to_owned());
        rest = tail;
    }
    pieces
}

/// The offset at which the part of a text ends that fits into so many columns.
fn fitting(text: &str, columns: usize) -> usize {
    let mut taken = 0;
    let beyond = text.char_indices().find(|(_, c)| {
        taken += c.width().unwrap_or(1);
        taken > columns
    });
    beyond.map_or(text.len(), |(at, _)| at)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn colours_are_for_terminals_that_do_not_refuse_them() {
        let set = |name: &'static str, value: &'static str| {
            move |asked: &str| (asked == name).then(|| value.to_owned())
        };
        assert!(wanted(&|_| None, true));
        assert!(!wanted(&|_| None, false));
        assert!(!wanted(&set("NO_COLOR", "1"), true));
        assert!(wanted(&set("NO_COLOR", ""), true));
        assert!(!wanted(&set("TERM", "dumb"), true));
    }

    #[test]
    fn a_text_neither_steers_nor_ends_a_line_nor_closes_a_tag() {
        let written = |medium| {
            let mut out = String::new();
            let mut pen = Pen::new(&mut out, medium);
            pen.ink(Ink::Added, "a\x1b[2J\n<b>'\"&").unwrap();
            pen.end().unwrap();
            out
        };
        assert_eq!(written(Medium::Plain), "a\\u001b[2J\\n<b>'\"&\n");
        assert_eq!(written(Medium::Terminal), "\x1b[32ma\\u001b[2J\\n<b>'\"&\x1b[0m\n");
        let page = "<span class=\"added\">a\\u001b[2J\\n&lt;b&gt;&#39;&quot;&amp;</span>\n";
        assert_eq!(written(Medium::Page), page);
    }

    #[test]
    fn widths_are_those_of_a_terminal() {
        assert_eq!((width("日本"), cut("日本語", 5).as_str(), cut("abc", 3).as_str()), (4, "日本…", "abc"));
        assert_eq!(padded("日", 4).to_string(), "日  ");
        assert_eq!(broken("日本語", 1), ["日", "本", "語"]);
        assert_eq!(broken("abcde", 2), ["ab", "cd", "e"]);
    }
}
