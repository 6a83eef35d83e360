//! The files from which machines boot, and the add-ons that the control plane applies.

use crate::rendered::render;
use crate::{KEY, text};
use landform_core::Stack;
use landform_kops::{FixedLookup, Options, Problems, Spec, Version, cluster};
use serde_json::Value;
use std::collections::BTreeMap;

fn made(text: &str, lookup: &FixedLookup) -> Result<BTreeMap<String, Value>, Problems> {
    let spec = Spec::parse("cluster.yaml", text)?;
    let options = Options { ssh_public_key: Some(KEY.into()), ..Options::default() };
    let mut stack = Stack::new("cluster");
    cluster(&mut stack, &spec, &options, lookup)?;
    Ok(stack.nodes().map(|node| (node.address.to_string(), render(&node.arguments))).collect())
}

fn by_suite(text: &str) -> BTreeMap<String, Value> {
    made(text, &FixedLookup::kops_suite()).unwrap_or_else(|problems| panic!("{problems}"))
}

/// The names of the resources whose values differ.
fn changed(before: &BTreeMap<String, Value>, after: &BTreeMap<String, Value>) -> Vec<String> {
    let names = before.keys().chain(after.keys()).filter(|name| before.get(*name) != after.get(*name));
    let mut names: Vec<String> = names.cloned().collect();
    names.sort();
    names.dedup();
    names
}

fn content(all: &BTreeMap<String, Value>, name: &str) -> String {
    all[&format!("aws_s3_object.{name}")]["content"].as_str().unwrap().to_owned()
}

/// Adds a line to the `Cluster` document.
fn with(name: &str, lines: &str) -> String {
    text(name).replacen("spec:\n", &format!("spec:\n{lines}"), 1)
}

#[test]
fn a_flag_of_kubelets_shows_from_the_file_to_the_machines() {
    let before = by_suite(&text("public"));
    let after = by_suite(&with("public", "  kubelet: {maxPods: 42}\n"));
    let changed = changed(&before, &after);
    let of_type = |of_type: &str| changed.iter().filter(|name| name.starts_with(of_type)).count();
    let groups = before.keys().filter(|name| name.starts_with("aws_launch_template.")).count();
    assert_eq!(of_type("aws_launch_template."), groups, "{changed:?}");
    assert!(changed.contains(&"aws_s3_object.cluster-completed-spec".into()), "{changed:?}");
    let configs: Vec<_> = changed.iter().filter(|name| name.contains("nodeupconfig-")).collect();
    assert_eq!(configs.len(), groups, "{changed:?}");
    for config in configs {
        assert!(after[config]["content"].as_str().unwrap().contains("maxPods: 42"), "{config}");
    }
}

#[test]
fn what_the_user_says_stands_above_a_default() {
    let all = by_suite(&with("public", "  containerd: {logLevel: warn}\n  kubelet: {logLevel: 4}\n"));
    let completed = content(&all, "cluster-completed-spec");
    assert!(completed.contains("logLevel: warn") && !completed.contains("logLevel: info"), "{completed}");
    assert_eq!(
        completed.matches("    logLevel: 4").count(),
        2,
        "kubelets of nodes and control plane: {completed}"
    );
}

#[test]
fn machines_without_dns_are_told_the_addresses_that_are_known() {
    let text = text("private").replacen("spec:\n", "spec:\n  topology: {dns: {type: None}}\n", 1);
    let text = text.replacen("  topology:\n    dns:\n      type: Public\n", "", 1);
    let mut lookup = FixedLookup::kops_suite();
    let name = "api.private.example.com".to_owned();
    let nodes = |all: &BTreeMap<String, Value>| {
        let group = all.iter().find(|(name, _)| name.starts_with("aws_launch_template.workers")).unwrap();
        group.1["user_data"].as_str().unwrap().to_owned()
    };
    let before = nodes(&made(&text, &lookup).unwrap_or_else(|problems| panic!("{problems}")));
    assert!(before.contains("- https://kops-controller.internal.private.example.com:3988/"), "{before}");
    assert!(!before.contains("APIServerIPs"), "{before}");
    let addresses = ["lb.example.com", "203.0.113.9", "172.20.5.6"];
    lookup.balancer_addresses.insert(name, addresses.map(String::from).into());
    let after = nodes(&made(&text, &lookup).unwrap_or_else(|problems| panic!("{problems}")));
    assert!(after.contains("- https://172.20.5.6:3988/"), "{after}");
    assert!(after.contains("tlsServerName: kops-controller.internal.private.example.com"), "{after}");
    assert!(after.contains("APIServerIPs:\n- 172.20.5.6\n"), "only what nodes reach: {after}");
}

#[test]
fn an_add_on_that_changes_changes_the_channel() {
    let before = by_suite(&text("public"));
    let after = by_suite(&with("public", "  kubeDNS: {memoryLimit: 300Mi}\n"));
    let changed = changed(&before, &after);
    let expected = ["addons-bootstrap", "addons-coredns.addons.k8s.io-k8s-1.12"];
    for name in expected.map(|name| name.replace('.', "-")) {
        assert!(changed.iter().any(|changed| changed.ends_with(&name)), "{name}: {changed:?}");
    }
}

#[test]
fn what_cannot_boot_is_refused() {
    let mut old = FixedLookup::kops_suite();
    old.allows_newer = false;
    old.release = Version::new(1, 33, 1);
    let etcd = text("public").replacen("  - name: main\n", "  - name: main\n    version: 2.2.1\n", 1);
    let suite = FixedLookup::kops_suite();
    for (text, lookup, told) in [
        (text("public"), &old, "spec.kubernetesVersion: 1.34.0 is newer than kops 1.33.1 supports"),
        (etcd, &suite, "spec.etcdClusters[0].version"),
        (
            with("public", "  kubeDNS: {provider: KubeDNS}\n"),
            &suite,
            "spec.kubeDNS.provider: expected CoreDNS",
        ),
    ] {
        let problems = made(&text, lookup).unwrap_err().to_string();
        assert!(problems.contains(told), "{problems}");
    }
}

#[test]
fn unknown_fields_are_refused_or_left_out_as_kops_does() {
    let text = with("public", "  kubeScheduler: {leaderElection: {leaderElectRenewDeadline: 20s}}\n");
    let told = Spec::parse("cluster.yaml", &text).unwrap_err().to_string();
    assert!(told.contains("leaderElectRenewDeadline"), "{told}");
    let (spec, ignored) = Spec::parse_as_kops("cluster.yaml", &text).unwrap();
    assert!(spec.cluster.spec.kube_scheduler.is_some());
    assert_eq!(ignored.len(), 1);
    assert_eq!(ignored[0].path, "spec.kubeScheduler.leaderElection.leaderElectRenewDeadline");
    let mistyped = text.replacen("20s", "20s, leaderElect: maybe", 1);
    assert!(Spec::parse_as_kops("cluster.yaml", &mistyped).is_err(), "wrong types stay wrong");
}

#[test]
fn an_add_on_of_another_project_is_made_of_the_manifest_that_is_given() {
    let spec = text("public").replacen("cni: {}", "calico: {}", 1);
    let manifest = "apiVersion: v1\nkind: Namespace\nmetadata: {name: calico-system}\n---\n\
        apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: node, namespace: calico-system}\n\
        spec: {template: {spec: {containers: [{name: node, image: \"quay.io/calico/node:v3.32.1\"}]}}}\n";
    let mut lookup = FixedLookup::kops_suite();
    let place = "networking.projectcalico.org/k8s-1.25";
    let told = made(&spec, &lookup).unwrap_err().to_string();
    assert!(told.contains("spec.networking.calico") && told.contains(place), "{told}");

    lookup.addons.insert(place.into(), manifest.into());
    let all = made(&spec, &lookup).unwrap();
    let name = "public.example.com-addons-networking.projectcalico.org-k8s-1.25".replace('.', "-");
    let found = all.keys().find(|address| address.replace('.', "-").ends_with(&name)).unwrap();
    let text = all[found]["content"].as_str().unwrap();
    assert!(text.contains("addon.kops.k8s.io/name: networking.projectcalico.org"), "{text}");
    assert!(text.contains("role.kubernetes.io/networking: \"1\""), "{text}");
    let channel = all.iter().find(|(address, _)| address.ends_with("addons-bootstrap")).unwrap().1;
    let channel = channel["content"].as_str().unwrap();
    assert!(channel.contains("manifest: networking.projectcalico.org/k8s-1.25.yaml"), "{channel}");

    for (wrong, words) in [
        ("", "has no objects"),
        ("a: [", "line 1 is not YAML"),
        ("kind: A\n---\nmetadata: {}\n", "line 2 is not a Kubernetes object"),
    ] {
        lookup.addons.insert(place.into(), wrong.into());
        let told = made(&spec, &lookup).unwrap_err().to_string();
        assert!(told.contains("spec.networking.calico") && told.contains(words), "{told}");
    }
}
