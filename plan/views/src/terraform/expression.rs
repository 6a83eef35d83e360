//! Expressions in Terraform's form: templates in JSON strings, and native syntax inside `${…}`.

use std::collections::BTreeMap;

use landform_core::{
    Address, Condition, Path, Stack,
    expr::{Expr, Function, Reference},
    path::Step,
    schema::{Place, Schema},
};
use serde_json::{Map, Value as Json, json};

use super::{
    ExportError,
    text::{self, Part, Syntax, literal, quoted},
};
use crate::{
    pieces::{entries, is_map, is_single, items, terraform_steps},
    secrets::Secrets,
};

/// Texts with more lines than this get a separate file.
const LINES: usize = 12;

/// Writes values, and collects the variables and files that they need.
pub(super) struct Writer<'a> {
    stack: &'a Stack,
    secrets: Secrets<'a>,
    variables: Map<String, Json>,
    files: BTreeMap<String, String>,
    /// The node whose condition is written. Its attributes are `self` there.
    itself: Option<&'a Address>,
}

impl<'a> Writer<'a> {
    pub fn new(stack: &'a Stack) -> Self {
        Self {
            stack,
            secrets: Secrets::of(stack),
            variables: Map::new(),
            files: BTreeMap::new(),
            itself: None,
        }
    }

    /// The collected variables and files.
    pub fn finish(self) -> (Map<String, Json>, BTreeMap<String, String>) {
        (self.variables, self.files)
    }

    /// The conditions of a node, as blocks.
    pub fn conditions(
        &mut self,
        node: &'a Address,
        conditions: &[Condition],
    ) -> Result<Vec<Json>, ExportError> {
        self.itself = Some(node);
        let place = format!("{node}.lifecycle");
        let block = |condition: &Condition| {
            let holds = self.native(&place, &condition.holds, false)?;
            Ok(json!({ "condition": format!("${{{holds}}}"), "error_message": literal(&condition.message) }))
        };
        let blocks = conditions.iter().map(block).collect();
        self.itself = None;
        blocks
    }

    /// The fields of a block.
    pub fn block(
        &mut self,
        at: &str,
        place: Place<'_>,
        value: &Expr,
    ) -> Result<Map<String, Json>, ExportError> {
        let mut fields = Map::new();
        for (name, value) in entries(value) {
            let inner = place.key(&name);
            let at = format!("{at}.{name}");
            let value = match is_single(place, inner) && is_map(&value) {
                true => json!([self.block(&at, inner, &value)?]),
                false => self.value(&at, inner, &value)?,
            };
            if !value.is_null() {
                fields.insert(name.into_owned(), value);
            }
        }
        Ok(fields)
    }

    /// A value as JSON, with templates in its strings.
    pub fn value(&mut self, at: &str, place: Place<'_>, value: &Expr) -> Result<Json, ExportError> {
        Ok(match value {
            value if place.is_block() && is_map(value) => self.block(at, place, value)?.into(),
            Expr::Map(_) | Expr::Literal(Json::Object(_)) => {
                let mut fields = Map::new();
                for (key, value) in entries(value) {
                    let value = self.value(&format!("{at}.{key}"), place.key(&key), &value)?;
                    fields.insert(literal(&key), value);
                }
                fields.into()
            }
            Expr::List(_) | Expr::Literal(Json::Array(_)) => {
                let mut list = Vec::new();
                for (number, value) in items(value).unwrap_or_default().iter().enumerate() {
                    list.push(self.value(&format!("{at}.{number}"), place.index(number), value)?);
                }
                list.into()
            }
            Expr::Literal(Json::String(text)) if is_long(text) => {
                format!("${{{}}}", self.file(at, text)).into()
            }
            Expr::Literal(Json::String(text)) => literal(text).into(),
            Expr::Literal(other) => other.clone(),
            Expr::Call(Function::Concat | Function::Format, _) => {
                let parts = self.parts(at, value, false)?;
                text::template(&parts, Syntax::Json).into()
            }
            _ => format!("${{{}}}", self.native(at, value, false)?).into(),
        })
    }

    /// A value in native syntax. A literal in a secret becomes a variable.
    fn native(&mut self, place: &str, value: &Expr, secret: bool) -> Result<String, ExportError> {
        Ok(match value {
            Expr::Literal(_) if secret => self.variable(place),
            Expr::Literal(Json::String(text)) if is_long(text) => self.file(place, text),
            Expr::List(_) | Expr::Literal(Json::Array(_)) => {
                let mut parts = Vec::new();
                for (number, item) in items(value).unwrap_or_default().iter().enumerate() {
                    parts.push(self.native(&format!("{place}.{number}"), item, secret)?);
                }
                format!("[{}]", parts.join(", "))
            }
            Expr::Map(_) | Expr::Literal(Json::Object(_)) => {
                let mut parts = Vec::new();
                for (key, item) in entries(value) {
                    let item = self.native(&format!("{place}.{key}"), &item, secret)?;
                    parts.push(format!("{} = {item}", quoted(&key)));
                }
                format!("{{{}}}", parts.join(", "))
            }
            Expr::Literal(Json::String(text)) => quoted(text),
            Expr::Literal(scalar) => scalar.to_string(),
            Expr::Ref(reference) => self.reference(reference),
            Expr::Secret(inner) => match &**inner {
                Expr::Ref(reference) => format!("sensitive({})", self.reference(reference)),
                inner => self.native(place, inner, true)?,
            },
            Expr::Call(Function::Concat | Function::Format, _) => {
                let parts = self.parts(place, value, secret)?;
                format!("\"{}\"", text::template(&parts, Syntax::Native))
            }
            Expr::Call(Function::Fail, arguments) => {
                let message = match arguments.first() {
                    Some(Expr::Literal(Json::String(message))) => message.clone(),
                    _ => "a value that could not be made".to_owned(),
                };
                return Err(ExportError { place: place.to_owned(), message });
            }
            Expr::Call(function, arguments) => {
                let mut parts = Vec::new();
                for argument in arguments {
                    parts.push(self.native(place, argument, secret)?);
                }
                match (function, parts.as_slice(), arguments.as_slice()) {
                    (Function::Equal, [a, b], _) => format!("({a} == {b})"),
                    (Function::AtMost, [a, b], _) => format!("({a} <= {b})"),
                    (Function::Not, [it], _) => format!("!{it}"),
                    (Function::All | Function::Any, _, _) => {
                        format!("{}([{}])", name(*function), parts.join(", "))
                    }
                    (Function::Matches, [text, _], [_, Expr::Literal(Json::String(pattern))]) => {
                        format!("can(regex({}, {text}))", quoted(&format!("^(?:{pattern})$")))
                    }
                    // Terraform counts the bits that are added to the prefix.
                    (Function::CidrSubnet, [network, length, number], _) => {
                        let added = format!("{length} - tonumber(split(\"/\", {network})[1])");
                        format!("cidrsubnet({network}, {added}, {number})")
                    }
                    (Function::Contains, [text, part], [_, Expr::Literal(Json::String(_))]) => {
                        format!("try(strcontains({text}, {part}), contains({text}, {part}))")
                    }
                    _ => format!("{}({})", name(*function), parts.join(", ")),
                }
            }
        })
    }

    /// The parts of a composed text.
    fn parts(&mut self, place: &str, value: &Expr, secret: bool) -> Result<Vec<Part>, ExportError> {
        let mut parts = Vec::new();
        match value {
            Expr::Call(Function::Concat, arguments) => {
                for argument in arguments {
                    parts.extend(self.parts(place, argument, secret)?);
                }
            }
            Expr::Call(Function::Format, arguments) => {
                let error = |message| ExportError { place: place.to_owned(), message };
                let Some((Expr::Literal(Json::String(template)), values)) = arguments.split_first() else {
                    return Err(error("format needs a known template".to_owned()));
                };
                let pieces: Vec<&str> = template.split("{}").collect();
                if pieces.len() != values.len() + 1 {
                    let (places, values) = (pieces.len() - 1, values.len());
                    return Err(error(format!("{template:?} has {places} places for {values} values")));
                }
                parts.push(Part::Text(pieces[0].to_owned()));
                for (value, piece) in values.iter().zip(&pieces[1..]) {
                    parts.extend(self.parts(place, value, secret)?);
                    parts.push(Part::Text((*piece).to_owned()));
                }
            }
            Expr::Literal(Json::String(text)) if !secret && !is_long(text) => {
                parts.push(Part::Text(text.clone()));
            }
            Expr::Literal(scalar @ (Json::Number(_) | Json::Bool(_))) if !secret => {
                parts.push(Part::Text(scalar.to_string()));
            }
            other => parts.push(Part::Native(self.native(place, other, secret)?)),
        }
        Ok(parts)
    }

    fn reference(&self, reference: &Reference) -> String {
        let node = self.stack.node(reference.node.as_str());
        let schema = node.and_then(|node| node.resource_type()).map(|resource_type| &resource_type.arguments);
        let path = traversal(schema, &reference.path);
        match self.itself == Some(&reference.node) {
            true => format!("self{path}"),
            false => format!("{}{path}", reference.node),
        }
    }

    /// Whether a value is made from a secret.
    pub fn is_secret(&self, value: &Expr) -> bool {
        self.secrets.is_secret(value)
    }

    /// A variable for a secret.
    fn variable(&mut self, place: &str) -> String {
        let stem: String =
            place.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '_' }).collect();
        let taken = |name: &String| self.variables.contains_key(name);
        let name = free(&stem, taken);
        let description = format!("The secret at {place}.");
        self.variables
            .insert(name.clone(), json!({ "description": literal(&description), "sensitive": true }));
        format!("var.{name}")
    }

    /// A file beside the configuration.
    fn file(&mut self, place: &str, text: &str) -> String {
        let safe = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.') { c } else { '_' };
        let stem = format!("files/{}", place.chars().map(safe).collect::<String>());
        let taken = |path: &String| self.files.get(path).is_some_and(|known| known != text);
        let path = free(&stem, taken);
        self.files.insert(path.clone(), text.to_owned());
        format!("file(\"${{path.module}}/{path}\")")
    }
}

/// An unused name, the stem itself if possible.
fn free(stem: &str, taken: impl Fn(&String) -> bool) -> String {
    let numbered = (2u32..).map(|number| format!("{stem}_{number}"));
    std::iter::once(stem.to_owned()).chain(numbered).find(|name| !taken(name)).unwrap_or_default()
}

/// A path behind an address, in native syntax. Single blocks are lists of one in Terraform.
pub(crate) fn traversal(schema: Option<&Schema>, path: &Path) -> String {
    steps(&terraform_steps(schema, path))
}

/// Steps behind an address, in native syntax.
pub(crate) fn steps(steps: &[Step]) -> String {
    let mut text = String::new();
    for step in steps {
        match step {
            Step::Index(index) => text.push_str(&format!("[{index}]")),
            Step::Key(key) => {
                let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
                let starts = key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
                match starts && key.chars().all(word) {
                    true => text.push_str(&format!(".{key}")),
                    false => text.push_str(&format!("[{}]", quoted(key))),
                }
            }
        }
    }
    text
}

fn is_long(text: &str) -> bool {
    text.lines().nth(LINES).is_some()
}

/// A function of Terraform's.
fn name(function: Function) -> &'static str {
    match function {
        Function::Contains => "contains",
        Function::Length => "length",
        Function::Lookup => "lookup",
        Function::All => "alltrue",
        Function::Any => "anytrue",
        Function::Equal | Function::Not | Function::AtMost | Function::Matches => "tobool",
        Function::Base64 => "base64encode",
        Function::Sha256 => "sha256",
        Function::Base64Sha256 => "base64sha256",
        Function::CidrSubnet => "cidrsubnet",
        Function::Json => "jsonencode",
        Function::Yaml => "yamlencode",
        Function::Join => "join",
        Function::Concat | Function::Format | Function::Fail => "format",
    }
}
