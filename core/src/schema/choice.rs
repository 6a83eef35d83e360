//! Which fields of a block go together: exactly one of several, one only with another, none beside another.

use std::{fmt, str::FromStr};

use serde_json::{Map, Value as Json, json};

use super::{Kind, Schema, Violation};
use crate::{
    expr::{Expr, Function, Glance},
    path::Trail,
};

/// The key of the choices of a block in a JSON Schema.
pub(crate) const KEY: &str = "x-choices";

/// A demand on how many of some fields are given. A field that is null, empty or equal to its default is not given. A
/// reference counts as given.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// How many of the fields are given.
    pub amount: Amount,
    /// The fields.
    pub of: Vec<String>,
    /// The only case in which the demand holds. `None` if it always holds.
    pub when: Option<When>,
}

/// How many of the fields of a [`Choice`] are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Amount {
    /// Exactly one.
    One,
    /// At least one.
    Some,
    /// At most one.
    AtMostOne,
    /// All.
    All,
    /// None.
    None,
}

/// The case in which a [`Choice`] holds: a field is given, or has a value.
#[derive(Debug, Clone, PartialEq)]
pub struct When {
    /// The field.
    pub field: String,
    /// The value. `None` means any value.
    pub is: Option<Json>,
}

/// The amounts by their names in a JSON Schema.
const AMOUNTS: [(&str, Amount); 5] = [
    ("one", Amount::One),
    ("some", Amount::Some),
    ("at_most_one", Amount::AtMostOne),
    ("all", Amount::All),
    ("none", Amount::None),
];

impl Schema {
    /// Adds demands on fields that are given together.
    ///
    /// # Errors
    /// One names a field that this schema does not have. The text says which.
    pub fn with_choices(mut self, choices: impl IntoIterator<Item = Choice>) -> Result<Self, String> {
        for choice in choices {
            let named = choice.of.iter().chain(choice.when.as_ref().map(|when| &when.field));
            for name in named {
                if self.field(name).is_none() {
                    return Err(format!("{KEY}: there is no field {name:?}"));
                }
            }
            self.choices.push(choice);
        }
        Ok(self)
    }

    /// The demands on fields that are given together.
    pub fn choices(&self) -> &[Choice] {
        &self.choices
    }

    /// Removes fields that do not go together from a block that a cloud shows. The first given field stays. A cloud shows
    /// several of them if it fills in what the declaration left out, so this removes only computed fields.
    pub fn leave_out_rivals(&self, block: &mut Map<String, Json>) {
        for choice in &self.choices {
            let shown = Json::Object(std::mem::take(block));
            let rivals = choice.rivals(self, Glance::Json(&shown));
            if let Json::Object(fields) = shown {
                *block = fields;
            }
            let is_computed = |name: &&&str| self.field(name).is_some_and(|field| field.computed);
            for name in rivals.iter().filter(is_computed) {
                block.remove(*name);
            }
        }
    }

    /// Whether a declaration gives another field in place of this one.
    pub(super) fn is_displaced(&self, name: &str, gives: impl Fn(&str) -> bool) -> bool {
        let rivals = self.choices.iter().filter(|choice| {
            matches!(choice.amount, Amount::One | Amount::AtMostOne)
                && choice.when.is_none()
                && choice.of.iter().any(|of| of == name)
        });
        rivals.flat_map(|choice| &choice.of).any(|of| of != name && gives(of))
    }

    /// Adds the broken demands of a block to a list.
    pub(super) fn check_choices(&self, block: Glance<'_>, at: &Trail<'_>, violations: &mut Vec<Violation>) {
        let broken = self.choices.iter().filter_map(|choice| {
            let (field, found) = choice.broken(self, block)?;
            let path = Trail::Key(at, field).path();
            Some(Violation { path, found, expected: choice.to_string() })
        });
        violations.extend(broken);
    }

    /// The given value of a field, or its default.
    fn said<'a>(&'a self, block: Glance<'a>, name: &str) -> Option<Glance<'a>> {
        let default = || self.field(name)?.default.as_ref().map(Glance::Json);
        block.get(name).filter(|value| !value.is_null()).or_else(default)
    }

    /// Whether a field is given. `None` if only an apply can know.
    fn gives(&self, block: Glance<'_>, name: &str) -> Option<bool> {
        let (Some(value), Some(field)) = (block.get(name), self.field(name)) else { return Some(false) };
        match value {
            Glance::Json(value) if field.default.as_ref() == Some(value) => Some(false),
            value => is_given(value, matches!(field.kind, Kind::Block(_))),
        }
    }
}

impl Choice {
    /// The field at fault and what is wrong with it. `None` if the demand is kept, or may be kept.
    fn broken<'a>(&'a self, schema: &Schema, block: Glance<'_>) -> Option<(&'a str, String)> {
        if !self.applies(schema, block) {
            return None;
        }
        let each: Vec<(&str, Option<bool>)> =
            self.of.iter().map(|name| (name.as_str(), schema.gives(block, name))).collect();
        let given: Vec<&str> = self.given(schema, block);
        let missing = each.iter().find(|(_, given)| *given == Some(false)).map(|(name, _)| *name);
        let all_missing = each.iter().all(|(_, given)| *given == Some(false));
        let nothing = || Some((missing?, "missing".to_owned()));
        let second = || Some((*given.get(1)?, format!("given beside {}", given.first()?)));
        match self.amount {
            Amount::One if all_missing => nothing(),
            Amount::One | Amount::AtMostOne => second(),
            Amount::Some if all_missing => nothing(),
            Amount::Some => None,
            Amount::All => nothing(),
            Amount::None => Some((*given.first()?, "given".to_owned())),
        }
    }

    /// Whether the case of the demand is given.
    pub(crate) fn applies(&self, schema: &Schema, block: Glance<'_>) -> bool {
        self.when.as_ref().is_none_or(|when| when.holds(schema, block) == Some(true))
    }

    /// The given fields that are too many.
    pub(crate) fn rivals(&self, schema: &Schema, block: Glance<'_>) -> Vec<&str> {
        let kept = match self.amount {
            Amount::One | Amount::AtMostOne => 1,
            Amount::None => 0,
            Amount::Some | Amount::All => return Vec::new(),
        };
        match self.applies(schema, block) {
            true => self.given(schema, block).into_iter().skip(kept).collect(),
            false => Vec::new(),
        }
    }

    fn given(&self, schema: &Schema, block: Glance<'_>) -> Vec<&str> {
        let names = self.of.iter().map(String::as_str);
        names.filter(|name| schema.gives(block, name) == Some(true)).collect()
    }

    /// The form in a JSON Schema.
    pub(super) fn to_json(&self) -> Json {
        let name = AMOUNTS.iter().find(|(_, amount)| *amount == self.amount).map(|(name, _)| *name);
        let mut choice = Map::from_iter([("amount".into(), json!(name)), ("of".into(), json!(self.of))]);
        if let Some(When { field, is }) = &self.when {
            let mut when = Map::from_iter([("field".to_owned(), json!(field))]);
            when.extend(is.clone().map(|is| ("is".to_owned(), is)));
            choice.insert("when".into(), when.into());
        }
        choice.into()
    }

    /// Reads the form in a JSON Schema.
    pub(super) fn from_json(choice: &Json) -> Result<Self, String> {
        let wrong = || format!("{KEY}: {choice}, expected an amount and the fields that it counts");
        let amount = choice.get("amount").and_then(Json::as_str).ok_or_else(wrong)?;
        let of = choice.get("of").and_then(Json::as_array).ok_or_else(wrong)?;
        let of: Option<Vec<String>> = of.iter().map(|name| name.as_str().map(str::to_owned)).collect();
        let when = match choice.get("when") {
            None => None,
            Some(when) => {
                let field = when.get("field").and_then(Json::as_str).ok_or_else(wrong)?;
                Some(When { field: field.to_owned(), is: when.get("is").cloned() })
            }
        };
        let of = of.filter(|of| !of.is_empty()).ok_or_else(wrong)?;
        Ok(Self { amount: amount.parse()?, of, when })
    }
}

impl FromStr for Amount {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = AMOUNTS.iter().find(|(name, _)| *name == text).map(|(_, amount)| *amount);
        found.ok_or_else(|| {
            format!("{KEY}: unknown amount {text:?}: expected one, some, at_most_one, all or none")
        })
    }
}

impl When {
    /// Whether the case is given. `None` if only an apply can know.
    fn holds(&self, schema: &Schema, block: Glance<'_>) -> Option<bool> {
        let Some(is) = &self.is else { return schema.gives(block, &self.field) };
        match schema.said(block, &self.field) {
            None => Some(false),
            Some(Glance::Json(value)) => Some(value == is),
            Some(Glance::Expr(_)) => None,
        }
    }
}

/// What a demand expects, as the end of a sentence that begins with "expected".
impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = self.of.join(", ");
        match (self.amount, self.of.as_slice()) {
            (Amount::One, _) => write!(f, "exactly one of {of}")?,
            (Amount::Some, _) => write!(f, "at least one of {of}")?,
            (Amount::AtMostOne, _) => write!(f, "at most one of {of}")?,
            (Amount::All, [_]) => f.write_str("a value")?,
            (Amount::All, _) => write!(f, "all of {of}")?,
            (Amount::None, [_]) => f.write_str("no value")?,
            (Amount::None, _) => write!(f, "none of {of}")?,
        }
        match &self.when {
            None => Ok(()),
            Some(When { field, is: None }) => write!(f, " with {field}"),
            Some(When { field, is: Some(Json::String(is)) }) => write!(f, " with {field} {is}"),
            Some(When { field, is: Some(is) }) => write!(f, " with {field} {is}"),
        }
    }
}

/// Whether a value is given. `None` if only an apply can know.
fn is_given(value: Glance<'_>, is_block: bool) -> Option<bool> {
    match value {
        Glance::Json(Json::Null) => Some(false),
        Glance::Json(Json::Array(items)) => Some(!items.is_empty()),
        Glance::Json(Json::Object(fields)) => Some(is_block || !fields.is_empty()),
        Glance::Json(Json::Bool(_) | Json::Number(_) | Json::String(_)) => Some(true),
        Glance::Expr(Expr::List(items)) => Some(!items.is_empty()),
        Glance::Expr(Expr::Map(fields)) => Some(is_block || !fields.is_empty()),
        Glance::Expr(Expr::Secret(inner)) => is_given(Glance::at(inner), is_block),
        Glance::Expr(Expr::Ref(_) | Expr::Literal(_)) => Some(true),
        // A map may have null under a key. A failure is reported on its own.
        Glance::Expr(Expr::Call(Function::Lookup | Function::Fail, _)) => None,
        Glance::Expr(Expr::Call(..)) => Some(true),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use crate::{
        Schema,
        expr::{Expr, Function},
    };

    fn schema(choices: serde_json::Value) -> Result<Schema, String> {
        Schema::from_json_schema(&json!({ "type": "object", "x-choices": choices, "properties": {
            "kind": { "type": "string", "default": "public" },
            "address": { "type": "string" }, "name": { "type": "string" },
            "peers": { "type": "array", "items": { "type": "string" } },
        }}))
    }

    #[test]
    fn a_broken_demand_names_a_field_and_what_is_right() {
        let public = json!({ "field": "kind", "is": "public" });
        let three = json!(["address", "name", "peers"]);
        for (choice, given, told) in [
            (
                json!({ "amount": "one", "of": three }),
                json!({}),
                "address: missing, expected exactly one of address, name, peers",
            ),
            (
                json!({ "amount": "one", "of": three }),
                json!({ "peers": [] }),
                "address: missing, expected exactly one of address, name, peers",
            ),
            (json!({ "amount": "one", "of": three }), json!({ "name": "a" }), ""),
            (
                json!({ "amount": "one", "of": three }),
                json!({ "name": "a", "peers": ["b"] }),
                "peers: given beside name, expected exactly one of address, name, peers",
            ),
            (json!({ "amount": "some", "of": three }), json!({ "name": "a", "peers": ["b"] }), ""),
            (
                json!({ "amount": "some", "of": three }),
                json!({ "name": null }),
                "address: missing, expected at least one of address, name, peers",
            ),
            (
                json!({ "amount": "at_most_one", "of": ["address", "name"] }),
                json!({ "name": "a", "address": "b" }),
                "name: given beside address, expected at most one of address, name",
            ),
            (json!({ "amount": "at_most_one", "of": ["address", "name"] }), json!({}), ""),
            (
                json!({ "amount": "at_most_one", "of": ["kind", "name"] }),
                json!({ "kind": "public", "name": "a" }),
                "",
            ),
            (
                json!({ "amount": "all", "of": ["address"], "when": public }),
                json!({}),
                "address: missing, expected a value with kind public",
            ),
            (json!({ "amount": "all", "of": ["address"], "when": public }), json!({ "kind": "private" }), ""),
            (
                json!({ "amount": "none", "of": ["address", "peers"], "when": { "field": "name" } }),
                json!({ "name": "a", "peers": ["b"] }),
                "peers: given, expected none of address, peers with name",
            ),
            (
                json!({ "amount": "none", "of": ["address"], "when": { "field": "name" } }),
                json!({ "address": "b" }),
                "",
            ),
        ] {
            let schema = schema(json!([choice])).unwrap();
            let found = schema.check(&Expr::from(given)).into_iter().map(|wrong| wrong.to_string());
            assert_eq!(found.collect::<Vec<_>>().join("; "), told);
            assert_eq!(Schema::from_json_schema(&schema.to_json_schema()).unwrap(), schema);
        }
    }

    #[test]
    fn of_fields_that_do_not_go_together_the_first_stays() {
        let field = json!({ "type": "string", "x-computed": true });
        let kind = json!({ "type": "string", "default": "open" });
        let schema = Schema::from_json_schema(&json!({
            "type": "object",
            "properties": { "id": field, "name": field, "kind": kind, "key": field, "said": { "type": "string" } },
            "x-choices": [
                { "amount": "one", "of": ["id", "name", "said"] },
                { "amount": "none", "of": ["key"], "when": { "field": "kind", "is": "open" } },
            ],
        }));
        let schema = schema.unwrap();
        let left = |said: serde_json::Value| {
            let mut said = said.as_object().unwrap().clone();
            schema.leave_out_rivals(&mut said);
            serde_json::Value::Object(said)
        };
        assert_eq!(left(json!({ "id": "1", "name": "a", "key": "k" })), json!({ "id": "1" }));
        let closed = json!({ "name": "a", "kind": "closed", "key": "k" });
        assert_eq!(left(closed.clone()), closed);
        let wrong = json!({ "id": "1", "said": "b" });
        assert_eq!(left(wrong.clone()), wrong, "what no cloud fills in stays, for the check to tell");
    }

    #[test]
    fn a_value_that_may_be_null_is_not_refused_and_a_reference_is_given() {
        let schema = schema(json!([{ "amount": "one", "of": ["address", "name"] }])).unwrap();
        let address: crate::Address = "demo_a.b".parse().unwrap();
        let reference = |name: &str| Expr::reference(&address, name.parse().unwrap());
        let late = Expr::Call(Function::Lookup, vec![reference("x"), Expr::from(json!("a"))]);
        let with = |fields: [(&str, Expr); 2]| {
            let fields = fields.map(|(name, value)| (name.to_owned(), value));
            schema.check(&Expr::map(fields.into())).len()
        };
        assert_eq!(with([("address", late.clone()), ("name", Expr::from(json!(null)))]), 0);
        assert_eq!(with([("address", late), ("name", Expr::from(json!("a")))]), 0);
        assert_eq!(with([("address", reference("x")), ("name", reference("y"))]), 1);
    }

    #[test]
    fn a_demand_on_a_field_that_does_not_exist_is_refused() {
        for (choice, told) in [
            (json!({ "amount": "one", "of": ["nam"] }), "no field \"nam\""),
            (json!({ "amount": "all", "of": ["name"], "when": { "field": "kin" } }), "no field \"kin\""),
            (json!({ "amount": "two", "of": ["name"] }), "unknown amount \"two\""),
            (json!({ "amount": "one", "of": [] }), "expected an amount and the fields"),
        ] {
            let error = schema(json!([choice])).unwrap_err();
            assert!(error.contains(told), "{error}");
        }
    }
}
