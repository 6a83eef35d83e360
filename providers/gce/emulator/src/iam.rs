//! Service accounts, and the policies of projects.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use crate::{
    call::Call,
    policy::Policies,
    refusal::{Refusal, Result},
    settings::Project,
    token,
};

/// Accounts by their email.
#[derive(Default)]
pub(crate) struct Accounts {
    by_email: BTreeMap<String, Map<String, Json>>,
    serial: u64,
}

impl Accounts {
    /// Whether a policy can name an account. A policy can always name the accounts that Google makes.
    pub(crate) fn knows(&self, email: &str, projects: &[Project]) -> bool {
        let own = projects
            .iter()
            .any(|project| email.ends_with(&format!("@{}.iam.gserviceaccount.com", project.id)));
        !own || self.by_email.contains_key(email)
    }

    /// A method of `iam.projects.serviceAccounts`.
    pub(crate) fn answer(
        &mut self,
        call: &Call,
        projects: &[Project],
        policies: &mut Policies,
    ) -> Result<Json> {
        let project = call.variable("projectsId");
        let known = projects.iter().find(|known| known.id == project || known.number.to_string() == project);
        let known = match (project, known) {
            ("-", _) => None,
            (_, Some(known)) => Some(known),
            (_, None) => return Err(Refusal::new(404, "notFound", format!("Project {project} not found."))),
        };
        match call.method.name() {
            "create" => {
                let project = known.ok_or_else(|| Refusal::bad("A project is wanted."))?;
                self.create(&call.body, &project.id)
            }
            "list" => {
                let mine = self
                    .by_email
                    .values()
                    .filter(|account| known.is_none_or(|p| account["projectId"] == p.id.as_str()));
                let accounts: Vec<_> = mine.cloned().collect();
                Ok(if accounts.is_empty() { json!({}) } else { json!({ "accounts": accounts }) })
            }
            name => {
                let email = self.email(call.variable("serviceAccountsId"))?;
                self.of_account(call, name, &email, projects, policies)
            }
        }
    }

    fn of_account(
        &mut self,
        call: &Call,
        name: &str,
        email: &str,
        projects: &[Project],
        policies: &mut Policies,
    ) -> Result<Json> {
        let account = self.by_email.get_mut(email).ok_or_else(unknown)?;
        let resource = account["name"].as_str().unwrap_or_default().to_owned();
        match name {
            "get" => Ok(Json::Object(account.clone())),
            "delete" => {
                let id = account["uniqueId"].as_str().unwrap_or_default().to_owned();
                self.by_email.remove(email);
                policies.deleted(email, &id);
                Ok(json!({}))
            }
            "patch" | "update" => {
                let wanted = match call.body.get("serviceAccount").and_then(Json::as_object) {
                    Some(wanted) => wanted.clone(),
                    None => call.body.clone(),
                };
                for field in ["displayName", "description"] {
                    if let Some(value) = wanted.get(field) {
                        account.insert(field.to_owned(), value.clone());
                    }
                }
                Ok(Json::Object(account.clone()))
            }
            "enable" | "disable" => {
                match name {
                    "disable" => account.insert("disabled".to_owned(), json!(true)),
                    _ => account.remove("disabled"),
                };
                Ok(json!({}))
            }
            "getIamPolicy" => Ok(Json::Object(policies.get(&resource))),
            "setIamPolicy" => {
                let policy = call.body.get("policy").and_then(Json::as_object).cloned().unwrap_or_default();
                policies.set(&resource, policy, |email| self.knows(email, projects)).map(Json::Object)
            }
            "testIamPermissions" => {
                Ok(json!({ "permissions": call.body.get("permissions").cloned().unwrap_or(json!([])) }))
            }
            _ => Err(Refusal::not_emulated(call.method.id)),
        }
    }

    fn create(&mut self, body: &Map<String, Json>, project: &str) -> Result<Json> {
        let id = body.get("accountId").and_then(Json::as_str).unwrap_or_default();
        let right = (6..=30).contains(&id.len()) && crate::schema::check::is_name(id);
        if !right {
            let message = "The account ID does not have a valid length or form: from 6 to 30 lower-case letters, digits \
                           and dashes, beginning with a letter.";
            return Err(Refusal::bad(message));
        }
        let email = format!("{id}@{project}.iam.gserviceaccount.com");
        if self.by_email.contains_key(&email) {
            let message = format!("Service account {id} already exists within project projects/{project}.");
            return Err(Refusal::new(409, "alreadyExists", message));
        }
        self.serial += 1;
        let number = |salt: u64| {
            (100_000_000_000_000_000_000_u128 + u128::from(token::mix(self.serial + salt))).to_string()
        };
        let mut account = Map::new();
        for (field, value) in [
            ("name", format!("projects/{project}/serviceAccounts/{email}")),
            ("projectId", project.to_owned()),
            ("uniqueId", number(0)),
            ("oauth2ClientId", number(0)),
            ("email", email.clone()),
            ("etag", token::fingerprint(self.serial)),
        ] {
            account.insert(field.to_owned(), json!(value));
        }
        let said = body.get("serviceAccount").and_then(Json::as_object).cloned().unwrap_or_default();
        account.extend(
            said.into_iter().filter(|(field, _)| ["displayName", "description"].contains(&field.as_str())),
        );
        self.by_email.insert(email, account.clone());
        Ok(Json::Object(account))
    }

    /// The email that an email or a unique id means.
    fn email(&self, id: &str) -> Result<String> {
        let mut accounts = self.by_email.iter();
        let found = accounts.find(|(email, account)| *email == id || account["uniqueId"] == id);
        found.map(|(email, _)| email.clone()).ok_or_else(unknown)
    }

    /// The emails of all accounts.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.by_email.values().filter_map(|account| account["name"].as_str())
    }
}

fn unknown() -> Refusal {
    Refusal::new(404, "notFound", "Unknown service account")
}

/// A method of `cloudresourcemanager.projects`.
pub(crate) fn project(
    call: &Call,
    projects: &[Project],
    policies: &mut Policies,
    accounts: &Accounts,
) -> Result<Json> {
    let shown = |project: &Project| {
        json!({
            "projectId": project.id,
            "projectNumber": project.number.to_string(),
            "name": project.id,
            "lifecycleState": "ACTIVE",
            "createTime": "2024-01-01T00:00:00.000Z",
        })
    };
    if call.method.name() == "list" {
        return Ok(json!({ "projects": projects.iter().map(shown).collect::<Vec<_>>() }));
    }
    let id = ["projectId", "projectsId", "resource"]
        .iter()
        .map(|name| call.variable(name))
        .find(|id| !id.is_empty());
    let id = id.unwrap_or_default();
    let project = projects.iter().find(|known| known.id == id || known.number.to_string() == id);
    let Some(project) = project else {
        // Google does not reveal whether other people's projects exist.
        return Err(Refusal::new(403, "forbidden", "The caller does not have permission"));
    };
    let resource = format!("projects/{}", project.id);
    match call.method.name() {
        "get" => Ok(shown(project)),
        "getIamPolicy" => Ok(Json::Object(policies.get(&resource))),
        "setIamPolicy" => {
            let policy = call.body.get("policy").and_then(Json::as_object).cloned().unwrap_or_default();
            policies.set(&resource, policy, |email| accounts.knows(email, projects)).map(Json::Object)
        }
        "testIamPermissions" => {
            Ok(json!({ "permissions": call.body.get("permissions").cloned().unwrap_or(json!([])) }))
        }
        _ => Err(Refusal::not_emulated(call.method.id)),
    }
}
