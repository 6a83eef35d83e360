//! A custom provider for a service that speaks HTTP and JSON. Each type is one file: its declaration, and the path
//! under which the service keeps it. The kit does the rest.
//!
//! `cargo run -p landform-own-provider` starts the service, then plans and applies a stack in it and destroys it again.

#[cfg(test)]
mod mutants;
mod service;
mod snapshot;
mod volume;

use std::{error::Error, sync::Arc};

use landform::{
    Engine, Provider, ProviderResult, Stack,
    kit::{Kit, rest::Client},
    view,
};

pub use snapshot::*;
pub use volume::*;

/// The provider: a client and the types that it manages.
fn provider(url: &str, token: &str) -> ProviderResult<Provider> {
    let kit = Arc::new(Kit::new(Client::new(url)?.bearer(token)?));
    Ok(Provider::new("store").with::<Volume, _>(&kit).with::<Snapshot, _>(&kit))
}

/// The stack.
fn stack(size: u32) -> Stack {
    let mut stack = Stack::new("store");
    let logs = stack.add("logs", Volume::new("logs", size).label("team", "net"));
    stack.add("daily", Snapshot::new(&logs, "daily").days(7));
    stack.output("mount", logs.mount());
    stack
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let url = service::serve(service::Store::new("secret")).await?;
    let folder = tempfile::tempdir()?;
    let engine = Engine::builder().provider(provider(&url, "secret")?).state_dir(folder.path()).open()?;
    for wanted in [stack(10), stack(20), Stack::new("store")] {
        let plan = engine.plan(&wanted).await?;
        println!("{}", view::text(&plan));
        engine.apply(&plan).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::time::Duration;

    use landform::{
        Driver, ErrorKind,
        conformance::{Clause, Sample, check},
        kit::Pace,
    };
    use serde_json::{Value as Json, json};

    use super::*;

    /// A provider with short pauses, because the service is quick.
    pub(crate) fn hurried(url: &str, token: &str) -> Provider {
        let kit = Kit::new(Client::new(url).unwrap().bearer(token).unwrap());
        let kit = Arc::new(kit.pace(Pace::AtMost(Duration::from_millis(1))));
        Provider::new("store").with::<Volume, _>(&kit).with::<Snapshot, _>(&kit)
    }

    async fn conforms(driver: &dyn Driver, arguments: Json, changed: Json, skipped: &[Clause]) {
        // The last change removes an optional field.
        let mut without = changed.clone();
        for field in ["labels", "days"] {
            without.as_object_mut().unwrap().remove(field);
        }
        let address = format!("{}.sample", driver.resource_type().name).parse().unwrap();
        let sample = Sample::new(address, "own", arguments)
            .changed(changed)
            .without(without)
            .patience(Duration::from_secs(10));
        let report = check(driver, &sample, tokio::time::sleep).await.unwrap();
        assert_eq!(report.skipped, skipped);
    }

    #[tokio::test]
    async fn every_type_keeps_the_contract() {
        let store = service::Store::new("secret");
        let url = service::serve(store.clone()).await.unwrap();
        let provider = hurried(&url, "secret");
        let volume = provider.driver("store_volume").unwrap();
        conforms(
            &**volume,
            json!({ "name": "a", "size": 1, "purpose": "logs", "labels": { "old": "1", "team": "net" } }),
            json!({ "name": "a", "size": 2, "labels": { "new": "1", "team": "web" } }),
            &[Clause::Secrets],
        )
        .await;
        assert_eq!(store.count(), 0);
        let home = json!({ "name": "home", "size": 1 });
        let home = made(&provider, &home).await;
        conforms(
            &**provider.driver("store_snapshot").unwrap(),
            json!({ "volume_id": home, "name": "daily" }),
            json!({ "volume_id": home, "name": "daily", "days": 7 }),
            &[Clause::Unused, Clause::CreateAgain, Clause::Secrets],
        )
        .await;
    }

    /// Makes a volume. Returns its id.
    async fn made(provider: &Provider, arguments: &Json) -> String {
        let driver = provider.driver("store_volume").unwrap();
        let (address, token) = ("store_volume.home".parse().unwrap(), "home-1".parse().unwrap());
        let call = landform::Call::new(&address, &token);
        match driver.create(call, arguments).await.unwrap() {
            landform::Progress::Pending(ticket) => ticket.id.unwrap(),
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn what_is_applied_is_there_and_what_is_destroyed_is_gone() {
        let store = service::Store::new("secret");
        let url = service::serve(store.clone()).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let engine = Engine::builder().provider(hurried(&url, "secret")).state_dir(folder.path());
        let engine = engine.open().unwrap();
        for (wanted, left) in [(stack(10), 2), (stack(20), 2), (Stack::new("store"), 0)] {
            let plan = engine.plan(&wanted).await.unwrap();
            assert!(!plan.is_empty(), "{plan}");
            engine.apply(&plan).await.unwrap();
            assert_eq!(store.count(), left);
            let plan = engine.plan(&wanted).await.unwrap();
            assert!(plan.is_empty(), "{plan}");
        }
    }

    #[tokio::test]
    async fn who_shows_no_token_is_told_so() {
        let url = service::serve(service::Store::new("secret")).await.unwrap();
        let provider = hurried(&url, "guess");
        let volume = landform::Object::by_id("vol-1");
        let error = provider.driver("store_volume").unwrap().read_many(&[&volume]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Denied);
        let expected = "GET /v1/volumes/vol-1: denied: send the token (no_token, HTTP 401)";
        assert_eq!(error.to_string(), expected);
    }
}
