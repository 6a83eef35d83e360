//! The identity of attempts.

use landform_core::{Call, ErrorKind, FindBy, Found, Object, Progress};
use serde_json::{Value as Json, json};

use crate::demo::{User, address, builder, token};

async fn find(user: &User, name: &str, type_name: &str, arguments: &Json) -> Found<Object> {
    let (address, token) = (address(type_name), token(name));
    user.driver(type_name).find(Call::new(&address, &token), arguments).await.unwrap()
}

#[tokio::test]
async fn the_same_token_makes_one_resource() {
    let directory = tempfile::tempdir().unwrap();
    let user = User::new(builder(directory.path()));
    let arguments = json!({ "range": "10.0.0.0/16" });
    assert_eq!(find(&user, "t", "demo_network", &arguments).await, Found::Nothing);
    let first = user.create_with(&token("t"), "demo_network", arguments.clone()).await.unwrap();
    let full = json!({ "range": "10.0.0.0/16", "dns": true });
    assert_eq!(
        user.create_with(&token("t"), "demo_network", full).await.unwrap(),
        first,
        "defaults are the same"
    );
    let reopened = User::new(builder(directory.path()));
    assert_eq!(reopened.create_with(&token("t"), "demo_network", arguments.clone()).await.unwrap(), first);
    let Progress::Exists(object) = first else { panic!() };
    assert_eq!(find(&reopened, "t", "demo_network", &arguments).await, Found::Exists(object.clone()));
    assert_eq!(find(&reopened, "u", "demo_network", &arguments).await, Found::Nothing);

    for (type_name, other) in [
        ("demo_network", json!({ "range": "10.1.0.0/16" })),
        ("demo_part", json!({ "network": object.id, "range": "10.0.0.0/24" })),
    ] {
        let error = user.create_with(&token("t"), type_name, other).await.unwrap_err();
        assert_eq!(error.provider_code(), Some("IdempotentParameterMismatch"), "{error}");
    }
    let changed = json!({ "range": "10.0.0.0/16", "dns": false });
    user.update("demo_network", &object, changed).await.unwrap();
    let late = user.create_with(&token("t"), "demo_network", arguments.clone()).await.unwrap();
    assert!(matches!(late, Progress::Exists(late) if late.id == object.id), "a late repetition");
    assert_eq!(user.cloud.created().unwrap()[&token("t")], 1);
    assert!(user.cloud.doubles().unwrap().is_empty());

    user.delete("demo_network", &object).await.unwrap();
    assert_eq!(find(&user, "t", "demo_network", &arguments).await, Found::Nothing);
    let reborn = user.create_with(&token("t"), "demo_network", arguments).await.unwrap();
    assert!(matches!(reborn, Progress::Exists(reborn) if reborn.id != object.id));
    assert_eq!(user.cloud.created().unwrap()[&token("t")], 2);
}

#[tokio::test]
async fn equal_attempts_in_two_clouds_get_equal_ids() {
    let directories = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let mut ids = Vec::new();
    for directory in &directories {
        let user = User::new(builder(directory.path()));
        ids.push(
            user.create_with(&token("t"), "demo_network", json!({ "range": "10.0.0.0/16" })).await.unwrap(),
        );
    }
    assert_eq!(ids[0], ids[1]);
}

#[tokio::test]
async fn types_may_be_found_by_identity_or_not_at_all() {
    let directory = tempfile::tempdir().unwrap();
    let user = User::new(
        builder(directory.path())
            .found_by("demo_network", FindBy::Identity)
            .found_by("demo_path", FindBy::Identity)
            .found_by("demo_annex", FindBy::Nothing)
            .found_by("demo_door", FindBy::Nothing),
    );
    let [network, part, _] = user.house().await;
    assert_eq!(user.driver("demo_network").abilities().find, FindBy::Identity);
    let named = json!({ "range": "10.0.0.0/16", "name": network.arguments["name"] });
    assert!(
        matches!(find(&user, "x", "demo_network", &named).await, Found::Exists(found) if found == network)
    );
    let track = json!({ "network": network.id, "range": "0.0.0.0/0" });
    assert_eq!(find(&user, "x", "demo_path", &track).await, Found::Nothing);
    let made = user.create_with(&token("y"), "demo_path", track.clone()).await.unwrap();
    let Progress::Exists(made) = made else { panic!() };
    assert_eq!(find(&user, "x", "demo_path", &track).await, Found::Exists(made));
    let again = user.create_with(&token("y"), "demo_path", track).await.unwrap_err();
    assert_eq!(again.kind(), ErrorKind::AlreadyExists, "the driver ignores the token");

    let (node, attempt) = (address("demo_annex"), token("x"));
    let call = Call::new(&node, &attempt);
    let error = user.driver("demo_annex").find(call, &Json::Null).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    for _ in 0..2 {
        user.create_with(&token("z"), "demo_door", json!({ "part": part.id })).await.unwrap();
    }
    assert_eq!(user.cloud.created().unwrap()[&token("z")], 2);
    let doubles = user.cloud.doubles().unwrap();
    assert_eq!(doubles.len(), 1);
    assert_eq!(doubles[&address("demo_door")].len(), 3);
}
