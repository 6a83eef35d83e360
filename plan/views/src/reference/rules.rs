//! The rules of a type as sentences.

use landform_core::{
    ResourceType, Rule,
    schema::{Amount, Choice, Kind, Schema, When},
};
use serde_json::Value as Json;

/// The rules of a type, and the demands on the fields of its blocks.
pub(super) fn of(known: &ResourceType) -> Vec<String> {
    let mut all: Vec<String> = known.rules.iter().map(between).collect();
    within("", &known.arguments, &mut all);
    all
}

/// A rule between resources.
fn between(rule: &Rule) -> String {
    match rule {
        Rule::Unique(fields) => {
            let fields: Vec<String> = fields.iter().map(|field| format!("`{field}`")).collect();
            format!("No two have the same {}.", fields.join(" and "))
        }
        Rule::Disjoint { field, within } => {
            format!("The ranges in `{field}` do not overlap among those with the same `{within}`.")
        }
        Rule::Inside { field, of } => {
            format!("The range in `{field}` lies inside the range of what `{of}` refers to.")
        }
        Rule::Widens { field, of } => {
            format!("The range in `{field}` is an additional one of what `{of}` refers to.")
        }
    }
}

/// Adds the demands of a schema and of the blocks in it. `at` is the path of the schema.
fn within(at: &str, schema: &Schema, all: &mut Vec<String>) {
    let place = if at.is_empty() { String::new() } else { format!("in `{at}`, ") };
    all.extend(schema.choices().iter().map(|choice| capitalised(&format!("{place}{}.", demand(choice)))));
    for field in schema.fields() {
        if let Some(inner) = block(&field.kind) {
            let at = if at.is_empty() { field.name.clone() } else { format!("{at}.{}", field.name) };
            within(&at, inner, all);
        }
    }
}

fn demand(choice: &Choice) -> String {
    let of: Vec<String> = choice.of.iter().map(|field| format!("`{field}`")).collect();
    let (of, several) = match of.as_slice() {
        [first @ .., last] if !first.is_empty() => (format!("{} and {last}", first.join(", ")), true),
        _ => (of.concat(), false),
    };
    let demand = match choice.amount {
        Amount::One => format!("exactly one of {of} is given"),
        Amount::Some => format!("at least one of {of} is given"),
        Amount::AtMostOne => format!("at most one of {of} is given"),
        Amount::All if several => format!("{of} are given"),
        Amount::All => format!("{of} is given"),
        Amount::None if several => format!("none of {of} is given"),
        Amount::None => format!("{of} is not given"),
    };
    match &choice.when {
        None => demand,
        Some(When { field, is: None }) => format!("with `{field}`, {demand}"),
        Some(When { field, is: Some(Json::String(is)) }) => format!("if `{field}` is `{is}`, {demand}"),
        Some(When { field, is: Some(is) }) => format!("if `{field}` is `{is}`, {demand}"),
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

/// The fields of the block that a kind is made of.
pub(super) fn block(of: &Kind) -> Option<&Schema> {
    match of {
        Kind::Block(schema) => Some(schema),
        Kind::List(item) | Kind::Set(item) | Kind::Map(item) => block(item),
        Kind::Bool | Kind::Integer | Kind::Number | Kind::Text { .. } | Kind::Any => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use landform_core::{ResourceType, Rule, Schema};
    use serde_json::json;

    #[test]
    fn each_rule_is_a_sentence() {
        let block = json!({ "type": "object", "properties": { "on": { "type": "boolean" }, "key": { "type": "string" } },
            "x-choices": [{ "amount": "all", "of": ["key"], "when": { "field": "on", "is": true } }] });
        let arguments = Schema::from_json_schema(&json!({ "type": "object",
            "properties": { "a": { "type": "string" }, "b": { "type": "string" }, "c": { "type": "string" }, "lock": block },
            "x-choices": [
                { "amount": "one", "of": ["a", "b", "c"] },
                { "amount": "none", "of": ["a", "b"], "when": { "field": "c" } },
                { "amount": "none", "of": ["a"], "when": { "field": "b", "is": "x" } },
            ],
        }))
        .unwrap();
        let id = Schema::from_json_schema(
            &json!({ "type": "object", "properties": { "id": { "type": "string" } } }),
        );
        let known = ResourceType::new("demo_gate".parse().unwrap(), arguments, id.unwrap());
        let known = ResourceType { rules: vec![Rule::unique(["a"])], ..known };
        assert_eq!(
            super::of(&known),
            [
                "No two have the same `a`.",
                "Exactly one of `a`, `b` and `c` is given.",
                "With `c`, none of `a` and `b` is given.",
                "If `b` is `x`, `a` is not given.",
                "In `lock`, if `on` is `true`, `key` is given.",
            ]
        );
    }
}
