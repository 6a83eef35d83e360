//! Standard output and standard error. Printed text cannot steer a terminal. A reader that has gone away is not an
//! error.

use std::{
    fmt,
    io::{self, Write as _},
};

use landform_core::Printable;

/// Prints a text without a line break after it.
pub(crate) fn print(text: impl fmt::Display) {
    let _ = write!(io::stdout().lock(), "{}", Printable(text));
}

/// Prints a line.
pub(crate) fn line(text: impl fmt::Display) {
    let _ = writeln!(io::stdout().lock(), "{}", Printable(text));
}

/// Prints a text that a view has coloured. Only its colours steer the terminal.
pub(crate) fn view(text: impl fmt::Display) {
    let _ = writeln!(io::stdout().lock(), "{}", text.to_string().trim_end());
}

/// Prints a line to standard error.
pub(crate) fn note(text: impl fmt::Display) {
    let _ = writeln!(io::stderr().lock(), "{}", Printable(text));
}
