//! Reads the text of a template into nodes, by the grammar of Go's `text/template`.

mod lexer;
mod nodes;
mod pipeline;

use std::collections::BTreeMap;

use super::value::Value;
use lexer::Scanner;
use nodes::Parser;

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

/// Parses a template into `templates`, with those that it defines.
pub fn parse(name: &str, file: &str, text: &str, templates: &mut Templates) -> Result<(), Problem> {
    let pieces = Scanner { file, text }.pieces()?;
    let nodes = Parser::new(file, pieces, templates).all()?;
    templates.insert(name.to_owned(), Template { file: file.to_owned(), nodes });
    Ok(())
}
