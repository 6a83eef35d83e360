//! Machines of clusters on Google, on the embedded cloud: rolling updates with drains, and single machines.

use std::collections::BTreeMap;
use std::thread;

use landform::sim::Effect;
use landform_testkit::random::Random;

use super::super::{LONGEST, api::Api};
use super::{Clusters, SPEC};

const SWIFT: &str = "--yes --control-plane-interval 0s --node-interval 0s --bastion-interval 0s --post-drain-delay 0s \
                     --validate-count 1";

impl Clusters {
    /// The number that tells each machine from all others, with its type and its group, if a group counts it.
    fn machines(&self) -> BTreeMap<String, (String, Option<String>)> {
        let objects = self.cloud().objects().unwrap().into_iter();
        let machines = objects.filter(|object| object.type_name == "google_compute_instance");
        let text = |value: Option<&serde_json::Value>| Some(value?.as_str()?.to_owned());
        machines
            .map(|machine| {
                let group = text(machine.arguments["metadata"].get("created-by"));
                let of = text(machine.arguments.get("machine_type")).unwrap();
                (text(machine.attributes.get("instance_id")).unwrap(), (of, group))
            })
            .collect()
    }

    fn of_type(&self, machine_type: &str) -> usize {
        let machines = self.machines();
        machines.values().filter(|(of, group)| of == machine_type && group.is_some()).count()
    }

    /// A cluster that runs, all of whose machines are out of date.
    fn outdated() -> Self {
        let clusters = Self::new(SPEC);
        clusters.succeed("update cluster --yes");
        assert_eq!(clusters.machines().len(), 4, "a group has its machines");
        for group in ["control-a", "workers"] {
            clusters.succeed(&format!("edit instancegroup {group} --set spec.machineType=e2-standard-8"));
        }
        clusters.succeed("update cluster --yes");
        assert_eq!(clusters.of_type("e2-standard-8"), 0, "an update replaces no machine");
        clusters
    }
}

#[test]
fn machines_are_drained_and_replaced_by_role() {
    let clusters = Clusters::outdated();
    let first = clusters.machines();
    let shown = clusters.succeed("rolling-update cluster --cloudonly");
    shown.assert_says(&["workers    NeedsUpdate  3           0      3    3       3", "Must specify --yes"]);
    clusters.succeed("get instances").assert_says(&["NeedsUpdate", "b-workers-k8s-example-com", "e2-medium"]);

    let api = Api::of(clusters.cloud());
    let roll = format!("rolling-update cluster {} {SWIFT}", api.option());
    clusters.succeed(&format!("validate cluster {}", api.option())).assert_says(&["NODE STATUS", "is ready"]);
    let ran = clusters.succeed(&roll);
    ran.assert_says(&[
        "Detaching projects/",
        "Draining projects/",
        "Terminating projects/",
        "Completed rolling",
    ]);
    assert_eq!(clusters.of_type("e2-standard-8"), 4);
    let now = clusters.machines();
    assert!(now.len() == 4 && first.keys().all(|id| !now.contains_key(id)), "{first:?} {now:?}");
    // Each zone still has its machine.
    let groups: std::collections::BTreeSet<_> = now.values().map(|(_, group)| group.clone()).collect();
    assert_eq!(groups.len(), 4);
    let log = api.log();
    let count = |what: &str| log.iter().filter(|line| line.starts_with(what)).count();
    assert_eq!((count("evict web-"), count("cordon"), count("delete")), (3, 4, 4), "{log:?}");
    assert!(api.seen.lock().unwrap().lost.is_empty(), "no pod is lost");
    let position = |said: &str| ran.out.find(said).unwrap_or_else(|| panic!("no {said:?} in {}", ran.out));
    let terminating = |name: &str| {
        position(&format!("Terminating projects/my-project/zones/us-central1-a/instances/{name}"))
    };
    assert!(terminating("control-a") < terminating("workers"), "the control plane comes first");
    clusters.succeed(&roll).assert_says(&["No rolling-update required"]);
    clusters.succeed(&format!("validate cluster {}", api.option())).assert_says(&["is ready"]);
    clusters.succeed("update cluster").assert_says(&["No changes."]);
}

/// A rolling update is killed wherever it is. What it replaced stays, and no machine is replaced twice.
#[test]
fn a_rolling_update_that_was_killed_goes_on() {
    let clusters = Clusters::outdated();
    let (cloud, api) = (clusters.cloud(), Api::of(clusters.cloud()));
    let made = || {
        let entries = cloud.ledger().unwrap();
        let created = entries.iter().filter(|entry| entry.effect == Effect::Created);
        created.filter(|entry| entry.type_name == "google_compute_instance").count()
    };
    let before = made();
    let roll = format!("rolling-update cluster {} {SWIFT} --node-interval 150ms", api.option());
    let (mut random, mut killed) = (Random::new(8), 0);
    for time in 1..=8 {
        let mut child = clusters.command(&roll).stdout(std::process::Stdio::null()).spawn().unwrap();
        thread::sleep(random.time(LONGEST * time / 8));
        child.kill().unwrap();
        killed += u32::from(child.wait().unwrap().code().is_none());
    }
    clusters.succeed(&roll);
    assert!(killed > 2, "{killed} were killed");
    assert_eq!(made() - before, 4, "every machine that was out of date got one successor");
    assert_eq!(clusters.of_type("e2-standard-8"), 4);
    assert_eq!(clusters.machines().len(), 4, "no detached machine is left");
    assert!(api.seen.lock().unwrap().lost.is_empty(), "no pod is lost");
}

#[test]
fn one_machine_is_replaced_by_its_name() {
    let clusters = Clusters::outdated();
    let listed = clusters.succeed("get instances -o json").out;
    let listed: serde_json::Value = serde_json::from_str(&listed).unwrap();
    let all = listed.as_array().unwrap();
    let id = |group: &str| {
        let one = all.iter().find(|item| item["instanceGroup"] == group).unwrap();
        one["id"].as_str().unwrap().to_owned()
    };
    let worker = id("b-workers-k8s-example-com");
    clusters.succeed(&format!("delete instance {worker} --cloudonly")).assert_says(&["Must specify --yes"]);
    assert_eq!(clusters.of_type("e2-standard-8"), 0);
    clusters.succeed(&format!("delete instance {worker} --cloudonly --yes")).assert_says(&["Detaching"]);
    assert_eq!((clusters.of_type("e2-standard-8"), clusters.machines().len()), (1, 4));
    // A name without a path is enough.
    clusters.refuse("delete instance i-1 --cloudonly --yes", &["k8s.example.com has no instance i-1"]);
    clusters.succeed("delete instance control-a-a000 --cloudonly --yes").assert_says(&["cannot be detached"]);
    assert_eq!((clusters.of_type("e2-standard-8"), clusters.machines().len()), (2, 4));
}
