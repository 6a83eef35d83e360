//! Colours for terminals, or none.

use std::{fmt, io::IsTerminal};

use crate::plan::ChangeKind;

/// Whether standard output wants colours: it is a terminal, and neither `NO_COLOR` (any value but the empty one) nor
/// `TERM=dumb` is set. See <https://no-color.org>.
pub fn color_wanted() -> bool {
    wanted(&|name| std::env::var(name).ok(), std::io::stdout().is_terminal())
}

fn wanted(variable: &dyn Fn(&str) -> Option<String>, terminal: bool) -> bool {
    let refused = variable("NO_COLOR").is_some_and(|value| !value.is_empty());
    terminal && !refused && variable("TERM").is_none_or(|term| term != "dumb")
}

/// A way of writing, by its meaning.
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

    fn code(self) -> &'static str {
        match self {
            Self::Plain => "0",
            Self::Strong => "1",
            Self::Faint => "2",
            Self::Added => "32",
            Self::Changed => "33",
            Self::Removed => "31",
            Self::Replaced => "35",
            Self::Adopted => "36",
        }
    }
}

/// Whether to colour.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    pub color: bool,
}

impl Style {
    pub fn paint<T: fmt::Display>(self, ink: Ink, what: T) -> Painted<T> {
        Painted { ink: Some(ink).filter(|ink| self.color && *ink != Ink::Plain), what }
    }
}

/// Something to be written in an ink.
pub(super) struct Painted<T> {
    ink: Option<Ink>,
    what: T,
}

impl<T: fmt::Display> fmt::Display for Painted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.ink {
            None => self.what.fmt(f),
            Some(ink) => {
                write!(f, "\x1b[{}m", ink.code())?;
                self.what.fmt(f)?;
                f.write_str("\x1b[0m")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::wanted;

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
}
