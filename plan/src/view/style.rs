//! Colours for terminals, or none.

use std::{fmt, io::IsTerminal};

use crate::plan::ChangeKind;

/// Whether standard output wants colours: it is a terminal, and neither `NO_COLOR` (any value but the empty one) nor
/// `TERM=dumb` is set. See <https://no-color.org>.
pub fn color_wanted() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !set("NO_COLOR")
        && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
        && std::io::stdout().is_terminal()
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
