//! The directory: persistence, refusals, drift, and the ledger as outsiders read it.

use std::{
    fs::{self, OpenOptions},
    io::Write,
    path::Path,
};

use landform_core::ErrorKind;
use landform_sim::{Cloud, Effect, LedgerError, Operation, PATH};
use serde_json::json;

use crate::demo::{User, address, builder, token, types};

#[tokio::test]
async fn everything_survives_and_nothing_is_written_before_the_first_effect() {
    let parent = tempfile::tempdir().unwrap();
    let directory = parent.path().join("deep/cloud");
    let user = User::new(builder(&directory));
    assert!(user.cloud.objects().unwrap().is_empty());
    assert_eq!(user.read("demo_network", "net-0").await, None);
    assert!(!directory.exists());
    let [_, _, door] = user.house().await;
    let before = user.cloud.objects().unwrap();
    let again = User::new(builder(&directory));
    assert_eq!(again.cloud.objects().unwrap(), before);
    assert_eq!(again.read("demo_door", &door.id).await, Some(door.clone()));
    assert_eq!(before[2].by, Some(address("demo_door")));
    assert_eq!(before[2].id, door.id);
    let made = user.make("demo_network", json!({ "range": "10.7.0.0/16" })).await;
    assert_eq!(
        again.read("demo_network", &made.id).await,
        Some(made),
        "each process sees the other's effects"
    );
    assert_ne!(
        again.make("demo_network", json!({ "range": "10.8.0.0/16" })).await.attributes["edition"],
        json!(null)
    );
    assert_eq!(user.cloud.objects().unwrap().len(), 5);
}

#[tokio::test]
async fn the_ledger_tells_every_effect_in_order() {
    let directory = tempfile::tempdir().unwrap();
    let user = User::new(builder(directory.path()));
    user.cloud.seed("demo_network", "net-shared", json!({ "range": "10.0.0.0/16" })).unwrap();
    let part = user.make("demo_part", json!({ "network": "net-shared", "range": "10.0.1.0/24" })).await;
    let door = user.make("demo_door", json!({ "part": part.id })).await;
    user.cloud.tamper("demo_door", &door.id, |door| drop(door.insert("word".into(), "x".into()))).unwrap();
    let going = user.delete("demo_door", &door).await.unwrap();
    user.settle("demo_door", going).await.unwrap();
    user.cloud.vanish("demo_part", &part.id).unwrap();
    let entries = user.cloud.ledger().unwrap();
    let effects: Vec<(Effect, &str)> =
        entries.iter().map(|entry| (entry.effect, entry.type_name.as_str())).collect();
    assert_eq!(
        effects,
        [
            (Effect::Seeded, "demo_network"),
            (Effect::Created, "demo_part"),
            (Effect::Created, "demo_door"),
            (Effect::Tampered, "demo_door"),
            (Effect::Deleting, "demo_door"),
            (Effect::Deleted, "demo_door"),
            (Effect::Vanished, "demo_part"),
        ]
    );
    assert_eq!(entries[1].by, Some(address("demo_part")));
    assert!(entries[1].token.is_some() && entries[0].token.is_none());
}

#[tokio::test]
async fn seeds_exist_beforehand_and_drift_happens_behind_the_back() {
    let directory = tempfile::tempdir().unwrap();
    let user = User::new(builder(directory.path()));
    let seed = || user.cloud.seed("demo_network", "net-shared", json!({ "range": "10.0.0.0/16" }));
    let seeded = seed().unwrap();
    assert_eq!((seeded.id.as_str(), &seeded.attributes["id"]), ("net-shared", &json!("net-shared")));
    let part = user.make("demo_part", json!({ "network": "net-shared", "range": "10.0.1.0/24" })).await;
    assert_eq!(user.driver("demo_network").import("net-shared").await.unwrap(), seeded);
    user.cloud
        .tamper("demo_network", "net-shared", |network| {
            drop(network.insert("range".into(), "10.0.0.0/8".into()))
        })
        .unwrap();
    assert_eq!(seed().unwrap().arguments["range"], "10.0.0.0/8", "seeding again changes nothing");
    user.make("demo_part", json!({ "network": "net-shared", "range": "10.200.0.0/24" })).await;
    let wrong = user.cloud.tamper("demo_network", "net-shared", |network| drop(network.remove("range")));
    assert_eq!(wrong.unwrap_err().kind(), ErrorKind::Invalid);
    user.cloud.vanish("demo_network", "net-shared").unwrap();
    assert_eq!(user.read("demo_network", "net-shared").await, None);
    user.delete("demo_part", &part).await.unwrap();
    for error in [
        user.cloud.vanish("demo_network", "net-shared").unwrap_err(),
        user.cloud.tamper("demo_network", "net-shared", |_| ()).unwrap_err(),
        user.cloud
            .seed("demo_part", "part-1", json!({ "network": "net-0", "range": "10.0.0.0/24" }))
            .unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::NotFound, "{error}");
    }
    assert_eq!(user.cloud.seed("other_type", "x", json!({})).unwrap_err().kind(), ErrorKind::Unsupported);
    assert_eq!(user.cloud.calls().of(Operation::Create), 2, "changes without the provider are not calls");
}

#[tokio::test]
async fn a_torn_line_is_cut_wherever_it_is_torn() {
    let whole = tempfile::tempdir().unwrap();
    let user = User::new(builder(whole.path()));
    user.house().await;
    let text = fs::read(whole.path().join(PATH)).unwrap();
    let last = text[..text.len() - 1].iter().rposition(|byte| *byte == b'\n').unwrap() + 1;
    for end in (last..text.len()).step_by(7) {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join(PATH), &text[..end]).unwrap();
        let user = User::new(builder(directory.path()));
        assert_eq!(user.cloud.objects().unwrap().len(), 2);
        user.make("demo_network", json!({ "range": "10.3.0.0/16" })).await;
        assert_eq!(User::new(builder(directory.path())).cloud.objects().unwrap().len(), 3);
    }
    for end in 0..text.iter().position(|byte| *byte == b'\n').unwrap() {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join(PATH), &text[..end]).unwrap();
        let user = User::new(builder(directory.path()));
        user.make("demo_network", json!({ "range": "10.3.0.0/16" })).await;
        assert_eq!(User::new(builder(directory.path())).cloud.objects().unwrap().len(), 1);
    }
    OpenOptions::new()
        .append(true)
        .open(user.cloud.directory().join(PATH))
        .unwrap()
        .write_all(b"{\"eff")
        .unwrap();
    user.make("demo_network", json!({ "range": "10.3.0.0/16" })).await;
    assert_eq!(User::new(builder(whole.path())).cloud.objects().unwrap().len(), 4, "also while open");
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_with_its_place_and_left_alone() {
    let good = tempfile::tempdir().unwrap();
    User::new(builder(good.path()).region("eu-west-1")).house().await;
    let text = fs::read_to_string(good.path().join(PATH)).unwrap();
    let open = |directory: &Path, text: &str| {
        fs::write(directory.join(PATH), text).unwrap();
        let error = builder(directory).build().map(drop).unwrap_err();
        assert_eq!(fs::read_to_string(directory.join(PATH)).unwrap(), text, "untouched");
        error
    };
    let directory = tempfile::tempdir().unwrap();
    let directory = directory.path();
    for foreign in ["shopping list", "shopping list\nmilk\n", "{\"other\":1}\n", "\n"] {
        assert!(matches!(open(directory, foreign), LedgerError::Foreign { .. }), "{foreign:?}");
    }
    let newer = text.replacen("\"landform_sim\":1", "\"landform_sim\":2", 1);
    assert!(matches!(open(directory, &newer), LedgerError::Newer { found: 2, .. }));
    let damaged = text.replacen("\"effect\":\"created\"", "\"effect\":\"cre@ted\"", 2);
    assert!(matches!(open(directory, &damaged), LedgerError::Damaged { line: 2, .. }));
    let missing: String = text
        .lines()
        .enumerate()
        .filter(|(line, _)| *line != 1)
        .fold(String::new(), |text, (_, line)| text + line + "\n")
        + "{\"effect\":\"deleted\",\"at\":1,\"type\":\"demo_network\",\"id\":\"net-0\"}\n";
    let error = open(directory, &missing);
    assert!(matches!(error, LedgerError::Damaged { line: 4, .. }), "{error}");
    assert!(error.to_string().contains("ledger.log:4: demo_network net-0 is not there"), "{error}");
    fs::write(directory.join(PATH), &text).unwrap();
    let error = Cloud::open(directory).types(types().into_iter().take(1)).build().unwrap_err();
    assert!(
        matches!(&error, LedgerError::UnknownType { line: 3, type_name, .. } if type_name == "demo_part")
    );
    let error = builder(directory).region("us-east-2").build().unwrap_err();
    assert!(matches!(&error, LedgerError::Elsewhere { .. }));
    assert!(error.to_string().contains("in region eu-west-1"), "{error}");
    assert_eq!(
        builder(directory).build().unwrap().region(),
        "eu-west-1",
        "the stored settings count by default"
    );
}

#[tokio::test]
async fn two_clouds_of_one_new_directory_must_agree_where_they_are() {
    let directory = tempfile::tempdir().unwrap();
    let first = User::new(builder(directory.path()).region("eu-west-1"));
    let second = User::new(builder(directory.path()).region("us-east-2"));
    let few =
        Cloud::open(directory.path()).types(types().into_iter().take(1)).region("eu-west-1").build().unwrap();
    let network = first.make("demo_network", json!({ "range": "10.0.0.0/16" })).await;
    for _ in 0..2 {
        let error = second.create("demo_network", json!({ "range": "10.0.0.0/16" })).await.unwrap_err();
        assert!(error.to_string().contains("is in region eu-west-1"), "{error}");
    }
    first.make("demo_part", json!({ "network": network.id, "range": "10.0.1.0/24" })).await;
    for _ in 0..2 {
        let error = few.objects().unwrap_err();
        assert!(error.to_string().contains("ledger.log:3: the cloud holds a demo_part"), "{error}");
    }
}

#[tokio::test]
async fn a_ledger_that_is_deleted_while_in_use_is_an_error() {
    let directory = tempfile::tempdir().unwrap();
    let user = User::new(builder(directory.path()));
    let [network, ..] = user.house().await;
    fs::remove_file(directory.path().join(PATH)).unwrap();
    let error = user.driver("demo_network").read_many(&[&network]).await.unwrap_err();
    assert!(
        error.kind() == ErrorKind::Unavailable && error.to_string().contains("deleted while in use"),
        "{error}"
    );
}

#[test]
fn a_provider_offers_the_types_of_its_name() {
    let directory = tempfile::tempdir().unwrap();
    let cloud = builder(directory.path()).types(landform_aws::types()).build().unwrap();
    assert_eq!(cloud.provider("demo").types().count(), 5);
    let (sources, types): (Vec<_>, Vec<_>) =
        landform_aws::types().into_iter().partition(|known| known.is_data());
    assert_eq!(cloud.provider("aws.west").types().count(), types.len());
    assert_eq!(cloud.provider("aws.west").data_drivers().count(), sources.len());
    assert_eq!(cloud.provider("aws.west").name(), "aws.west");
    assert_eq!(cloud.provider("google").types().count(), 0);
}

#[tokio::test]
async fn the_first_form_still_reads() {
    let directory = tempfile::tempdir().unwrap();
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/ledger-1.log");
    fs::copy(golden, directory.path().join(PATH)).unwrap();
    let user = User::new(builder(directory.path()));
    assert_eq!(user.cloud.region(), "eu-west-1");
    let objects = user.cloud.objects().unwrap();
    let ids: Vec<&str> = objects.iter().map(|existing| existing.id.as_str()).collect();
    assert_eq!(ids, ["net-shared", "part-0000aaaa"], "a deletion that was under way is over");
    assert_eq!((&objects[0].arguments["dns"], &objects[1].token), (&json!(false), &Some(token("t1"))));
    assert_eq!(user.read("demo_part", "part-0000aaaa").await, None, "one more read misses it");
    assert!(user.read("demo_part", "part-0000aaaa").await.is_some());
    let arguments = json!({ "network": "net-shared", "range": "10.0.1.128/25" });
    assert_eq!(user.create("demo_part", arguments).await.unwrap_err().kind(), ErrorKind::Invalid);
    assert_eq!(user.cloud.created().unwrap().len(), 4);
}
