//! Injected faults, crashes and lagging reads.

use std::{
    panic::AssertUnwindSafe,
    sync::{Arc, Mutex},
    time::Duration,
};

use futures::FutureExt;
use landform_core::{Call, Effect, Error, ErrorKind, Found, Known, Object, Progress, Retry};
use landform_sim::{Fault, Lag, Moment, Operation, Point, Then};
use serde_json::json;

use crate::demo::{User, address, builder, token};

fn network() -> serde_json::Value {
    json!({ "range": "10.0.0.0/16" })
}

fn count(user: &User) -> usize {
    user.cloud.objects().unwrap().len()
}

#[tokio::test]
async fn a_fault_befalls_the_call_it_was_asked_for() {
    let directory = tempfile::tempdir().unwrap();
    let denied = Error::new(ErrorKind::Denied, "not today").code("UnauthorizedOperation");
    let faults = [
        Fault::before(Operation::Create, denied).of("demo_network").nth(2).times(2),
        Fault::throttled(Operation::Read).times(1),
    ];
    let user = User::new(builder(directory.path()).faults(faults));
    let first = user.make("demo_network", network()).await;
    user.make("demo_part", json!({ "network": first.id, "range": "10.0.0.0/24" })).await;
    for _ in 0..2 {
        let error = user.create("demo_network", network()).await.unwrap_err();
        assert_eq!((error.kind(), error.effect()), (ErrorKind::Denied, Effect::None));
    }
    assert_eq!(count(&user), 2, "refused before any effect");
    user.make("demo_network", network()).await;
    let error = user.driver("demo_network").read_many(&[&first]).await.unwrap_err();
    assert_eq!((error.kind(), error.retry()), (ErrorKind::Throttled, Retry::Backoff));
    assert!(user.read("demo_network", &first.id).await.is_some());
}

#[tokio::test]
async fn a_fault_may_come_back() {
    let directory = tempfile::tempdir().unwrap();
    let user = User::new(builder(directory.path()));
    user.cloud.inject(Fault::throttled(Operation::Create).nth(2).every(3));
    user.cloud.inject(Fault::throttled(Operation::Find).every(2).times(2));
    let mut refused = Vec::new();
    for call in 1..=9 {
        if user.create("demo_network", network()).await.is_err() {
            refused.push(call);
        }
    }
    assert_eq!(refused, [2, 5, 8]);
    let mut refused = Vec::new();
    for call in 1..=9 {
        let (address, token) = (address("demo_network"), token("t"));
        let found = user.driver("demo_network").find(Call::new(&address, &token), &network()).await;
        if found.is_err() {
            refused.push(call);
        }
    }
    assert_eq!(refused, [1, 3]);
}

#[tokio::test]
async fn a_lost_reply_leaves_the_effect_for_find() {
    let directory = tempfile::tempdir().unwrap();
    let user = User::new(builder(directory.path()));
    user.cloud.inject(Fault::lost_reply(Operation::Create));
    let error = user.create_with(&token("t"), "demo_network", network()).await.unwrap_err();
    assert_eq!((error.kind(), error.effect()), (ErrorKind::Unavailable, Effect::Unknown));
    let (node, attempt) = (address("demo_network"), token("t"));
    let call = Call::new(&node, &attempt);
    let found = user.driver("demo_network").find(call, &network()).await.unwrap();
    let Found::Exists(found) = found else { panic!("{found:?}") };
    user.cloud.inject(Fault::failed_after_success(Operation::Update));
    let error = user.update("demo_network", &found, json!({ "range": "10.0.0.0/16", "dns": false })).await;
    assert!(error.unwrap_err().to_string().contains("HTTP 500"));
    assert_eq!(user.read("demo_network", &found.id).await.unwrap().arguments["dns"], false);
    user.cloud.inject(Fault::lost_reply(Operation::Delete));
    user.delete("demo_network", &found).await.unwrap_err();
    assert_eq!(user.delete("demo_network", &found).await.unwrap(), Progress::Gone);
}

#[tokio::test]
async fn a_request_delivered_twice_has_its_effect_once() {
    let directory = tempfile::tempdir().unwrap();
    let user = User::new(builder(directory.path()));
    for operation in [Operation::Create, Operation::Update, Operation::Delete] {
        user.cloud.inject(Fault::delivered_twice(operation));
    }
    let made = user.make("demo_network", network()).await;
    assert_eq!(count(&user), 1);
    user.update("demo_network", &made, json!({ "range": "10.0.0.0/16", "dns": false })).await.unwrap();
    assert_eq!(user.delete("demo_network", &made).await.unwrap(), Progress::Gone);
    assert_eq!(user.cloud.ledger().unwrap().len(), 3);
}

#[tokio::test]
async fn partial_success_says_what_exists() {
    let directory = tempfile::tempdir().unwrap();
    let user = User::new(builder(directory.path()));
    let problem = Error::new(ErrorKind::Quota, "no more tags");
    user.cloud.inject(Fault::partial(Operation::Create, problem.clone()).of("demo_network"));
    let made = user.create("demo_network", network()).await.unwrap();
    let Progress::Partial { exists, problem: found } = made else { panic!("{made:?}") };
    assert_eq!((found, user.read("demo_network", &exists.id).await), (problem.clone(), Some(exists.clone())));

    user.cloud.inject(Fault::partial(Operation::Update, problem.clone()));
    let wanted = json!({ "range": "10.0.0.0/16", "dns": false, "tags": { "a": "b" } });
    let changed = user.update("demo_network", &exists, wanted).await.unwrap();
    let Progress::Partial { exists, .. } = changed else { panic!("{changed:?}") };
    assert_eq!(exists.arguments["dns"], false, "the first change is in effect");
    assert_eq!(exists.arguments.get("tags"), None, "the second is not");

    let part = user.make("demo_part", json!({ "network": exists.id, "range": "10.0.0.0/24" })).await;
    user.cloud.inject(Fault::partial(Operation::Resume, problem));
    let door = user.create("demo_door", json!({ "part": part.id })).await.unwrap();
    let error = user.settle("demo_door", door).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Quota, "a long operation fails");
}

#[tokio::test]
async fn hooks_see_every_point_and_can_stop_a_call_at_each() {
    type Seen = Arc<Mutex<Vec<(Point, Operation, String)>>>;
    for stop in Point::ALL {
        for panics in [false, true] {
            let directory = tempfile::tempdir().unwrap();
            let seen: Seen = Arc::default();
            let log = seen.clone();
            let user = User::new(builder(directory.path()).crash_at(move |moment: &Moment<'_>| {
                log.lock().unwrap().push((moment.point, moment.operation, moment.address.to_string()));
                match moment.point == stop {
                    true if panics => panic!("as asked for"),
                    true => Then::Hang,
                    false => Then::Proceed,
                }
            }));
            let (network, token) = (network(), token("t"));
            let call = user.create_with(&token, "demo_network", network);
            if panics {
                assert!(AssertUnwindSafe(call).catch_unwind().await.is_err());
            } else {
                assert!(tokio::time::timeout(Duration::from_millis(20), call).await.is_err(), "it hangs");
            }
            let effects = usize::from(stop != Point::BeforeEffect);
            assert_eq!(count(&user), effects, "stopped at {stop:?}");
            let points: Vec<Point> = seen.lock().unwrap().iter().map(|(point, ..)| *point).collect();
            let expected: Vec<Point> = Point::ALL.into_iter().filter(|point| *point <= stop).collect();
            assert_eq!(points, expected);
            assert_eq!(seen.lock().unwrap()[0].2, "demo_network.it");
            let after = User::new(builder(directory.path()));
            after.create_with(&token, "demo_network", json!({ "range": "10.0.0.0/16" })).await.unwrap();
            assert_eq!(count(&after), 1, "the next process neither loses nor doubles a resource");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn reads_lag_behind_creations_also_for_the_next_process() {
    let directory = tempfile::tempdir().unwrap();
    let lagging = || {
        let parts = Lag { time: Duration::from_secs(3), reads: 0 };
        builder(directory.path()).lag(Lag { reads: 3, time: Duration::ZERO }).lag_of("demo_part", parts)
    };
    let user = User::new(lagging());
    let token = token("t");
    let made = user.create_with(&token, "demo_network", network()).await.unwrap();
    let Progress::Exists(made) = made else { panic!() };
    assert_eq!(user.read("demo_network", &made.id).await, None);
    assert_eq!(user.driver("demo_network").import(&made.id).await.unwrap_err().kind(), ErrorKind::NotFound);
    let next = User::new(lagging());
    let (address, read) = (address("demo_network"), network());
    let find = |user: &User| {
        let driver = user.driver("demo_network");
        let (address, token, read) = (address.clone(), token.clone(), read.clone());
        async move { driver.find(Call::new(&address, &token), &read).await.unwrap() }
    };
    assert_eq!(find(&next).await, Found::Nothing, "the third read misses it too");
    assert!(matches!(find(&next).await, Found::Exists(found) if found == made));
    let part = next.make("demo_part", json!({ "network": made.id, "range": "10.0.0.0/24" })).await;
    let sees = async |part: &Object| next.read("demo_part", &part.id).await.is_some();
    assert!(!sees(&part).await && !sees(&part).await, "a read does not shorten the lag");
    tokio::time::sleep(Duration::from_millis(2999)).await;
    assert!(!sees(&part).await);
    tokio::time::sleep(Duration::from_millis(2)).await;
    assert!(sees(&part).await);
}

#[tokio::test]
async fn reads_take_a_page_and_are_counted() {
    let directory = tempfile::tempdir().unwrap();
    let user = User::new(builder(directory.path()).page(4));
    let mut made = Vec::new();
    for _ in 0..10 {
        made.push(user.make("demo_network", network()).await);
    }
    user.cloud.reset_calls();
    let driver = user.driver("demo_network");
    assert_eq!(driver.abilities().page, 4);
    let made: Vec<&dyn Known> = made.iter().map(|object| object as &dyn Known).collect();
    for page in made.chunks(4) {
        let found = driver.read_many(page).await.unwrap();
        assert!(found.iter().zip(page).all(|(found, id)| found.as_ref().unwrap().id == id.id()));
    }
    assert_eq!(user.cloud.calls().of(Operation::Read), 3);
    assert_eq!(driver.read_many(&made[..5]).await.unwrap_err().kind(), ErrorKind::Invalid);
    assert_eq!(driver.read_many(&[made[0], &Object::by_id("net-none")]).await.unwrap()[1], None);
}
