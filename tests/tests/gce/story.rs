//! The story of two clusters in one network, over the wire: as the program tells it, and step by step with the commands.

use std::fs;

use serde_json::json;

use crate::{
    PROJECT, World,
    plain::{ask, count, everything},
};

const WORKING: &str = include_str!("../../../examples/fairwinds/google/working.yml");
const PRODUCTION: &str = include_str!("../../../examples/fairwinds/google/production.yml");

#[tokio::test(flavor = "multi_thread")]
async fn the_story_is_told_over_the_wire() {
    let world = World::new().await;
    let server = world.emulator.address();
    let (before, told, after) = tokio::task::block_in_place(|| {
        let before = everything(server);
        (before, world.fairwinds("--cloud gce --state told"), everything(server))
    });
    for said in [
        "▸ plan again\nNo changes.",
        "It adds no Cloud NAT",
        "~ target_size = 1 → 10",
        "Plan: 0 to add, 3 to change, 0 to replace, 0 to destroy.",
        "157 resources as declared.",
        "Nothing is left.",
    ] {
        assert!(told.contains(said), "expected {said:?} in: {told}");
    }
    let calls = world.emulator.calls();
    let made = |method: &str| calls.get(method).copied();
    assert_eq!(made("compute.networks.insert"), Some(1), "the server was called: {calls:?}");
    assert_eq!(made("compute.routers.insert"), Some(1), "the clusters share a NAT: {calls:?}");
    assert_eq!(after, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn clusters_come_grow_and_go_and_leave_the_network_alone() {
    let world = World::new().await;
    tokio::task::block_in_place(|| {
        let server = world.emulator.address();
        // What a user has before: a bucket for the clusters' files, and a zone for their names.
        let bucket = json!({ "name": "fairwinds-state", "location": "US" });
        ask(server, "POST", &format!("/storage/v1/b?project={PROJECT}"), Some(bucket));
        let zone = json!({ "name": "example", "dnsName": "example.com.", "description": "" });
        ask(server, "POST", &format!("/dns/v1/projects/{PROJECT}/managedZones"), Some(zone));
        let before = everything(server);
        let write = |name: &str, text: &str| fs::write(world.directory.path().join(name), text).unwrap();
        write("working.yml", WORKING);
        write("production.yml", PRODUCTION);
        let apply = |clusters: &[&str]| {
            let clusters: String = clusters.iter().map(|file| format!(" --cluster {file}")).collect();
            let said = world.fairwinds(&format!("apply --cloud gce --yes{clusters}"));
            let again = world.fairwinds(&format!("plan --cloud gce{clusters}"));
            assert!(again.contains("No changes."), "{again}");
            (said, everything(server))
        };
        let (_, network) = apply(&[]);
        let (said, one) = apply(&["working.yml"]);
        assert!(said.contains("71 added, 0 changed, 0 replaced, 0 destroyed"), "{said}");
        assert_eq!(count(&one, "/instances/"), 6);
        assert!(one.is_superset(&network));

        let (_, both) = apply(&["working.yml", "production.yml"]);
        assert_eq!(
            (count(&both, "/instances/"), count(&both, "/routers/")),
            (12, count(&network, "/routers/"))
        );

        write("working.yml", &WORKING.replace("minSize: &size 3", "minSize: &size 30"));
        let (said, grown) = apply(&["working.yml", "production.yml"]);
        assert!(said.contains("0 added, 3 changed, 0 replaced, 0 destroyed"), "{said}");
        assert_eq!(count(&grown, "/instances/"), 39);
        assert!(grown.is_superset(&both), "no machine is replaced");

        // Another type of machine needs a new template before the old one goes.
        write("production.yml", &PRODUCTION.replace("e2-standard-4", "e2-standard-8"));
        let (said, _) = apply(&["working.yml", "production.yml"]);
        assert!(said.contains("0 added, 3 changed, 1 replaced, 0 destroyed"), "{said}");

        let (said, rest) = apply(&["production.yml"]);
        assert!(said.contains("0 added, 0 changed, 0 replaced, 71 destroyed"), "{said}");
        // The network has a tier that is named working too.
        let left = ["working-example-com", "working.example.com"].map(|name| count(&rest, name));
        assert_eq!(left, [0, 0], "{rest:?}");
        assert!(rest.is_superset(&network));
        world.fairwinds("destroy --cloud gce --yes --cluster production.yml");
        assert_eq!(everything(server), before);
    });
}
