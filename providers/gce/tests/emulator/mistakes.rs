//! Mistakes in a stack: each is one clear error with Google's own reason. What was made before stays recorded, and the
//! mended stack needs only the rest.

use std::collections::BTreeSet;

use landform_core::{Cidr, ErrorKind, Retry, Stack};
use landform_gce::{Firewall, Network, Router, RouterNat, Subnetwork, Traffic};
use landform_gce_emulator::{Fault, Project, Settings};
use serde_json::json;

use crate::world::*;

/// What a stack gets wrong.
#[derive(Clone, Copy, PartialEq)]
enum Slip {
    None,
    Project,
    Region,
    Name,
}

fn stack(slip: Slip) -> Stack {
    let mut stack = Stack::new("base");
    let network = Network::new("main").auto_create_subnetworks(false);
    let network = match slip {
        Slip::Project => network.project("nobodys-project"),
        _ => network,
    };
    let network = stack.add("main", network);
    let name = if slip == Slip::Name { "n".repeat(64) } else { "nodes".to_owned() };
    let region = if slip == Slip::Region { "us-nowhere1" } else { REGION };
    let range: Cidr = "10.0.0.0/20".parse().unwrap();
    stack.add("nodes", Subnetwork::new(name, &network, range).region(region));
    let router = stack.add("main", Router::new("main", &network));
    stack.add("main", RouterNat::new("main", &router));
    let ssh = Firewall::new("ssh", &network).allow([Traffic::new("tcp").ports(["22"])]);
    stack.add("ssh", ssh.source_ranges(["10.0.0.0/8"]));
    stack
}

/// Applies a stack that fails at one node. Asserts the error, and that the state has all that was made.
async fn fails(world: &Managed, stack: &Stack, node: &str, kind: ErrorKind, words: &str) {
    let plan = world.plan(stack).await;
    let report = world.engine.apply(&plan).await.unwrap();
    let [failure] = report.failures.as_slice() else { panic!("{words}: {:?}", report.failures) };
    assert_eq!((failure.address.as_str(), failure.error.kind()), (node, kind), "{}", failure.error);
    assert!(failure.error.message().contains(words), "{}", failure.error);
    // Nothing is waited for.
    assert_eq!(failure.error.retry(), Retry::Never, "{}", failure.error);
    assert!(report.skipped.iter().all(|skipped| skipped.because.as_ref() == Some(&failure.address)));
    recorded(world).await;
}

/// Asserts that the state has exactly what Landform made, and no open attempt.
async fn recorded(world: &Managed) {
    let state = world.engine.state("base").await.unwrap();
    assert_eq!(state.pending().count(), 0);
    let known: BTreeSet<String> = state.objects().map(|(_, object)| object.id.clone()).collect();
    let exists: BTreeSet<String> = world.emulator.resources().into_iter().collect();
    let unknown: Vec<_> = exists.difference(&known).filter(|path| !path.contains("others")).collect();
    assert_eq!(unknown, Vec::<&String>::new());
    // A NAT is a part of its router.
    let gone = known.difference(&exists).filter(|id| !id.contains("/routers/main/")).count();
    assert_eq!(gone, 0);
}

async fn destroyed(world: &Managed) {
    let plan = world.engine.plan_destroy(&Stack::new("base")).await.unwrap();
    world.apply(&plan).await;
    assert_eq!(world.emulator.resources(), Vec::<String>::new());
}

#[tokio::test]
async fn a_project_or_a_region_that_does_not_exist_is_named() {
    for (slip, node, kind, words, made) in [
        (
            Slip::Project,
            "google_compute_network.main",
            ErrorKind::NotFound,
            "The resource 'projects/nobodys-project' was not found",
            0,
        ),
        (Slip::Region, "google_compute_subnetwork.nodes", ErrorKind::Invalid, "Unknown region", 4),
    ] {
        let world = Managed::new(Settings::default()).await;
        fails(&world, &stack(slip), node, kind, words).await;
        assert_eq!(world.engine.state("base").await.unwrap().len(), made, "{words}");
        assert_eq!(world.settle(&stack(Slip::None)).await.added, 5 - made);
        destroyed(&world).await;
    }
}

#[tokio::test]
async fn a_name_that_is_too_long_is_refused_before_any_call() {
    let world = Managed::new(Settings::default()).await;
    let error = world.engine.plan(&stack(Slip::Name)).await.unwrap_err().to_string();
    assert!(error.contains("google_compute_subnetwork.nodes") && error.contains("63"), "{error}");
    assert_eq!(world.emulator.calls(), Default::default());
}

#[tokio::test]
async fn an_api_that_is_not_enabled_makes_nothing() {
    let mut project = Project::new(PROJECT);
    project.disabled = ["compute.googleapis.com".to_owned()].into();
    let mut settings = Settings::default();
    (settings.projects, settings.default_network) = (vec![project], false);
    let world = Managed::new(settings).await;
    let words = "Compute Engine API has not been used in project";
    fails(&world, &stack(Slip::None), "google_compute_network.main", ErrorKind::Denied, words).await;
    assert!(world.engine.state("base").await.unwrap().is_empty());
}

#[tokio::test]
async fn a_permission_that_is_missing_is_named_and_the_rest_is_made() {
    let world = Managed::new(Settings::default()).await;
    let path = format!("projects/{PROJECT}/global/firewalls/ssh");
    world.emulator.inject(Fault::forbidden("compute.firewalls.insert", "compute.firewalls.create", &path));
    let words = "Required 'compute.firewalls.create' permission";
    fails(&world, &stack(Slip::None), "google_compute_firewall.ssh", ErrorKind::Denied, words).await;
    assert_eq!(world.settle(&stack(Slip::None)).await.added, 1);
    destroyed(&world).await;
}

/// Somebody else has a subnetwork and a NAT in the network.
#[tokio::test]
async fn what_overlaps_with_others_is_refused_until_they_are_gone() {
    let world = Managed::new(Settings::default()).await;
    let mut before = Stack::new("base");
    before.add("main", Network::new("main").auto_create_subnetworks(false));
    world.settle(&before).await;
    let network = format!("projects/{PROJECT}/global/networks/main");
    let kit = client(&world.emulator).kit();
    let subnetwork = json!({ "name": "others", "network": network, "ip_cidr_range": "10.0.8.0/24" });
    let subnetwork = create::<Subnetwork>(&kit, "others-range", &typed(subnetwork)).await;
    let router =
        create::<Router>(&kit, "others-router", &typed(json!({ "name": "others", "network": network })))
            .await;
    let nat = json!({ "name": "others", "router": router.id() });
    let nat = create::<RouterNat>(&kit, "others-nat", &typed(nat)).await;

    let plan = world.plan(&stack(Slip::None)).await;
    let report = world.engine.apply(&plan).await.unwrap();
    let mut told: Vec<_> = report.failures.iter().map(|failed| failed.error.message().to_owned()).collect();
    told.sort();
    let [ranges, nats] = told.as_slice() else { panic!("{told:?}") };
    assert!(ranges.contains("10.0.0.0/20 conflicts with existing subnetwork 'others'"), "{ranges}");
    assert!(nats.contains("NAT 'main' covers what NAT 'others' of router 'others'"), "{nats}");
    recorded(&world).await;

    assert!(delete(&kit, "others-nat", &nat).await.unwrap());
    assert!(delete(&kit, "others-router", &router).await.unwrap());
    assert!(delete(&kit, "others-range", &subnetwork).await.unwrap());
    assert_eq!(world.settle(&stack(Slip::None)).await.added, 2);
    destroyed(&world).await;
}
