//! Clusters on Google: what a spec asks for is made, and each mistake is one clear error.

use crate::{KEY, addresses, rendered::rendered, text};
use landform_core::{Cidr, Stack};
use landform_gce as google;
use landform_kops::gce::{ClusterHandles, Existing, cluster};
use landform_kops::lookup::Subnetwork;
use landform_kops::{FixedLookup, MissingAddons, Options, Problem, Problems, Spec, unused};
use serde_json::json;

/// The answers of a project and a region.
pub fn lookup() -> FixedLookup {
    FixedLookup::google("my-project", "us-central1")
}

/// The cluster of a spec's text.
pub fn stack_of(text: &str, lookup: &FixedLookup) -> Result<(Stack, ClusterHandles), Problems> {
    let mut stack = Stack::new("cluster");
    let handles = add(&mut stack, text, None, lookup)?;
    Ok((stack, handles))
}

fn add(
    stack: &mut Stack,
    text: &str,
    existing: Option<Existing>,
    lookup: &FixedLookup,
) -> Result<ClusterHandles, Problems> {
    let missing_addons = MissingAddons::LeftOut;
    let options = Options { ssh_public_key: Some(KEY.into()), missing_addons, existing };
    cluster(stack, &Spec::parse("cluster.yaml", text)?, &options, lookup)
}

/// Replaces a text in the spec. The text must exist.
pub fn slip(from: &str, to: &str) -> String {
    let text = text("google");
    assert!(text.contains(from), "{from}");
    text.replacen(from, to, 1)
}

/// Asserts the first problem of a spec: its kind and field, and words of its detail. The stack stays empty.
fn expect(text: &str, lookup: &FixedLookup, key: &str, words: &str) {
    let mut stack = Stack::new("cluster");
    let Err(problems) = add(&mut stack, text, None, lookup) else { panic!("{key}: no problem found") };
    let problems = problems.as_slice();
    let shown = problems.iter().map(Problem::to_string).collect::<Vec<_>>().join("\n");
    assert!(
        problems.iter().any(|problem| problem.key() == key && problem.detail.contains(words)),
        "{key}\n{shown}"
    );
    assert_eq!(stack.len(), 0);
}

#[test]
fn each_mistake_has_its_error() {
    let cases = [
        ("project: my-project", "project: My_Project", "Invalid::spec.project", "such as my-project-1"),
        ("name: k8s.example.com", "name: 8s.example.com", "Invalid::metadata.name", "begin with a letter"),
        (
            "region: us-central1",
            "region: us-central1-a",
            "Invalid::spec.subnets[0].region",
            "such as us-central1",
        ),
        ("    region: us-central1\n", "", "Required::spec.subnets[0].region", "regional"),
        (
            "region: us-central1",
            "region: us-central1\n    zone: us-central1-a",
            "Invalid::spec.subnets[0].zone",
            "groups have zones",
        ),
        (
            "name: main\n    region",
            "name: Main\n    region",
            "Invalid::spec.subnets[0].name",
            "lower-case letter",
        ),
        ("zones: [us-central1-a]", "zones: []", "Required::spec.zones", "such as us-central1-a"),
        ("zones: [us-central1-a]", "zones: [us-east1-b]", "Invalid::spec.zones[0]", "a zone of us-central1"),
        ("zones: [us-central1-a]", "zones: [us-central1-z]", "NotFound::spec.zones[0]", "no zone"),
        (
            "zones: [us-central1-a]",
            "zones: [us-central1-a, us-central1-b]",
            "Forbidden::spec.zones",
            "a group for each further zone",
        ),
        (
            "[us-central1-a, us-central1-b,",
            "[us-central1-a, us-central1-a,",
            "Duplicate::spec.zones[1]",
            "twice",
        ),
        (
            "project: my-project",
            "project: my-project\n  networkCIDR: 10.0.0.0/8",
            "Forbidden::spec.networkCIDR",
            "range",
        ),
        ("gs://clusters", "s3://clusters", "Invalid::spec.configBase", "gs://bucket"),
        (
            "type: Private",
            "type: Private\n    egress: nat-12345678",
            "Forbidden::spec.subnets[0].egress",
            "one NAT",
        ),
        ("loadBalancer: {type: Internal}", "dns: {}", "Required::spec.api.loadBalancer", "without DNS"),
        (
            "type: Internal",
            "type: Internal, class: Network",
            "Forbidden::spec.api.loadBalancer.class",
            "AWS only",
        ),
        ("kindnet: {}", "amazonvpc: {}", "Forbidden::spec.networking.amazonvpc", "AWS only"),
        ("role: Node", "role: Node\n  maxPrice: \"0.1\"", "Forbidden::spec.maxPrice", "exists on AWS only"),
        (
            "role: Node",
            "role: Node\n  gcpProvisioningModel: SPOTT",
            "NotSupported::spec.gcpProvisioningModel",
            "did you mean SPOT?",
        ),
        (
            "role: Node",
            "role: Node\n  guestAccelerators: [{acceleratorType: x}]",
            "Invalid::spec.guestAccelerators[0].acceleratorCount",
            "1 to 64",
        ),
        (
            "project: my-project",
            "project: my-project\n  warmPool: {minSize: 1}",
            "Forbidden::spec.warmPool",
            "exists on AWS only",
        ),
        ("role: Node", "role: Node\n  image: a/b/c", "NotFound::spec.image", "no image"),
        (
            "project: my-project",
            "project: my-project\n  networkID: a/b/c",
            "Invalid::spec.networkID",
            "project/name",
        ),
        (
            "project: my-project",
            "project: my-project\n  networkID: other",
            "NotFound::spec.networkID",
            "no network",
        ),
    ];
    for (from, to, key, words) in cases {
        expect(&slip(from, to), &lookup(), key, words);
    }
}

#[test]
fn a_project_is_needed() {
    let nowhere = FixedLookup { project: None, ..lookup() };
    let text = slip("  project: my-project\n", "");
    expect(&text, &nowhere, "Required::spec.project", "id of the project");
    let (stack, _) = stack_of(&text, &lookup()).unwrap();
    let network = &rendered(&stack)["google_compute_network.k8s-example-com"];
    assert_eq!(network["project"], "my-project");
}

#[test]
fn each_cloud_has_its_own_function() {
    let spec = Spec::parse("cluster.yaml", &text("public")).unwrap();
    let problems = cluster(&mut Stack::new("x"), &spec, &Options::default(), &lookup()).unwrap_err();
    assert_eq!(problems.as_slice()[0].key(), "Forbidden::spec.cloudProvider");
    let spec = Spec::parse("cluster.yaml", &text("google")).unwrap();
    let aws = FixedLookup::kops_suite();
    let problems =
        landform_kops::cluster(&mut Stack::new("x"), &spec, &Options::default(), &aws).unwrap_err();
    assert!(problems.to_string().contains("gce::cluster"), "{problems}");
}

#[test]
fn fields_without_effect_are_told() {
    let text = slip("name: a\n", "name: a\n      encryptedVolume: true\n")
        .replace("{type: Internal}", "{type: Internal, subnets: [{name: x}]}");
    let told: Vec<String> =
        unused(&Spec::parse("cluster.yaml", &text).unwrap()).iter().map(Problem::key).collect();
    let expected = [
        "Unused::spec.api.loadBalancer.subnets",
        "Unused::spec.etcdClusters[0].etcdMembers[0].encryptedVolume",
    ];
    assert_eq!(told, expected);
}

#[test]
fn every_resource_says_where_it_is() {
    let (stack, _) = stack_of(&text("google"), &lookup()).unwrap();
    stack.check().unwrap();
    for (address, fields) in rendered(&stack) {
        if !address.starts_with("google_storage_") {
            assert_eq!(fields["project"], "my-project", "{address}");
        }
    }
}

#[test]
fn the_control_plane_alone_writes_backups() {
    let text = slip("cloudProvider: gce", "cloudProvider: gce\n  cloudConfig: {gceServiceAccount: \"\"}");
    let text = text.replacen(
        "  - name: main\n    etcdMembers",
        "  - name: main\n    backups: {backupStore: \"gs://backups/k8s\"}\n    etcdMembers",
        1,
    );
    let (stack, handles) = stack_of(&text, &lookup()).unwrap();
    let all = rendered(&stack);
    let grants = addresses(&stack, "google_storage_bucket_iam_member");
    let names = ["objectadmin-backups", "objectadmin-clusters"];
    assert_eq!(
        grants,
        names.map(|name| format!("google_storage_bucket_iam_member.{name}-serviceaccount-controlplane"))
    );
    for grant in grants {
        assert_eq!(all[&grant]["member"], "${google_service_account.control-plane.member}");
    }
    assert_eq!(handles.service_accounts.len(), 2);
    let shared =
        slip("cloudProvider: gce", "cloudProvider: gce\n  cloudConfig: {gceServiceAccount: default}");
    assert!(addresses(&stack_of(&shared, &lookup()).unwrap().0, "google_service_account").is_empty());
}

#[test]
fn two_clusters_share_a_network_and_add_no_nat() {
    let mut stack = Stack::new("all");
    let network = stack.add("base", google::Network::new("base").auto_create_subnetworks(false));
    let range: Cidr = "10.128.0.0/20".parse().unwrap();
    let subnet = stack.add("base", google::Subnetwork::new("base", &network, range).region("us-central1"));
    let before = stack.len();
    for name in ["one.example.com", "two.example.com"] {
        let existing = Existing {
            network: Some((&network).into()),
            subnetworks: [("main".to_owned(), (&subnet).into())].into(),
            nat_gateway: None,
        };
        let text = slip("kindnet: {}", "cni: {}").replace("k8s.example.com", name);
        add(&mut stack, &text, Some(existing), &lookup()).unwrap_or_else(|problems| panic!("{problems}"));
    }
    stack.check().unwrap();
    assert!(stack.len() > before + 50);
    for of_type in ["google_compute_router_nat", "google_compute_router"] {
        assert!(addresses(&stack, of_type).is_empty(), "{of_type}");
    }
    assert_eq!(addresses(&stack, "google_compute_subnetwork").len(), 1);
    let all = rendered(&stack);
    let template = &all["google_compute_instance_template.workers-one-example-com"]["network_interface"];
    assert_eq!(template["subnetwork"], "${google_compute_subnetwork.base.id}");
}

#[test]
fn a_given_nat_serves_new_subnetworks_and_outlives_the_machines() {
    let mut stack = Stack::new("all");
    let network = stack.add("base", google::Network::new("base").auto_create_subnetworks(false));
    let router = stack.add("base", google::Router::new("base", &network).region("us-central1"));
    let nat = stack.add("base", google::RouterNat::new("base", &router).region("us-central1"));
    let existing =
        Existing { network: Some((&network).into()), nat_gateway: Some(nat.clone()), ..Existing::default() };
    let handles = add(&mut stack, &text("google"), Some(existing), &lookup()).unwrap();
    stack.check().unwrap();
    assert_eq!(addresses(&stack, "google_compute_router_nat"), ["google_compute_router_nat.base"]);
    assert_eq!(addresses(&stack, "google_compute_subnetwork").len(), 1);
    for manager in handles.groups.values().flat_map(|zones| zones.values()) {
        let node = stack.node(manager.address().as_str()).unwrap();
        assert!(node.depends_on.contains(nat.address()), "{}", node.address);
    }
}

#[test]
fn ranges_of_an_existing_network_are_left_alone() {
    let taken = |name: &str, range: &str, secondary: &[&str]| Subnetwork {
        name: name.into(),
        region: "us-central1".into(),
        range: range.parse().unwrap(),
        secondary: secondary.iter().map(|range| range.parse().unwrap()).collect(),
    };
    let mut lookup = lookup();
    let subnetworks = vec![taken("old", "10.0.32.0/19", &["10.4.0.0/14", "10.1.0.0/16"])];
    lookup.subnetworks.insert("shared/prod".into(), subnetworks);
    let text = slip("project: my-project", "project: my-project\n  networkID: shared/prod");
    let (stack, _) = stack_of(&text, &lookup).unwrap();
    let subnet = &rendered(&stack)["google_compute_subnetwork.main-k8s-example-com"];
    assert_eq!(subnet["network"], "projects/shared/global/networks/prod");
    assert_eq!(subnet["ip_cidr_range"], "10.0.64.0/19");
    let ranges: Vec<_> = subnet["secondary_ip_range"]
        .as_array()
        .unwrap()
        .iter()
        .map(|of| of["ip_cidr_range"].clone())
        .collect();
    assert_eq!(ranges, [json!("10.8.0.0/14"), json!("10.2.0.0/16")]);
    let used = text.replace("name: main\n    region", "name: main\n    id: old\n    region");
    let (stack, _) = stack_of(&used, &lookup).unwrap();
    assert!(addresses(&stack, "google_compute_subnetwork").is_empty());
    let wrong = used.replace("id: old", "id: new");
    expect(&wrong, &lookup, "NotFound::spec.subnets[0].id", "no subnet new");
}

#[test]
fn a_template_is_named_by_its_content() {
    let name = |text: &str| {
        let (stack, _) = stack_of(text, &lookup()).unwrap();
        rendered(&stack)["google_compute_instance_template.workers-k8s-example-com"]["name"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let first = name(&text("google"));
    assert!(first.starts_with("workers-k8s-example-com-") && first.len() <= 63, "{first}");
    assert_eq!(first, name(&slip("minSize: &size 3", "minSize: &size 30")));
    assert_ne!(first, name(&slip("role: Node", "role: Node\n  machineType: e2-standard-8")));
}

#[test]
fn an_autoscaler_chooses_the_size_between_two_numbers() {
    let ignores = |text: &str| {
        let (stack, handles) = stack_of(text, &lookup()).unwrap();
        let manager = &handles.groups["workers"]["us-central1-a"];
        let node = stack.node(manager.address().as_str()).unwrap();
        !node.lifecycle.ignore_changes.is_empty()
    };
    assert!(!ignores(&text("google")));
    assert!(ignores(&slip("maxSize: *size", "maxSize: 9")));
}

#[test]
fn machines_learn_the_addresses_of_the_load_balancer() {
    let mut lookup = lookup();
    let script = |lookup: &FixedLookup| {
        let (stack, _) = stack_of(&text("google"), lookup).unwrap();
        let template = &rendered(&stack)["google_compute_instance_template.workers-k8s-example-com"];
        template["metadata"]["user-data"].as_str().unwrap().to_owned()
    };
    assert!(script(&lookup).contains("https://kops-controller.internal.k8s.example.com:3988/"));
    lookup.balancer_addresses.insert("api-main-k8s-example-com".into(), vec!["10.0.32.7".into()]);
    assert!(script(&lookup).contains("https://10.0.32.7:3988/"));
}
