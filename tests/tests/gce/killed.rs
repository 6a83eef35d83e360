//! SIGKILL between the start of Google's operations and their end, at random moments of creation, change, deletion and
//! recovery: nothing is lost, nothing is doubled. `LANDFORM_KILLS` sets the number of kills, `LANDFORM_SEED` the moments.

use std::{
    collections::BTreeSet,
    fs,
    process::{Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use landform::{
    journal::{Journal, State},
    store::LocalStore,
};
use landform_gce_emulator::{Life, Settings};
use landform_testkit::{
    examples::example,
    place::{Ended, Running, block_on, wait_until},
    random::{Random, number},
};
use serde_json::{Value as Json, json};

use crate::{
    PROJECT, World,
    plain::{ask, everything},
};

/// The number of kills if the environment sets none.
const USUAL: u64 = 100;

/// Slow enough for a kill in between, fast enough for many of them.
const LIFE: Life = Life { pending: Duration::from_millis(20), running: Duration::from_millis(60) };

/// The time from the start of an operation within which its process is killed: the operation itself, and the next ones.
const LONGEST: Duration = Duration::from_millis(160);

/// The time after which no other life begins. A machine that is busy with other work reaches fewer kills.
const BOUND: Duration = Duration::from_secs(40);

/// A cluster of one zone. The kinds of its resources are those of a larger one.
const CLUSTER: &str = "
apiVersion: kops.k8s.io/v1alpha2
kind: Cluster
metadata: { name: small.example.com }
spec:
  api: { loadBalancer: { type: Public } }
  cloudProvider: gce
  configBase: gs://clusters/small.example.com
  dnsZone: example.com
  etcdClusters:
  - { name: main, etcdMembers: [{ instanceGroup: master, name: a }] }
  - { name: events, etcdMembers: [{ instanceGroup: master, name: a }] }
  kubernetesVersion: 1.34.0
  networking: { cni: {} }
  subnets: [{ name: main, type: Private, region: us-central1, cidr: 10.20.128.0/20 }]
---
apiVersion: kops.k8s.io/v1alpha2
kind: InstanceGroup
metadata: { name: master }
spec: { role: Master, subnets: [main], zones: [us-central1-a], minSize: 1, maxSize: 1 }
---
apiVersion: kops.k8s.io/v1alpha2
kind: InstanceGroup
metadata: { name: nodes }
spec: { role: Node, machineType: MACHINE, subnets: [main], zones: [us-central1-a], minSize: &size SIZE, maxSize: *size }
";

const APPLY: &str = "apply --cloud gce --yes --network network.yml --cluster cluster.yml";
const PLAN: &str = "plan --cloud gce --network network.yml --cluster cluster.yml";
const DESTROY: &str = "destroy --cloud gce --yes --network network.yml --cluster cluster.yml";

#[tokio::test(flavor = "multi_thread")]
async fn kills_between_the_start_and_the_end_of_operations_lose_nothing_and_double_nothing() {
    let (kills, wanted, began) = (AtomicU64::new(0), number("LANDFORM_KILLS", USUAL), Instant::now());
    let is_bound = std::env::var_os("LANDFORM_KILLS").is_none();
    let worlds = [World::with(settings()).await, World::with(settings()).await];
    tokio::task::block_in_place(|| {
        thread::scope(|scope| {
            for (lane, world) in worlds.iter().enumerate() {
                let kills = &kills;
                scope.spawn(move || {
                    let (mut random, lane) = (Random::new(lane as u64), Lane::new(world));
                    while kills.load(Ordering::Relaxed) < wanted {
                        lane.live(&mut random, kills, wanted);
                        if is_bound && began.elapsed() > BOUND {
                            return;
                        }
                    }
                });
            }
        });
    });
    let kills = kills.into_inner();
    println!("{kills} processes were killed during operations, in {:?}", began.elapsed());
    assert!(kills > 0, "no process was killed during an operation");
}

fn settings() -> Settings {
    let mut settings = Settings::default();
    settings.life = LIFE;
    settings
}

/// An emulated cloud, and the program that works in it.
struct Lane<'a> {
    world: &'a World,
    /// What exists from the start.
    before: BTreeSet<String>,
}

impl<'a> Lane<'a> {
    fn new(world: &'a World) -> Self {
        let server = world.emulator.address();
        let bucket = json!({ "name": "clusters", "location": "US" });
        ask(server, "POST", &format!("/storage/v1/b?project={PROJECT}"), Some(bucket));
        let zone = json!({ "name": "example", "dnsName": "example.com.", "description": "" });
        ask(server, "POST", &format!("/dns/v1/projects/{PROJECT}/managedZones"), Some(zone));
        Self { world, before: everything(server) }
    }

    /// One stack from its creation to its end, with kills.
    fn live(&self, random: &mut Random, kills: &AtomicU64, wanted: u64) {
        for _ in 0..2 {
            self.describe(random);
            self.interrupt(APPLY, random, kills, wanted);
            self.run(APPLY);
            self.assert_same();
            assert!(self.run(PLAN).contains("No changes."), "a plan right after an apply");
        }
        self.interrupt(DESTROY, random, kills, wanted);
        self.run(DESTROY);
        self.assert_same();
        assert_eq!(everything(self.world.emulator.address()), self.before);
    }

    /// Describes another network and another cluster.
    fn describe(&self, random: &mut Random) {
        let nat = ["automatic", "{ addresses: 1 }", "{ addresses: 3 }"][random.below(3)];
        let clusters = ["[]", "[private_working]"][random.below(2)];
        let network =
            format!("name: base\nregions: us-central1\nnat_gateways: {nat}\nclusters_in: {clusters}\n");
        let machine = ["e2-small", "e2-medium"][random.below(2)];
        let size = (1 + random.below(3)).to_string();
        let cluster = CLUSTER.replace("MACHINE", machine).replace("SIZE", &size);
        let directory = self.world.directory.path();
        fs::write(directory.join("network.yml"), network).unwrap();
        fs::write(directory.join("cluster.yml"), cluster).unwrap();
    }

    /// Starts an operation several times, and kills each.
    fn interrupt(&self, operation: &str, random: &mut Random, kills: &AtomicU64, wanted: u64) {
        for _ in 0..4 + random.below(16) {
            if kills.load(Ordering::Relaxed) >= wanted {
                return;
            }
            // The next process starts after the operations of this one, or in the middle of them.
            if random.below(2) == 0 {
                wait_until("the end of operations", || self.unfinished() == 0);
            }
            let mut running = Running::new(self.command(operation));
            wait_until("an operation", || self.unfinished() > 0 || !running.is_running());
            thread::sleep(random.time(LONGEST));
            let ended = running.kill();
            let during = self.unfinished() > 0;
            if ended.signal.is_none() {
                self.assert_success(operation, &ended);
                return;
            }
            kills.fetch_add(u64::from(during), Ordering::Relaxed);
            self.assert_explained();
        }
    }

    fn command(&self, operation: &str) -> Command {
        let mut command = Command::new(example("fairwinds"));
        command
            .args(operation.split_whitespace())
            .current_dir(self.world.directory.path())
            .env("GOOGLE_COMPUTE_CUSTOM_ENDPOINT", self.world.emulator.compute_endpoint())
            .env("GOOGLE_PROJECT", PROJECT)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs an operation that must succeed.
    fn run(&self, operation: &str) -> String {
        let output = self.command(operation).output().unwrap();
        let [out, errors] =
            [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        assert!(output.status.success(), "{operation}: {out}\n{errors}\nLANDFORM_SEED={}", seed());
        out
    }

    fn assert_success(&self, operation: &str, ended: &Ended) {
        assert!(ended.succeeded(), "{operation}: {ended:?}\nLANDFORM_SEED={}", seed());
    }

    /// How many operations have not ended.
    fn unfinished(&self) -> u64 {
        let operations = ask(self.world.emulator.address(), "GET", "/emulator/operations", None);
        operations["unfinished"].as_u64().unwrap()
    }

    /// The resources that requests have made, by the server's own account, without those from the start.
    fn made(&self) -> BTreeSet<String> {
        let listed = ask(self.world.emulator.address(), "GET", "/emulator/resources", None);
        let paths = listed.as_array().unwrap().iter().filter_map(Json::as_str);
        let declared = paths.filter(|path| !is_of_a_group(path)).map(id_of);
        declared.filter(|id| id != "clusters" && !id.ends_with("/managedZones/example")).collect()
    }

    fn state(&self) -> State {
        let directory = self.world.directory.path().join("fairwinds.state");
        let journal = block_on(Journal::read(Arc::new(LocalStore::new(directory)), "fairwinds")).unwrap();
        journal.state().verify().unwrap();
        journal.state().clone()
    }

    /// After any interruption, an attempt is pending for each resource that exists and is not recorded.
    fn assert_explained(&self) {
        // An operation that ends now would make a resource between the two looks.
        let state = self.state();
        let known = ids(&state);
        let unknown: Vec<_> = self.made().into_iter().filter(|id| !known.contains(id)).collect();
        let pending = state.pending().count();
        assert!(
            unknown.len() <= pending,
            "lost: {unknown:?} exist, with {pending} pending attempts; LANDFORM_SEED={}",
            seed()
        );
    }

    /// Exactly the recorded resources exist, and no attempt is pending.
    fn assert_same(&self) {
        let state = self.state();
        assert_eq!(state.pending().count(), 0, "LANDFORM_SEED={}", seed());
        assert_eq!(ids(&state), self.made(), "LANDFORM_SEED={}", seed());
    }
}

fn seed() -> u64 {
    number("LANDFORM_SEED", 1)
}

/// The ids of the recorded resources that stand alone: a NAT is a part of its router, a member one of a policy.
fn ids(state: &State) -> BTreeSet<String> {
    let alone = |type_name: &str| type_name != "google_compute_router_nat" && !type_name.contains("_iam_");
    let objects = state.objects().map(|(_, object)| object);
    objects.filter(|object| alone(object.type_name.as_str())).map(|object| object.id.clone()).collect()
}

/// Whether a managed group made a resource. Of the disks, only those of etcd are declared.
fn is_of_a_group(path: &str) -> bool {
    let is_disk = path.contains("/disks/") && !path.contains("-etcd-");
    is_disk || path.contains("/instances/") || path.contains("/instanceGroups/")
}

/// The id that Landform gives a resource, from the path of the server.
fn id_of(path: &str) -> String {
    let Some(rest) = path.strip_prefix("b/") else { return path.to_owned() };
    match rest.split_once("/o/") {
        Some((bucket, object)) => format!("{bucket}/{object}"),
        None => rest.to_owned(),
    }
}
