//! Divides the text of a template into plain text and the tokens of its actions.

use std::fmt;

use super::Problem;

/// A token of an action.
#[derive(Debug, Clone, PartialEq)]
pub enum Token {
    /// `.a`: a field. An empty name is the dot alone.
    Field(String),
    Variable(String),
    Word(String),
    Text(String),
    Number(String),
    Sign(&'static str),
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(name) => write!(f, ".{name}"),
            Self::Variable(name) => write!(f, "${name}"),
            Self::Text(text) => write!(f, "{text:?}"),
            Self::Word(text) | Self::Number(text) => f.write_str(text),
            Self::Sign(sign) => f.write_str(sign),
        }
    }
}

/// A token, its line, and whether a space is before it.
pub type Placed = (Token, usize, bool);

/// A piece of a template: text, or the tokens of an action.
pub enum Piece {
    Text(String),
    Action(Vec<Placed>, usize),
}

/// Reads the text of a file.
pub struct Scanner<'a> {
    pub file: &'a str,
    pub text: &'a str,
}

impl Scanner<'_> {
    fn fail<T>(&self, at: usize, detail: impl Into<String>) -> Result<T, Problem> {
        let line = self.line(at);
        Err(Problem { file: self.file.to_owned(), line, detail: detail.into() })
    }

    fn line(&self, at: usize) -> usize {
        self.text.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1
    }

    pub fn pieces(&self) -> Result<Vec<Piece>, Problem> {
        let (text, mut pieces, mut at, mut trims) = (self.text, Vec::new(), 0, false);
        loop {
            let open = text[at..].find("{{").map(|open| at + open);
            let mut plain = &text[at..open.unwrap_or(text.len())];
            if trims {
                plain = plain.trim_start();
            }
            let Some(open) = open else {
                pieces.push(Piece::Text(plain.to_owned()));
                return Ok(pieces);
            };
            let mut inside = open + 2;
            let rest = &text[inside..];
            if rest.starts_with('-') && rest[1..].starts_with(char::is_whitespace) {
                plain = plain.trim_end();
                inside += 2;
            }
            if !plain.is_empty() {
                pieces.push(Piece::Text(plain.to_owned()));
            }
            let skipped = text[inside..].len() - text[inside..].trim_start().len();
            if text[inside + skipped..].starts_with("/*") {
                let Some(end) = text[inside..].find("*/") else {
                    return self.fail(open, "the comment is not closed: expected */");
                };
                let after = inside + end + 2;
                (at, trims) = match text[after..].trim_start() {
                    left if left.starts_with("}}") => (text.len() - left.len() + 2, false),
                    left if left.starts_with("-}}") => (text.len() - left.len() + 3, true),
                    _ => return self.fail(open, "expected }} after a comment"),
                };
                continue;
            }
            let tokens;
            (tokens, at, trims) = self.action(open, inside)?;
            pieces.push(Piece::Action(tokens, self.line(open)));
        }
    }

    /// The tokens of an action, the place after it, and whether it trims the text after it.
    fn action(&self, open: usize, mut at: usize) -> Result<(Vec<Placed>, usize, bool), Problem> {
        const SIGNS: [&str; 6] = [":=", "=", "|", "(", ")", ","];
        let mut tokens: Vec<Placed> = Vec::new();
        let mut spaced = true;
        loop {
            let rest = &self.text[at..];
            let Some(first) = rest.chars().next() else {
                return self.fail(open, "the action is not closed: expected }}");
            };
            if rest.starts_with("}}") {
                return Ok((tokens, at + 2, false));
            }
            if first.is_whitespace() {
                at += first.len_utf8();
                if self.text[at..].starts_with("-}}") {
                    return Ok((tokens, at + 3, true));
                }
                spaced = true;
                continue;
            }
            let line = self.line(at);
            let word = |from: usize| {
                let end = rest[from..].find(|c: char| !c.is_alphanumeric() && c != '_');
                &rest[from..end.map_or(rest.len(), |end| from + end)]
            };
            let (token, length) = if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
                (Token::Sign(sign), sign.len())
            } else if first == '"' || first == '`' {
                let length = self.quoted(at, first)?;
                (Token::Text(self.unquoted(at, &rest[..length])?), length)
            } else if first == '$' {
                (Token::Variable(word(1).to_owned()), 1 + word(1).len())
            } else if first == '.' && !rest[1..].starts_with(|c: char| c.is_ascii_digit()) {
                (Token::Field(word(1).to_owned()), 1 + word(1).len())
            } else if first.is_ascii_digit() || ['+', '-', '.'].contains(&first) {
                let of_number = |c: char| c.is_ascii_alphanumeric() || ['.', '_'].contains(&c);
                let end = rest[1..].find(|c: char| !of_number(c)).map_or(rest.len(), |end| end + 1);
                (Token::Number(rest[..end].to_owned()), end)
            } else if first.is_alphabetic() || first == '_' {
                (Token::Word(word(0).to_owned()), word(0).len())
            } else {
                return self.fail(at, format!("unexpected {first:?} in an action"));
            };
            tokens.push((token, line, spaced));
            spaced = false;
            at += length;
        }
    }

    /// The length of a quoted text.
    fn quoted(&self, at: usize, quote: char) -> Result<usize, Problem> {
        let mut escaped = false;
        for (place, c) in self.text[at..].char_indices().skip(1) {
            if escaped {
                escaped = false;
            } else if c == '\\' && quote == '"' {
                escaped = true;
            } else if c == quote {
                return Ok(place + 1);
            } else if c == '\n' && quote == '"' {
                break;
            }
        }
        self.fail(at, format!("the text is not closed: expected {quote}"))
    }

    fn unquoted(&self, at: usize, quoted: &str) -> Result<String, Problem> {
        let inside = &quoted[1..quoted.len() - 1];
        if quoted.starts_with('`') {
            return Ok(inside.to_owned());
        }
        let (mut text, mut characters) = (String::new(), inside.chars());
        while let Some(c) = characters.next() {
            if c != '\\' {
                text.push(c);
                continue;
            }
            let escape = characters.next().unwrap_or_default();
            let mut code = |digits: usize| {
                let code: String = characters.by_ref().take(digits).collect();
                u32::from_str_radix(&code, 16).ok().and_then(char::from_u32)
            };
            let meant = match escape {
                'n' => Some('\n'),
                't' => Some('\t'),
                'r' => Some('\r'),
                '\\' | '"' | '\'' => Some(escape),
                'x' => code(2),
                'u' => code(4),
                'U' => code(8),
                _ => None,
            };
            match meant {
                Some(meant) => text.push(meant),
                None => return self.fail(at, format!("{quoted}: \\{escape} is not an escape of Go")),
            }
        }
        Ok(text)
    }
}
