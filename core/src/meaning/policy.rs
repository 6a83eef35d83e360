//! IAM policies, according to the grammar in AWS's IAM user guide ("Grammar of the IAM JSON policy language").

use std::{borrow::Cow, collections::BTreeMap};

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value as Json};

use crate::number;

/// The version of a policy that names none.
const VERSION: &str = "2008-10-17";

/// The canonical form of a policy's text; `None` if it is not a JSON object. Some services return the text URL-encoded.
pub(super) fn canonical_text(text: &str) -> Option<String> {
    let decoded = if text.trim_start().starts_with("%7B") { percent_decoded(text) } else { None };
    let value: Json = serde_json::from_str(decoded.as_deref().unwrap_or(text)).ok()?;
    value.is_object().then(|| canonical(&value).to_string())
}

/// The canonical form of a policy.
pub(super) fn canonical(policy: &Json) -> Json {
    let Json::Object(fields) = policy else { return number::plain(policy) };
    let mut canonical = Map::new();
    for (name, value) in fields {
        match name.as_str() {
            "Statement" => drop(canonical.insert(name.clone(), set(value, statement))),
            "Id" if value == "" => {}
            _ => drop(canonical.insert(name.clone(), number::plain(value))),
        }
    }
    canonical.entry("Version").or_insert_with(|| VERSION.into());
    sorted(canonical)
}

fn statement(statement: &Json) -> Json {
    let Json::Object(fields) = statement else { return number::plain(statement) };
    let mut canonical = Map::new();
    for (name, value) in fields {
        let value = match name.as_str() {
            "Sid" if value == "" => continue,
            "Action" | "NotAction" => set(value, |action| match action {
                Json::String(text) => text.to_ascii_lowercase().into(),
                other => other.clone(),
            }),
            "Resource" | "NotResource" => set(value, Json::clone),
            "Principal" | "NotPrincipal" => principals(value),
            "Condition" => conditions(value),
            _ => number::plain(value),
        };
        canonical.insert(name.clone(), value);
    }
    sorted(canonical)
}

/// `"*"` is everyone, like `{"AWS": "*"}`.
fn principals(value: &Json) -> Json {
    match value {
        Json::Object(kinds) => {
            sorted(kinds.iter().map(|(kind, who)| (kind.clone(), set(who, principal))).collect())
        }
        everyone => sorted(Map::from_iter([("AWS".to_owned(), set(everyone, principal))])),
    }
}

/// An account stands for its root user, in every partition.
fn principal(who: &Json) -> Json {
    let account = |text: &str| {
        let mut parts = text.strip_prefix("arn:")?.split(':');
        let (_, service, region) = (parts.next()?, parts.next()?, parts.next()?);
        let (account, user) = (parts.next()?, parts.next()?);
        let root = service == "iam" && region.is_empty() && user == "root" && parts.next().is_none();
        let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
        (root && is_account).then(|| account.to_owned())
    };
    match who {
        Json::String(text) => account(text).unwrap_or_else(|| text.clone()).into(),
        other => other.clone(),
    }
}

/// Keys of conditions have no case. Their values are texts, whatever type they were written as.
fn conditions(value: &Json) -> Json {
    let Json::Object(operators) = value else { return number::plain(value) };
    let operator = |(name, keys): (&String, &Json)| {
        let Json::Object(keys) = keys else { return (name.clone(), number::plain(keys)) };
        let keys = keys.iter().map(|(key, values)| (key.to_ascii_lowercase(), set(values, as_text)));
        (name.clone(), sorted(keys.collect()))
    };
    sorted(operators.iter().map(operator).collect())
}

fn as_text(value: &Json) -> Json {
    match value {
        Json::Bool(_) | Json::Number(_) => number::plain(value).to_string().into(),
        other => other.clone(),
    }
}

/// One value or a list of values, as a sorted list without repetitions.
fn set(value: &Json, of: impl Fn(&Json) -> Json) -> Json {
    let items = match value {
        Json::Array(items) => items.as_slice(),
        one => std::slice::from_ref(one),
    };
    let mut items: Vec<Json> = items.iter().map(of).collect();
    items.sort_by_cached_key(Json::to_string);
    items.dedup();
    items.into()
}

/// The fields in the order of their names, even if a program makes JSON keep another order.
fn sorted(fields: Map<String, Json>) -> Json {
    Json::Object(fields.into_iter().collect::<BTreeMap<_, _>>().into_iter().collect())
}

fn percent_decoded(text: &str) -> Option<String> {
    // As in a form: a space is a plus sign.
    let text = text.replace('+', " ");
    percent_decode_str(&text).decode_utf8().ok().map(Cow::into_owned)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::canonical_text;

    fn same(a: &str, b: &str) -> bool {
        let (a, b) = (canonical_text(a).unwrap(), canonical_text(b).unwrap());
        assert_eq!(canonical_text(&a).unwrap(), a);
        a == b
    }

    const POLICY: &str = r#"{
        "Version": "2012-10-17",
        "Statement": [
            { "Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "arn:aws:s3:::b/*",
              "Condition": { "StringEquals": { "aws:SourceVpc": ["vpc-1", "vpc-2"], "aws:PrincipalOrgID": "o-1" },
                             "Bool": { "aws:SecureTransport": "true" } } },
            { "Effect": "Deny", "Principal": { "AWS": ["arn:aws:iam::123456789012:root", "*"] }, "Action": "*", "Resource": "*" }
        ]
    }"#;

    #[test]
    fn order_lists_of_one_and_the_case_of_actions_mean_nothing() {
        let other = r#"{"Statement":[
            {"Resource":["*"],"Action":["*"],"Principal":{"AWS":["*","123456789012"]},"Effect":"Deny"},
            {"Sid":"","Condition":{"Bool":{"aws:securetransport":true},
              "StringEquals":{"aws:PrincipalOrgID":["o-1"],"aws:SourceVpc":["vpc-2","vpc-1","vpc-2"]}},
             "Resource":["arn:aws:s3:::b/*"],"Action":["S3:putobject","s3:GetObject"],"Effect":"Allow"}
          ],"Version":"2012-10-17"}"#;
        assert!(same(POLICY, other));
        let encoded: String = POLICY.bytes().map(|byte| format!("%{byte:02X}")).collect();
        assert!(same(POLICY, &encoded));
    }

    #[test]
    fn a_single_statement_and_everyone_can_be_written_short() {
        let short =
            r#"{"Statement":{"Effect":"Allow","Principal":"*","Action":"sqs:SendMessage","Resource":"q"}}"#;
        let long = r#"{"Version":"2008-10-17","Id":"","Statement":[{"Effect":"Allow","Principal":{"AWS":["*"]},
            "Action":["sqs:SendMessage"],"Resource":["q"]}]}"#;
        assert!(same(short, long));
    }

    #[test]
    fn what_makes_a_difference_is_told() {
        for (part, other) in [
            ("Allow", "Deny"),
            ("s3:PutObject", "s3:DeleteObject"),
            ("s3:::b/*", "s3:::B/*"),
            ("vpc-1", "vpc-3"),
            ("StringEquals", "StringLike"),
            ("2012-10-17", "2008-10-17"),
            ("123456789012", "123456789013"),
            ("\"Action\": \"*\"", "\"NotAction\": \"*\""),
            ("\"true\"", "\"false\""),
        ] {
            let changed = POLICY.replacen(part, other, 1);
            assert_ne!(changed, POLICY, "{part}");
            assert!(!same(POLICY, &changed), "{part}");
        }
        assert!(canonical_text("[]").is_none() && canonical_text("no policy").is_none());
    }
}
