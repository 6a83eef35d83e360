//! IAM policies: read, changed and written as a whole. The etag protects a change from other writers, and one lock from
//! other changes of this client. Bindings with a condition stay as they are.

use landform_core::{Error, ErrorKind, Result};
use landform_kit::rest::{Method, Url};
use serde_json::{Value as Json, json};

use super::{Client, service::Service};

/// A resource with a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Guarded<'a> {
    /// A project, by its id.
    Project(&'a str),
    /// A bucket, by its name.
    Bucket(&'a str),
}

/// The policy version that has conditions. Older versions would drop them.
const VERSION: u8 = 3;

/// The kinds of members whose names have no case.
const CASELESS: [&str; 4] = ["user:", "group:", "serviceAccount:", "domain:"];

/// The policy of a resource.
///
/// # Errors
/// The resource does not exist, or the caller may not read its policy.
pub(crate) async fn policy(client: &Client, of: Guarded<'_>) -> Result<Json> {
    match of {
        Guarded::Project(project) => {
            let body = json!({ "options": { "requestedPolicyVersion": VERSION } });
            client
                .ask(
                    Method::POST,
                    of.url(client, project, "getIamPolicy"),
                    &[],
                    Some(body),
                    ErrorKind::Conflict,
                )
                .await
        }
        Guarded::Bucket(bucket) => {
            let version = VERSION.to_string();
            let query = [("optionsRequestedPolicyVersion", version.as_str())];
            client.ask(Method::GET, of.url(client, bucket, ""), &query, None, ErrorKind::Conflict).await
        }
    }
}

/// Changes the members of a role, which `edit` gets. Writes nothing if nothing changes.
///
/// # Errors
/// Conflict if somebody else changed the policy in the meantime. NotFound if a member does not exist, or not yet.
pub(crate) async fn edit(
    client: &Client,
    of: Guarded<'_>,
    role: &str,
    edit: impl FnOnce(&mut Vec<String>),
) -> Result<()> {
    let _one_at_a_time = client.policies.lock().await;
    let mut policy = policy(client, of).await?;
    let before = members(&policy, role);
    let mut after = before.clone();
    edit(&mut after);
    if before == after {
        return Ok(());
    }
    let bindings = policy["bindings"].take();
    let mut bindings = bindings.as_array().cloned().unwrap_or_default();
    bindings.retain(|binding| !is_of(binding, role));
    if !after.is_empty() {
        bindings.push(json!({ "role": role, "members": after }));
    }
    policy["bindings"] = bindings.into();
    match of {
        Guarded::Project(project) => {
            let (url, body) = (of.url(client, project, "setIamPolicy"), json!({ "policy": policy }));
            client.ask(Method::POST, url, &[], Some(body), ErrorKind::Conflict).await?;
        }
        Guarded::Bucket(bucket) => {
            client
                .ask(Method::PUT, of.url(client, bucket, ""), &[], Some(policy), ErrorKind::Conflict)
                .await?;
        }
    }
    Ok(())
}

/// The members of a role without a condition.
pub(crate) fn members(policy: &Json, role: &str) -> Vec<String> {
    let bindings = policy["bindings"].as_array().into_iter().flatten().filter(|binding| is_of(binding, role));
    let members = bindings.flat_map(|binding| binding["members"].as_array().into_iter().flatten());
    members.filter_map(Json::as_str).map(str::to_owned).collect()
}

/// Whether two texts name the same member. Google writes the addresses of accounts and groups in small letters.
pub(crate) fn same_member(one: &str, other: &str) -> bool {
    one == other
        || (one.eq_ignore_ascii_case(other)
            && CASELESS.iter().any(|kind| one.starts_with(kind) && other.starts_with(kind)))
}

/// The resource, the role and the member in an id.
pub(crate) fn split(id: &str) -> Result<(&str, &str, &str)> {
    let parts = id.split_once(' ').and_then(|(of, rest)| Some((of, rest.split_once(' ')?)));
    match parts {
        Some((of, (role, member))) => Ok((of, role, member)),
        None => {
            let message =
                format!("invalid id {id:?}: expected a resource, a role and a member, separated by spaces");
            Err(Error::new(ErrorKind::Invalid, message))
        }
    }
}

fn is_of(binding: &Json, role: &str) -> bool {
    binding["role"] == role && binding["condition"].is_null()
}

impl Guarded<'_> {
    fn url(&self, client: &Client, name: &str, verb: &str) -> Url {
        match self {
            Self::Project(_) => client.url_at(Service::Projects, ["projects", &format!("{name}:{verb}")]),
            Self::Bucket(_) => client.url_at(Service::Storage, ["b", name, "iam"]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_of_a_condition_are_not_those_of_the_role() {
        let policy = json!({ "bindings": [
            { "role": "roles/viewer", "members": ["user:a@example.com"] },
            { "role": "roles/viewer", "members": ["user:b@example.com"], "condition": { "title": "t", "expression": "true" } },
            { "role": "roles/editor", "members": ["user:c@example.com"] },
        ] });
        assert_eq!(members(&policy, "roles/viewer"), ["user:a@example.com"]);
        assert!(same_member("user:A@example.com", "user:a@Example.com"));
        assert!(!same_member("principal://X", "principal://x"));
    }
}
