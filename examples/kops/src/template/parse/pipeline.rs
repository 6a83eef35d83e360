//! Reads the tokens of an action into a pipeline of functions and values.

use super::lexer::{Placed, Token};
use super::{Operand, Pipeline, Problem, What};
use crate::template::functions;
use crate::template::value::Value;

/// Reads the tokens of one action.
pub struct Reader<'a> {
    file: &'a str,
    tokens: &'a [Placed],
    at: usize,
    line: usize,
}

impl<'a> Reader<'a> {
    /// `line` is that of the action.
    pub fn new(file: &'a str, tokens: &'a [Placed], line: usize) -> Self {
        Self { file, tokens, at: 0, line }
    }

    /// The pipeline that all tokens make.
    pub fn all(mut self) -> Result<Pipeline, Problem> {
        let pipeline = self.pipeline()?;
        match self.next() {
            None => Ok(pipeline),
            Some((token, ..)) => self.fail(format!("unexpected {token}")),
        }
    }

    fn fail<T>(&self, detail: impl Into<String>) -> Result<T, Problem> {
        Err(Problem { file: self.file.to_owned(), line: self.line, detail: detail.into() })
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|(token, ..)| token)
    }

    fn next(&mut self) -> Option<Placed> {
        let placed = self.tokens.get(self.at).cloned()?;
        self.at += 1;
        self.line = placed.1;
        Some(placed)
    }

    fn pipeline(&mut self) -> Result<Pipeline, Problem> {
        let (variables, assigns) = self.variables();
        let line = self.tokens.get(self.at).map_or(self.line, |(_, line, _)| *line);
        let mut commands = Vec::new();
        loop {
            commands.push(self.command()?);
            if self.peek() != Some(&Token::Sign("|")) {
                break;
            }
            self.at += 1;
        }
        let literal = |command: &&Vec<Operand>| matches!(command[0].what, What::Literal(_));
        if commands.iter().skip(1).any(|command| literal(&command)) {
            return self.fail("a pipeline ends in functions: expected a function after |");
        }
        Ok(Pipeline { variables, assigns, commands, line })
    }

    /// `$a :=`, `$a, $b :=` or `$a =` at the beginning.
    fn variables(&mut self) -> (Vec<String>, bool) {
        let (mut names, mut at) = (Vec::new(), self.at);
        while let Some((Token::Variable(name), ..)) = self.tokens.get(at) {
            names.push(name.clone());
            match self.tokens.get(at + 1) {
                Some((Token::Sign(","), ..)) if names.len() < 2 => at += 2,
                Some((Token::Sign(sign @ (":=" | "=")), ..)) => {
                    self.at = at + 2;
                    return (names, *sign == "=");
                }
                _ => break,
            }
        }
        (Vec::new(), false)
    }

    fn command(&mut self) -> Result<Vec<Operand>, Problem> {
        let mut operands = Vec::new();
        while let Some((token, _, spaced)) = self.tokens.get(self.at).cloned() {
            if matches!(token, Token::Sign("|" | ")")) {
                break;
            }
            if !spaced && !operands.is_empty() {
                return self.fail(format!("unexpected {token}: expected a space before it"));
            }
            operands.push(self.operand()?);
        }
        match operands.is_empty() {
            true => self.fail("expected a value"),
            false => Ok(operands),
        }
    }

    fn operand(&mut self) -> Result<Operand, Problem> {
        let Some((token, ..)) = self.next() else { return self.fail("expected a value") };
        let mut fields = Vec::new();
        let what = match token {
            Token::Field(name) => {
                fields.extend(Some(name).filter(|name| !name.is_empty()));
                What::Dot
            }
            Token::Variable(name) => What::Variable(name),
            Token::Text(text) => What::Literal(Value::Text(text)),
            Token::Number(number) => What::Literal(self.number(&number)?),
            Token::Word(word) => match word.as_str() {
                "true" | "false" => What::Literal(Value::Bool(word == "true")),
                "nil" => What::Literal(Value::Nil),
                name if functions::is_known(name) => What::Function(word),
                name => return self.fail(functions::unknown(name)),
            },
            Token::Sign("(") => {
                let pipeline = self.pipeline()?;
                match self.next() {
                    Some((Token::Sign(")"), ..)) => What::Pipeline(Box::new(pipeline)),
                    _ => return self.fail("the parenthesis is not closed: expected )"),
                }
            }
            Token::Sign(sign) => return self.fail(format!("unexpected {sign}: expected a value")),
        };
        while let Some((Token::Field(name), _, false)) = self.tokens.get(self.at) {
            if name.is_empty() || matches!(what, What::Literal(_) | What::Function(_)) {
                return self.fail("unexpected . after a value");
            }
            fields.push(name.clone());
            self.at += 1;
        }
        Ok(Operand { what, fields })
    }

    fn number(&self, text: &str) -> Result<Value, Problem> {
        let plain = text.replace('_', "");
        let (sign, digits) = match plain.strip_prefix('-') {
            Some(digits) => (-1, digits),
            None => (1, plain.strip_prefix('+').unwrap_or(&plain)),
        };
        let bases = [("0x", 16), ("0X", 16), ("0b", 2), ("0o", 8)];
        let based = bases.iter().find_map(|(prefix, base)| Some((digits.strip_prefix(prefix)?, *base)));
        let whole = match based {
            Some((digits, base)) => i64::from_str_radix(digits, base).ok(),
            None => digits.parse().ok(),
        };
        if let Some(whole) = whole {
            return Ok(Value::Int(sign * whole));
        }
        match plain.parse() {
            Ok(number) if based.is_none() => Ok(Value::Float(number)),
            _ => self.fail(format!("{text:?} is not a number")),
        }
    }
}
