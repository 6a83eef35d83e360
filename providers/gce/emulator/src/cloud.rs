//! All services together: finds the method of a request and answers.

use std::{collections::BTreeMap, time::Duration};

use percent_encoding::percent_decode_str;
use tokio::time::Instant;

use crate::{
    answer::{Answer, Request},
    call::Call,
    compute::{self, world::World},
    connectivity::Connectivity,
    dns::Dns,
    fault::{self, Fault, What},
    iam::{self, Accounts},
    policy::Policies,
    refusal::{Form, Refusal},
    schema::{Found, Method, Schema, Service, check},
    settings::{Life, Project, Settings},
    storage::{self, Storage},
};

/// The state of the emulated cloud.
pub(crate) struct Cloud {
    pub compute: World,
    pub faults: Vec<Fault>,
    /// How many times each method was called.
    pub calls: BTreeMap<&'static str, u64>,
    pub life: Life,
    accounts: Accounts,
    policies: Policies,
    dns: Dns,
    storage: Storage,
    connectivity: Connectivity,
    settings: Settings,
}

/// The next step of a request: an answer, or a wait for an operation.
pub(crate) enum Step {
    Answer(Answer),
    Wait(Instant),
}

impl Cloud {
    pub(crate) fn new(settings: Settings) -> Self {
        let life = settings.life;
        let compute = World::new(settings.clone());
        Self {
            compute,
            faults: Vec::new(),
            calls: BTreeMap::new(),
            life,
            accounts: Accounts::default(),
            policies: Policies::default(),
            dns: Dns::default(),
            storage: Storage::default(),
            connectivity: Connectivity::default(),
            settings,
        }
    }

    /// Returns to the initial state.
    pub(crate) fn reset(&mut self) {
        *self = Self::new(self.settings.clone());
    }

    /// Sets how long operations take from now on.
    pub(crate) fn set_life(&mut self, life: Life) {
        self.life = life;
        self.compute.settings.life = life;
    }

    /// The paths of all resources that requests made.
    pub(crate) fn resources(&mut self) -> Vec<String> {
        self.compute.settle(Instant::now());
        let owned = |names: Vec<String>| names.into_iter();
        let made = self
            .compute
            .made()
            .chain(self.accounts.names())
            .chain(self.connectivity.names())
            .map(str::to_owned);
        made.chain(owned(self.dns.names())).chain(owned(self.storage.names())).collect()
    }

    /// Answers a request. `waited` means that a wait has lasted long enough and gets the present state.
    pub(crate) fn answer(&mut self, request: &Request, waited: bool) -> Step {
        let now = Instant::now();
        self.compute.settle(now);
        if let Some(answer) = self.storage_only(request) {
            return Step::Answer(answer);
        }
        let path = request.path.strip_prefix("/download").unwrap_or(&request.path);
        let (method, variables) = match Schema::get().find(&request.verb, path) {
            Found::Method { method, variables } => (method, variables),
            Found::OtherVerb => {
                return plain(&Refusal::new(405, "httpMethodNotAllowed", "Method Not Allowed"));
            }
            Found::Nothing => return plain(&Refusal::new(404, "notFound", format!("Not Found: {path}"))),
        };
        let mut call = match self.call(method, variables, path, request) {
            Ok(call) => call,
            Err(refusal) => return refused(method, &refusal),
        };
        if !waited
            && method.name() == "wait"
            && let Some(due) = compute::due(&self.compute, &call)
            && due > now
        {
            return Step::Wait(due);
        }
        let (refusal, lost, delay) = self.strike(method.id, &call.path.clone(), Some(&mut call));
        let outcome = match refusal {
            Some(refusal) => Err(refusal),
            None => self.of_service(&call, request),
        };
        match outcome {
            Ok(answer) => Step::Answer(Answer { lost, delay, ..answer }),
            Err(refusal) => refused(method, &refusal),
        }
    }

    /// Counts a call and applies faults to it. Returns the refusal, whether the answer is lost, and its delay.
    fn strike(
        &mut self,
        id: &'static str,
        path: &str,
        mut call: Option<&mut Call>,
    ) -> (Option<Refusal>, bool, Duration) {
        *self.calls.entry(id).or_default() += 1;
        let (mut refused, mut lost, mut delay) = (None, false, Duration::ZERO);
        for what in fault::strike(&mut self.faults, id, path) {
            match (what, call.as_deref_mut()) {
                (What::Refuse(refusal), _) => refused = Some(refusal),
                (What::LoseAnswer, _) => lost = true,
                (What::Delay(time), _) => delay = time,
                (What::Fail(refusal), Some(call)) => call.fate = Some(refusal),
                (What::Take(life), Some(call)) => call.life = life,
                (What::Fail(_) | What::Take(_), None) => {}
            }
        }
        (refused, lost, delay)
    }

    fn of_service(&mut self, call: &Call, request: &Request) -> Result<Answer, Refusal> {
        let projects = &self.settings.projects;
        if let Some(refusal) = not_enabled(call, projects) {
            return Err(refusal);
        }
        let json = match call.method.service {
            Service::Compute => compute::answer(&mut self.compute, call),
            Service::Dns => self.dns.answer(call, &self.compute),
            Service::Iam => self.accounts.answer(call, projects, &mut self.policies),
            Service::Projects => iam::project(call, projects, &mut self.policies, &self.accounts),
            Service::Connectivity => self.connectivity.answer(call, &mut self.compute),
            Service::Storage => {
                let knows = |email: &str| self.accounts.knows(email, projects);
                let around =
                    storage::Around { projects, policies: &mut self.policies, knows: &knows, request };
                return storage::answer(&mut self.storage, call, around);
            }
        };
        json.map(|json| Answer::json(200, &json))
    }

    /// Answers requests that the discovery documents do not describe: uploads, and Cloud Storage's XML interface.
    fn storage_only(&mut self, request: &Request) -> Option<Answer> {
        let query = parse_query(&request.query);
        let path = request.path.strip_prefix("/resumable").unwrap_or(&request.path);
        if let Some(bucket) =
            path.strip_prefix("/upload/storage/v1/b/").and_then(|rest| rest.strip_suffix("/o"))
        {
            let (refusal, lost, delay) = self.strike("storage.objects.insert", path, None);
            let outcome = match refusal {
                Some(refusal) => Err(refusal),
                None => storage::upload(&mut self.storage, request, bucket, &query),
            };
            let answer = outcome.unwrap_or_else(|refusal| Answer::refused(&refusal, Form::Errors));
            return Some(Answer { lost, delay, ..answer });
        }
        let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
        if OTHERS.contains(&first) {
            return None;
        }
        let id = match request.verb.as_str() {
            "GET" | "HEAD" => "storage.xml.get",
            "PUT" => "storage.xml.put",
            "DELETE" => "storage.xml.delete",
            _ => "storage.xml.post",
        };
        let (refusal, lost, delay) = self.strike(id, path, None);
        let answer = match refusal {
            Some(refusal) => Answer::refused(&refusal, Form::Errors),
            None => storage::xml(&mut self.storage, request, &query),
        };
        Some(Answer { lost, delay, ..answer })
    }

    fn call(
        &self,
        method: &'static Method,
        variables: Vec<(String, String)>,
        path: &str,
        request: &Request,
    ) -> Result<Call, Refusal> {
        let query = parse_query(&request.query);
        check::query(method, &query)?;
        let body = check::body(method, &request.body)?;
        let path = percent_decode_str(path).decode_utf8_lossy();
        let path = path.trim_start_matches("/compute/v1/").trim_start_matches('/').to_owned();
        let user = "user@example.com".to_owned();
        Ok(Call { method, path, variables, query, body, user, life: self.life, fate: None })
    }
}

/// The first segments of other services' paths. They are not buckets.
const OTHERS: [&str; 7] = ["", "compute", "dns", "download", "storage", "upload", "v1"];

fn form(service: Service) -> Form {
    match service {
        Service::Compute | Service::Storage | Service::Dns => Form::Errors,
        Service::Iam | Service::Projects => Form::Both,
        Service::Connectivity => Form::Code,
    }
}

fn refused(method: &Method, refusal: &Refusal) -> Step {
    Step::Answer(Answer::refused(refusal, form(method.service)))
}

fn plain(refusal: &Refusal) -> Step {
    Step::Answer(Answer::refused(refusal, Form::Errors))
}

/// 403 if the service is not enabled in the project of a call. Compute Engine has its own check.
fn not_enabled(call: &Call, projects: &[Project]) -> Option<Refusal> {
    let (title, api) = match call.method.service {
        Service::Compute | Service::Storage => return None,
        Service::Dns => ("Cloud DNS", "dns.googleapis.com"),
        Service::Iam => ("Identity and Access Management (IAM)", "iam.googleapis.com"),
        Service::Projects => ("Cloud Resource Manager", "cloudresourcemanager.googleapis.com"),
        Service::Connectivity => ("Network Connectivity", "networkconnectivity.googleapis.com"),
    };
    let mut named = call.variables.iter().map(|(_, value)| value);
    let project = projects.iter().find(|project| named.any(|value| *value == project.id))?;
    project
        .disabled
        .iter()
        .any(|disabled| disabled == api)
        .then(|| Refusal::disabled(title, api, project.number))
}

fn parse_query(query: &str) -> Vec<(String, String)> {
    let decode = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decode(name), decode(value)))
        .collect()
}
