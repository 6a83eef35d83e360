//! Reads the pieces of a template into nodes: text, values, conditions, loops and definitions.

use super::lexer::{Piece, Placed, Token};
use super::pipeline::Reader;
use super::{Branch, Node, Pipeline, Problem, Template, Templates};

/// The word that ends a list of nodes, with the tokens after it.
type End = Option<(String, Vec<Placed>, usize)>;

/// Reads the pieces of a template.
pub struct Parser<'a> {
    file: &'a str,
    pieces: std::vec::IntoIter<Piece>,
    templates: &'a mut Templates,
    /// The number of loops around the present piece.
    loops: usize,
}

impl<'a> Parser<'a> {
    /// Templates that the pieces define go into `templates`.
    pub fn new(file: &'a str, pieces: Vec<Piece>, templates: &'a mut Templates) -> Self {
        Self { file, pieces: pieces.into_iter(), templates, loops: 0 }
    }

    /// All nodes.
    pub fn all(mut self) -> Result<Vec<Node>, Problem> {
        Ok(self.nodes(None)?.0)
    }

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
        Reader::new(self.file, tokens, line).all()
    }
}
