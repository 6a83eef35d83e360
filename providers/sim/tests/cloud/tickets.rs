//! Long operations, latency, and the continuation by another process.

use std::time::Duration;

use futures::future::join_all;
use landform_core::{Call, ErrorKind, Found, Object, Progress, Retry, Takes, Ticket};
use landform_sim::{Latency, Operation};
use serde_json::{Value as Json, json};
use tokio::time::Instant;

use crate::demo::{User, address, builder, token};

fn pending(progress: Progress<Object>) -> Ticket {
    match progress {
        Progress::Pending(ticket) => ticket,
        other => panic!("expected a ticket, got {other:?}"),
    }
}

async fn resume(user: &User, ticket: &Ticket) -> Progress<Object> {
    let (address, token) = (address("demo_door"), token("any"));
    user.driver("demo_door").resume(Call::new(&address, &token), ticket, &Json::Null).await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn long_operations_take_as_long_as_in_life_and_survive_the_process() {
    let directory = tempfile::tempdir().unwrap();
    let life = || User::new(builder(directory.path()).latency(Latency::scaled(1.0)));
    let user = life();
    let start = Instant::now();
    let network = user.make("demo_network", json!({ "range": "10.0.0.0/16" })).await;
    assert_eq!(start.elapsed().as_secs(), 2, "a short operation keeps its caller waiting");
    let part = user.make("demo_part", json!({ "network": network.id, "range": "10.0.1.0/24" })).await;
    let start = Instant::now();
    let arguments = json!({ "part": part.id });
    let ticket = pending(user.create_with(&token("t"), "demo_door", arguments.clone()).await.unwrap());
    assert_eq!(start.elapsed().as_secs(), 0, "a long one answers at once");
    let id = ticket.id.clone().unwrap();
    assert!(!user.cloud.objects().unwrap()[2].ready);
    let early = user.create(
        "demo_part",
        json!({ "network": network.id, "range": "10.0.2.0/24",
        "exits": [{ "door": id }] }),
    );
    let error = early.await.unwrap_err();
    assert!(error.kind() == ErrorKind::Invalid && error.to_string().contains("is not ready yet"), "{error}");

    let other = life();
    let (node, attempt) = (address("demo_door"), token("t"));
    let call = Call::new(&node, &attempt);
    let found = other.driver("demo_door").find(call, &arguments).await.unwrap();
    assert!(matches!(found, Found::Pending(found) if found.id == ticket.id));
    let again = pending(other.create_with(&token("t"), "demo_door", arguments.clone()).await.unwrap());
    assert_eq!(again.id, ticket.id, "repeating is waiting for the same");
    tokio::time::sleep(Duration::from_secs(50)).await;
    assert!(matches!(resume(&other, &ticket).await, Progress::Pending(_)));
    let door = other.settle("demo_door", resume(&other, &ticket).await).await.unwrap().unwrap();
    assert!((100..=106).contains(&start.elapsed().as_secs()), "{:?}", start.elapsed());
    assert_eq!(door.id, id);

    let start = Instant::now();
    let leaving = pending(other.delete("demo_door", &door).await.unwrap());
    let error = other.delete("demo_part", &part).await.unwrap_err();
    let again = (ErrorKind::InUse, Retry::Backoff);
    assert_eq!(
        (error.kind(), error.retry()),
        again,
        "a resource that is being deleted still uses others, but not for long"
    );
    assert!(user.cloud.objects().unwrap()[2].deleting);
    assert!(matches!(resume(&life(), &leaving).await, Progress::Pending(_)));
    let again = pending(user.delete("demo_door", &door).await.unwrap());
    assert_eq!(user.settle("demo_door", resume(&user, &again).await).await.unwrap(), None);
    assert!((60..=66).contains(&start.elapsed().as_secs()), "{:?}", start.elapsed());
    assert_eq!(resume(&user, &leaving).await, Progress::Gone, "a repeated poll");
    other.delete("demo_part", &part).await.unwrap();
}

#[tokio::test]
async fn at_no_latency_tickets_are_still_given() {
    let directory = tempfile::tempdir().unwrap();
    let user = User::new(builder(directory.path()));
    let [_, _, door] = user.house().await;
    let ticket = pending(
        user.update("demo_door", &door, json!({ "part": door.arguments["part"], "word": "x" }))
            .await
            .unwrap(),
    );
    assert_eq!(ticket.poll_after, Duration::ZERO);
    assert!(matches!(resume(&user, &ticket).await, Progress::Exists(door) if door.arguments["word"] == "x"));
    pending(user.delete("demo_door", &door).await.unwrap());
    let malformed = Ticket::new(door.id.clone(), json!({ "operation": "dance" }));
    let (node, attempt) = (address("demo_door"), token("any"));
    let call = Call::new(&node, &attempt);
    let error = user.driver("demo_door").resume(call, &malformed, &Json::Null).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid, "{error}");
}

#[tokio::test(start_paused = true)]
async fn three_at_once_take_as_long_as_one() {
    let directory = tempfile::tempdir().unwrap();
    let latency = Latency::scaled(0.5)
        .takes("demo_door", Takes { create: 200.0, update: 1.0, delete: 1.0 })
        .request(Duration::from_millis(10));
    let user = User::new(builder(directory.path()).latency(latency));
    let network = user.make("demo_network", json!({ "range": "10.0.0.0/16" })).await;
    let part = user.make("demo_part", json!({ "network": network.id, "range": "10.0.1.0/24" })).await;
    user.cloud.reset_calls();
    let start = Instant::now();
    let doors = (0..3).map(|_| user.make("demo_door", json!({ "part": part.id })));
    let doors = join_all(doors).await;
    assert_eq!(doors.len(), 3);
    assert!((100..106).contains(&start.elapsed().as_secs()), "{:?}", start.elapsed());
    let calls = user.cloud.calls();
    assert_eq!((calls.of(Operation::Create), calls.of_type(Operation::Create, "demo_part")), (3, 0));
    assert_eq!(calls.most_at_once(), 3);
}
