//! `rolling-update`, `get instances`, `delete instance` and `validate` with nodes.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use landform::sim::{Effect, Existing};

use super::api::Api;
use super::{Clusters, NAME};

/// Options with which nothing is waited for that needs no waiting for.
const SWIFT: &str = "--yes --control-plane-interval 0s --node-interval 0s --bastion-interval 0s --post-drain-delay 0s \
                     --validate-count 1";

impl Clusters {
    /// The ids of the machines, each with its type, and whether its group counts it.
    fn machines(&self) -> BTreeMap<String, (String, bool)> {
        let made = self.0.made("fairwinds.state").into_iter();
        let of_type = |object: &Existing| object.type_name == "aws_instance";
        made.filter(of_type)
            .map(|object| {
                let counted = object.arguments["tags"].get("aws:autoscaling:groupName").is_some();
                (object.id, (object.arguments["instance_type"].as_str().unwrap().to_owned(), counted))
            })
            .collect()
    }

    /// How many machines of a type the groups count.
    pub fn of_type(&self, machine_type: &str) -> usize {
        self.machines().values().filter(|(of, counted)| of == machine_type && *counted).count()
    }

    /// A cluster that runs, of which the nodes and a machine of the control plane are out of date.
    fn outdated() -> Self {
        let clusters = Self::with_cluster();
        clusters.succeed(&format!("update cluster {NAME} --yes"));
        clusters.change("nodes", "t3.2xlarge");
        clusters.change("master-us-east-2b", "m5.large");
        clusters.succeed(&format!("update cluster {NAME} --yes"));
        clusters
    }

    fn change(&self, group: &str, machine_type: &str) {
        self.succeed(&format!("edit ig --name {NAME} {group} --set spec.machineType={machine_type}"));
    }
}

#[test]
fn machines_are_replaced_one_after_the_other() {
    let clusters = Clusters::with_cluster();
    clusters.succeed(&format!("update cluster {NAME} --yes"));
    let roll = format!("rolling-update cluster {NAME}");
    let cloud_only = format!("{roll} --cloudonly");
    let shown = clusters.succeed(&cloud_only);
    shown.assert_says(&["NAME", "STATUS", "NEEDUPDATE", "No rolling-update required"]);
    let first = clusters.machines();
    assert_eq!((clusters.of_type("t3.large"), clusters.of_type("t3.xlarge")), (3, 3));

    clusters.change("nodes", "t3.2xlarge");
    clusters.change("master-us-east-2b", "m5.large");
    clusters.succeed(&format!("update cluster {NAME} --yes"));
    assert_eq!(clusters.machines(), first, "an update replaces no machine");
    let shown = clusters.succeed(&cloud_only);
    shown.assert_says(&[
        "nodes              NeedsUpdate  3           0      3    3       3",
        "Must specify --yes",
    ]);
    clusters.succeed(&format!("get instances --name {NAME}")).assert_says(&[
        "NeedsUpdate",
        "UpToDate",
        "t3.xlarge",
    ]);
    clusters.refuse(
        &format!("{roll} --api-server http://127.0.0.1:1"),
        &["cannot list the nodes", "--cloudonly"],
    );
    clusters.refuse(&format!("{cloud_only} --instance-group nobody"), &["has no group nobody"]);

    let api = Api::of(clusters.0.cloud("fairwinds.state"));
    let through = format!("{roll} {}", api.option());
    clusters.succeed(&through).assert_says(&["NODES", "NeedsUpdate", "Must specify --yes"]);
    assert_eq!(clusters.machines(), first);
    // A disruption budget lets no pod of one node go at first.
    let kept = first.iter().find(|(_, (of, _))| of == "t3.xlarge").unwrap().0;
    api.seen.lock().unwrap().budgets.insert(format!("web-{kept}"), 1);
    let ran = clusters.succeed(&format!("{through} {SWIFT}"));
    ran.assert_says(&["Detaching i-", "Draining i-", "Terminating i-", "Completed rolling update"]);
    assert_eq!(clusters.of_type("t3.2xlarge"), 3);
    assert_eq!(clusters.of_type("m5.large"), 1);
    let left = first.keys().filter(|id| clusters.machines().contains_key(*id)).count();
    assert_eq!(left, 2, "what was up to date stays");
    let log = api.log();
    assert_eq!(log.iter().filter(|line| line.starts_with("evict web-")).count(), 3, "{log:?}");
    assert_eq!(log.iter().filter(|line| line.starts_with("cordon")).count(), 4, "{log:?}");
    assert!(log.iter().all(|line| !line.contains("net-") && !line.contains("kube-")), "{log:?}");
    assert!(api.seen.lock().unwrap().lost.is_empty(), "no pod is lost");
    // The control plane comes before the nodes.
    let position = |said: &str| ran.out.find(said).unwrap_or_else(|| panic!("no {said:?} in {}", ran.out));
    let [control, node] = ["t3.large", "t3.xlarge"].map(|of| {
        let gone = |id: &&String| first[*id].0 == of && !clusters.machines().contains_key(*id);
        position(&format!("Terminating {}", first.keys().find(gone).unwrap()))
    });
    assert!(control < node);
    clusters.succeed(&format!("{through} {SWIFT}")).assert_says(&["No rolling-update required"]);

    let now = clusters.machines();
    let nodes = format!("{through} {SWIFT} --instance-group-roles node --force");
    clusters.succeed(&nodes);
    let kept = now.keys().filter(|id| clusters.machines().contains_key(*id)).count();
    assert_eq!(kept, 3, "the control plane is not asked for");
    clusters.succeed(&format!("validate cluster {NAME}"));
    let shown = clusters.succeed(&format!("update cluster {NAME}"));
    assert!(!shown.out.contains("Must specify --yes"), "machines are no part of the plan: {}", shown.out);
}

#[test]
fn a_cluster_that_does_not_work_is_not_made_worse() {
    let clusters = Clusters::outdated();
    let api = Api::of(clusters.0.cloud("fairwinds.state"));
    let roll = format!("rolling-update cluster {NAME} {} {SWIFT}", api.option());
    let validate = format!("validate cluster {NAME} {}", api.option());
    let before = clusters.machines();
    let valid = clusters.succeed(&validate);
    valid.assert_says(&["NODE STATUS", "control-plane  True", "node           True", "is ready"]);

    let listed = clusters.succeed(&format!("get instances --name {NAME} {} -o json", api.option())).out;
    let listed: serde_json::Value = serde_json::from_str(&listed).unwrap();
    assert_eq!(listed.as_array().unwrap().len(), 6);
    let node = listed.as_array().unwrap().iter().find(|item| item["roles"][0] == "node").unwrap();
    let (id, name) = (node["id"].as_str().unwrap(), node["nodeName"].as_str().unwrap());
    assert_eq!(node["status"], "NeedsUpdate");

    // The budget of one pod never lets it go.
    api.seen.lock().unwrap().budgets.insert(format!("web-{id}"), u32::MAX);
    let stuck = clusters.run(&format!("{roll} --drain-timeout 0s --instance-group nodes"));
    assert_eq!(stuck.code, Some(1), "{stuck:?}");
    assert!(stuck.errors.contains("a disruption budget does not allow it"), "{stuck:?}");
    assert!(clusters.machines().contains_key(id), "a machine that cannot be drained stays");
    let ignored = format!("{roll} --drain-timeout 0s --instance-group nodes --fail-on-drain-error=false");
    assert!(clusters.succeed(&ignored).errors.contains("a disruption budget"));
    assert_eq!(clusters.of_type("t3.2xlarge"), 3);
    assert!(!before.keys().all(|id| clusters.machines().contains_key(id)));

    // A node of the control plane is not ready: nothing else is replaced.
    let controls = clusters.succeed(&format!("get instances --name {NAME} {} -o json", api.option())).out;
    let controls: serde_json::Value = serde_json::from_str(&controls).unwrap();
    let control =
        controls.as_array().unwrap().iter().find(|item| item["roles"][0] == "control-plane").unwrap();
    api.seen.lock().unwrap().unready.insert(control["nodeName"].as_str().unwrap().to_owned());
    let found = clusters.run(&validate);
    assert_eq!(found.code, Some(2), "{found:?}");
    found.assert_says(&["VALIDATION ERRORS", "is not ready", "Validation Failed"]);
    let found = clusters.run(&format!("{validate} -o json --wait 1s --interval 1s"));
    assert_eq!(found.code, Some(2), "{found:?}");
    assert!(found.errors.contains("will retry"), "{found:?}");
    let before = clusters.machines();
    let ran = clusters.run(&format!("{roll} --validation-timeout 1s"));
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.errors.contains("did not validate") && ran.errors.contains("is not ready"), "{ran:?}");
    assert_eq!(clusters.machines(), before);
    api.seen.lock().unwrap().unready.clear();
    let _ = name;
    clusters.succeed(&roll);
    assert_eq!(clusters.of_type("m5.large"), 1);
}

#[test]
fn one_machine_is_replaced() {
    let clusters = Clusters::outdated();
    let api = Api::of(clusters.0.cloud("fairwinds.state"));
    let listed = clusters.succeed(&format!("get instances --name {NAME} {} -o yaml", api.option())).out;
    let name = |role: &str| {
        let item = listed.split("\n- ").find(|item| item.contains(&format!("- {role}\n")));
        let field = |name: &str| {
            let line = item.unwrap().lines().find(|line| line.contains(&format!("{name}: "))).unwrap();
            line.split(": ").nth(1).unwrap().to_owned()
        };
        [field("id"), field("nodeName")]
    };
    let [id, node] = name("node");
    let delete =
        format!("delete instance --name {NAME} {} --post-drain-delay 0s --validate-count 1", api.option());
    clusters.succeed(&format!("{delete} {node}")).assert_says(&[&id, &node, "Must specify --yes"]);
    clusters.refuse(&format!("{delete} i-nothing --yes"), &["has no instance i-nothing"]);
    clusters.succeed(&format!("{delete} {node} --yes")).assert_says(&[
        "Detaching",
        "Draining",
        "Deleted instance",
    ]);
    assert!(!clusters.machines().contains_key(&id));
    assert_eq!(clusters.of_type("t3.2xlarge"), 1);
    assert!(api.seen.lock().unwrap().lost.is_empty());
    let [id, _] = name("control-plane");
    clusters.succeed(&format!("{delete} {id} --yes")).assert_says(&["cannot be detached", "Terminating"]);
    let left = clusters.machines().keys().next().unwrap().clone();
    clusters.succeed(&format!("delete instance --name {NAME} --cloudonly {left} --yes"));
    assert_eq!(clusters.machines().len(), 6);
}

/// A rolling update is killed wherever it is. What it replaced stays, and no machine is replaced twice.
#[test]
fn a_rolling_update_that_was_killed_goes_on() {
    let clusters = Clusters::outdated();
    let cloud = clusters.0.cloud("fairwinds.state");
    let api = Api::of(clusters.0.cloud("fairwinds.state"));
    let made = || {
        let entries = cloud.ledger().unwrap();
        entries
            .iter()
            .filter(|entry| entry.type_name == "aws_instance" && entry.effect == Effect::Created)
            .count()
    };
    let (before, first) = (made(), clusters.machines());
    let roll = format!("rolling-update cluster {NAME} {} {SWIFT} --node-interval 150ms", api.option());
    let killed = clusters.interrupt(&roll, 8);
    clusters.succeed(&roll);
    assert!(killed > 2, "{killed} were killed");
    assert_eq!(made() - before, 4, "every machine that was out of date got one successor");
    assert_eq!((clusters.of_type("t3.2xlarge"), clusters.of_type("m5.large")), (3, 1));
    let now: BTreeSet<String> = clusters.machines().into_keys().collect();
    assert_eq!(now.len(), 6, "no detached machine is left");
    assert_eq!(first.keys().filter(|id| now.contains(*id)).count(), 2);
    assert!(api.seen.lock().unwrap().lost.is_empty(), "no pod is lost");
}

/// The API above behaves as one: kubectl, which knows nothing of ours, drains a node of it.
#[test]
fn kubectl_drains_a_node_of_the_same_api() {
    let clusters = Clusters::with_cluster();
    clusters.succeed(&format!("update cluster {NAME} --yes"));
    clusters.succeed(&format!("rolling-update cluster {NAME} --cloudonly"));
    let api = Api::of(clusters.0.cloud("fairwinds.state"));
    let server = format!("http://{}", api.address);
    let listed = clusters.succeed(&format!("get instances --name {NAME} {} -o json", api.option())).out;
    let listed: serde_json::Value = serde_json::from_str(&listed).unwrap();
    let node = listed.as_array().unwrap().iter().find(|item| item["roles"][0] == "node").unwrap();
    let node = node["nodeName"].as_str().unwrap();
    let drain = ["drain", node, "--ignore-daemonsets", "--force", "--delete-emptydir-data", "--timeout=20s"];
    let ran = Command::new("kubectl")
        .args(["--kubeconfig", "/dev/null", "--server", &server])
        .args(drain)
        .env("HOME", clusters.0.path())
        .output();
    match ran {
        Err(error) => eprintln!("kubectl did not run: {error}"),
        Ok(ran) => {
            assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
            let log = api.log();
            assert!(log.contains(&format!("cordon {node}")), "{log:?}");
            assert_eq!(log.iter().filter(|line| line.starts_with("evict web-")).count(), 1, "{log:?}");
        }
    }
}
