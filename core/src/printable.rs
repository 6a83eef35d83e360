//! Makes text from elsewhere safe to show. Characters that steer a terminal, end a line or change the direction of
//! writing are shown as escapes. Changes nothing else.

use std::fmt::{self, Write};

/// Shows a text with an escape for every character that steers a terminal: control characters except the line break,
/// and format characters that reorder or hide text.
///
/// The escapes are those of JSON, such as `\u001b`, so escaped JSON is still the same JSON.
///
/// ```
/// use landform_core::Printable;
/// assert_eq!(Printable("a\u{1b}[31mb\r\nc").to_string(), "a\\u001b[31mb\\r\nc");
/// assert_eq!(Printable("a\nb").in_a_line().to_string(), "a\\nb");
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Printable<T>(pub T);

/// Like [`Printable`], with line breaks escaped too.
#[derive(Debug, Clone, Copy)]
pub struct InALine<T>(T);

impl<T> Printable<T> {
    /// Keeps it on one line.
    pub fn in_a_line(self) -> InALine<T> {
        InALine(self.0)
    }
}

impl<T: fmt::Display> fmt::Display for Printable<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(Escaped { out: f, lines: true }, "{}", self.0)
    }
}

impl<T: fmt::Display> fmt::Display for InALine<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(Escaped { out: f, lines: false }, "{}", self.0)
    }
}

struct Escaped<'a, 'b> {
    out: &'a mut fmt::Formatter<'b>,
    lines: bool,
}

impl fmt::Write for Escaped<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let mut rest = text;
        while let Some(at) = rest.find(|c| steers(c) && !(self.lines && c == '\n')) {
            self.out.write_str(&rest[..at])?;
            let mut after = rest[at..].chars();
            after.next().into_iter().try_for_each(|c| escape(c, self.out))?;
            rest = after.as_str();
        }
        self.out.write_str(rest)
    }
}

/// Whether a character steers a terminal: see [`Printable`].
pub fn steers(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{61c}' // Arabic letter mark
            | '\u{200e}' | '\u{200f}' // marks of direction
            | '\u{2028}' | '\u{2029}' // separators of lines and paragraphs
            | '\u{202a}'..='\u{202e}' // embeddings and overrides of direction
            | '\u{2060}'..='\u{206f}' // invisible operators, isolates of direction, and what is out of use
            | '\u{feff}' // byte order mark
            | '\u{fff9}'..='\u{fffb}' // annotations
            | '\u{e0000}'..='\u{e007f}' // tags
        )
}

fn escape(c: char, out: &mut impl fmt::Write) -> fmt::Result {
    match c {
        '\n' => out.write_str("\\n"),
        '\r' => out.write_str("\\r"),
        '\t' => out.write_str("\\t"),
        c => c.encode_utf16(&mut [0; 2]).iter().try_for_each(|unit| write!(out, "\\u{unit:04x}")),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_steers_is_escaped_and_all_else_stays() {
        let plain = "größe 日本 – “x” \\ \" 👍🏽 \u{200d}";
        assert_eq!(Printable(plain).to_string(), plain);
        let steering = "\0\u{7}\u{8}\u{7f}\u{85}\u{9b}31m\u{202e}\u{2066}\u{2028}\u{e0041}\t";
        let shown = Printable(steering).to_string();
        assert!(!shown.chars().any(steers), "{shown}");
        assert_eq!(shown, r"\u0000\u0007\u0008\u007f\u0085\u009b31m\u202e\u2066\u2028\udb40\udc41\t");
    }

    #[test]
    fn json_stays_the_same_json() {
        let all: String = (0..=0x10ffff).filter_map(char::from_u32).filter(|c| steers(*c)).collect();
        let value = serde_json::json!({ &all: [all] });
        for text in [serde_json::to_string(&value).unwrap(), serde_json::to_string_pretty(&value).unwrap()] {
            let shown = Printable(&text).to_string();
            assert!(!shown.chars().any(|c| c != '\n' && steers(c)), "{shown}");
            assert_eq!(serde_json::from_str::<serde_json::Value>(&shown).unwrap(), value);
        }
    }
}
