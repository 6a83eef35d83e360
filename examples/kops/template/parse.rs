//! From the text of a template to its nodes, by the grammar of Go's `text/template`.

use std::collections::BTreeMap;

use super::functions;
use super::value::Value;

/// What is wrong in a template, and where.
#[derive(Debug, Clone)]
pub struct Problem {
    pub file: String,
    pub line: usize,
    pub detail: String,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.detail)
    }
}

impl std::error::Error for Problem {}

/// A template: the file in which it is written, and its nodes.
#[derive(Debug, Clone, Default)]
pub struct Template {
    pub file: String,
    pub nodes: Vec<Node>,
}

/// Templates by name.
pub type Templates = BTreeMap<String, Template>;

#[derive(Debug, Clone)]
pub enum Node {
    Text(String),
    Print(Pipeline),
    If(Branch),
    With(Branch),
    Range(Branch),
    Call { name: String, with: Option<Pipeline>, line: usize },
    Break,
    Continue,
}

/// A condition with what follows if it holds, and what follows if not.
#[derive(Debug, Clone)]
pub struct Branch {
    pub of: Pipeline,
    pub then: Vec<Node>,
    pub otherwise: Vec<Node>,
}

#[derive(Debug, Clone)]
pub struct Pipeline {
    pub variables: Vec<String>,
    /// Whether the variables exist and get another value.
    pub assigns: bool,
    pub commands: Vec<Vec<Operand>>,
    pub line: usize,
}

#[derive(Debug, Clone)]
pub struct Operand {
    pub what: What,
    /// The fields that are taken from it.
    pub fields: Vec<String>,
}

#[derive(Debug, Clone)]
pub enum What {
    Dot,
    Variable(String),
    Literal(Value),
    Function(String),
    Pipeline(Box<Pipeline>),
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    /// `.a`: a field. An empty name is the dot alone.
    Field(String),
    Variable(String),
    Word(String),
    Text(String),
    Number(String),
    Sign(&'static str),
}

/// A token, its line, and whether a space is before it.
type Placed = (Token, usize, bool);

/// A piece of a template: text, or the tokens of an action.
enum Piece {
    Text(String),
    Action(Vec<Placed>, usize),
}

/// Parses a template into `templates`, with those that it defines.
pub fn parse(name: &str, file: &str, text: &str, templates: &mut Templates) -> Result<(), Problem> {
    let pieces = Scanner { file, text }.pieces()?;
    let mut parser = Parser { file, pieces: pieces.into_iter().peekable(), templates, loops: 0 };
    let nodes = parser.nodes(None)?.0;
    templates.insert(name.to_owned(), Template { file: file.to_owned(), nodes });
    Ok(())
}

struct Scanner<'a> {
    file: &'a str,
    text: &'a str,
}

impl Scanner<'_> {
    fn fail<T>(&self, at: usize, detail: impl Into<String>) -> Result<T, Problem> {
        let line = self.line(at);
        Err(Problem { file: self.file.to_owned(), line, detail: detail.into() })
    }

    fn line(&self, at: usize) -> usize {
        self.text.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1
    }

    fn pieces(&self) -> Result<Vec<Piece>, Problem> {
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

/// The word that ends a list of nodes, with the tokens after it.
type End = Option<(String, Vec<Placed>, usize)>;

struct Parser<'a> {
    file: &'a str,
    pieces: std::iter::Peekable<std::vec::IntoIter<Piece>>,
    templates: &'a mut Templates,
    /// How many loops are around.
    loops: usize,
}

impl Parser<'_> {
    fn fail<T>(&self, line: usize, detail: impl Into<String>) -> Result<T, Problem> {
        Err(Problem { file: self.file.to_owned(), line, detail: detail.into() })
    }

    /// The nodes up to `end` or `else`, or up to the end of the text. `opened` is the action that needs an end.
    fn nodes(&mut self, opened: Option<(&str, usize)>) -> Result<(Vec<Node>, End), Problem> {
        let mut nodes = Vec::new();
        while let Some(piece) = self.pieces.next() {
            let (tokens, line) = match piece {
                Piece::Text(text) => {
                    nodes.push(Node::Text(text));
                    continue;
                }
                Piece::Action(tokens, line) => (tokens, line),
            };
            let word = match tokens.first() {
                Some((Token::Word(word), ..)) => word.clone(),
                Some(_) => String::new(),
                None => return self.fail(line, "the action is empty: expected a value"),
            };
            let rest = || tokens[1..].to_vec();
            match word.as_str() {
                "end" | "else" => match opened {
                    Some(_) => return Ok((nodes, Some((word, rest(), line)))),
                    None => {
                        return self.fail(line, format!("{word} without if, range, with, block or define"));
                    }
                },
                "if" => nodes.push(Node::If(self.branch("if", rest(), line)?)),
                "with" => nodes.push(Node::With(self.branch("with", rest(), line)?)),
                "range" => nodes.push(Node::Range(self.branch("range", rest(), line)?)),
                "break" | "continue" if self.loops == 0 => {
                    return self.fail(line, format!("{word} outside of range"));
                }
                "break" => nodes.push(Node::Break),
                "continue" => nodes.push(Node::Continue),
                "define" => {
                    let (name, left) = self.name("define", &rest(), line)?;
                    self.nothing(&left, line)?;
                    self.define(name, line)?;
                }
                "block" => {
                    let (name, left) = self.name("block", &rest(), line)?;
                    let with = Some(self.pipeline(&left, line)?);
                    self.define(name.clone(), line)?;
                    nodes.push(Node::Call { name, with, line });
                }
                "template" => {
                    let (name, left) = self.name("template", &rest(), line)?;
                    let with = if left.is_empty() { None } else { Some(self.pipeline(&left, line)?) };
                    nodes.push(Node::Call { name, with, line });
                }
                _ => nodes.push(Node::Print(self.pipeline(&tokens, line)?)),
            }
        }
        match opened {
            Some((word, line)) => self.fail(line, format!("{word} is not closed: expected {{{{ end }}}}")),
            None => Ok((nodes, None)),
        }
    }

    fn branch(&mut self, word: &str, tokens: Vec<Placed>, line: usize) -> Result<Branch, Problem> {
        let of = self.pipeline(&tokens, line)?;
        let loops = usize::from(word == "range");
        self.loops += loops;
        let (then, end) = self.nodes(Some((word, line)))?;
        self.loops -= loops;
        let mut branch = Branch { of, then, otherwise: Vec::new() };
        let Some((ended, left, at)) = end else { return Ok(branch) };
        if ended == "end" {
            self.nothing(&left, at)?;
            return Ok(branch);
        }
        branch.otherwise = match left.first() {
            None => {
                let (nodes, end) = self.nodes(Some((word, line)))?;
                match end {
                    Some((ended, left, at)) if ended == "else" => {
                        let _ = left;
                        return self.fail(at, format!("{word} has a second else"));
                    }
                    Some((_, left, at)) => self.nothing(&left, at)?,
                    None => {}
                }
                nodes
            }
            Some((Token::Word(next), ..)) if next == word && word != "range" => {
                let inner = self.branch(word, left[1..].to_vec(), at)?;
                vec![if word == "if" { Node::If(inner) } else { Node::With(inner) }]
            }
            Some(_) => return self.fail(at, "expected }} or if after else"),
        };
        Ok(branch)
    }

    fn define(&mut self, name: String, line: usize) -> Result<(), Problem> {
        let loops = std::mem::take(&mut self.loops);
        let (nodes, end) = self.nodes(Some(("define", line)))?;
        self.loops = loops;
        if let Some((word, _, at)) = end.filter(|(word, ..)| word != "end") {
            return self.fail(at, format!("{word} in a definition: expected end"));
        }
        self.templates.insert(name, Template { file: self.file.to_owned(), nodes });
        Ok(())
    }

    /// The name after `define`, `block` or `template`, and the tokens after it.
    fn name(&self, word: &str, tokens: &[Placed], line: usize) -> Result<(String, Vec<Placed>), Problem> {
        match tokens.first() {
            Some((Token::Text(name), ..)) => Ok((name.clone(), tokens[1..].to_vec())),
            _ => self.fail(line, format!("{word}: expected the template's name in quotes")),
        }
    }

    fn nothing(&self, tokens: &[Placed], line: usize) -> Result<(), Problem> {
        if tokens.is_empty() { Ok(()) } else { self.fail(line, "expected }}") }
    }

    fn pipeline(&self, tokens: &[Placed], line: usize) -> Result<Pipeline, Problem> {
        let mut reader = Reader { file: self.file, tokens, at: 0, line };
        let pipeline = reader.pipeline()?;
        match reader.next() {
            None => Ok(pipeline),
            Some((token, line, _)) => self.fail(line, format!("unexpected {}", shown(&token))),
        }
    }
}

/// Reads the tokens of one action.
struct Reader<'a> {
    file: &'a str,
    tokens: &'a [Placed],
    at: usize,
    line: usize,
}

impl Reader<'_> {
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
                return self.fail(format!("unexpected {}: expected a space before it", shown(&token)));
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

fn shown(token: &Token) -> String {
    match token {
        Token::Field(name) => format!(".{name}"),
        Token::Variable(name) => format!("${name}"),
        Token::Word(word) => word.clone(),
        Token::Text(text) => format!("{text:?}"),
        Token::Number(number) => number.clone(),
        Token::Sign(sign) => (*sign).to_owned(),
    }
}
