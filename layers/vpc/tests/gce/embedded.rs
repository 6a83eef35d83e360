//! The network's life on the embedded cloud.

use std::time::Duration;

use landform_core::Stack;
use landform_engine::{Engine, Plan};
use landform_gce as google;
use landform_sim::Cloud;
use landform_vpc::{
    Tier,
    gce::{BaseNetwork, Nat},
};
use tempfile::TempDir;

use crate::{cidr, in_two_regions};

struct World {
    engine: Engine,
    cloud: Cloud,
    _directory: TempDir,
}

impl World {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let cloud = Cloud::open(directory.path().join("cloud")).types(google::types()).build().unwrap();
        let engine = Engine::builder().provider(cloud.provider("google")).lag(Duration::ZERO);
        let engine = engine.state_dir(directory.path().join("state")).open().unwrap();
        Self { engine, cloud, _directory: directory }
    }

    /// Applies a description. A second plan must be empty.
    async fn apply(&self, stack: &Stack) -> Plan {
        let plan = self.engine.plan(stack).await.unwrap();
        self.engine.apply(&plan).await.unwrap().complete().unwrap();
        let again = self.engine.plan(stack).await.unwrap();
        assert!(again.is_empty() && again.drift.is_empty(), "{again}");
        plan
    }

    async fn change(&self, description: &BaseNetwork) -> [usize; 4] {
        let plan = self.apply(&crate::declare(description).0).await;
        let counts = plan.counts();
        [counts.added, counts.changed, counts.replaced, counts.destroyed]
    }

    async fn destroy(&self, stack: &Stack) {
        let plan = self.engine.plan_destroy(stack).await.unwrap();
        self.engine.apply(&plan).await.unwrap().complete().unwrap();
        assert_eq!(self.cloud.objects().unwrap().len(), 0);
        assert!(self.engine.state("base").await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn it_is_made_as_planned_and_goes_without_a_trace() {
    let world = World::new();
    let (stack, _) = crate::declare(&in_two_regions());
    let plan = world.apply(&stack).await;
    assert_eq!(plan.counts().added, stack.len());
    assert_eq!(world.cloud.objects().unwrap().len(), stack.len());
    world.destroy(&stack).await;
}

#[tokio::test]
async fn changes_that_the_layer_promises_are_made_in_place() {
    let world = World::new();
    let usual = BaseNetwork::default;
    let with = |nat_gateways| BaseNetwork { nat_gateways, ..usual() };
    assert_eq!(world.change(&usual()).await, [13, 0, 0, 0]);
    // Addresses come before the NAT uses them, and go after it has released them.
    assert_eq!(world.change(&with(Nat::Addresses(3))).await, [2, 1, 0, 0]);
    assert_eq!(world.change(&with(Nat::Addresses(2))).await, [0, 1, 0, 1]);
    assert_eq!(world.change(&with(Nat::Automatic)).await, [0, 1, 0, 2]);
    assert_eq!(world.change(&with(Nat::None)).await, [0, 0, 0, 2]);
    assert_eq!(world.change(&with(Nat::Addresses(1))).await, [3, 0, 0, 0]);

    let clusters = BaseNetwork { clusters_in: [Tier::PrivateWorking].into(), ..usual() };
    assert_eq!(world.change(&clusters).await, [0, 2, 0, 0]);
    assert_eq!(world.change(&usual()).await, [0, 2, 0, 0]);
    let ssh = BaseNetwork { ssh_from: [cidr("35.235.240.0/20")].into(), ..usual() };
    assert_eq!(world.change(&ssh).await, [1, 0, 0, 0]);
    let more = BaseNetwork { ssh_from: [cidr("35.235.240.0/20"), cidr("198.51.100.0/24")].into(), ..usual() };
    assert_eq!(world.change(&more).await, [0, 1, 0, 0]);
    assert_eq!(world.change(&in_two_regions()).await, [7, 0, 0, 1]);
    assert_eq!(world.change(&usual()).await, [0, 0, 0, 7]);
    world.destroy(&crate::declare(&usual()).0).await;
}

#[tokio::test]
async fn two_consumers_share_the_nat_and_leave_it_behind() {
    let world = World::new();
    let with_clusters = |indices: &[usize]| {
        let (mut stack, net) = crate::declare(&BaseNetwork::default());
        for index in indices {
            let (name, block) = (format!("cluster-{index}"), net.cluster_block(*index).unwrap());
            let declared =
                google::Subnetwork::new(name.as_str(), &net.vpc, block.private).region("us-central1");
            let subnetwork = stack.add(&name, declared);
            stack.depend(&subnetwork, [&net.nat_gateway("us-central1")]);
        }
        stack
    };
    let touched = |plan: &Plan| {
        let mut names: Vec<String> =
            plan.changes.iter().map(|change| change.address.name().to_owned()).collect();
        names.sort();
        names
    };
    world.apply(&with_clusters(&[0])).await;
    assert_eq!(touched(&world.apply(&with_clusters(&[0, 1])).await), ["cluster-1"]);
    let plan = world.apply(&with_clusters(&[1])).await;
    assert_eq!(touched(&plan), ["cluster-0"]);
    assert_eq!((plan.counts().destroyed, plan.changes.len()), (1, 1), "{plan}");
    world.destroy(&with_clusters(&[1])).await;
}

#[tokio::test]
async fn a_range_that_a_cluster_has_already_is_refused_by_the_plan() {
    let world = World::new();
    let (mut stack, net) = crate::declare(&BaseNetwork::default());
    let range = net.addresses().subnet(Tier::Admin, "us-central1").unwrap();
    stack.add("clash", google::Subnetwork::new("clash", &net.vpc, range).region("us-central1"));
    let error = world.engine.plan(&stack).await.unwrap_err().to_string();
    assert!(error.contains("google_compute_subnetwork.base-admin-us-central1"), "{error}");
    assert!(error.contains("10.20.0.0/22 overlaps"), "{error}");
    assert_eq!(world.cloud.objects().unwrap().len(), 0);
}
