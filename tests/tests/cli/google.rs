//! Google Cloud on the embedded cloud: the story, and the commands with a description that has regions.

use crate::desk::Desk;

/// The clusters' specs.
const WORKING: &str = include_str!("../../../examples/fairwinds/google/working.yml");
const PRODUCTION: &str = include_str!("../../../examples/fairwinds/google/production.yml");

/// Two regions, so that one can leave.
const NETWORK: &str = "name: base\nregions: { us-central1: 0, europe-west1: 1 }\n";

#[test]
fn the_story_of_google_cloud_tells_all_it_has_to_show() {
    let desk = Desk::new();
    let ran = desk.succeed("--cloud gce --state told");
    ran.assert_says(&[
        "▸ plan a network on Google Cloud and a cluster in it",
        "1 router_nat",
        "86 to add, 0 to change",
        "▸ plan again\nNo changes.",
        "It adds no Cloud NAT",
        "▸ plan 30 nodes instead of 3",
        "~ update google_compute_instance_group_manager.b-nodes-working-example-com",
        "projects/fairwinds/zones/us-central1-b/instanceGroupManagers/b-nodes-working-example-com",
        "~ target_size = 1 → 10",
        "Plan: 0 to add, 3 to change, 0 to replace, 0 to destroy.",
        "working.example.com     nodes                 Node          e2-standard-4  30   30   us-central1",
        "157 resources as declared.",
        "The network, its Cloud NAT and the second cluster stay.",
        "Nothing is left. The state is empty.",
    ]);
    let second = ran.out.split("▸ plan a second cluster").nth(1).unwrap().split("▸ apply").next().unwrap();
    assert!(!second.contains("router") && second.contains("1 subnetwork"), "{second}");
    assert!(second.contains("71 to add, 0 to change, 0 to replace, 0 to destroy"), "{second}");
    assert!(!ran.out.contains("aws") && !ran.out.contains("us-east-2"), "{}", ran.out);
    assert_eq!(ran.errors, "");
    desk.assert_same("told", 0);
}

#[test]
fn the_story_of_google_cloud_does_not_begin_where_something_is() {
    let desk = Desk::new();
    desk.write("network.yml", "name: base\nregions: us-central1\n");
    desk.succeed("apply --yes --state used --network network.yml");
    let said = ["used", "the story needs an empty state, this one has 13 resources"];
    desk.refuse("--cloud gce --state used", &said);
}

#[test]
fn a_description_with_regions_is_a_network_on_google_cloud() {
    let desk = Desk::new();
    desk.write("network.yml", NETWORK);
    let run = |command: &str| desk.succeed(&format!("{command} --network network.yml"));
    run("apply --yes").assert_says(&["20 added"]);
    desk.assert_same("fairwinds.state", 20);
    run("plan").assert_says(&["No changes."]);
    run("validate").assert_says(&["20 resources as declared."]);
    let network = desk.ids("fairwinds.state", "google_compute_network").remove(0);
    assert_eq!(run("output base_vpc_id").out, format!("{network}\n"));
    let addresses = run("output base_nat_public_ips --json").out;
    assert!(addresses.contains("us-central1") && addresses.contains("europe-west1"), "{addresses}");

    let kept = desk.ids("fairwinds.state", "google_compute_subnetwork");
    desk.write("network.yml", "name: base\nregions: { europe-west1: 1 }\n");
    run("apply --yes").assert_says(&["0 added", "7 destroyed"]);
    desk.assert_same("fairwinds.state", 13);
    let left = desk.ids("fairwinds.state", "google_compute_subnetwork");
    assert!(left.len() == 4 && left.iter().all(|id| kept.contains(id)), "{left:?}");
    run("destroy --yes").assert_says(&["13 destroyed"]);
    desk.assert_same("fairwinds.state", 0);
}

/// Checks that a description is refused with these words.
fn refused(text: &str, said: &[&str]) {
    let desk = Desk::new();
    desk.write("network.yml", text);
    for command in ["plan", "apply --yes"] {
        desk.refuse(&format!("{command} --state it --network network.yml"), said);
    }
}

#[test]
fn a_bad_description_is_one_error_with_its_place() {
    for (line, said) in [
        ("zones: 3", &["network.yml:3:1: ", "unknown field `zones`", "in \"zones: 3\""][..]),
        ("nat_gateways: per_zone", &["network.yml:3:15: ", "unknown variant `per_zone`", "automatic"]),
        ("nat_gateways: { addresses: 0 }", &["network.yml: nat_gateways: 0 addresses", "at least 1"]),
        ("pods: 10.20.0.0/14", &["network.yml: pods: 10.20.0.0/14 overlaps 10.20.0.0/16"]),
        ("reserved: [10.20.0.0/24]", &["network.yml: reserved: 10.20.0.0/24 overlaps 10.20.0.0/22"]),
    ] {
        refused(&format!("name: base\nregions: us-central1\n{line}\n"), said);
    }
    refused(
        "name: base\nregions: us-east-2\n",
        &["network.yml: regions: \"us-east-2\" is not a region of Google Cloud"],
    );
    refused(
        "name: base\nregion: us-central1\n",
        &["network.yml: region: \"us-central1\" is not a region of AWS"],
    );
    refused("name: base\nregions: [us-central1]\n", &["network.yml:2:", "the name of a region, or a map"]);
}

#[test]
fn clusters_share_the_network_of_a_description_and_leave_it_alone() {
    let desk = Desk::new();
    desk.write("network.yml", NETWORK);
    desk.write("first.yml", WORKING);
    desk.write("second.yml", PRODUCTION);
    let run = |command: &str| desk.succeed(&format!("{command} --network network.yml"));
    run("apply --yes --cluster first.yml").assert_says(&["91 added"]);
    desk.assert_same("fairwinds.state", 91);
    let network = desk.ids("fairwinds.state", "google_compute_network");
    assert_eq!(network, ["projects/fairwinds/global/networks/base"]);
    let routers = desk.ids("fairwinds.state", "google_compute_router_nat");
    let regions = ["europe-west1", "us-central1"];
    assert_eq!(
        routers,
        regions.map(|region| format!(
            "projects/fairwinds/regions/{region}/routers/base-{region}/base-nat-{region}"
        ))
    );
    run("plan --cluster first.yml").assert_says(&["No changes."]);

    run("apply --yes --cluster first.yml --cluster second.yml").assert_says(&["71 added, 0 changed"]);
    assert_eq!(desk.ids("fairwinds.state", "google_compute_router_nat"), routers);
    // Another type of machine needs a new template, and changes each group in place.
    desk.write_changed("second.yml", PRODUCTION, "machineType: e2-standard-4", "machineType: e2-standard-8");
    run("apply --yes --cluster first.yml --cluster second.yml")
        .assert_says(&["0 added, 3 changed, 1 replaced"]);

    run("apply --yes --cluster second.yml").assert_says(&["0 added, 0 changed, 0 replaced, 71 destroyed"]);
    assert_eq!(desk.ids("fairwinds.state", "google_compute_network"), network);
    run("destroy --yes").assert_says(&["91 destroyed"]);
    desk.assert_same("fairwinds.state", 0);
}

#[test]
fn a_description_and_a_cluster_fit_the_cloud() {
    let desk = Desk::new();
    desk.write("network.yml", NETWORK);
    desk.write("aws.yml", "name: base\nregion: us-east-2\n");
    desk.refuse(
        "apply --yes --state it --network network.yml --cluster working.yml",
        &["working.yml:", "spec.cloudProvider: expected gce"],
    );
    let elsewhere = WORKING.replace("us-central1", "asia-east1");
    desk.write("elsewhere.yml", elsewhere);
    desk.refuse(
        "apply --yes --state it --network network.yml --cluster elsewhere.yml",
        &[
            "elsewhere.yml:",
            "spec.subnets[0].region: \"asia-east1\": the network is not in this region, expected us-central1, europe-west1",
        ],
    );
    desk.write("first.yml", WORKING);
    desk.refuse(
        "apply --yes --state it --network network.yml --cluster first.yml --cluster first.yml",
        &["metadata.name: cluster working.example.com is already described"],
    );
    desk.refuse(
        "plan --cloud gce --state it --network aws.yml",
        &["aws.yml:2:1: ", "unknown field `region`", "regions"],
    );
    #[cfg(feature = "aws-client")]
    desk.refuse(
        "plan --cloud aws --state it --network network.yml",
        &["network.yml: regions: the network is on Google Cloud, but --cloud is aws"],
    );
}

#[test]
fn the_story_runs_on_no_real_cloud() {
    let desk = Desk::new();
    for endpoint in
        ["https://compute.googleapis.com/compute/v1/", "127.0.0.1.example.com", "http://[2001:db8::1]:80/"]
    {
        let mut story = desk.command("--cloud gce --state it");
        let ran = story.env("GOOGLE_COMPUTE_CUSTOM_ENDPOINT", endpoint).output().unwrap();
        let errors = String::from_utf8_lossy(&ran.stderr);
        assert_eq!(ran.status.code(), Some(1), "{errors}");
        assert!(
            errors.contains(&format!("GOOGLE_COMPUTE_CUSTOM_ENDPOINT: {endpoint:?} is not on this machine")),
            "{errors}"
        );
    }
}

#[cfg(not(feature = "gce-client"))]
#[test]
fn without_a_client_google_cloud_itself_is_refused() {
    let desk = Desk::new();
    let said = ["this build has no client for Google Cloud", "--features gce-client", "--network FILE"];
    desk.refuse("plan --cloud gce --state it", &said);
    let mut story = desk.command("--cloud gce");
    let ran = story.env("GOOGLE_COMPUTE_CUSTOM_ENDPOINT", "http://127.0.0.1:9/compute/v1/").output().unwrap();
    let errors = String::from_utf8_lossy(&ran.stderr);
    assert_eq!(ran.status.code(), Some(1));
    assert!(
        errors.contains("GOOGLE_COMPUTE_CUSTOM_ENDPOINT is set, but this build has no client"),
        "{errors}"
    );
}
