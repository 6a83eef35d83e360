//! A `kops` state store in a bucket of Google's: from the creation of a cluster to its end.

use std::fs;

use serde_json::json;

use crate::{
    PROJECT, World,
    kops::{KEY, SPEC},
    plain::{ask, count, everything},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_lives_in_a_store_in_a_bucket() {
    let world = World::new().await;
    tokio::task::block_in_place(|| {
        let server = world.emulator.address();
        let bucket = json!({ "name": "clusters", "location": "US" });
        ask(server, "POST", &format!("/storage/v1/b?project={PROJECT}"), Some(bucket));
        let before = everything(server);
        let write = |name: &str, text: &str| fs::write(world.directory.path().join(name), text).unwrap();
        write("google.yml", &SPEC.replace("my-project", PROJECT));
        write("key.pub", KEY);
        // The lock file comes from a store that is a directory.
        world.run("create -f google.yml");
        world.lock();
        fs::remove_dir_all(world.directory.path().join("store")).unwrap();

        let store = "--state gs://clusters";
        world.run(&format!("{store} create -f google.yml"));
        world.run(&format!("{store} create secret sshpublickey admin -i key.pub"));
        let stored = everything(server);
        assert_eq!(count(&stored, "clusters/k8s.example.com/instancegroup/"), 2, "{stored:?}");
        world.run(&format!("{store} update cluster --yes"));
        assert_eq!(count(&everything(server), "/instances/"), 4);
        let made = everything(server);
        assert!(
            count(&made, "clusters/landform/") > 0,
            "the engine's state is beside the clusters: {made:?}"
        );

        let again = world.run(&format!("{store} update cluster --yes"));
        assert!(again.contains("No changes."), "{again}");
        let shown = world.run(&format!("{store} get clusters"));
        assert!(shown.contains("k8s.example.com  gce"), "{shown}");
        let shown = world.run(&format!("{store} get instancegroups -o yaml"));
        assert!(shown.contains("name: workers") && shown.contains("name: control-a"), "{shown}");

        world.run(&format!("{store} delete cluster --yes"));
        let mut left = everything(server);
        left.retain(|id| !id.starts_with("clusters/landform/"));
        assert_eq!(left, before);
        let gone = world.kops(&format!("{store} get clusters")).unwrap_err();
        assert!(gone.contains("no cluster \"k8s.example.com\" in this state store"), "{gone}");
        assert!(!world.directory.path().join("store").exists(), "nothing is in a directory");
    });
}
