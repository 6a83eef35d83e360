//! `create cluster` against kops's own cases, text by text, and refused options.

use crate::goldens::kops_folders;
use landform_kops::create::{CloudProvider, Plugin, Topology};
use landform_kops::{FixedLookup, NewCluster, new_cluster};
use landform_testkit::kops::create::{OPTIONS, documents, lookup};
use std::io::Write as _;

/// The text of kops's own documents.
const EXPECTED: &str = "expected-v1alpha2.yaml";
const CASES: &str = "tests/integration/create_cluster";

#[test]
fn new_clusters_are_as_kops_makes_them() {
    let folders = kops_folders(CASES);
    let (mut equal, mut different) = (0, Vec::new());
    for folder in &folders {
        let channel = folder.ancestors().nth(3).unwrap().join("channels/stable");
        let lookup = lookup(&channel).unwrap_or_else(|failure| panic!("{failure}"));
        let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        for case in entries.filter(|case| case.join(OPTIONS).is_file()) {
            let wanted = std::fs::read_to_string(case.join(EXPECTED)).unwrap();
            if !["aws", "gce"].iter().any(|cloud| wanted.contains(&format!("\n  cloudProvider: {cloud}\n"))) {
                continue;
            }
            match documents(&case.join(OPTIONS), &lookup) {
                Ok(made) if made.trim() == wanted.trim() => equal += 1,
                Ok(made) => {
                    different.push(format!("{}: {}", case.display(), first_difference(&made, &wanted)))
                }
                Err(failure) => different.push(format!("{}: {failure}", case.display())),
            }
        }
    }
    let total = equal + different.len();
    assert!(different.is_empty(), "{equal}/{total} equal\n{}", different.join("\n"));
    if !folders.is_empty() {
        assert!(total >= 20, "found {total} of 20 cases");
        writeln!(std::io::stderr(), "compared with kops: {equal}/{total} new clusters equal").unwrap();
    }
}

fn first_difference(made: &str, wanted: &str) -> String {
    let mut lines = made.lines().zip(wanted.lines()).enumerate();
    match lines.find(|(_, (made, wanted))| made != wanted) {
        Some((line, (made, wanted))) => format!("line {}: made {made:?}, wanted {wanted:?}", line + 1),
        None => format!("made {} lines, wanted {}", made.lines().count(), wanted.lines().count()),
    }
}

fn options() -> NewCluster {
    NewCluster {
        cluster_name: "k8s.example.com".into(),
        cloud_provider: Some(CloudProvider::Aws),
        zones: vec!["us-test-1a".into()],
        kubernetes_version: "1.34.0".into(),
        config_base: "s3://state/k8s.example.com".into(),
        networking: Plugin::Kindnet,
        ..NewCluster::default()
    }
}

#[test]
fn a_new_cluster_is_a_spec_like_any_other() {
    let spec = new_cluster(&options(), &FixedLookup::kops_suite()).unwrap();
    let (stack, _) = crate::stack_of(&spec.to_yaml()).unwrap();
    stack.check().unwrap();
    assert!(stack.node("aws_autoscaling_group.nodes-us-test-1a-k8s-example-com").is_some());
}

#[test]
fn options_that_are_wrong() {
    fn changed(change: impl FnOnce(&mut NewCluster)) -> NewCluster {
        let mut options = options();
        change(&mut options);
        options
    }
    let cases = [
        (NewCluster { cloud_provider: None, ..options() }, "--cloud: expected aws or gce"),
        (changed(|options| options.cluster_name.clear()), "--name: expected the cluster's name"),
        (changed(|options| options.zones.clear()), "--zones: expected at least one zone"),
        (changed(|options| options.zones = vec!["us-test-1x".into()]), "there is no zone \"us-test-1x\""),
        (changed(|options| options.config_base.clear()), "--config-base: expected where"),
        (
            changed(|options| options.kubernetes_version = "new".into()),
            "--kubernetes-version: \"new\": expected",
        ),
        (changed(|options| options.bastion = true), "--bastion: expected --topology private"),
        (
            changed(|options| options.subnet_ids = vec!["subnet-9".into()]),
            "--subnets: there is no subnet subnet-9",
        ),
        (changed(|options| options.network_id = "vpc-9".into()), "spec.networkID: there is no network vpc-9"),
        (changed(|options| options.cloud_labels = "team".into()), "--cloud-labels: \"team\": expected"),
        (
            changed(|options| options.kubernetes_feature_gates = vec!["-".into()]),
            "--kubernetes-feature-gates: \"-\": expected",
        ),
        (
            changed(|options| {
                options.control_plane_zones = vec!["us-test-1a".into(), "us-test-1b".into()];
                options.control_plane_count = 1;
            }),
            "--control-plane-count: 1: expected at least one machine for each of the 2 zones",
        ),
        (
            changed(|options| {
                options.topology = Some(Topology::Private);
                options.networking = Plugin::Kubenet;
            }),
            "--networking: kubenet does not support",
        ),
        (changed(|options| options.sets = vec!["spec.chanel=a".into()]), "did you mean \"channel\"?"),
        (changed(|options| options.control_plane_count = 2), "expected an odd number"),
    ];
    for (options, expected) in cases {
        let told = new_cluster(&options, &FixedLookup::kops_suite()).unwrap_err().to_string();
        assert!(told.contains(expected), "{expected}: {told}");
    }
}
