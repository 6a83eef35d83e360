//! The demands of resources on each other.

use landform_core::{Effect, Error, ErrorKind, Object, Progress, Retry};
use serde_json::json;

use crate::demo::{User, builder};

fn user() -> (tempfile::TempDir, User) {
    let directory = tempfile::tempdir().unwrap();
    let user = User::new(builder(directory.path()));
    (directory, user)
}

fn refused(result: Result<Progress<Object>, Error>, kind: ErrorKind, expected: &[&str]) {
    let error = result.unwrap_err();
    assert_eq!((error.kind(), error.effect(), error.retry()), (kind, Effect::None, Retry::Never), "{error}");
    for part in expected {
        assert!(error.to_string().contains(part), "{part:?} is missing in {error}");
    }
}

#[tokio::test]
async fn references_must_exist_also_deep_within_blocks() {
    let (_directory, user) = user();
    let [network, _, door] = user.house().await;
    let nowhere = user.create("demo_part", json!({ "network": "net-0", "range": "10.0.2.0/24" })).await;
    refused(
        nowhere,
        ErrorKind::NotFound,
        &["CreatePart", "network: the demo_network \"net-0\" does not exist", "InvalidNetworkID.NotFound"],
    );
    let exits = json!([{ "door": door.id }, { "door": "door-none" }]);
    let arguments = json!({ "network": network.id, "range": "10.0.2.0/24", "exits": exits });
    let deep = user.create("demo_part", arguments).await;
    refused(deep, ErrorKind::NotFound, &["exits[1].door: the demo_door \"door-none\" does not exist"]);
    let swapped = user.create("demo_door", json!({ "part": network.id })).await;
    refused(swapped, ErrorKind::NotFound, &["the demo_part", "does not exist"]);
    assert_eq!(user.cloud.objects().unwrap().len(), 3, "nothing was made");
}

#[tokio::test]
async fn ids_that_come_with_a_resource_exist_and_keep_it() {
    let (_directory, user) = user();
    let [network, ..] = user.house().await;
    let came_with_it = network.attributes["default_door"].as_str().unwrap();
    let arguments = json!({ "network": network.id, "range": "0.0.0.0/0", "door": came_with_it });
    user.make("demo_path", arguments).await;
    assert_eq!(user.read("demo_door", came_with_it).await, None, "it is not a separate resource");
}

#[tokio::test]
async fn what_is_in_use_cannot_go_and_the_users_are_named() {
    let (_directory, user) = user();
    let [network, part, door] = user.house().await;
    refused(
        user.delete("demo_network", &network).await,
        ErrorKind::InUse,
        &[
            "DeleteNetwork",
            &format!("{} is used by {} (demo_part.it)", network.id, part.id),
            "DependencyViolation",
        ],
    );
    refused(user.delete("demo_part", &part).await, ErrorKind::InUse, &[&door.id]);
    for (type_name, object) in [("demo_door", &door), ("demo_part", &part), ("demo_network", &network)] {
        let progress = user.delete(type_name, object).await.unwrap();
        assert_eq!(user.settle(type_name, progress).await.unwrap(), None);
    }
    assert!(user.cloud.objects().unwrap().is_empty());
}

#[tokio::test]
async fn a_weak_reference_keeps_nothing() {
    let (_directory, user) = user();
    let [network, _, door] = user.house().await;
    let arguments = json!({ "network": network.id, "range": "0.0.0.0/0", "door": door.id });
    let track = user.make("demo_path", arguments.clone()).await;
    assert_eq!(track.id, format!("{}_0.0.0.0/0", network.id));
    let progress = user.delete("demo_door", &door).await.unwrap();
    assert_eq!(user.settle("demo_door", progress).await.unwrap(), None);
    assert_eq!(user.read("demo_path", &track.id).await.unwrap().arguments["door"], door.id);
    let again =
        user.create("demo_path", json!({ "network": network.id, "range": "10.9.0.0/16", "door": door.id }));
    refused(again.await, ErrorKind::NotFound, &["door: the demo_door"]);
}

#[tokio::test]
async fn ranges_lie_apart_and_inside() {
    let (_directory, user) = user();
    let [network, part, _] = user.house().await;
    let part_of = |range: &str| json!({ "network": network.id, "range": range });
    for overlapping in ["10.0.1.0/24", "10.0.1.128/25", "10.0.0.0/20"] {
        let result = user.create("demo_part", part_of(overlapping)).await;
        refused(
            result,
            ErrorKind::Invalid,
            &[overlapping, "overlaps that of", &part.id, "InvalidPart.Conflict"],
        );
    }
    user.make("demo_part", part_of("10.0.2.0/24")).await;
    user.make("demo_part", part_of("10.0.0.0/24")).await;
    let outside = user.create("demo_part", part_of("10.1.0.0/24")).await;
    refused(outside, ErrorKind::Invalid, &["10.1.0.0/24 is outside 10.0.0.0/16", "InvalidPart.Range"]);
    let annex = user.make("demo_annex", part_of("10.1.0.0/20")).await;
    user.make("demo_part", part_of("10.1.0.0/24")).await;
    user.delete("demo_annex", &annex).await.unwrap();
    refused(user.create("demo_part", part_of("10.1.1.0/24")).await, ErrorKind::Invalid, &["is outside"]);
    let other = user.make("demo_network", json!({ "range": "10.0.0.0/16" })).await;
    user.make("demo_part", json!({ "network": other.id, "range": "10.0.1.0/24" })).await;
}

#[tokio::test]
async fn names_are_taken_once_and_free_again() {
    let (_directory, user) = user();
    let named = |name: &str| json!({ "range": "10.0.0.0/16", "name": name });
    let first = user.make("demo_network", named("a")).await;
    let second = user.make("demo_network", named("b")).await;
    let taken = user.create("demo_network", named("a")).await;
    refused(taken, ErrorKind::AlreadyExists, &["name: a is taken by", &first.id, "Network.Duplicate"]);
    let renamed = user.update("demo_network", &second, named("a")).await;
    refused(renamed, ErrorKind::AlreadyExists, &["ModifyNetwork", &first.id]);
    user.update("demo_network", &first, named("c")).await.unwrap();
    user.update("demo_network", &second, named("a")).await.unwrap();
    let track = json!({ "network": first.id, "range": "0.0.0.0/0" });
    user.make("demo_path", track.clone()).await;
    refused(user.create("demo_path", track).await, ErrorKind::AlreadyExists, &["already exists"]);
}

#[tokio::test]
async fn updates_change_what_may_change_and_repeat_without_effect() {
    let (_directory, user) = user();
    let [network, part, _] = user.house().await;
    let wanted = json!({ "range": "10.0.0.0/16", "dns": false, "tags": { "a": "b" } });
    let Progress::Exists(changed) = user.update("demo_network", &network, wanted.clone()).await.unwrap()
    else {
        panic!("expected an answer at once")
    };
    assert_eq!((&changed.arguments["dns"], &changed.arguments["tags"]["a"]), (&json!(false), &json!("b")));
    assert_eq!(changed.arguments["name"], network.arguments["name"], "the value that the cloud chose stays");
    assert_eq!((&network.attributes["edition"], &changed.attributes["edition"]), (&json!(1), &json!(2)));
    assert_eq!(changed.attributes["default_door"], network.attributes["default_door"]);
    let entries = user.cloud.ledger().unwrap().len();
    user.update("demo_network", &changed, wanted).await.unwrap();
    assert_eq!(user.cloud.ledger().unwrap().len(), entries);
    let moved =
        user.update("demo_part", &part, json!({ "network": network.id, "range": "10.0.7.0/24" })).await;
    refused(moved, ErrorKind::Invalid, &[&part.id, "range cannot be changed"]);
    user.cloud.vanish("demo_network", &network.id).unwrap();
    refused(
        user.update("demo_network", &network, json!({ "range": "10.0.0.0/16" })).await,
        ErrorKind::NotFound,
        &[],
    );
}

#[tokio::test]
async fn arguments_are_checked_by_the_schema() {
    let (_directory, user) = user();
    for (arguments, expected) in [
        (json!({ "range": "10.0.0.1/16" }), "range: \"10.0.0.1/16\", expected a network without host bits"),
        (json!({ "range": "10.0.0.0/16", "nam": "x" }), "did you mean \"name\"?"),
        (json!({}), "range: missing"),
        (json!([]), "expected a block"),
    ] {
        refused(user.create("demo_network", arguments).await, ErrorKind::Invalid, &[expected]);
    }
    let secret = json!({ "network": "net-1", "range": "10.0.0.0/24", "code": "hunter2", "ports": "none" });
    let error = user.create("demo_part", secret).await.unwrap_err();
    assert!(!error.to_string().contains("hunter2"), "{error}");
}

#[tokio::test]
async fn sets_come_back_in_one_order_and_nothing_empty_comes_back() {
    let (_directory, user) = user();
    let [network, ..] = user.house().await;
    let arguments =
        json!({ "network": network.id, "range": "10.0.2.0/24", "ports": [443, 80, 443], "exits": [] });
    let part = user.make("demo_part", arguments).await;
    assert_eq!(part.arguments["ports"], json!([443, 80]));
    assert_eq!(part.arguments.get("exits"), None);
}
