//! Converts a declared policy to JSON.

use std::collections::{BTreeMap, BTreeSet};

use landform_core::{Error, ErrorKind, Id, Result};
use serde_json::{Map, Value as Json, json};

use super::*;

impl IamPolicyDocument {
    /// The policy in JSON.
    ///
    /// # Errors
    /// Invalid if a given policy is not valid JSON, or a statement contradicts itself.
    pub fn write(&self) -> Result<IamPolicyDocumentAttributes> {
        let mut statements = Vec::new();
        let mut sids = BTreeSet::new();
        for (at, source) in self.source_policy_documents.iter().enumerate() {
            let field = format!("source_policy_documents[{at}]");
            for statement in statements_of(source, &field)? {
                if let Some(sid) = sid(&statement)
                    && !sids.insert(sid.to_owned())
                {
                    return Err(refused(&field, format!("another source also has a statement {sid:?}")));
                }
                statements.push(statement);
            }
        }
        let mut own = BTreeSet::new();
        for (at, statement) in self.statement.iter().enumerate() {
            let field = format!("statement[{at}]");
            if let Some(sid) = statement.sid.as_ref().filter(|sid| !own.insert((*sid).clone())) {
                return Err(refused(&field, format!("the policy has two statements {sid:?}")));
            }
            merge(&mut statements, statement.write(&field)?);
        }
        for (at, over) in self.override_policy_documents.iter().enumerate() {
            for statement in statements_of(over, &format!("override_policy_documents[{at}]"))? {
                merge(&mut statements, statement);
            }
        }
        let mut policy = Map::new();
        policy.insert("Version".into(), json!(self.version));
        if let Some(id) = &self.policy_id {
            policy.insert("Id".into(), id.as_str().into());
        }
        policy.insert("Statement".into(), statements.into());
        let policy = Json::Object(policy);
        let minified_json = policy.to_string();
        Ok(IamPolicyDocumentAttributes {
            id: Id::new(format!("{:016x}", digest(&minified_json))),
            json: format!("{policy:#}"),
            minified_json,
        })
    }
}

impl PolicyStatement {
    fn write(&self, at: &str) -> Result<Json> {
        let either = [
            ("not_actions", &self.actions, &self.not_actions),
            ("not_resources", &self.resources, &self.not_resources),
        ];
        for (field, these, others) in either {
            if !these.is_empty() && !others.is_empty() {
                let message = format!("expected {} or {field}, found both", field.trim_start_matches("not_"));
                return Err(refused(&format!("{at}.{field}"), message));
            }
        }
        let mut statement = Map::new();
        if let Some(sid) = &self.sid {
            statement.insert("Sid".into(), sid.as_str().into());
        }
        statement.insert("Effect".into(), json!(self.effect));
        let lists = [
            ("Action", &self.actions),
            ("NotAction", &self.not_actions),
            ("Resource", &self.resources),
            ("NotResource", &self.not_resources),
        ];
        for (name, texts) in lists {
            if !texts.is_empty() {
                statement.insert(name.into(), one_or_many(texts.iter().map(String::as_str)));
            }
        }
        for (name, who) in [("Principal", &self.principals), ("NotPrincipal", &self.not_principals)] {
            if !who.is_empty() {
                statement.insert(name.into(), principals(who));
            }
        }
        if !self.condition.is_empty() {
            let mut tests: BTreeMap<&str, BTreeMap<&str, Vec<&str>>> = BTreeMap::new();
            for PolicyCondition { test, variable, values } in &self.condition {
                let known = tests.entry(test).or_default().entry(variable).or_default();
                known.extend(
                    values
                        .iter()
                        .map(String::as_str)
                        .filter(|value| !known.contains(value))
                        .collect::<Vec<_>>(),
                );
            }
            let of_test = |keys: BTreeMap<&str, Vec<&str>>| -> Json {
                let keys =
                    keys.into_iter().map(|(key, values)| (key.to_owned(), one_or_many(values.into_iter())));
                Json::Object(keys.collect())
            };
            let tests = tests.into_iter().map(|(test, keys)| (test.to_owned(), of_test(keys)));
            statement.insert("Condition".into(), Json::Object(tests.collect()));
        }
        Ok(statement.into())
    }
}

/// Groups principals by type. Everyone alone becomes `*`.
fn principals(who: &[PolicyPrincipal]) -> Json {
    let everyone = |who: &PolicyPrincipal| who.r#type == PrincipalType::Everyone;
    if who.iter().all(everyone) {
        return "*".into();
    }
    let mut kinds: BTreeMap<PrincipalType, BTreeSet<&str>> = BTreeMap::new();
    for who in who {
        kinds.entry(who.r#type).or_default().extend(who.identifiers.iter().map(String::as_str));
    }
    let kinds = kinds.into_iter().map(|(kind, who)| {
        let name = match kind {
            // Among other principals, `*` is a type like any other, as in Terraform.
            PrincipalType::Everyone => "*".to_owned(),
            kind => json!(kind).as_str().unwrap_or_default().to_owned(),
        };
        (name, one_or_many(who.into_iter()))
    });
    Json::Object(kinds.collect())
}

fn one_or_many<'a>(mut texts: impl ExactSizeIterator<Item = &'a str>) -> Json {
    match texts.len() {
        1 => texts.next().into(),
        _ => texts.collect::<Vec<_>>().into(),
    }
}

/// Adds a statement. It replaces one with the same name.
fn merge(statements: &mut Vec<Json>, statement: Json) {
    let same = sid(&statement).and_then(|name| statements.iter().position(|other| sid(other) == Some(name)));
    match same {
        Some(at) => statements[at] = statement,
        None => statements.push(statement),
    }
}

fn sid(statement: &Json) -> Option<&str> {
    statement.get("Sid").and_then(Json::as_str).filter(|sid| !sid.is_empty())
}

fn statements_of(policy: &str, field: &str) -> Result<Vec<Json>> {
    let parsed: Json = serde_json::from_str(policy)
        .map_err(|error| refused(field, format!("expected a policy in JSON: {error}")))?;
    match parsed.get("Statement") {
        Some(Json::Array(statements)) => Ok(statements.clone()),
        Some(one @ Json::Object(_)) => Ok(vec![one.clone()]),
        None if parsed.is_object() => Ok(Vec::new()),
        _ => Err(refused(field, "expected a policy with statements".to_owned())),
    }
}

fn refused(field: &str, message: String) -> Error {
    Error::new(ErrorKind::Invalid, message).at(field)
}

/// The 64-bit FNV-1a hash. It only distinguishes policies.
fn digest(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn document(arguments: Json) -> Result<Json> {
        let document: IamPolicyDocument = serde_json::from_value(arguments).unwrap();
        Ok(serde_json::from_str(&document.write()?.minified_json).unwrap())
    }

    #[test]
    fn statements_become_json() {
        let written = document(json!({ "statement": [
            {
                "sid": "Trust", "actions": ["sts:AssumeRole"],
                "principals": [
                    { "type": "Service", "identifiers": ["ec2.amazonaws.com"] },
                    { "type": "AWS", "identifiers": ["123456789012", "210987654321"] },
                ],
                "condition": [
                    { "test": "StringEquals", "variable": "aws:SourceVpc", "values": ["vpc-1"] },
                    { "test": "StringEquals", "variable": "aws:SourceVpc", "values": ["vpc-2"] },
                ],
            },
            { "effect": "Deny", "not_actions": ["iam:*"], "resources": ["*"],
              "principals": [{ "type": "*", "identifiers": ["*"] }] },
        ] }));
        let expected = json!({ "Version": "2012-10-17", "Statement": [
            {
                "Sid": "Trust", "Effect": "Allow", "Action": "sts:AssumeRole",
                "Principal": { "AWS": ["123456789012", "210987654321"], "Service": "ec2.amazonaws.com" },
                "Condition": { "StringEquals": { "aws:SourceVpc": ["vpc-1", "vpc-2"] } },
            },
            { "Effect": "Deny", "NotAction": "iam:*", "Resource": "*", "Principal": "*" },
        ] });
        assert_eq!(written.unwrap(), expected);
    }

    #[test]
    fn what_comes_later_replaces_what_has_the_same_name() {
        let policy = |sid: &str, action: &str| {
            let statement = json!({ "Sid": sid, "Effect": "Allow", "Action": action, "Resource": "*" });
            json!({ "Version": "2012-10-17", "Statement": statement }).to_string()
        };
        let written = document(json!({
            "source_policy_documents": [policy("A", "s3:Get*"), policy("B", "s3:List*")],
            "statement": [{ "sid": "A", "actions": ["s3:Put*"], "resources": ["*"] }],
            "override_policy_documents": [policy("B", "s3:Delete*"), policy("C", "ec2:*")],
        }));
        let written = written.unwrap();
        let actions: Vec<&str> = written["Statement"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["Action"].as_str().unwrap())
            .collect();
        assert_eq!(actions, ["s3:Put*", "s3:Delete*", "ec2:*"]);

        let twice =
            document(json!({ "source_policy_documents": [policy("A", "s3:*"), policy("A", "ec2:*")] }));
        let error = twice.unwrap_err();
        assert_eq!(error.message(), "another source also has a statement \"A\"");
    }

    #[test]
    fn bad_input_is_refused_with_its_place() {
        for (arguments, at) in [
            (json!({ "source_policy_documents": ["{"] }), "source_policy_documents[0]"),
            (json!({ "override_policy_documents": ["[]"] }), "override_policy_documents[0]"),
            (
                json!({ "statement": [{ "actions": ["a:b"], "not_actions": ["a:c"] }] }),
                "statement[0].not_actions",
            ),
        ] {
            let error = document(arguments).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Invalid);
            assert!(error.to_string().contains(at), "{error}");
        }
    }
}
