//! Warnings of providers, in addition to success and failure.

use std::sync::Arc;

use async_trait::async_trait;
use landform::{
    Abilities, Call, Diagnostic, Driver, Engine, ErrorKind, Event, Forecast, Found, Known, Object, Progress,
    Proposal, ProviderError, ProviderResult, ResourceType, Severity, Stack, Ticket,
    sim::{Fault, Operation},
};
use serde_json::Value as Json;

use landform_testkit::{
    bed::Bed,
    demo::{Key, Note},
};

/// A driver that warns about everything, and repeats its input.
pub struct Talking {
    pub inner: Arc<dyn Driver>,
    /// Its forecast of changes, if any.
    pub foresees: Option<Foresees>,
}

/// A forecast of a change.
pub type Foresees = fn(Proposal<'_, dyn Known + '_>) -> ProviderResult<Forecast>;

fn repeat(call: Call<'_>, arguments: &Json) {
    let code = arguments.get("code").and_then(Json::as_str).unwrap_or("none");
    call.warn(Diagnostic::warning(format!("code {code} is weak")).at("code").detail("Take a longer one."));
}

#[async_trait]
impl Driver for Talking {
    fn resource_type(&self) -> &Arc<ResourceType> {
        self.inner.resource_type()
    }

    fn abilities(&self) -> Abilities {
        match self.foresees {
            Some(_) => self.inner.abilities().forecasts(),
            None => self.inner.abilities(),
        }
    }

    async fn read_many(&self, objects: &[&dyn Known]) -> ProviderResult<Vec<Option<Object>>> {
        self.inner.read_many(objects).await
    }

    async fn create(&self, call: Call<'_>, arguments: &Json) -> ProviderResult<Progress<Object>> {
        repeat(call, arguments);
        self.inner.create(call, arguments).await
    }

    async fn update(
        &self,
        call: Call<'_>,
        prior: &dyn Known,
        arguments: &Json,
    ) -> ProviderResult<Progress<Object>> {
        repeat(call, arguments);
        self.inner.update(call, prior, arguments).await
    }

    async fn delete(&self, call: Call<'_>, prior: &dyn Known) -> ProviderResult<Progress<Object>> {
        call.warn(Diagnostic::warning("its backups go with it"));
        self.inner.delete(call, prior).await
    }

    async fn resume(
        &self,
        call: Call<'_>,
        ticket: &Ticket,
        arguments: &Json,
    ) -> ProviderResult<Progress<Object>> {
        self.inner.resume(call, ticket, arguments).await
    }

    async fn find(&self, call: Call<'_>, arguments: &Json) -> ProviderResult<Found<Object>> {
        self.inner.find(call, arguments).await
    }

    async fn import(&self, id: &str) -> ProviderResult<Object> {
        self.inner.import(id).await
    }

    async fn forecast(&self, proposal: Proposal<'_, dyn Known + '_>) -> ProviderResult<Forecast> {
        self.foresees.map_or_else(|| Ok(Forecast::new()), |foresees| foresees(proposal))
    }

    async fn upgrade(&self, from: u32, stored: Object) -> ProviderResult<Object> {
        self.inner.upgrade(from, stored).await
    }
}

fn engine(bed: &Bed) -> Engine {
    let talking = |driver| Arc::new(Talking { inner: driver, foresees: None }) as Arc<dyn Driver>;
    bed.builder().provider(bed.cloud.provider("demo").map(talking)).open().unwrap()
}

#[tokio::test(start_paused = true)]
async fn warnings_reach_the_report_and_the_events_once_and_without_secrets() {
    let bed = Bed::new();
    let mut stack = Stack::new("warned");
    stack.add("key", Key::new("k").code("hunter2-code"));
    bed.cloud.inject(Fault::throttled(Operation::Create).times(2));
    let plan = engine(&bed).plan(&stack).await.unwrap();
    let report = engine(&bed).apply(&plan).await.unwrap().complete().unwrap();
    let [warning] = &report.warnings[..] else { panic!("{report:?}") };
    assert_eq!(warning.to_string(), "demo_key.key: code: code (sensitive) is weak. Take a longer one.");
    assert_eq!(warning.diagnostic.severity, Severity::Warning);
    let heard = bed.events();
    let warned = heard.iter().filter(|event| matches!(event, Event::Warned(_)));
    assert_eq!(warned.count(), 1, "each retry repeats it, and the report shows it once");
    assert!(!format!("{report:?}{heard:?}").contains("hunter2"));
    let shown = landform::view::report(&report).to_string();
    assert!(shown.starts_with("! demo_key.key: code: code (sensitive) is weak"), "{shown}");

    let plan = engine(&bed).plan_destroy(&stack).await.unwrap();
    let report = engine(&bed).apply(&plan).await.unwrap().complete().unwrap();
    assert_eq!(report.warnings[0].to_string(), "demo_key.key: its backups go with it");
}

#[tokio::test(start_paused = true)]
async fn an_error_names_its_field_and_all_that_is_wrong() {
    let bed = Bed::new();
    let mut stack = Stack::new("warned");
    stack.add("note", Note::new("any"));
    let said = [
        Diagnostic::error("is too short").at("text").detail("Ten letters at least."),
        Diagnostic::error("has no author"),
        Diagnostic::warning("notes are deprecated"),
    ];
    let error = ProviderError::from_diagnostics(ErrorKind::Invalid, said).unwrap().operation("CreateNote");
    bed.cloud.inject(Fault::before(Operation::Create, error));
    let plan = engine(&bed).plan(&stack).await.unwrap();
    let report = engine(&bed).apply(&plan).await.unwrap();
    let error = &report.failures[0].error;
    assert_eq!(
        error.to_string(),
        "CreateNote: invalid: text: is too short. Ten letters at least.; has no author; \
         warning: notes are deprecated"
    );
    assert_eq!(error.path().unwrap().to_string(), "text");
    assert_eq!(error.diagnostics().len(), 3);
}
