//! Typical faults of providers. The conformance kit finds every one of them.
#![allow(clippy::unwrap_used)]

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use landform::{
    Abilities, Call, Driver, ErrorKind, Found, Known, Object, Progress, ProviderError, ProviderResult,
    ResourceType, Ticket, Token, async_trait,
    conformance::{Clause, Sample, check},
};
use serde_json::{Value as Json, json};

use crate::{service, tests::hurried};

/// A fault of a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    CreateDoublesWhenRepeated,
    CreateSaysExistsTooEarly,
    CreateDropsAField,
    ResumeDoesNotWait,
    ResumeNeverEnds,
    FindIgnoresTheToken,
    FindFindsNothing,
    ReadManyOutOfOrder,
    ReadManyDropsWhatIsMissing,
    ReadManyRemembersWhatIsGone,
    UpdateChangesNothing,
    UpdateKeepsWhatIsTakenAway,
    DeleteIsNotIdempotent,
    DeleteChangesNothing,
    ImportTakesAnyId,
}

/// Each fault, and the clause that finds it.
const FAULTS: [(Fault, Clause); 15] = [
    (Fault::CreateDoublesWhenRepeated, Clause::CreateAgain),
    (Fault::CreateSaysExistsTooEarly, Clause::Settled),
    (Fault::CreateDropsAField, Clause::NoDifference),
    (Fault::ResumeDoesNotWait, Clause::Settled),
    (Fault::ResumeNeverEnds, Clause::Create),
    (Fault::FindIgnoresTheToken, Clause::Unused),
    (Fault::FindFindsNothing, Clause::Find),
    (Fault::ReadManyOutOfOrder, Clause::Read),
    (Fault::ReadManyDropsWhatIsMissing, Clause::Read),
    (Fault::ReadManyRemembersWhatIsGone, Clause::Absent),
    (Fault::UpdateChangesNothing, Clause::Update),
    (Fault::UpdateKeepsWhatIsTakenAway, Clause::TakenAway),
    (Fault::DeleteIsNotIdempotent, Clause::DeleteAgain),
    (Fault::DeleteChangesNothing, Clause::Absent),
    (Fault::ImportTakesAnyId, Clause::Absent),
];

/// A driver with a fault.
struct Mutant {
    inner: Arc<dyn Driver>,
    fault: Fault,
    /// The token of the first creation.
    first: Mutex<Option<Token>>,
    /// The object that was seen last, and whether one was deleted.
    seen: Mutex<(Option<Object>, bool)>,
}

impl Mutant {
    fn has(&self, fault: Fault) -> bool {
        self.fault == fault
    }

    /// The object, whatever its state.
    async fn now(&self, ticket: &Ticket) -> ProviderResult<Progress<Object>> {
        self.inner.import(ticket.id.as_deref().unwrap()).await.map(Progress::Exists)
    }
}

fn without_purpose(arguments: &Json) -> Json {
    let mut arguments = arguments.clone();
    arguments.as_object_mut().unwrap().remove("purpose");
    arguments
}

#[async_trait]
impl Driver for Mutant {
    fn resource_type(&self) -> &Arc<ResourceType> {
        self.inner.resource_type()
    }

    fn abilities(&self) -> Abilities {
        self.inner.abilities()
    }

    async fn read_many(&self, objects: &[&dyn Known]) -> ProviderResult<Vec<Option<Object>>> {
        let mut found = self.inner.read_many(objects).await?;
        match self.fault {
            Fault::ReadManyOutOfOrder => found.reverse(),
            Fault::ReadManyDropsWhatIsMissing => found.retain(Option::is_some),
            Fault::ReadManyRemembersWhatIsGone => {
                let mut seen = self.seen.lock().unwrap();
                match found.iter().flatten().next() {
                    Some(object) => seen.0 = Some(object.clone()),
                    None => found.fill(seen.0.clone()),
                }
            }
            _ => {}
        }
        Ok(found)
    }

    async fn create(&self, call: Call<'_>, arguments: &Json) -> ProviderResult<Progress<Object>> {
        let again = self.first.lock().unwrap().replace(call.token.clone()).is_some();
        let other = format!("{}-again", call.token).parse().unwrap();
        let call =
            if again && self.has(Fault::CreateDoublesWhenRepeated) { call.with_token(&other) } else { call };
        let drops = self.has(Fault::CreateDropsAField);
        let arguments = if drops { without_purpose(arguments) } else { arguments.clone() };
        match self.inner.create(call, &arguments).await? {
            Progress::Pending(ticket) if self.has(Fault::CreateSaysExistsTooEarly) => self.now(&ticket).await,
            progress => Ok(progress),
        }
    }

    async fn update(
        &self,
        call: Call<'_>,
        prior: &dyn Known,
        arguments: &Json,
    ) -> ProviderResult<Progress<Object>> {
        match self.fault {
            Fault::UpdateChangesNothing => prior.to_object().map(Progress::Exists),
            Fault::UpdateKeepsWhatIsTakenAway => {
                let mut merged = prior.arguments()?;
                merged.as_object_mut().unwrap().extend(arguments.as_object().unwrap().clone());
                self.inner.update(call, prior, &merged).await
            }
            _ => self.inner.update(call, prior, arguments).await,
        }
    }

    async fn delete(&self, call: Call<'_>, prior: &dyn Known) -> ProviderResult<Progress<Object>> {
        let again = std::mem::replace(&mut self.seen.lock().unwrap().1, true);
        match self.fault {
            Fault::DeleteChangesNothing => Ok(Progress::Gone),
            Fault::DeleteIsNotIdempotent if again => {
                Err(ProviderError::new(ErrorKind::NotFound, "no such resource"))
            }
            _ => self.inner.delete(call, prior).await,
        }
    }

    async fn resume(
        &self,
        call: Call<'_>,
        ticket: &Ticket,
        arguments: &Json,
    ) -> ProviderResult<Progress<Object>> {
        let deleting = self.seen.lock().unwrap().1;
        match self.fault {
            Fault::ResumeDoesNotWait if !deleting => self.now(ticket).await,
            Fault::ResumeNeverEnds => Ok(Progress::Pending(ticket.clone())),
            Fault::CreateDropsAField if !deleting => {
                self.inner.resume(call, ticket, &without_purpose(arguments)).await
            }
            _ => self.inner.resume(call, ticket, arguments).await,
        }
    }

    async fn find(&self, call: Call<'_>, arguments: &Json) -> ProviderResult<Found<Object>> {
        let first = self.first.lock().unwrap().clone().filter(|_| self.has(Fault::FindIgnoresTheToken));
        let call = first.as_ref().map_or(call, |first| call.with_token(first));
        match self.fault {
            Fault::FindFindsNothing => Ok(Found::Nothing),
            _ => self.inner.find(call, arguments).await,
        }
    }

    async fn import(&self, id: &str) -> ProviderResult<Object> {
        match self.inner.import(id).await {
            Err(_) if self.has(Fault::ImportTakesAnyId) => Ok(Object::by_id(id)),
            other => other,
        }
    }

    async fn upgrade(&self, from: u32, stored: Object) -> ProviderResult<Object> {
        self.inner.upgrade(from, stored).await
    }
}

#[tokio::test]
async fn every_fault_is_found_by_the_promise_that_it_breaks() {
    let mut survived = Vec::new();
    for (fault, clause) in FAULTS {
        let url = service::serve(service::Store::new("secret")).await.unwrap();
        let inner = hurried(&url, "secret").driver("store_volume").unwrap().clone();
        let mutant = Mutant { inner, fault, first: Mutex::default(), seen: Mutex::default() };
        let sample = Sample::new(
            "store_volume.sample".parse().unwrap(),
            "own",
            json!({ "name": "a", "size": 1, "purpose": "logs", "labels": { "a": "1" } }),
        )
        .changed(json!({ "name": "a", "size": 2, "purpose": "logs", "labels": { "b": "1" } }))
        .without(json!({ "name": "a", "size": 2, "purpose": "logs" }))
        .patience(Duration::from_secs(5));
        match check(&mutant, &sample, async |pause| tokio::time::sleep(pause / 20).await).await {
            Err(broken) if broken.clause == clause => {}
            other => survived.push((fault, clause, other)),
        }
    }
    assert!(survived.is_empty(), "{survived:#?}");
}
