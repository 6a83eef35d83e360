//! Clusters on Google with kops's commands, on the embedded cloud.

mod machines;

use std::fs;
use std::process::{Command, Stdio};

use landform::{aws, gce, sim::Cloud};

use super::KEY;
use crate::desk::{Desk, Ran};
use landform_testkit::examples::example;

const NAME: &str = "k8s.example.com";
const SPEC: &str = include_str!("../../../../layers/kops/tests/kops/specs/google.yaml");

/// A directory with a store that has a cluster on Google.
struct Clusters(Desk);

impl Clusters {
    fn new(spec: &str) -> Self {
        let clusters = Self(Desk::new());
        clusters.0.write("google.yml", spec);
        clusters.0.write("key.pub", KEY);
        clusters.succeed("create -f google.yml");
        clusters.succeed(&format!("create secret --name {NAME} sshpublickey admin -i key.pub"));
        clusters
    }

    fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(example("kops"));
        command.args(["--state", "store", "--name", NAME]).args(arguments.split_whitespace());
        command.current_dir(self.0.path()).stdin(Stdio::null());
        for variable in ["KOPS_STATE_STORE", "KOPS_CLUSTER_NAME", "KOPS_PROVIDER"] {
            command.env_remove(variable);
        }
        command
    }

    fn run(&self, arguments: &str) -> Ran {
        let output = self.command(arguments).output().unwrap();
        let [out, errors] =
            [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        Ran { code: output.status.code(), out, errors }
    }

    fn succeed(&self, arguments: &str) -> Ran {
        let ran = self.run(arguments);
        assert_eq!(ran.code, Some(0), "{arguments}: {ran:?}");
        ran
    }

    fn refuse(&self, arguments: &str, said: &[&str]) {
        let ran = self.run(arguments);
        assert_eq!(ran.code, Some(1), "{arguments}: {ran:?}");
        for said in said {
            assert!(ran.errors.contains(said), "{arguments}: expected {said:?} in: {}", ran.errors);
        }
    }

    fn cloud(&self) -> Cloud {
        let cloud = Cloud::open(self.0.path().join("store.cloud"));
        cloud.types(aws::types()).types(gce::types()).build().unwrap()
    }

    /// The types and ids of all that is in the cloud.
    fn there(&self) -> Vec<String> {
        let objects = self.cloud().objects().unwrap();
        let there = objects.iter().filter(|object| !object.deleting);
        there.map(|object| format!("{} {}", object.type_name, object.id)).collect()
    }
}

/// What is left of a cluster: the bucket that existed before.
const LEFT: [&str; 1] = ["google_storage_bucket clusters"];

#[test]
fn a_cluster_on_google_is_made_grows_and_goes() {
    let clusters = Clusters::new(SPEC);
    let shown = clusters.succeed("update cluster");
    shown.assert_says(&["+ create google_compute_network.k8s-example-com", "Must specify --yes"]);
    assert_eq!(clusters.there(), Vec::<String>::new());

    let updated = clusters.succeed("update cluster --yes");
    updated.assert_says(&[
        "The load balancer of the API has addresses now.",
        "Cluster changes have been applied",
    ]);
    let made = clusters.there();
    let manager = "projects/my-project/zones/us-central1-b/instanceGroupManagers/b-workers-k8s-example-com";
    assert!(made.contains(&format!("google_compute_instance_group_manager {manager}")), "{made:#?}");
    let again = clusters.succeed("update cluster --yes");
    again.assert_says(&["No changes."]);
    assert_eq!(clusters.there(), made);

    clusters.succeed("edit instancegroup workers --set spec.minSize=30 --set spec.maxSize=30");
    clusters.succeed("update cluster").assert_says(&["~ target_size = 1 → 10", "3 to change"]);
    clusters.succeed("update cluster --yes");
    clusters.succeed("update cluster").assert_says(&["No changes."]);
    clusters.succeed("validate cluster");

    let shown = clusters.succeed("delete cluster");
    shown.assert_says(&["- destroy google_compute_network.k8s-example-com", "Must specify --yes"]);
    clusters.succeed("delete cluster --yes").assert_says(&["Deleted cluster: \"k8s.example.com\""]);
    assert_eq!(clusters.there(), LEFT);
    clusters.refuse("update cluster", &[NAME]);
}

#[test]
fn a_cluster_on_google_goes_without_its_state_too() {
    let public = SPEC.replace("{type: Internal}", "{type: Public}").replace("type: None", "type: Public");
    let clusters = Clusters::new(&public);
    clusters.succeed("update cluster --yes");
    fs::remove_dir_all(clusters.0.path().join("store/landform")).unwrap();
    clusters
        .succeed("delete cluster --yes")
        .assert_says(&["resources of k8s.example.com that the state does not have"]);
    let left = [LEFT[0], "google_dns_managed_zone projects/my-project/managedZones/example-com"];
    let mut there = clusters.there();
    there.sort_by_key(|line| std::cmp::Reverse(line.clone()));
    assert_eq!(there, left);
}

#[test]
fn an_update_makes_only_the_chosen_part() {
    let clusters = Clusters::new(SPEC);
    clusters.succeed("update cluster --yes --phase network");
    let kinds = |clusters: &Clusters| {
        let mut kinds: Vec<String> =
            clusters.there().iter().filter_map(|line| Some(line.split_once(' ')?.0.to_owned())).collect();
        kinds.sort();
        kinds.dedup();
        kinds
    };
    let network = [
        "google_compute_network",
        "google_compute_router",
        "google_compute_router_nat",
        "google_compute_subnetwork",
    ];
    let made: Vec<_> = kinds(&clusters).into_iter().filter(|kind| kind != "google_storage_bucket").collect();
    assert_eq!(made, network);
    clusters.succeed("update cluster --yes");
    clusters.succeed("edit instancegroup workers --set spec.machineType=e2-standard-8");
    clusters.succeed("edit instancegroup control-a --set spec.machineType=e2-standard-8");
    let shown = clusters.succeed("update cluster --instance-group control-a");
    assert!(shown.out.contains("control-a") && !shown.out.contains("workers"), "{}", shown.out);
    let ignored = clusters.succeed("update cluster --lifecycle-overrides InstanceTemplate=Ignore");
    ignored.assert_says(&["No changes."]);
}

#[test]
fn a_new_cluster_on_google_comes_from_options() {
    let desk = Clusters(Desk::new());
    desk.0.write("key.pub", KEY);
    desk.succeed(
        "create cluster --cloud gce --project my-project --zones us-east1-b --networking kindnet --topology private --config-base \
         gs://clusters/k8s.example.com --dns none --api-loadbalancer-type internal --ssh-public-key key.pub --yes",
    );
    let there = desk.there();
    let network = "google_compute_network projects/my-project/global/networks/k8s-example-com";
    assert!(there.iter().any(|line| line == network), "{there:#?}");
    assert!(
        there.iter().all(|line| !line.contains("us-central1") && !line.contains("us-east-2")),
        "{there:#?}"
    );
    desk.succeed("update cluster").assert_says(&["No changes."]);
}

#[test]
fn a_new_group_names_its_zones() {
    let clusters = Clusters::new(SPEC);
    clusters.succeed("create ig more --subnet main --zone us-central1-b,us-central1-f");
    clusters.succeed("get ig more -o yaml").assert_says(&["zones:\n  - us-central1-b\n  - us-central1-f"]);
}

#[test]
fn what_works_on_aws_only_is_refused() {
    let clusters = Clusters::new(SPEC);
    clusters.succeed("update cluster --yes");
    clusters.refuse(
        "update cluster --provider aws",
        &["--provider aws: the cluster k8s.example.com is on Google"],
    );
    clusters.refuse(
        "delete cluster --external --region us-central1 --name other.example.com",
        &["\"us-central1\" is not a region of AWS", "--provider gce"],
    );
    #[cfg(not(feature = "gce-client"))]
    clusters.refuse("update cluster --provider gce", &["expected a build with the feature gce-client"]);
}
