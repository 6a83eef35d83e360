//! The functions of expressions. Pure and total: a wrong argument is an error, never a panic.

use std::cmp::Ordering;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use serde_json::{Number, Value as Json};
use sha2::{Digest, Sha256};

use super::Expr;
use crate::{Cidr, CidrError, Meaning, NoSuchMeaning, number, suggest};

/// A function that cannot take its arguments.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{function}: {message}")]
pub struct EvalError {
    /// The function's name.
    pub function: &'static str,
    /// The argument, and the expected one.
    pub message: String,
}

/// What an expression can compute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Function {
    /// Joins texts. Numbers and booleans print as in JSON.
    Concat,
    /// Fills each `{}` of the first argument with the next argument.
    Format,
    /// Joins the items of a list, the second argument, with the first argument between them.
    Join,
    /// Base64 with padding, of a text's bytes.
    Base64,
    /// The SHA-256 of a text's bytes, in hexadecimal.
    Sha256,
    /// The SHA-256 of a text's bytes: its 32 bytes in base64 with padding.
    Base64Sha256,
    /// A part of a network, in CIDR form. The arguments are the network, a prefix length, and the number of the part.
    CidrSubnet,
    /// The value as compact JSON.
    Json,
    /// The value as YAML.
    Yaml,
    /// Whether two values are equal. A third argument, the name of a [`Meaning`], compares them by that meaning.
    Equal,
    /// Whether something is not true.
    Not,
    /// Whether all of these are true. One that is known to be false decides.
    All,
    /// Whether any of these is true. One that is known to be true decides.
    Any,
    /// Whether the first of two numbers is not above the second.
    AtMost,
    /// Whether a list has an item, or a text contains another. A third argument, the name of a [`Meaning`], compares
    /// the items by that meaning.
    Contains,
    /// Whether a regular expression, the second argument, matches the whole text.
    Matches,
    /// The number of items in a list or map, or of characters in a text.
    Length,
    /// The value of a map, the first argument, under a key, the second one.
    Lookup,
    /// Fails with its first argument as the message: a value that could not be computed while declaring.
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
            Self::Base64Sha256 => "base64_sha256",
            Self::CidrSubnet => "cidr_subnet",
            Self::Json => "json",
            Self::Yaml => "yaml",
            Self::Equal => "equal",
            Self::Not => "not",
            Self::All => "all",
            Self::Any => "any",
            Self::AtMost => "at_most",
            Self::Contains => "contains",
            Self::Matches => "matches",
            Self::Length => "length",
            Self::Lookup => "lookup",
            Self::Fail => "fail",
        }
    }

    /// Computes the value if all arguments are known. The result is secret if an argument is.
    pub(super) fn fold(self, arguments: Vec<Expr>) -> Result<Expr, EvalError> {
        if !arguments.iter().all(Expr::is_known) {
            return Ok(match self.decided_by() {
                Some(decides) if arguments.contains(&Expr::Literal(decides.into())) => {
                    Expr::Literal(decides.into())
                }
                _ => Expr::Call(self, arguments),
            });
        }
        let secret = arguments.iter().any(holds_secret);
        let values: Vec<Json> = arguments.iter().filter_map(Expr::expose).collect();
        let value = Expr::Literal(self.call(&values)?);
        Ok(if secret { Expr::Secret(Box::new(value)) } else { value })
    }

    /// The value that one argument must have to decide alone.
    fn decided_by(self) -> Option<bool> {
        match self {
            Self::All => Some(false),
            Self::Any => Some(true),
            _ => None,
        }
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
            Self::Sha256 => hex::encode(Sha256::digest(self.one_text(values)?)).into(),
            Self::Base64Sha256 => STANDARD.encode(Sha256::digest(self.one_text(values)?)).into(),
            Self::CidrSubnet => self.cidr_subnet(values)?.into(),
            Self::Json => self.one(values)?.to_string().into(),
            Self::Yaml => serde_saphyr::to_string(self.one(values)?)
                .map_err(|error| self.error(&error.to_string()))?
                .into(),
            Self::Equal => {
                let ([a, b], meaning) = self.compared(values)?;
                same(meaning, a, b).into()
            }
            Self::Not => (!self.truth(self.one(values)?)?).into(),
            Self::All => self.truths(values)?.into_iter().all(|holds| holds).into(),
            Self::Any => self.truths(values)?.into_iter().any(|holds| holds).into(),
            Self::AtMost => {
                let [number, limit] = self.two(values)?;
                let ordering = number::compare(self.number(number)?, self.number(limit)?);
                ordering.is_some_and(Ordering::is_le).into()
            }
            Self::Contains => match self.compared(values)? {
                ([Json::Array(items), item], meaning) => {
                    items.iter().any(|other| same(meaning, other, item)).into()
                }
                ([Json::String(text), Json::String(part)], _) => text.contains(part.as_str()).into(),
                _ => return Err(self.error("expects a list and an item, or two texts")),
            },
            Self::Matches => {
                let [text, pattern] = self.two(values)?;
                let pattern = format!("^(?:{})$", self.text(pattern)?);
                let pattern =
                    regex_lite::Regex::new(&pattern).map_err(|error| self.error(&error.to_string()))?;
                pattern.is_match(&self.text(text)?).into()
            }
            Self::Length => match self.one(values)? {
                Json::Array(items) => items.len().into(),
                Json::Object(fields) => fields.len().into(),
                Json::String(text) => text.chars().count().into(),
                Json::Null => 0.into(),
                _ => return Err(self.error("expects a list, a map or a text")),
            },
            Self::Lookup => match self.two(values)? {
                [Json::Object(fields), Json::String(key)] => {
                    fields.get(key).cloned().ok_or_else(|| self.lost(key, fields))?
                }
                _ => return Err(self.error("expects a map and a key")),
            },
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

    fn cidr_subnet(self, values: &[Json]) -> Result<String, EvalError> {
        let [network, length, number] = values else {
            return Err(self.error("expects a network, a prefix length and a number"));
        };
        let network: Cidr =
            self.text(network)?.parse().map_err(|error: CidrError| self.error(&error.to_string()))?;
        let length = length.as_u64().and_then(|length| u8::try_from(length).ok());
        let length = length.ok_or_else(|| self.error("expects a prefix length"))?;
        let number = number.as_u64().ok_or_else(|| self.error("expects a number that is not negative"))?;
        let part = network.part(length, number).ok_or_else(|| {
            self.error(&format!("{network} has no network number {number} of the prefix length {length}"))
        })?;
        Ok(part.to_string())
    }

    fn one(self, values: &[Json]) -> Result<&Json, EvalError> {
        match values {
            [value] => Ok(value),
            _ => Err(self.error(&format!("expects one value, not {}", values.len()))),
        }
    }

    fn two(self, values: &[Json]) -> Result<&[Json; 2], EvalError> {
        values.try_into().map_err(|_| self.error(&format!("expects two values, not {}", values.len())))
    }

    /// Two values, and the meaning by which to compare them.
    fn compared(self, values: &[Json]) -> Result<(&[Json; 2], Option<Meaning>), EvalError> {
        let [a_and_b @ .., Json::String(meaning)] = values else { return Ok((self.two(values)?, None)) };
        if a_and_b.len() < 2 {
            return Ok((self.two(values)?, None));
        }
        let meaning = meaning.parse().map_err(|error: NoSuchMeaning| self.error(&error.to_string()))?;
        Ok((self.two(a_and_b)?, Some(meaning)))
    }

    fn truth(self, value: &Json) -> Result<bool, EvalError> {
        value.as_bool().ok_or_else(|| self.error("expects true or false"))
    }

    fn truths(self, values: &[Json]) -> Result<Vec<bool>, EvalError> {
        values.iter().map(|value| self.truth(value)).collect()
    }

    fn number(self, value: &Json) -> Result<&Number, EvalError> {
        value.as_number().ok_or_else(|| self.error("expects a number"))
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

    fn lost(self, key: &str, fields: &serde_json::Map<String, Json>) -> EvalError {
        let near = suggest::nearest(key, fields.keys().map(String::as_str));
        let near = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
        let mut known: Vec<&str> = fields.keys().map(String::as_str).collect();
        known.sort_unstable();
        let known = if known.is_empty() { "there are none".to_owned() } else { known.join(", ") };
        self.error(&format!("there is no {key}{near} (expected one of: {known})"))
    }

    fn error(self, message: &str) -> EvalError {
        EvalError { function: self.name(), message: message.to_owned() }
    }
}

fn same(meaning: Option<Meaning>, a: &Json, b: &Json) -> bool {
    match (meaning, a, b) {
        (Some(meaning), Json::String(a), Json::String(b)) => meaning.same(a, b),
        (Some(meaning), a, b) => meaning.canonical_value(a) == meaning.canonical_value(b),
        (None, a, b) => number::plain(a) == number::plain(b),
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    fn fold(function: Function, arguments: &[Json]) -> Result<Expr, EvalError> {
        function.fold(arguments.iter().cloned().map(Expr::Literal).collect())
    }

    #[test]
    fn conditions_tell_what_holds() {
        let cases = [
            (Function::Equal, vec![json!([1]), json!([1])], true),
            (Function::Equal, vec![json!("1"), json!(1)], false),
            (Function::Not, vec![json!(false)], true),
            (Function::All, vec![], true),
            (Function::All, vec![json!(true), json!(false)], false),
            (Function::Any, vec![json!(true), json!(false)], true),
            (Function::Any, vec![], false),
            (Function::AtMost, vec![json!(3), json!(3)], true),
            (Function::AtMost, vec![json!(4), json!(3)], false),
            (
                Function::AtMost,
                vec![json!(9_007_199_254_740_993_u64), json!(9_007_199_254_740_992_u64)],
                false,
            ),
            (Function::Equal, vec![json!(1), json!(1.0)], true),
            (Function::Equal, vec![json!("{ \"a\": 1 }"), json!("{\"a\":1}"), json!("json")], true),
            (
                Function::Equal,
                vec![json!("networks/a"), json!("projects/p/global/networks/a"), json!("self_link")],
                true,
            ),
            (Function::Equal, vec![json!("a"), json!("b"), json!("case")], false),
            (Function::Contains, vec![json!(["A.b."]), json!("a.B"), json!("dns_name")], true),
            (Function::Contains, vec![json!(["a"]), json!("a")], true),
            (Function::Contains, vec![json!("abc"), json!("bc")], true),
            (Function::Matches, vec![json!("t3.large"), json!("t3\\..*")], true),
            (Function::Matches, vec![json!("xt3.large"), json!("t3\\..*")], false),
        ];
        for (function, arguments, holds) in cases {
            assert_eq!(
                fold(function, &arguments).unwrap(),
                json!(holds).into(),
                "{function:?} {arguments:?}"
            );
        }
        assert_eq!(fold(Function::Length, &[json!(["a", "b"])]).unwrap(), json!(2).into());
    }

    #[test]
    fn networks_are_cut_into_parts() {
        let part = |network: &str, length: u8, number: u64| {
            fold(Function::CidrSubnet, &[json!(network), json!(length), json!(number)])
        };
        assert_eq!(part("2001:db8:0:ff00::/56", 64, 0xe1).unwrap(), json!("2001:db8:0:ffe1::/64").into());
        assert_eq!(part("10.0.0.0/16", 20, 15).unwrap(), json!("10.0.240.0/20").into());
        assert_eq!(part("10.0.0.0/16", 16, 0).unwrap(), json!("10.0.0.0/16").into());
        for (length, number) in [(20, 16), (15, 0), (33, 0)] {
            let error = part("10.0.0.0/16", length, number).unwrap_err();
            assert!(error.message.contains("10.0.0.0/16 has no network number"), "{error}");
        }
    }

    #[test]
    fn a_digest_is_written_in_two_ways() {
        assert_eq!(
            fold(Function::Base64Sha256, &[json!("")]).unwrap(),
            json!("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=").into()
        );
    }

    #[test]
    fn one_known_answer_decides_whatever_else_is_open() {
        let open = Expr::reference("a.b".parse::<crate::Address>().unwrap(), "c".parse().unwrap());
        for (function, decides) in [(Function::All, false), (Function::Any, true)] {
            let folded = function.fold(vec![open.clone(), json!(decides).into()]).unwrap();
            assert_eq!(folded, json!(decides).into());
            let folded = function.fold(vec![open.clone(), json!(!decides).into()]).unwrap();
            assert!(!folded.is_known());
        }
    }

    #[test]
    fn a_key_that_a_map_lacks_is_an_error_that_names_those_it_has() {
        let map = json!({ "network_id": "net-1", "name": "main" });
        let found = Function::Lookup.call(&[map.clone(), "name".into()]).unwrap();
        assert_eq!(found, json!("main"));
        let error = Function::Lookup.call(&[map, "network_di".into()]).unwrap_err().to_string();
        let expected =
            "lookup: there is no network_di; did you mean network_id? (expected one of: name, network_id)";
        assert_eq!(error, expected);
        assert!(Function::Lookup.call(&[json!([]), "name".into()]).is_err());
    }

    #[test]
    fn wrong_arguments_are_errors_that_name_the_function() {
        for (function, arguments) in [
            (Function::Equal, vec![json!(1)]),
            (Function::Not, vec![json!("yes")]),
            (Function::AtMost, vec![json!("3"), json!(4)]),
            (Function::Contains, vec![json!(1), json!(1)]),
            (Function::Matches, vec![json!("a"), json!("(")]),
            (Function::Length, vec![json!(1)]),
        ] {
            let error = fold(function, &arguments).unwrap_err();
            assert_eq!(error.function, function.name());
        }
    }

    #[test]
    fn what_is_asked_of_a_secret_is_a_secret() {
        let secret = Expr::Secret(Box::new(json!("s").into()));
        let folded = Function::Equal.fold(vec![secret, json!("s").into()]).unwrap();
        assert_eq!(folded, Expr::Secret(Box::new(json!(true).into())));
    }
}
