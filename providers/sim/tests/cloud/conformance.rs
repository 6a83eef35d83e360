//! The conformance kit on the embedded cloud: the cloud passes, and faulty drivers do not.

use std::{
    cell::Cell,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use landform_core::{
    Abilities, Call, Driver, Found, Known, Object, Progress, ResourceType, Result, Ticket, Token, TypeName,
    conformance::{Broken, Clause, Extent, Sample, Verdict, check, invent},
};
use landform_sim::{Cloud, Lag, Latency};
use serde_json::{Value as Json, json};

use crate::demo::{address, builder, types};

/// Seeds new resources for samples to refer to.
pub struct Ground<'a> {
    pub cloud: &'a Cloud,
    pub types: &'a [Arc<ResourceType>],
    seeded: Cell<usize>,
}

impl<'a> Ground<'a> {
    pub fn new(cloud: &'a Cloud, types: &'a [Arc<ResourceType>]) -> Self {
        Self { cloud, types, seeded: 0.into() }
    }

    /// The id of a resource of that type, made with all that it needs.
    pub fn exists(&self, type_name: &TypeName) -> Option<String> {
        let wanted = self.types.iter().find(|known| known.name == *type_name)?;
        let name = self.name();
        let invented = invent(wanted, Extent::Least, &name, &mut |other| self.exists(other))?;
        self.cloud.seed(type_name.as_str(), &name, invented.arguments).unwrap();
        Some(name)
    }

    fn name(&self) -> String {
        self.seeded.set(self.seeded.get() + 1);
        format!("sample-{}", self.seeded.get())
    }

    pub async fn conforms(
        &self,
        driver: &dyn Driver,
        extent: Extent,
    ) -> std::result::Result<Verdict, Broken> {
        let (known, name) = (driver.resource_type(), self.name());
        let invented = invent(known, extent, &name, &mut |other| self.exists(other)).unwrap();
        let sample = Sample::new(address(known.name_str()), name, invented.arguments)
            .changed(invented.changed)
            .without(invented.without);
        check(driver, &sample, async |pause| tokio::time::sleep(pause).await).await
    }
}

#[tokio::test(start_paused = true)]
async fn every_demo_type_conforms_also_slow_and_lagging() {
    for (latency, reads) in [(Latency::none(), 0), (Latency::none(), 3), (Latency::scaled(1.0), 2)] {
        let directory = tempfile::tempdir().unwrap();
        let lag = Lag { reads, time: Duration::ZERO };
        let cloud = builder(directory.path()).latency(latency).lag(lag).build().unwrap();
        let types = types().map(Arc::clone);
        let ground = Ground::new(&cloud, &types);
        for known in &types {
            let provider = cloud.provider("demo");
            for extent in [Extent::Least, Extent::Most] {
                let report =
                    ground.conforms(&**provider.driver(known.name_str()).unwrap(), extent).await.unwrap();
                assert!(report.kept.contains(&Clause::Absent) && report.kept.contains(&Clause::CreateAgain));
                let updates = known.arguments.fields().iter().any(|field| !field.immutable);
                let open = known.name_str() == "demo_path"; // A reference to nothing else cannot be invented.
                assert_eq!(
                    report.kept.contains(&Clause::UpdateAgain),
                    updates && !open,
                    "{known:?} {report}"
                );
            }
        }
        assert!(cloud.objects().unwrap().iter().all(|left| left.by.is_none()), "only the seeds are left");
    }
}

/// The fault of a driver.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Cheat {
    NoPage,
    WrongId,
    WrongAttribute,
    Altered,
    NeverReady,
    FindsNothing,
    FindsAnother,
    IgnoresTokens,
    SaysExistsTooEarly,
    ChangesByItself,
    KeepsWhatIsTakenAway,
    ForgetsTokens,
    ReadsTooMuch,
    ReadsOutOfOrder,
    Blind,
    IgnoresUpdates,
    RefusesRepeatedUpdates,
    ListsOther,
    ImportsOther,
    OnlySaysGone,
    RefusesRepeatedDeletes,
    TalksInTickets,
    TalksInAttributes,
}

struct Cheating {
    inner: Arc<dyn Driver>,
    how: Cheat,
    calls: AtomicUsize,
    created: Mutex<Option<Token>>,
}

impl Cheating {
    fn new(inner: Arc<dyn Driver>, how: Cheat) -> Self {
        Self { inner, how, calls: AtomicUsize::new(0), created: Mutex::default() }
    }

    fn does(&self, how: Cheat) -> bool {
        self.how == how
    }

    fn first(&self) -> bool {
        self.calls.fetch_add(1, Ordering::Relaxed) == 0
    }

    fn bent(&self, progress: Progress<Object>) -> Progress<Object> {
        match progress {
            Progress::Exists(mut object) => {
                match self.how {
                    Cheat::WrongId => object.id = "net-other".into(),
                    Cheat::WrongAttribute => object.attributes["arn"] = json!(["arn"]),
                    Cheat::Altered => object.arguments["dns"] = json!(false),
                    Cheat::TalksInAttributes => {
                        object.attributes["owner_id"] = object.arguments["code"].clone()
                    }
                    Cheat::TalksInTickets => {
                        return Progress::Pending(Ticket::new(object.id, object.arguments));
                    }
                    Cheat::NeverReady => return Progress::Pending(Ticket::new(None, json!({}))),
                    _ => {}
                }
                Progress::Exists(object)
            }
            other => other,
        }
    }
}

fn refusal() -> landform_core::Error {
    landform_core::Error::new(landform_core::ErrorKind::Invalid, "not again")
}

#[async_trait]
impl Driver for Cheating {
    fn resource_type(&self) -> &Arc<ResourceType> {
        self.inner.resource_type()
    }

    fn abilities(&self) -> Abilities {
        let mut abilities = self.inner.abilities();
        if self.does(Cheat::NoPage) {
            abilities.page = 0;
        }
        abilities
    }

    async fn read_many(&self, objects: &[&dyn Known]) -> Result<Vec<Option<Object>>> {
        let mut found = self.inner.read_many(objects).await?;
        if self.does(Cheat::ReadsTooMuch) {
            found.push(None);
        }
        if self.does(Cheat::ReadsOutOfOrder) {
            found.reverse();
        }
        if self.does(Cheat::Blind) {
            found.fill(None);
        }
        if self.does(Cheat::ChangesByItself) {
            let reads = self.calls.fetch_add(1, Ordering::Relaxed);
            found.iter_mut().flatten().for_each(|object| object.attributes["edition"] = json!(reads));
        }
        Ok(found)
    }

    async fn list(&self, beside: &[&dyn Known]) -> Result<Vec<Object>> {
        let mut listed = self.inner.list(beside).await?;
        if self.does(Cheat::ListsOther) {
            listed.iter_mut().for_each(|object| object.arguments["tags"] = json!({ "of": "another" }));
        }
        Ok(listed)
    }

    async fn create(&self, call: Call<'_>, arguments: &Json) -> Result<Progress<Object>> {
        let other = format!("{}-again", call.token).parse().unwrap();
        let forgets = self.does(Cheat::ForgetsTokens) && !self.first();
        let call = if forgets { call.with_token(&other) } else { call };
        self.created.lock().unwrap().get_or_insert_with(|| call.token.clone());
        match self.inner.create(call, arguments).await? {
            Progress::Pending(ticket) if self.does(Cheat::SaysExistsTooEarly) => {
                Ok(Progress::Exists(self.inner.import(&ticket.id.unwrap()).await?))
            }
            progress => Ok(self.bent(progress)),
        }
    }

    async fn update(&self, call: Call<'_>, prior: &dyn Known, arguments: &Json) -> Result<Progress<Object>> {
        if self.does(Cheat::IgnoresUpdates) {
            return prior.to_object().map(Progress::Exists);
        }
        if self.does(Cheat::RefusesRepeatedUpdates) && !self.first() {
            return Err(refusal());
        }
        if self.does(Cheat::KeepsWhatIsTakenAway) {
            let mut merged = prior.arguments()?;
            merged.as_object_mut().unwrap().extend(arguments.as_object().unwrap().clone());
            return self.inner.update(call, prior, &merged).await;
        }
        self.inner.update(call, prior, arguments).await
    }

    async fn delete(&self, call: Call<'_>, prior: &dyn Known) -> Result<Progress<Object>> {
        if self.does(Cheat::OnlySaysGone) {
            return Ok(Progress::Gone);
        }
        if self.does(Cheat::RefusesRepeatedDeletes) && !self.first() {
            return Err(refusal());
        }
        self.inner.delete(call, prior).await
    }

    async fn resume(&self, call: Call<'_>, ticket: &Ticket, arguments: &Json) -> Result<Progress<Object>> {
        if self.does(Cheat::NeverReady) {
            return Ok(Progress::Pending(ticket.clone()));
        }
        self.inner.resume(call, ticket, arguments).await
    }

    async fn find(&self, call: Call<'_>, arguments: &Json) -> Result<Found<Object>> {
        if self.does(Cheat::FindsNothing) {
            return Ok(Found::Nothing);
        }
        let created = self.created.lock().unwrap().clone().filter(|_| self.does(Cheat::IgnoresTokens));
        let call = created.as_ref().map_or(call, |created| call.with_token(created));
        let mut found = self.inner.find(call, arguments).await?;
        if let (Cheat::FindsAnother, Found::Exists(object)) = (self.how, &mut found) {
            object.id = "net-other".into();
        }
        Ok(found)
    }

    async fn import(&self, id: &str) -> Result<Object> {
        let mut object = self.inner.import(id).await?;
        if self.does(Cheat::ImportsOther) {
            object.arguments["tags"] = json!({ "of": "another" });
        }
        Ok(object)
    }

    async fn upgrade(&self, from: u32, object: Object) -> Result<Object> {
        self.inner.upgrade(from, object).await
    }
}

#[tokio::test(start_paused = true)]
async fn a_driver_that_cheats_is_found_out_by_the_clause_it_breaks() {
    for (how, clause) in [
        (Cheat::NoPage, Clause::Abilities),
        (Cheat::WrongId, Clause::Create),
        (Cheat::NeverReady, Clause::Create),
        (Cheat::WrongAttribute, Clause::Schema),
        (Cheat::Altered, Clause::NoDifference),
        (Cheat::FindsNothing, Clause::Find),
        (Cheat::FindsAnother, Clause::Find),
        (Cheat::IgnoresTokens, Clause::Unused),
        (Cheat::SaysExistsTooEarly, Clause::Settled),
        (Cheat::ChangesByItself, Clause::Settled),
        (Cheat::KeepsWhatIsTakenAway, Clause::TakenAway),
        (Cheat::ForgetsTokens, Clause::CreateAgain),
        (Cheat::ReadsTooMuch, Clause::Read),
        (Cheat::ReadsOutOfOrder, Clause::Read),
        (Cheat::Blind, Clause::Read),
        (Cheat::IgnoresUpdates, Clause::Update),
        (Cheat::RefusesRepeatedUpdates, Clause::UpdateAgain),
        (Cheat::ListsOther, Clause::List),
        (Cheat::ImportsOther, Clause::Import),
        (Cheat::OnlySaysGone, Clause::Absent),
        (Cheat::RefusesRepeatedDeletes, Clause::DeleteAgain),
        (Cheat::TalksInTickets, Clause::Secrets),
        (Cheat::TalksInAttributes, Clause::Secrets),
    ] {
        let directory = tempfile::tempdir().unwrap();
        let latency = match how {
            Cheat::SaysExistsTooEarly => Latency::scaled(10.0).tickets_from(1.0),
            _ => Latency::none(),
        };
        let cloud = builder(directory.path()).latency(latency).build().unwrap();
        let types = types().map(Arc::clone);
        // Only a part has a secret.
        let (type_name, extent) = match clause {
            Clause::Secrets => ("demo_part", Extent::Most),
            Clause::TakenAway => ("demo_network", Extent::Most),
            _ => ("demo_network", Extent::Least),
        };
        let inner = cloud.provider("demo").driver(type_name).unwrap().clone();
        let cheating = Cheating::new(inner, how);
        let failure = Ground::new(&cloud, &types).conforms(&cheating, extent).await.unwrap_err();
        assert_eq!(failure.clause, clause, "{how:?}: {failure}");
        assert_eq!(failure.type_name, type_name);
    }
}

#[tokio::test]
async fn a_sample_against_the_schema_is_refused_before_any_call() {
    let directory = tempfile::tempdir().unwrap();
    let cloud = builder(directory.path()).build().unwrap();
    let driver = cloud.provider("demo").driver("demo_network").unwrap().clone();
    let sample = Sample::new(address("demo_network"), "run", json!({ "range": 7 })).patience(Duration::ZERO);
    let failure = check(&*driver, &sample, async |_| ()).await.unwrap_err();
    assert_eq!(failure.clause, Clause::Sample);
    assert_eq!(cloud.calls().total(), 0);
}
