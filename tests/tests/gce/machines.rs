//! Machines of a `kops` cluster on Google's APIs: a rolling update that is killed goes on, and single machines are
//! replaced. Plain HTTP tells what exists.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    process::Stdio,
};

use landform_testkit::place::wait_until;
use serde_json::{Value as Json, json};

use crate::{
    PROJECT, World,
    kops::{KEY, SPEC},
    plain::{ask, everything},
};

impl World {
    /// A cluster that runs, all of whose machines are out of date.
    fn outdated(&self) {
        let bucket = json!({ "name": "clusters", "location": "US" });
        ask(self.emulator.address(), "POST", &format!("/storage/v1/b?project={PROJECT}"), Some(bucket));
        let write = |name: &str, text: &str| fs::write(self.directory.path().join(name), text).unwrap();
        write("google.yml", &SPEC.replace("my-project", PROJECT));
        write("key.pub", KEY);
        self.run("create -f google.yml");
        self.run("create secret sshpublickey admin -i key.pub");
        self.lock();
        self.run("update cluster --yes");
        for group in ["control-a", "workers"] {
            self.run(&format!("edit instancegroup {group} --set spec.machineType=e2-standard-8"));
        }
        self.run("update cluster --yes");
    }

    /// The paths of the machines, each with the number of its instance.
    fn numbers(&self) -> BTreeMap<String, String> {
        let listed = self.aggregated("instances");
        let text = |one: &Json, field: &str| one[field].as_str().unwrap().to_owned();
        listed.iter().map(|one| (text(one, "selfLink"), text(one, "id"))).collect()
    }

    fn of_type(&self, machine_type: &str) -> usize {
        let ends = |one: &&Json| one["machineType"].as_str().unwrap().ends_with(machine_type);
        self.aggregated("instances").iter().filter(ends).count()
    }

    /// The sizes of the groups.
    fn sizes(&self) -> BTreeMap<String, u64> {
        let listed = self.aggregated("instanceGroupManagers");
        let size =
            |one: &Json| (one["name"].as_str().unwrap().to_owned(), one["targetSize"].as_u64().unwrap());
        listed.iter().map(size).collect()
    }

    fn aggregated(&self, collection: &str) -> Vec<Json> {
        let path = format!("/compute/v1/projects/{PROJECT}/aggregated/{collection}");
        let listed = ask(self.emulator.address(), "GET", &path, None);
        let scopes = listed["items"].as_object().into_iter().flatten();
        scopes.filter_map(|(_, scope)| scope[collection].as_array()).flatten().cloned().collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rolling_update_on_google_that_was_killed_goes_on() {
    let world = World::new().await;
    tokio::task::block_in_place(|| {
        world.outdated();
        let (first, sizes) = (world.numbers(), world.sizes());
        assert_eq!((first.len(), world.of_type("e2-standard-8")), (4, 0), "an update replaces no machine");
        let shown = world.run("rolling-update cluster --cloudonly");
        assert!(shown.contains("NeedsUpdate") && shown.contains("Must specify --yes"), "{shown}");
        let listed = world.run("get instances");
        assert!(listed.contains("NeedsUpdate") && listed.contains("c-workers-k8s-example-com"), "{listed}");
        assert_eq!(world.numbers(), first);

        let swift = "--control-plane-interval 400ms --node-interval 400ms --bastion-interval 0s";
        let roll = format!("rolling-update cluster --cloudonly --yes {swift}");
        let mut command = world.command(&roll);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let replaced = || {
            let now = world.numbers().into_values().collect::<BTreeSet<_>>();
            first.values().filter(|number| !now.contains(*number)).count()
        };
        wait_until("the second replacement", || replaced() >= 2);
        child.kill().unwrap();
        assert!(child.wait().unwrap().code().is_none(), "it was killed");
        let halfway = world.numbers();
        assert!(replaced() < 4, "{first:?} {halfway:?}");

        let ran = world.run(&roll);
        assert!(ran.contains("Completed rolling update"), "{ran}");
        assert_eq!((replaced(), world.of_type("e2-standard-8")), (4, 4));
        let kept = world.numbers();
        let new = halfway.iter().filter(|(path, number)| first.get(*path) != Some(number));
        assert!(
            new.clone().all(|(path, number)| kept.get(path) == Some(number)),
            "no machine is replaced twice"
        );
        assert_eq!(world.sizes(), sizes);
        assert!(world.run(&roll).contains("No rolling-update required"));
        assert!(world.run("update cluster").contains("No changes."));
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_detached_machine_is_found_again_and_goes_with_its_cluster() {
    let world = World::new().await;
    tokio::task::block_in_place(|| {
        let before = everything(world.emulator.address());
        world.outdated();
        let (first, sizes) = (world.numbers(), world.sizes());
        let is_worker = |link: &&String| link.contains("/zones/us-central1-b/");
        let worker = first.keys().find(is_worker).unwrap();
        let id = worker.split_once("/compute/v1/").unwrap().1;
        let ran = world.run(&format!("delete instance {id} --cloudonly --yes"));
        assert!(ran.contains("Detaching") && ran.contains("Deleted instance"), "{ran}");
        assert_eq!((world.numbers().len(), world.of_type("e2-standard-8")), (4, 1));
        assert_eq!(world.sizes(), sizes);

        // Another run was killed after it had detached a machine, before the group had its size again.
        let worker = first.keys().find(|link| link.contains("/zones/us-central1-c/")).unwrap();
        let path = format!("/compute/v1/{}", worker.split_once("/compute/v1/").unwrap().1);
        let instance = ask(world.emulator.address(), "GET", &path, None);
        let mut labels = instance["labels"].clone();
        labels["kops-k8s-io-detached-from"] = "c-workers-k8s-example-com".into();
        labels["kops-k8s-io-detached-from-size"] = "1".into();
        let body = json!({ "labels": labels, "labelFingerprint": instance["labelFingerprint"] });
        ask(world.emulator.address(), "POST", &format!("{path}/setLabels"), Some(body));
        let manager = format!(
            "/compute/v1/projects/{PROJECT}/zones/us-central1-c/instanceGroupManagers/c-workers-k8s-example-com"
        );
        let abandoned = json!({ "instances": [worker] });
        ask(world.emulator.address(), "POST", &format!("{manager}/abandonInstances"), Some(abandoned));
        let listed = world.run("get instances");
        assert!(listed.contains("Detached"), "{listed}");
        let roll = "rolling-update cluster --cloudonly --yes --node-interval 0s --control-plane-interval 0s";
        world.run(roll);
        assert_eq!((world.numbers().len(), world.of_type("e2-standard-8")), (4, 4));
        assert_eq!(world.sizes(), sizes);

        // A deletion finds a detached machine.
        let worker = world.numbers().into_keys().find(|link| is_worker(&link)).unwrap();
        let path = format!("/compute/v1/{}", worker.split_once("/compute/v1/").unwrap().1);
        let instance = ask(world.emulator.address(), "GET", &path, None);
        let mut labels = instance["labels"].clone();
        labels["kops-k8s-io-detached-from"] = "b-workers-k8s-example-com".into();
        let body = json!({ "labels": labels, "labelFingerprint": instance["labelFingerprint"] });
        ask(world.emulator.address(), "POST", &format!("{path}/setLabels"), Some(body));
        let manager = manager.replace("us-central1-c", "us-central1-b").replace("/c-", "/b-");
        let abandoned = json!({ "instances": [worker] });
        ask(world.emulator.address(), "POST", &format!("{manager}/abandonInstances"), Some(abandoned));
        world.run("delete cluster --yes");
        let mut left = everything(world.emulator.address());
        assert!(left.remove("clusters"));
        assert_eq!(left, before);
    });
}
