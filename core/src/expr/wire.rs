//! The serialised form of expressions. A secret becomes a mark without its value.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser::SerializeMap};
use serde_json::{Map, Value as Json};

use super::{Expr, Function};

const REF: &str = "$ref";
const CALL: &str = "$call";
const SECRET: &str = "$secret";
const LITERAL: &str = "$literal";
const MAP: &str = "$map";

impl Serialize for Expr {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Literal(value) if needs_escape(value) => tagged(s, LITERAL, value),
            Self::Literal(value) => value.serialize(s),
            Self::Ref(reference) => tagged(s, REF, &(&reference.node, &reference.path)),
            Self::List(items) => s.collect_seq(items),
            // A map with one such key would be read as something else.
            Self::Map(fields) if fields.len() == 1 && fields.keys().any(|key| key.starts_with('$')) => {
                tagged(s, MAP, fields)
            }
            Self::Map(fields) => s.collect_map(fields),
            Self::Call(function, arguments) => tagged(s, CALL, &(function, arguments)),
            Self::Secret(_) => tagged(s, SECRET, &()),
        }
    }
}

impl<'de> Deserialize<'de> for Expr {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        from_json(Json::deserialize(d)?).map_err(de::Error::custom)
    }
}

fn tagged<S: Serializer>(s: S, tag: &str, content: &impl Serialize) -> Result<S::Ok, S::Error> {
    let mut map = s.serialize_map(Some(1))?;
    map.serialize_entry(tag, content)?;
    map.end()
}

fn needs_escape(value: &Json) -> bool {
    match value {
        Json::Object(fields) => fields.iter().any(|(key, field)| key.starts_with('$') || needs_escape(field)),
        Json::Array(items) => items.iter().any(needs_escape),
        _ => false,
    }
}

fn from_json(value: Json) -> Result<Expr, String> {
    match value {
        Json::Array(items) => {
            Ok(Expr::list(items.into_iter().map(from_json).collect::<Result<Vec<_>, _>>()?))
        }
        Json::Object(fields) => match fields.keys().next() {
            Some(key) if fields.len() == 1 && key.starts_with('$') => special(fields),
            _ => {
                let fields = fields
                    .into_iter()
                    .map(|(key, field)| Ok((key, from_json(field)?)))
                    .collect::<Result<_, String>>()?;
                Ok(Expr::map(fields))
            }
        },
        other => Ok(Expr::Literal(other)),
    }
}

fn special(fields: Map<String, Json>) -> Result<Expr, String> {
    let Some((tag, content)) = fields.into_iter().next() else { return Ok(Expr::NULL) };
    let wrong = |error: serde_json::Error| format!("{tag}: {error}");
    match tag.as_str() {
        LITERAL => Ok(Expr::Literal(content)),
        MAP => match content {
            Json::Object(fields) => {
                let fields = fields.into_iter().map(|(key, field)| Ok((key, from_json(field)?)));
                Ok(Expr::map(fields.collect::<Result<_, String>>()?))
            }
            _ => Err(format!("{tag}: expected a map")),
        },
        REF => {
            let (node, path): (crate::Address, _) = serde_json::from_value(content).map_err(wrong)?;
            Ok(Expr::reference(node, path))
        }
        CALL => {
            let (function, arguments): (Function, Vec<Expr>) =
                serde_json::from_value(content).map_err(wrong)?;
            Ok(Expr::Call(function, arguments))
        }
        SECRET => {
            let message = Json::from("a secret is not stored with a plan; apply from the stack itself");
            Ok(Expr::Secret(Box::new(Expr::Call(Function::Fail, vec![Expr::Literal(message)]))))
        }
        _ => {
            Err(format!("{tag} is not a kind of expression: expected $ref, $call, $secret, $map or $literal"))
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::expr::Resolved;
    use serde_json::json;

    fn reference(node: &str, path: &str) -> Expr {
        Expr::reference(node.parse::<crate::Address>().unwrap(), path.parse().unwrap())
    }

    #[test]
    fn expressions_round_trip() {
        let expr = Expr::map(
            [
                ("plain".to_owned(), Expr::Literal(json!([1, "two"]))),
                ("strange".to_owned(), Expr::Literal(json!({ "$ref": "text" }))),
                ("vpc".to_owned(), reference("aws_vpc.main", "id")),
                (
                    "name".to_owned(),
                    Expr::Call(Function::Concat, vec![reference("a.b", "c[0]"), json!("-x").into()]),
                ),
            ]
            .into(),
        );
        let text = serde_json::to_string(&expr).unwrap();
        assert_eq!(serde_json::from_str::<Expr>(&text).unwrap(), expr, "{text}");
    }

    #[test]
    fn secrets_do_not_reach_the_wire_and_stain_what_they_touch() {
        let call = Expr::Call(
            Function::Concat,
            vec![json!("password=").into(), Expr::Secret(Box::new(reference("a.b", "password")))],
        );
        let folded = call.resolve(&mut |_| Resolved::Known(json!("hunter2"))).unwrap();
        assert!(matches!(folded, Expr::Secret(_)));
        assert_eq!(folded.expose().unwrap(), json!("password=hunter2"));
        assert!(!serde_json::to_string(&folded).unwrap().contains("hunter2"));
    }

    #[test]
    fn unknowns_stay_and_known_parts_fold() {
        let expr = Expr::Call(
            Function::Format,
            vec![json!("{}/{}").into(), reference("a.b", "c"), reference("d.e", "f")],
        );
        let half = expr
            .resolve(&mut |r| {
                if r.node.as_str() == "a.b" { Resolved::Known(json!("x")) } else { Resolved::Unknown }
            })
            .unwrap();
        assert!(!half.is_known());
        let whole = half.resolve(&mut |_| Resolved::Known(json!(7))).unwrap();
        assert_eq!(whole, Expr::Literal(json!("x/7")));
    }

    #[test]
    fn functions_refuse_what_they_cannot_take() {
        let wrong = Expr::Call(Function::Format, vec![json!("{}").into()]);
        let error = wrong.resolve(&mut |_| Resolved::Unknown).unwrap_err();
        assert_eq!(error.to_string(), "format: \"{}\" has 1 places for 0 values");
        assert!(serde_json::from_str::<Expr>("{\"$reff\": 1}").is_err());
    }
}
