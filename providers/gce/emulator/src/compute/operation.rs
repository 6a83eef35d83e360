//! Operations: pending, running, done, with or without an error.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use serde_json::{Map, Value as Json, json};
use tokio::time::Instant;

use super::{
    link::{self, Place, Scope},
    world::World,
};
use crate::{
    refusal::{Refusal, Result},
    settings::Life,
    token,
};

/// All operations.
#[derive(Default)]
pub(crate) struct Operations {
    by_path: BTreeMap<String, Operation>,
    /// The unfinished operations, by the time at which they end.
    due: BTreeSet<(Instant, String)>,
    /// The request and the operation of each request id.
    by_request: BTreeMap<(String, String), (String, String)>,
}

/// A time so long that it never passes.
const FAR: Duration = Duration::from_secs(1 << 30);

type Effect = Box<dyn FnOnce(&mut World) -> Result<()> + Send>;

struct Operation {
    number: u64,
    kind: String,
    target: String,
    target_id: String,
    scope: String,
    user: String,
    begun: Instant,
    due: Instant,
    life: Life,
    inserted: String,
    ended: Option<String>,
    error: Option<Refusal>,
    effect: Option<Effect>,
}

/// The start of an operation.
#[derive(Clone)]
pub(crate) struct Start {
    pub life: Life,
    /// The type of the operation: `insert`.
    pub kind: String,
    pub user: String,
    /// The error with which it ends, if any.
    pub fate: Option<Refusal>,
}

impl Start {
    pub(crate) fn new(life: &Life, kind: &str, user: &str) -> Self {
        Self { life: *life, kind: kind.to_owned(), user: user.to_owned(), fate: None }
    }

    pub(crate) fn kind(self, kind: &str) -> Self {
        Self { kind: kind.to_owned(), ..self }
    }
}

impl World {
    /// Starts an operation. Its effect happens when it is due.
    pub(crate) fn start(
        &mut self,
        target: &str,
        target_id: &str,
        start: Start,
        effect: impl FnOnce(&mut Self) -> Result<()> + Send + 'static,
    ) -> Json {
        let number = self.next();
        let mixed = token::mix(number);
        let millis = chrono::Utc::now().timestamp_millis();
        let name = format!("operation-{millis}-{:013x}-{:08x}-{:08x}", number, mixed >> 32, mixed as u32);
        let scope = scope_of(target);
        let path = format!("{scope}/operations/{name}");
        let effect: Effect = match start.fate {
            None => Box::new(effect),
            Some(error) => Box::new(|_| Err(error)),
        };
        let life = start.life;
        let due = self.now.checked_add(life.whole()).unwrap_or(self.now + FAR);
        let operation = Operation {
            number,
            kind: start.kind,
            target: target.to_owned(),
            target_id: target_id.to_owned(),
            scope,
            user: start.user,
            begun: self.now,
            due,
            life,
            inserted: token::timestamp(),
            ended: None,
            error: None,
            effect: Some(effect),
        };
        self.operations.due.insert((due, path.clone()));
        self.operations.by_path.insert(path.clone(), operation);
        self.operation(&path).unwrap_or_default()
    }

    /// Ends the operations that are due.
    pub(crate) fn settle(&mut self, now: Instant) {
        self.now = now;
        while let Some((due, path)) = self.operations.due.first().cloned() {
            if due > now {
                return;
            }
            self.end(&path);
        }
    }

    /// How many operations have not ended.
    pub(crate) fn unfinished(&self) -> usize {
        self.operations.due.len()
    }

    /// Ends all operations at once.
    pub(crate) fn finish(&mut self) {
        while let Some((_, path)) = self.operations.due.first().cloned() {
            self.end(&path);
        }
    }

    fn end(&mut self, path: &str) {
        let Some(operation) = self.operations.by_path.get_mut(path) else { return };
        self.operations.due.remove(&(operation.due, path.to_owned()));
        let target = operation.target.clone();
        let Some(effect) = operation.effect.take() else { return };
        let outcome = effect(self);
        let name = link::name(path);
        if let Some(resource) = self.resource_mut(&target)
            && resource.busy.as_deref() == Some(name)
        {
            resource.busy = None;
            if resource.being == super::world::Being::Going {
                resource.being = super::world::Being::There;
            }
            if resource.being == super::world::Being::Coming {
                // A resource whose creation failed does not exist.
                self.take_out(&target);
            }
        }
        if let Some(operation) = self.operations.by_path.get_mut(path) {
            operation.ended = Some(token::timestamp());
            operation.error = outcome.err();
        }
    }

    /// An operation as an answer shows it.
    pub(crate) fn operation(&self, path: &str) -> Option<Json> {
        let operation = self.operations.by_path.get(path)?;
        let done = operation.ended.is_some();
        let pending = !done && self.now.saturating_duration_since(operation.begun) < operation.life.pending;
        let mut object = Map::new();
        let mut set = |name: &str, value: Json| object.insert(name.to_owned(), value);
        set("kind", json!("compute#operation"));
        set(
            "id",
            json!(
                (1_000_000_000_000_000_000 + token::mix(operation.number) % 8_000_000_000_000_000_000)
                    .to_string()
            ),
        );
        set("name", json!(link::name(path)));
        set("operationType", json!(operation.kind));
        set("targetLink", json!(link::url(&operation.target)));
        set("targetId", json!(operation.target_id));
        set(
            "status",
            json!(if done {
                "DONE"
            } else if pending {
                "PENDING"
            } else {
                "RUNNING"
            }),
        );
        set("user", json!(operation.user));
        set("progress", json!(if done { 100 } else { 0 }));
        set("insertTime", json!(operation.inserted));
        if !pending {
            set("startTime", json!(operation.inserted));
        }
        set("selfLink", json!(link::url(path)));
        if let Some(ended) = &operation.ended {
            set("endTime", json!(ended));
        }
        if let Some((field, _)) =
            operation.scope.split('/').nth(2).and_then(|scope| scope.split_at_checked(scope.len() - 1))
            && field != "globa"
        {
            set(field, json!(link::url(&operation.scope)));
        }
        if let Some(error) = &operation.error {
            set("error", json!({ "errors": [{ "code": error.operation_code(), "message": error.message }] }));
            set("httpErrorStatusCode", json!(error.status));
            set("httpErrorMessage", json!(status_text(error.status)));
        }
        Some(Json::Object(object))
    }

    /// The time at which an unfinished operation will be done.
    pub(crate) fn due(&self, path: &str) -> Option<Instant> {
        let operation = self.operations.by_path.get(path)?;
        operation.ended.is_none().then_some(operation.due)
    }

    /// The operations of a scope: `projects/P/global`.
    pub(crate) fn operations_in(&self, scope: &str) -> Vec<Json> {
        let prefix = format!("{scope}/operations/");
        let range = self.operations.by_path.range(prefix.clone()..);
        let paths = range.map(|(path, _)| path).take_while(|path| path.starts_with(&prefix));
        paths.filter_map(|path| self.operation(path)).collect()
    }

    pub(crate) fn remove_operation(&mut self, path: &str) -> Result<()> {
        match self.operations.by_path.get(path) {
            None => Err(Refusal::not_found(path)),
            Some(operation) if operation.ended.is_none() => Err(Refusal::not_ready(path)),
            Some(_) => {
                self.operations.by_path.remove(path);
                Ok(())
            }
        }
    }

    /// The operation that a request id started, if any. Refuses a different request with the same id.
    pub(crate) fn repeated(&self, project: &str, id: &str, request: &str) -> Result<Option<Json>> {
        match self.operations.by_request.get(&(project.to_owned(), id.to_owned())) {
            None => Ok(None),
            Some((path, first)) if first == request => Ok(self.operation(path)),
            Some(_) => Err(Refusal::invalid("requestId", id, "The request id was used by another request.")),
        }
    }

    pub(crate) fn remember(&mut self, project: &str, id: &str, request: String, operation: &Json) {
        let link = operation["selfLink"].as_str().and_then(|link| link::path(link, project));
        if let Some(path) = link {
            self.operations.by_request.insert((project.to_owned(), id.to_owned()), (path, request));
        }
    }
}

/// The scope of an operation on a target, with the project.
fn scope_of(target: &str) -> String {
    match Place::of(target) {
        Some(Place { project, scope, .. }) => format!("projects/{project}/{}", scope.path()),
        None => {
            let project = target.split('/').nth(1).unwrap_or_default();
            format!("projects/{project}/{}", Scope::Global.path())
        }
    }
}

fn status_text(status: u16) -> &'static str {
    match status {
        400 => "BAD REQUEST",
        403 => "FORBIDDEN",
        404 => "NOT FOUND",
        409 => "CONFLICT",
        412 => "PRECONDITION FAILED",
        503 => "SERVICE UNAVAILABLE",
        _ => "INTERNAL SERVER ERROR",
    }
}
