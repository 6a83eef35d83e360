//! The functions of expressions. Pure and total: a wrong argument is an error, never a panic.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use super::Expr;

/// A function that could not take its arguments.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{function}: {message}")]
pub struct EvalError {
    /// The function's name.
    pub function: &'static str,
    /// What it met and what it expected.
    pub message: String,
}

/// What an expression can compute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Function {
    /// Joins texts; numbers and booleans print as JSON does.
    Concat,
    /// Puts each further argument in the place of the next `{}` of the first.
    Format,
    /// Joins the items of the second argument, a list, by the first.
    Join,
    /// Base64 with padding, of a text's bytes.
    Base64,
    /// The SHA-256 of a text's bytes, in hexadecimal.
    Sha256,
    /// The value as compact JSON.
    Json,
    /// The value as YAML.
    Yaml,
    /// Fails with its first argument as the message: a value that could not be made while declaring.
    Fail,
}

impl Function {
    /// The name, as written in a serialised expression.
    pub fn name(self) -> &'static str {
        match self {
            Self::Concat => "concat",
            Self::Format => "format",
            Self::Join => "join",
            Self::Base64 => "base64",
            Self::Sha256 => "sha256",
            Self::Json => "json",
            Self::Yaml => "yaml",
            Self::Fail => "fail",
        }
    }

    /// Computes the value if all arguments are known; what it makes of a secret is a secret.
    pub(super) fn fold(self, arguments: Vec<Expr>) -> Result<Expr, EvalError> {
        if !arguments.iter().all(Expr::is_known) {
            return Ok(Expr::Call(self, arguments));
        }
        let secret = arguments.iter().any(holds_secret);
        let values: Vec<Json> = arguments.iter().filter_map(Expr::expose).collect();
        let value = Expr::Literal(self.call(&values)?);
        Ok(if secret { Expr::Secret(Box::new(value)) } else { value })
    }

    fn call(self, values: &[Json]) -> Result<Json, EvalError> {
        Ok(match self {
            Self::Concat => {
                values.iter().map(|value| self.text(value)).collect::<Result<String, _>>()?.into()
            }
            Self::Format => self.format(values)?.into(),
            Self::Join => {
                let [separator, Json::Array(items)] = values else {
                    return Err(self.error("expects a separator and a list"));
                };
                let items = items.iter().map(|item| self.text(item)).collect::<Result<Vec<_>, _>>()?;
                items.join(&self.text(separator)?).into()
            }
            Self::Base64 => STANDARD.encode(self.one_text(values)?).into(),
            Self::Sha256 => hex(&Sha256::digest(self.one_text(values)?)).into(),
            Self::Json => self.one(values)?.to_string().into(),
            Self::Yaml => serde_saphyr::to_string(self.one(values)?)
                .map_err(|error| self.error(&error.to_string()))?
                .into(),
            Self::Fail => return Err(self.error(&self.one_text(values)?)),
        })
    }

    fn format(self, values: &[Json]) -> Result<String, EvalError> {
        let (template, rest) = values.split_first().ok_or_else(|| self.error("expects a template"))?;
        let template = self.text(template)?;
        let parts: Vec<&str> = template.split("{}").collect();
        if parts.len() != rest.len() + 1 {
            let message = format!("{template:?} has {} places for {} values", parts.len() - 1, rest.len());
            return Err(self.error(&message));
        }
        let mut text = parts[0].to_owned();
        for (value, part) in rest.iter().zip(&parts[1..]) {
            text.push_str(&self.text(value)?);
            text.push_str(part);
        }
        Ok(text)
    }

    fn one(self, values: &[Json]) -> Result<&Json, EvalError> {
        match values {
            [value] => Ok(value),
            _ => Err(self.error(&format!("expects one value, not {}", values.len()))),
        }
    }

    fn one_text(self, values: &[Json]) -> Result<String, EvalError> {
        self.text(self.one(values)?)
    }

    fn text(self, value: &Json) -> Result<String, EvalError> {
        match value {
            Json::String(text) => Ok(text.clone()),
            Json::Number(_) | Json::Bool(_) => Ok(value.to_string()),
            Json::Null => Err(self.error("expects text, not null")),
            Json::Array(_) => Err(self.error("expects text, not a list")),
            Json::Object(_) => Err(self.error("expects text, not a map")),
        }
    }

    fn error(self, message: &str) -> EvalError {
        EvalError { function: self.name(), message: message.to_owned() }
    }
}

fn holds_secret(expr: &Expr) -> bool {
    match expr {
        Expr::Secret(_) => true,
        Expr::List(items) => items.iter().any(holds_secret),
        Expr::Map(fields) => fields.values().any(holds_secret),
        Expr::Literal(_) | Expr::Ref(_) | Expr::Call(..) => false,
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
