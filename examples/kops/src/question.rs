//! Questions to the user on standard input and output.

use std::io::{self, BufRead as _, Write as _};

/// What the user can answer: the words, and what they mean. An empty word is the answer of a user who only presses
/// Enter.
pub type Answers<'a, T> = &'a [(&'a [&'a str], T)];

/// Asks until the user gives one of the answers. `None` if the input ends, because there is no user to answer.
pub fn ask<T: Copy>(question: &str, answers: Answers<'_, T>) -> io::Result<Option<T>> {
    loop {
        print!("{question} ");
        io::stdout().flush()?;
        let mut line = String::new();
        if io::stdin().lock().read_line(&mut line)? == 0 {
            println!();
            return Ok(None);
        }
        let given = line.trim().to_lowercase();
        if let Some((_, meant)) = answers.iter().find(|(words, _)| words.contains(&given.as_str())) {
            return Ok(Some(*meant));
        }
        let words = answers.iter().flat_map(|(words, _)| words.iter()).filter(|word| !word.is_empty());
        let words: Vec<&str> = words.copied().collect();
        println!("{:?} is not an answer. Type one of: {}", line.trim(), words.join(", "));
    }
}
