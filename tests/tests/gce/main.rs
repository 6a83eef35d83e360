//! The base network and clusters of Google Cloud through the real client against the emulator, from a program and from
//! the command line. The emulator, which shares no code with the client, tells what exists.
#![allow(clippy::unwrap_used)]

#[cfg(target_os = "linux")]
mod killed;
mod kops;
mod machines;
mod plain;
#[cfg(feature = "stores")]
mod store;
mod story;

use std::{process::Command, time::Duration};

use landform::{
    Engine, Stack, gce,
    vpc::{
        self, Tier,
        gce::{BaseNetwork, Nat, Regions},
    },
};
use landform_gce_emulator::{Emulator, Settings};
use landform_testkit::examples::example;

const PROJECT: &str = "landform-test";

struct World {
    emulator: Emulator,
    engine: Engine,
    directory: tempfile::TempDir,
}

impl World {
    async fn new() -> Self {
        Self::with(Settings::default()).await
    }

    async fn with(settings: Settings) -> Self {
        let emulator = Emulator::start(settings).await.unwrap();
        let directory = tempfile::tempdir().unwrap();
        let client = gce::Client::emulator(&emulator.compute_endpoint(), PROJECT, "us-central1").unwrap();
        let engine = Engine::builder().provider(client.provider()).lag(Duration::ZERO);
        let engine = engine.state_dir(directory.path().join("state")).open().unwrap();
        Self { emulator, engine, directory }
    }

    /// Applies a description and checks that a second plan is empty. Returns the numbers of added, changed, replaced and
    /// destroyed resources.
    async fn apply(&self, description: &BaseNetwork) -> [usize; 4] {
        let mut stack = Stack::new("base");
        vpc::base(&mut stack, description).unwrap();
        let plan = self.engine.plan(&stack).await.unwrap();
        self.engine.apply(&plan).await.unwrap().complete().unwrap();
        let again = self.engine.plan(&stack).await.unwrap();
        assert!(again.is_empty() && again.drift.is_empty(), "{again}");
        let counts = plan.counts();
        [counts.added, counts.changed, counts.replaced, counts.destroyed]
    }

    /// The NAT of a region as Google Cloud shows it.
    fn nat(&self, region: &str) -> serde_json::Value {
        let path = format!("projects/{PROJECT}/regions/{region}/routers/base-{region}");
        self.emulator.get(&path).unwrap()["nats"][0].clone()
    }

    /// Runs the program on the emulator, which must succeed.
    fn fairwinds(&self, arguments: &str) -> String {
        let output = Command::new(example("fairwinds"))
            .args(arguments.split_whitespace())
            .current_dir(self.directory.path())
            .env("TMPDIR", self.directory.path())
            .env("GOOGLE_COMPUTE_CUSTOM_ENDPOINT", self.emulator.compute_endpoint())
            .env("GOOGLE_PROJECT", PROJECT)
            .output()
            .unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments}: {errors}");
        String::from_utf8(output.stdout).unwrap()
    }
}

fn cidr(text: &str) -> landform::Cidr {
    text.parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_base_network_is_made_as_planned_and_goes_without_a_trace() {
    let world = World::new().await;
    let places = [("us-central1".to_owned(), 0), ("europe-west1".to_owned(), 1)];
    let description = BaseNetwork {
        regions: Regions::Placed(places.into()),
        clusters_in: [Tier::PrivateWorking].into(),
        ssh_from: [cidr("35.235.240.0/20")].into(),
        ..BaseNetwork::default()
    };
    assert_eq!(world.apply(&description).await, [21, 0, 0, 0]);
    // A NAT is a part of its router.
    assert_eq!(world.emulator.resources().len(), 19, "{:?}", world.emulator.resources());
    let path =
        format!("projects/{PROJECT}/regions/europe-west1/subnetworks/base-private-working-europe-west1");
    let subnetwork = world.emulator.get(&path).unwrap();
    assert_eq!(subnetwork["ipCidrRange"], "10.20.100.0/22");
    assert_eq!(subnetwork["secondaryIpRanges"][0]["ipCidrRange"], "100.89.0.0/17");
    for region in ["us-central1", "europe-west1"] {
        assert_eq!(world.nat(region)["sourceSubnetworkIpRangesToNat"], "ALL_SUBNETWORKS_ALL_IP_RANGES");
    }
    world.destroy().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_that_the_layer_promises_are_made_in_place() {
    let world = World::new().await;
    let usual = BaseNetwork::default;
    let with = |nat_gateways| BaseNetwork { nat_gateways, ..usual() };
    assert_eq!(world.apply(&usual()).await, [13, 0, 0, 0]);
    // Addresses come before the NAT uses them, and go after it has released them.
    assert_eq!(world.apply(&with(Nat::Addresses(3))).await, [2, 1, 0, 0]);
    assert_eq!(world.nat("us-central1")["natIps"].as_array().unwrap().len(), 3);
    assert_eq!(world.apply(&with(Nat::Automatic)).await, [0, 1, 0, 3]);
    assert_eq!(world.nat("us-central1")["natIpAllocateOption"], "AUTO_ONLY");
    assert_eq!(world.apply(&with(Nat::None)).await, [0, 0, 0, 2]);
    assert_eq!(world.apply(&usual()).await, [3, 0, 0, 0]);
    let clusters = BaseNetwork { clusters_in: [Tier::PrivateWorking].into(), ..usual() };
    assert_eq!(world.apply(&clusters).await, [0, 2, 0, 0]);
    assert_eq!(world.apply(&usual()).await, [0, 2, 0, 0]);
    let ssh = |ranges: &[&str]| BaseNetwork {
        ssh_from: ranges.iter().map(|range| cidr(range)).collect(),
        ..usual()
    };
    assert_eq!(world.apply(&ssh(&["35.235.240.0/20"])).await, [1, 0, 0, 0]);
    assert_eq!(world.apply(&ssh(&["35.235.240.0/20", "198.51.100.0/24"])).await, [0, 1, 0, 0]);
    world.destroy().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_commands_work_over_the_wire() {
    let world = World::new().await;
    let (applied, planned, destroyed) = tokio::task::block_in_place(|| {
        let applied = world.fairwinds("apply --cloud gce --yes");
        (applied, world.fairwinds("plan --cloud gce"), world.fairwinds("destroy --cloud gce --yes"))
    });
    assert!(applied.contains("13 added") && planned.contains("No changes."), "{applied}{planned}");
    assert!(destroyed.contains("13 destroyed"), "{destroyed}");
    assert_eq!(world.emulator.resources(), Vec::<String>::new());
    assert!(world.directory.path().join("fairwinds.state").exists());
}

impl World {
    async fn destroy(&self) {
        let plan = self.engine.plan_destroy(&Stack::new("base")).await.unwrap();
        self.engine.apply(&plan).await.unwrap().complete().unwrap();
        assert_eq!(self.emulator.resources(), Vec::<String>::new());
        assert!(self.engine.state("base").await.unwrap().is_empty());
    }
}
