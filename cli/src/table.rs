//! Tables on a terminal: columns of text under their heads. Decides nothing.

use std::{
    fmt,
    io::{self, Write as _},
};

use landform_core::Printable;
use tabwriter::TabWriter;

/// A table whose columns are as wide as their longest cell, with two spaces between them. Each row is one line.
/// Characters that would steer a terminal or end a line are escaped.
///
/// ```
/// let rows = [["nodes".to_owned(), "3".to_owned()]];
/// assert_eq!(landform_cli::Table::new(["NAME", "MIN"], rows).to_string(), "NAME   MIN\nnodes  3\n");
/// ```
#[derive(Debug, Clone)]
pub struct Table<'a, const N: usize> {
    heads: [&'a str; N],
    rows: Vec<[String; N]>,
}

impl<'a, const N: usize> Table<'a, N> {
    /// A table of these rows.
    pub fn new(heads: [&'a str; N], rows: impl IntoIterator<Item = [String; N]>) -> Self {
        Self { heads, rows: rows.into_iter().collect() }
    }

    fn laid_out(&self) -> io::Result<Vec<u8>> {
        let mut lines = TabWriter::new(Vec::new()).minwidth(1).padding(2);
        writeln!(lines, "{}", self.heads.join("\t"))?;
        for row in &self.rows {
            let cells: Vec<String> =
                row.iter().map(|cell| Printable(cell.as_str()).in_a_line().to_string()).collect();
            writeln!(lines, "{}", cells.join("\t"))?;
        }
        lines.flush()?;
        lines.into_inner().map_err(|error| io::Error::other(error.to_string()))
    }
}

impl<const N: usize> fmt::Display for Table<'_, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.laid_out().map_err(|_| fmt::Error)?;
        for line in String::from_utf8_lossy(&text).lines() {
            writeln!(f, "{}", line.trim_end())?;
        }
        Ok(())
    }
}
