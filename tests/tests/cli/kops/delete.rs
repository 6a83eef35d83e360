//! `delete cluster`, also where the engine's state is missing.

use std::fs;

use landform::serde_json::json;
use landform::sim::Existing;

use super::{Clusters, NAME};

const DELETE: &str = "delete cluster working.example.com";

impl Clusters {
    /// A cluster that runs and of which the engine's state is lost.
    fn without_state() -> Self {
        let clusters = Self::with_cluster();
        clusters.succeed(&format!("update cluster {NAME} --yes"));
        clusters.lose_state();
        clusters
    }

    fn lose_state(&self) {
        fs::remove_dir_all(self.0.path().join("store/landform")).unwrap();
    }

    /// Detaches a machine from its group, as a rolling update does.
    fn detach_one(&self) -> String {
        let cloud = self.0.cloud("fairwinds.state");
        let machine = self.0.ids("fairwinds.state", "aws_instance").remove(0);
        let detach = |arguments: &mut landform::serde_json::Map<String, _>| {
            let tags =
                arguments.get_mut("tags").and_then(landform::serde_json::Value::as_object_mut).unwrap();
            let group = tags.remove("aws:autoscaling:groupName").unwrap();
            tags.insert("kops.k8s.io/detached-from-asg".into(), group);
        };
        cloud.tamper("aws_instance", &machine, detach).unwrap();
        machine
    }

    /// Everything in the cloud, by type and id.
    fn all(&self) -> Vec<(String, String)> {
        let made = self.0.made("fairwinds.state").into_iter();
        let mut all: Vec<_> =
            made.map(|object: Existing| (object.type_name.to_string(), object.id)).collect();
        all.sort();
        all
    }
}

#[test]
fn resources_are_found_without_the_state() {
    let clusters = Clusters::with_cluster();
    let base = clusters.all();
    let cloud = clusters.0.cloud("fairwinds.state");
    let vpc = clusters.0.ids("fairwinds.state", "aws_vpc").remove(0);
    let tag = |arguments: &mut landform::serde_json::Map<String, landform::serde_json::Value>| {
        arguments["tags"]["kubernetes.io/cluster/working.example.com"] = "shared".into();
    };
    cloud.tamper("aws_vpc", &vpc, tag).unwrap();
    clusters.succeed(&format!("update cluster {NAME} --yes"));
    // An older revision had a load balancer, which stays until somebody prunes it.
    let text = fs::read_to_string(clusters.0.path().join("cluster_spec.yml")).unwrap();
    let balancer = "    loadBalancer:\n      type: Public\n      class: Network\n";
    clusters.0.write_changed("by_dns.yml", &text, balancer, "    dns: {}\n");
    clusters.succeed("replace -f by_dns.yml");
    clusters.succeed(&format!("update cluster {NAME} --yes"));
    let old_balancer = clusters.0.ids("fairwinds.state", "aws_lb").remove(0);
    let machine = clusters.detach_one();
    let volume = |id: &str, key: &str, value: &str| {
        let arguments = json!({ "availability_zone": "us-east-2a", "size": 8, "tags": { key: value } });
        cloud.seed("aws_ebs_volume", id, arguments).unwrap();
    };
    // The cluster's storage driver and its DNS controller made these.
    volume("vol-00000000000000001", "kubernetes.io/cluster/working.example.com", "owned");
    let record = |name: &str, kind: &str| {
        let zone = "Z1FAIRWINDS";
        let id = format!("{zone}_{name}_{kind}");
        let arguments = json!({ "zone_id": format!("/hostedzone/{zone}"), "name": name, "type": kind, "ttl": 60, "records": ["10.0.0.1"] });
        cloud.seed("aws_route53_record", &id, arguments).unwrap();
        ("aws_route53_record".to_owned(), id)
    };
    record("kops-controller.internal.working.example.com", "A");
    // These belong to others.
    volume("vol-00000000000000002", "KubernetesCluster", "other.example.com");
    volume("vol-00000000000000003", "Name", "working.example.com");
    let mut others = vec![record("www.working.example.com", "A"), record("api.other.example.com", "A")];
    others.extend(["2", "3"].map(|last| ("aws_ebs_volume".into(), format!("vol-0000000000000000{last}"))));

    clusters.lose_state();
    let (there, files) = (clusters.all(), clusters.0.listing());
    let shown = clusters.succeed(DELETE);
    shown.assert_says(&[
        "that the state does not have",
        "destroy aws_autoscaling_group.nodes-working-example-com (nodes.working.example.com)",
        "destroy aws_iam_role.nodes-working-example-com",
        &old_balancer,
        &machine,
        "vol-00000000000000001",
        "Must specify --yes",
    ]);
    for kept in [&vpc, "aws_nat_gateway", "vol-00000000000000002", "vol-00000000000000003"] {
        assert!(!shown.out.contains(kept), "{kept} stays: {}", shown.out);
    }
    assert!(clusters.all() == there && clusters.0.listing() == files, "a shown plan changes nothing");

    clusters.succeed(&format!("{DELETE} --yes")).assert_says(&["Deleted cluster"]);
    let mut expected: Vec<_> = base.into_iter().chain(others).collect();
    expected.sort();
    assert_eq!(clusters.all(), expected, "what others have stays");
    clusters.refuse(DELETE, &["no cluster \"working.example.com\""]);
}

#[test]
fn a_deletion_without_state_that_was_killed_goes_on() {
    let clusters = Clusters::new();
    let base = clusters.all();
    clusters.succeed("create -f cluster_spec.yml");
    clusters.succeed(&format!("create secret --name {NAME} sshpublickey admin -i key.pub"));
    clusters.succeed(&format!("update cluster {NAME} --yes"));
    clusters.lose_state();
    let killed = clusters.interrupt(&format!("{DELETE} --yes"), 8);
    if clusters.run(&format!("get cluster {NAME}")).code == Some(0) {
        clusters.succeed(&format!("{DELETE} --yes"));
    }
    assert_eq!(clusters.all(), base);
    assert!(killed > 0, "{killed} were killed");
}

/// A half of the state is lost, and a rolling update was killed before.
#[test]
fn the_state_and_the_cloud_together_say_what_goes() {
    let clusters = Clusters::with_cluster();
    let base = clusters.all();
    clusters.succeed(&format!("update cluster {NAME} --phase network --yes"));
    let state = clusters.0.path().join("store/landform");
    let (kept, all) = (clusters.0.path().join("kept"), clusters.0.path().join("all"));
    let copy = |from: &std::path::Path, to: &std::path::Path| {
        for (path, bytes) in clusters.0.listing() {
            let Ok(below) = path.strip_prefix(from) else { continue };
            match bytes {
                Some(bytes) => fs::write(to.join(below), bytes).unwrap(),
                None => fs::create_dir_all(to.join(below)).unwrap(),
            }
        }
    };
    fs::create_dir_all(&kept).unwrap();
    copy(&state, &kept);
    clusters.succeed(&format!("update cluster {NAME} --yes"));
    fs::rename(&state, &all).unwrap();
    fs::create_dir_all(&state).unwrap();
    copy(&kept, &state);
    let machine = clusters.detach_one();
    clusters.succeed(DELETE).assert_says(&["aws_subnet.", "aws_autoscaling_group.", &machine]);
    clusters.succeed(&format!("{DELETE} --yes"));
    assert_eq!(clusters.all(), base);
}

#[test]
fn a_cluster_that_the_store_does_not_have_is_deleted() {
    let clusters = Clusters::without_state();
    clusters.refuse(&format!("{DELETE} --external --region us-east-2"), &["the store has the cluster"]);
    clusters.succeed(&format!("{DELETE} --unregister")).assert_says(&["Must specify --yes"]);
    let there = clusters.all();
    clusters.succeed(&format!("{DELETE} --unregister --yes")).assert_says(&["Unregistered cluster"]);
    assert_eq!(clusters.all(), there);
    clusters.refuse(DELETE, &["no cluster \"working.example.com\""]);
    clusters.succeed(&format!("{DELETE} --external --region us-east-2 --yes"));
    let left = clusters.all();
    let found = [
        "aws_autoscaling_group",
        "aws_iam_instance_profile",
        "aws_iam_role",
        "aws_iam_role_policy",
        "aws_instance",
        "aws_key_pair",
        "aws_lb",
        "aws_route53_record",
        "aws_security_group_rule",
    ];
    assert!(found.iter().all(|of| there.iter().any(|(there, _)| there == of)), "{there:?}");
    assert!(!left.iter().any(|(of, _)| found.contains(&&**of)), "{left:?}");
    assert!(left.iter().filter(|(of, _)| of == "aws_vpc").count() == 1, "the VPC stays");
}

#[test]
fn a_cluster_whose_spec_makes_no_stack_is_deleted() {
    let clusters = Clusters::without_state();
    let keys = clusters.0.path().join("store").join(NAME).join("pki/private/kubernetes-ca/keyset.yaml");
    fs::write(keys, "damaged").unwrap();
    let ran = clusters.succeed(&format!("{DELETE} --yes"));
    assert!(ran.errors.contains("warning: the command finds resources only by tags and names"), "{ran:?}");
    let left = clusters.all();
    assert!(!left.iter().any(|(of, _)| of == "aws_autoscaling_group" || of == "aws_s3_object"), "{left:?}");
}
