//! Updates of a part of a cluster, and `reconcile`.

use std::fs;

use super::api::Api;
use super::{Clusters, NAME};

#[test]
fn an_update_may_be_about_a_part() {
    let clusters = Clusters::with_cluster();
    let update = format!("update cluster {NAME}");
    clusters.refuse(&format!("{update} --instance-group nobody"), &["has no group nobody"]);
    let overrides = format!("{update} --lifecycle-overrides");
    clusters.refuse(&format!("{overrides} SecurityGroup"), &["expected KIND=LIFECYCLE"]);
    clusters.refuse(&format!("{overrides} Fence=Ignore"), &["\"Fence=Ignore\"", "IAMRole", "SecurityGroup"]);
    clusters.refuse(&format!("{overrides} VPC=Sometimes"), &["ExistsAndWarnIfChanges"]);
    clusters.refuse(&format!("{overrides} VPC=WarnIfInsufficientAccess"), &["not supported"]);
    clusters.refuse(&format!("{overrides} IAMRole=ExistsAndValidates"), &["aws_iam_role", "does not exist"]);

    let shown = clusters.succeed(&format!("{update} --phase security")).out;
    assert!(shown.contains("aws_iam_role.") && shown.contains("aws_security_group."), "{shown}");
    assert!(!shown.contains("aws_autoscaling_group"), "{shown}");
    clusters.succeed(&format!("{update} --phase security --yes"));
    assert!(clusters.0.ids("fairwinds.state", "aws_autoscaling_group").is_empty());
    assert!(!clusters.0.ids("fairwinds.state", "aws_iam_role").is_empty());
    clusters.succeed(&format!("{update} --yes"));
    assert_eq!(clusters.0.ids("fairwinds.state", "aws_autoscaling_group").len(), 4);

    clusters.succeed(&format!("edit ig --name {NAME} nodes --set spec.machineType=t3.2xlarge"));
    clusters.succeed(&format!("edit ig --name {NAME} master-us-east-2a --set spec.machineType=m5.large"));
    let nodes = clusters.succeed(&format!("{update} --instance-group-roles node")).out;
    assert!(
        nodes.contains("aws_launch_template.nodes-") && !nodes.contains("launch_template.master-"),
        "{nodes}"
    );
    let control = clusters.succeed(&format!("{update} --instance-group master-us-east-2a --yes")).out;
    assert!(
        control.contains("aws_launch_template.master-us-east-2a") && !control.contains("template.nodes-")
    );
    let left = clusters.succeed(&update).out;
    assert!(
        left.contains("aws_launch_template.nodes-") && !left.contains("launch_template.master-"),
        "{left}"
    );
    let ignored = clusters.succeed(&format!("{overrides} LaunchTemplate=Ignore,AutoscalingGroup=Ignore")).out;
    assert!(!ignored.contains("aws_launch_template"), "{ignored}");
    clusters.refuse(
        &format!("{overrides} LaunchTemplate=ExistsAndValidates"),
        &["launch_template.nodes", "not as declared"],
    );
    let told = clusters.succeed(&format!("{overrides} LaunchTemplate=ExistsAndWarnIfChanges"));
    assert!(
        told.errors.contains("launch_template.nodes")
            && told.errors.contains("the update does not change it"),
        "{told:?}"
    );
    assert!(!told.out.contains("aws_launch_template"), "{told:?}");
    let last = |values: &str| clusters.succeed(&format!("{overrides} {values}")).out;
    let synced = last("LaunchTemplate=Ignore,LaunchTemplate=Sync");
    assert!(synced.contains("aws_launch_template.nodes-"), "the last value counts: {synced}");
    let ignored = last("LaunchTemplate=Sync,LaunchTemplate=Ignore");
    assert!(!ignored.contains("aws_launch_template"), "the last value counts: {ignored}");
}

#[test]
fn a_load_balancer_goes_only_when_pruned() {
    let clusters = Clusters::with_cluster();
    let update = format!("update cluster {NAME}");
    clusters.succeed(&format!("{update} --yes"));
    let balancers = || clusters.0.ids("fairwinds.state", "aws_lb").len();
    assert_eq!(balancers(), 1);
    let text = fs::read_to_string(clusters.0.path().join("cluster_spec.yml")).unwrap();
    let balancer = "    loadBalancer:\n      type: Public\n      class: Network\n";
    clusters.0.write_changed("by_dns.yml", &text, balancer, "    dns: {}\n");
    clusters.succeed("replace -f by_dns.yml");
    let shown = clusters.succeed(&format!("{update} --yes"));
    shown.assert_says(&["only when the --prune flag", "aws_lb."]);
    assert_eq!(balancers(), 1);
    let pruned = clusters.succeed(&format!("{update} --yes --prune"));
    assert!(!pruned.out.contains("--prune flag"), "{pruned:?}");
    assert_eq!(balancers(), 0);
    assert!(clusters.0.ids("fairwinds.state", "aws_lb_target_group").is_empty());
    let again = clusters.succeed(&update);
    assert!(!again.out.contains("Must specify --yes"), "{}", again.out);
}

#[test]
fn an_update_writes_the_file_of_kubectl() {
    let clusters = Clusters::with_cluster();
    let file = clusters.0.path().join("kubeconfig");
    let update = |arguments: &str| {
        let ran = clusters
            .command(&format!("update cluster {NAME} --yes {arguments}"))
            .env("KUBECONFIG", &file)
            .output()
            .unwrap();
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        fs::read_to_string(&file).unwrap_or_default()
    };
    assert_eq!(update(""), "", "nothing is written unasked");
    let other = "apiVersion: v1\nkind: Config\ncurrent-context: other\nclusters:\n- name: other\n  cluster: {server: https://other}\n\
                 contexts:\n- name: other\n  context: {cluster: other, user: other}\nusers:\n- name: other\n  user: {token: secret}\n";
    fs::write(&file, other).unwrap();
    let written = update("--create-kube-config --internal");
    for said in [
        "https://other",
        "token: secret",
        &format!("current-context: {NAME}"),
        &format!("https://api.internal.{NAME}"),
    ] {
        assert!(written.contains(said), "{said}: {written}");
    }
    assert!(!written.contains("client-key-data"));
    let written = update("--admin");
    assert_eq!(written.matches(&format!("name: {NAME}\n")).count(), 3, "once a list: {written}");
    assert!(written.contains("client-key-data"));
    let user = update("--user other");
    assert!(user.contains("user: other"), "{user}");
    fs::write(&file, "[]").unwrap();
    let ran = clusters
        .command(&format!("update cluster {NAME} --yes --create-kube-config"))
        .env("KUBECONFIG", &file)
        .output()
        .unwrap();
    assert!(!ran.status.success());
    assert!(String::from_utf8_lossy(&ran.stderr).contains("in kubectl's format"));
}

#[test]
fn a_cluster_is_reconciled() {
    let clusters = Clusters::with_cluster();
    let reconcile = format!("reconcile cluster {NAME}");
    clusters.succeed(&reconcile).assert_says(&["+ create aws_autoscaling_group.nodes", "Must specify --yes"]);
    let pauses = "--yes --control-plane-interval 0s --node-interval 0s";
    clusters.succeed(&format!("{reconcile} {pauses} --cloudonly"));
    let swift = format!("{pauses} --post-drain-delay 0s --validate-count 1");
    let api = Api::of(clusters.0.cloud("fairwinds.state"));
    for group in ["nodes", "master-us-east-2a"] {
        clusters.succeed(&format!("edit ig --name {NAME} {group} --set spec.machineType=t3.2xlarge"));
    }
    let interrupted = format!("{reconcile} {swift} {} --node-interval 100ms", api.option());
    clusters.interrupt(&interrupted, 4);
    let ran = clusters.succeed(&format!("{reconcile} {swift} {}", api.option()));
    ran.assert_says(&[
        "Waiting for the kubernetes API",
        "rolling-update for control plane",
        "rolling-update for nodes",
    ]);
    let shown = clusters.succeed(&format!("rolling-update cluster {NAME} --cloudonly"));
    shown.assert_says(&["No rolling-update required"]);
    assert_eq!(clusters.of_type("t3.2xlarge"), 4);
    assert!(api.seen.lock().unwrap().lost.is_empty(), "no pod is lost");
}
