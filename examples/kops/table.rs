//! Tables as kops prints them: a line of heads, columns apart by tabs turned into spaces. Decides nothing.

use landform::Printable;

/// Prints a table.
pub fn print<const N: usize>(heads: [&str; N], rows: Vec<[String; N]>) {
    let wide: [usize; N] = std::array::from_fn(|column| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.chain([heads[column].len()]).max().unwrap_or(0)
    });
    let heads = heads.map(str::to_owned);
    for row in std::iter::once(&heads).chain(&rows) {
        let cells: Vec<String> = row.iter().zip(wide).map(|(cell, wide)| format!("{cell:wide$}")).collect();
        println!("{}", Printable(cells.join("  ").trim_end()).in_a_line());
    }
}
