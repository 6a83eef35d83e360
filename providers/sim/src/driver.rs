//! The driver of one type: takes a request through latency, faults and hooks to the cloud and back.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use landform_core::{
    Abilities, Call, Driver, Effect as Happened, Error, FindBy, Found, Known, Object, Progress, ResourceType,
    Result, Ticket,
};
use serde_json::Value as Json;
use tokio::time::sleep;

use crate::{
    calls::Operation,
    clock,
    cloud::Cloud,
    decide::{Desk, Left, Standing, payload},
    faults::What,
    hook::{Moment, Point, Then},
    ledger::Effect,
    session::Session,
};

/// The driver of one type.
pub(crate) struct TypeDriver {
    cloud: Cloud,
    resource_type: Arc<ResourceType>,
}

/// The longest pause that a ticket asks for.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

impl TypeDriver {
    pub(crate) fn new(cloud: Cloud, resource_type: Arc<ResourceType>) -> Self {
        Self { cloud, resource_type }
    }

    /// One request: takes its time, meets the fault that is due, and passes the hooks if it changes something.
    pub(crate) async fn request<T: Send>(
        &self,
        operation: Operation,
        call: Option<Call<'_>>,
        act: impl Fn(&Desk<'_>, &mut Session<'_>) -> Result<T> + Send + Sync,
    ) -> Result<(T, Option<What>)> {
        let inner = &self.cloud.0;
        let _under_way = inner.counter.begin(operation, &self.resource_type.name);
        let fault = inner.faults.next(operation, self.resource_type.name_str());
        let half = inner.settings.latency.cost(&self.resource_type, operation).call / 2;
        pause(half).await;
        if let Some(What::Before(error)) = fault {
            return Err(error);
        }
        let makes = matches!(operation, Operation::Create | Operation::Update | Operation::Delete);
        if let (Some(What::Partial(problem)), false) =
            (&fault, matches!(operation, Operation::Create | Operation::Update | Operation::Resume))
        {
            return Err(problem.clone());
        }
        let partly = matches!(fault, Some(What::Partial(_)));
        let desk = Desk { settings: &inner.settings, resource_type: &self.resource_type, operation, partly };
        self.moment(Point::BeforeEffect, operation, call).await;
        let mut outcome = inner.transact(makes, |session| act(&desk, session));
        if let Some(What::Twice) = fault {
            outcome = inner.transact(makes, |session| act(&desk, session));
        }
        self.moment(Point::AfterEffect, operation, call).await;
        pause(half).await;
        if let Some(What::After(error)) = fault {
            return Err(error.with_effect(Happened::Unknown));
        }
        self.moment(Point::AfterAnswer, operation, call).await;
        Ok((outcome?, fault))
    }

    async fn moment(&self, point: Point, operation: Operation, call: Option<Call<'_>>) {
        let (Some(hook), Some(call)) = (&self.cloud.0.settings.hook, call) else { return };
        let type_name = self.resource_type.name_str();
        let moment = Moment { point, operation, type_name, address: call.address, token: call.token };
        if hook(&moment) == Then::Hang {
            std::future::pending::<()>().await;
        }
    }

    fn ticket(&self, operation: Operation, id: String, until: u64) -> Ticket {
        let left = Duration::from_millis(until.saturating_sub(clock::now()));
        let note = match operation {
            Operation::Delete => "going",
            Operation::Update => "changing",
            _ => "pending",
        };
        Ticket::new(id, payload(operation)).poll_after(left.min(LONGEST_PAUSE)).note(note)
    }

    fn progress(&self, operation: Operation, standing: Standing, fault: Option<What>) -> Progress<Object> {
        match (standing, fault) {
            (Standing::Exists(exists), Some(What::Partial(problem))) => Progress::Partial { exists, problem },
            (Standing::Exists(object), _) => Progress::Exists(object),
            (Standing::Gone, _) => Progress::Gone,
            (Standing::Pending { id, until }, _) => Progress::Pending(self.ticket(operation, id, until)),
        }
    }
}

async fn pause(time: Duration) {
    if !time.is_zero() {
        sleep(time).await;
    }
}

#[async_trait]
impl Driver for TypeDriver {
    fn resource_type(&self) -> &Arc<ResourceType> {
        &self.resource_type
    }

    fn abilities(&self) -> Abilities {
        let settings = &self.cloud.0.settings;
        let find: FindBy = settings.found_by(self.resource_type.name_str());
        let update = self.resource_type.arguments.fields().iter().any(|field| !field.immutable);
        let abilities = Abilities::new(find, settings.page).imports().lists();
        if update { abilities.updates() } else { abilities }
    }

    async fn read_many(&self, objects: &[&dyn Known]) -> Result<Vec<Option<Object>>> {
        let page = self.cloud.0.settings.page;
        if objects.len() > page {
            let message = format!("{} objects in one read, expected at most {page}", objects.len());
            return Err(Error::new(landform_core::ErrorKind::Invalid, message));
        }
        let ids: Vec<&str> = objects.iter().map(|object| object.id()).collect();
        let read = self.request(Operation::Read, None, |desk, session| desk.read(session, &ids)).await?;
        Ok(read.0)
    }

    async fn list(&self, _: &[&dyn Known]) -> Result<Vec<Object>> {
        let page = self.cloud.0.settings.page;
        let mut all = Vec::new();
        loop {
            let next = |desk: &Desk<'_>, session: &mut Session<'_>| Ok(desk.list(session, all.len(), page));
            let ((some, more), _) = self.request(Operation::Read, None, next).await?;
            all.extend(some);
            if !more {
                return Ok(all);
            }
        }
    }

    async fn create(&self, call: Call<'_>, arguments: &Json) -> Result<Progress<Object>> {
        let arguments = &*self.resource_type().arguments.with_names(arguments, call.token);
        let act = |desk: &Desk<'_>, session: &mut Session<'_>| desk.create(session, call, arguments);
        let (standing, fault) = self.request(Operation::Create, Some(call), act).await?;
        Ok(self.progress(Operation::Create, standing, fault))
    }

    async fn update(&self, call: Call<'_>, prior: &dyn Known, arguments: &Json) -> Result<Progress<Object>> {
        let act = |desk: &Desk<'_>, session: &mut Session<'_>| {
            desk.update(session, Some(call), prior.id(), arguments, Effect::Updated)
        };
        let (standing, fault) = self.request(Operation::Update, Some(call), act).await?;
        Ok(self.progress(Operation::Update, standing, fault))
    }

    async fn delete(&self, call: Call<'_>, prior: &dyn Known) -> Result<Progress<Object>> {
        let act = |desk: &Desk<'_>, session: &mut Session<'_>| desk.delete(session, call, prior.id());
        let (standing, fault) = self.request(Operation::Delete, Some(call), act).await?;
        Ok(self.progress(Operation::Delete, standing, fault))
    }

    async fn resume(&self, call: Call<'_>, ticket: &Ticket, arguments: &Json) -> Result<Progress<Object>> {
        let _ = (call, arguments);
        let act = |desk: &Desk<'_>, session: &mut Session<'_>| desk.resume(session, ticket);
        let (standing, fault) = self.request(Operation::Resume, None, act).await?;
        let operation = match ticket.payload.get("operation").and_then(Json::as_str) {
            Some("delete") => Operation::Delete,
            Some("update") => Operation::Update,
            _ => Operation::Create,
        };
        Ok(self.progress(operation, standing, fault))
    }

    async fn find(&self, call: Call<'_>, arguments: &Json) -> Result<Found<Object>> {
        let arguments = &*self.resource_type().arguments.with_names(arguments, call.token);
        let act = |desk: &Desk<'_>, session: &mut Session<'_>| desk.find(session, call.token, arguments);
        Ok(match self.request(Operation::Find, None, act).await?.0 {
            Left::Nothing => Found::Nothing,
            Left::Exists(object) => Found::Exists(object),
            Left::Pending { id, until } => Found::Pending(self.ticket(Operation::Create, id, until)),
        })
    }

    async fn import(&self, id: &str) -> Result<Object> {
        Ok(self.request(Operation::Import, None, |desk, session| desk.import(session, id)).await?.0)
    }

    async fn upgrade(&self, from: u32, stored: Object) -> Result<Object> {
        let _ = stored;
        let what = "be upgraded from an older schema version";
        let error = Error::unsupported(self.resource_type.name_str(), what);
        Err(error.resource(format!("schema version {from}")))
    }
}
