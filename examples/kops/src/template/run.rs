//! Runs a template: from its nodes and values to a text.

use super::functions::{self, Channel};
use super::parse::{Branch, Node, Operand, Pipeline, Problem, Template, Templates, What};
use super::value::Value;

/// How deep templates may call each other.
const DEEPEST: usize = 100;

/// What all templates of a run share.
pub struct Run<'a> {
    pub templates: &'a Templates,
    /// Whether a key that a map does not have is an error.
    pub strict: bool,
    pub channel: &'a dyn Channel,
}

impl Run<'_> {
    /// The text of a template. It sees `dot`.
    pub fn render(&self, name: &str, dot: &Value) -> Result<String, Problem> {
        self.called(name, dot, 0).unwrap_or_else(|| {
            Err(Problem { file: name.to_owned(), line: 1, detail: "there is no such template".into() })
        })
    }

    fn called(&self, name: &str, dot: &Value, depth: usize) -> Option<Result<String, Problem>> {
        let template = self.templates.get(name)?;
        let variables = vec![(String::new(), dot.clone())];
        let mut frame = Frame { run: self, template, variables, out: String::new(), depth };
        Some(frame.nodes(&template.nodes, dot).map(|_| frame.out))
    }
}

/// What comes after a list of nodes.
#[derive(PartialEq)]
enum Next {
    On,
    Break,
    Continue,
}

/// One call of a template.
struct Frame<'a> {
    run: &'a Run<'a>,
    template: &'a Template,
    /// Names and values; the last one of a name counts. `$` has no name.
    variables: Vec<(String, Value)>,
    out: String,
    depth: usize,
}

impl Frame<'_> {
    fn fail<T>(&self, line: usize, detail: impl Into<String>) -> Result<T, Problem> {
        Err(Problem { file: self.template.file.clone(), line, detail: detail.into() })
    }

    fn nodes(&mut self, nodes: &[Node], dot: &Value) -> Result<Next, Problem> {
        for node in nodes {
            let next = match node {
                Node::Text(text) => {
                    self.out.push_str(text);
                    Next::On
                }
                Node::Print(pipeline) => {
                    let value = self.pipeline(pipeline, dot)?;
                    if pipeline.variables.is_empty() {
                        self.out.push_str(&value.to_string());
                    }
                    Next::On
                }
                Node::If(branch) => self.branch(branch, dot, false)?,
                Node::With(branch) => self.branch(branch, dot, true)?,
                Node::Range(branch) => self.range(branch, dot)?,
                Node::Call { name, with, line } => {
                    let dot = match with {
                        Some(pipeline) => self.pipeline(pipeline, dot)?,
                        None => Value::Nil,
                    };
                    let text = self.call(name, &dot, *line)?;
                    self.out.push_str(&text);
                    Next::On
                }
                Node::Break => Next::Break,
                Node::Continue => Next::Continue,
            };
            if next != Next::On {
                return Ok(next);
            }
        }
        Ok(Next::On)
    }

    fn call(&self, name: &str, dot: &Value, line: usize) -> Result<String, Problem> {
        if self.depth >= DEEPEST {
            return self.fail(line, format!("{name:?}: templates call each other more than {DEEPEST} deep"));
        }
        match self.run.called(name, dot, self.depth + 1) {
            Some(rendered) => rendered,
            None => {
                let known: Vec<&str> = self.run.templates.keys().map(String::as_str).collect();
                self.fail(
                    line,
                    format!("there is no template {name:?}: expected one of {}", known.join(", ")),
                )
            }
        }
    }

    fn branch(&mut self, branch: &Branch, dot: &Value, becomes_dot: bool) -> Result<Next, Problem> {
        let known = self.variables.len();
        let value = self.pipeline(&branch.of, dot)?;
        let next = match value.is_true() {
            true if becomes_dot => self.nodes(&branch.then, &value),
            true => self.nodes(&branch.then, dot),
            false => self.nodes(&branch.otherwise, dot),
        };
        self.variables.truncate(known);
        next
    }

    fn range(&mut self, branch: &Branch, dot: &Value) -> Result<Next, Problem> {
        let known = self.variables.len();
        let over = self.value(&branch.of, dot)?;
        let line = branch.of.line;
        let items: Vec<(Value, Value)> = match &over {
            Value::Nil => Vec::new(),
            Value::List(items) => (0..).map(Value::Int).zip(items.iter().cloned()).collect(),
            Value::Map(fields) => {
                let fields = fields.borrow();
                fields.iter().map(|(name, value)| (Value::text(name.as_str()), value.clone())).collect()
            }
            Value::Int(number) => (0..*number).map(|item| (Value::Int(item), Value::Int(item))).collect(),
            other => return self.fail(line, format!("range cannot go over {} {other}", other.kind())),
        };
        if items.is_empty() {
            return self.nodes(&branch.otherwise, dot);
        }
        for (key, item) in items {
            match branch.of.variables.as_slice() {
                [] => {}
                [value] => self.set(value, item.clone(), branch.of.assigns, line)?,
                [index, value, ..] => {
                    self.set(index, key, branch.of.assigns, line)?;
                    self.set(value, item.clone(), branch.of.assigns, line)?;
                }
            }
            let next = self.nodes(&branch.then, &item)?;
            self.variables.truncate(known);
            if next == Next::Break {
                break;
            }
        }
        Ok(Next::On)
    }

    fn set(&mut self, name: &str, value: Value, assigns: bool, line: usize) -> Result<(), Problem> {
        if !assigns {
            self.variables.push((name.to_owned(), value));
            return Ok(());
        }
        match self.variables.iter_mut().rev().find(|(known, _)| known == name) {
            Some((_, known)) => {
                *known = value;
                Ok(())
            }
            None => self.fail(line, format!("there is no variable ${name}")),
        }
    }

    /// The value of a pipeline. Sets its variable.
    fn pipeline(&mut self, pipeline: &Pipeline, dot: &Value) -> Result<Value, Problem> {
        let value = self.value(pipeline, dot)?;
        match pipeline.variables.as_slice() {
            [] => {}
            [name] => self.set(name, value.clone(), pipeline.assigns, pipeline.line)?,
            _ => return self.fail(pipeline.line, "only range sets two variables"),
        }
        Ok(value)
    }

    fn value(&mut self, pipeline: &Pipeline, dot: &Value) -> Result<Value, Problem> {
        let mut piped = None;
        for command in &pipeline.commands {
            piped = Some(self.command(command, piped, dot, pipeline.line)?);
        }
        Ok(piped.unwrap_or(Value::Nil))
    }

    fn command(
        &mut self,
        command: &[Operand],
        piped: Option<Value>,
        dot: &Value,
        line: usize,
    ) -> Result<Value, Problem> {
        let [first, rest @ ..] = command else { return Ok(Value::Nil) };
        let What::Function(name) = &first.what else {
            if !rest.is_empty() || piped.is_some() {
                return self.fail(line, "a value that is not a function has arguments");
            }
            return self.operand(first, dot, line);
        };
        // Go stops at the first argument that decides.
        let decides = match name.as_str() {
            "and" => Some(false),
            "or" => Some(true),
            _ => None,
        };
        let mut arguments = Vec::with_capacity(rest.len() + 1);
        for operand in rest {
            let value = self.operand(operand, dot, line)?;
            if decides == Some(value.is_true()) {
                return Ok(value);
            }
            arguments.push(value);
        }
        arguments.extend(piped);
        if name == "include" {
            return match arguments.as_slice() {
                [Value::Text(name), dot] => self.call(name, dot, line).map(Value::Text),
                _ => self.fail(line, "include: expected the name of a template and a value"),
            };
        }
        match functions::call(name, arguments, self.run.channel) {
            Ok(value) => Ok(value),
            Err(detail) => self.fail(line, format!("{name}: {detail}")),
        }
    }

    fn operand(&mut self, operand: &Operand, dot: &Value, line: usize) -> Result<Value, Problem> {
        let mut value = match &operand.what {
            What::Dot => dot.clone(),
            What::Literal(value) => value.clone(),
            What::Variable(name) => match self.variables.iter().rev().find(|(known, _)| known == name) {
                Some((_, value)) => value.clone(),
                None => return self.fail(line, format!("there is no variable ${name}")),
            },
            What::Function(_) => self.command(std::slice::from_ref(operand), None, dot, line)?,
            What::Pipeline(pipeline) => self.pipeline(pipeline, dot)?,
        };
        for field in &operand.fields {
            value = match &value {
                Value::Map(fields) => match fields.borrow().get(field) {
                    Some(value) => value.clone(),
                    None if self.run.strict => {
                        return self.fail(line, format!(".{field}: the values have no {field:?}"));
                    }
                    None => Value::Nil,
                },
                other => {
                    return self.fail(line, format!(".{field}: expected a map, not {}", described(other)));
                }
            };
        }
        Ok(value)
    }
}

fn described(value: &Value) -> String {
    match value {
        Value::Nil => "nothing".to_owned(),
        other => format!("the {} {other}", other.kind()),
    }
}
