//! Plans of the engine: what others have changed, and texts that Google spells in another way.

use std::{collections::BTreeMap, time::Duration};

use landform_core::{ErrorKind, Stack};
use landform_gce::{
    self as gce, Address, BootDisk, Firewall, ForwardingRule, GlobalAddress, GlobalForwardingRule,
    InstanceInterface, Network, NewDisk, Subnetwork, TargetPool, TargetTcpProxy, Traffic,
};
use landform_gce_emulator::{Fault, Settings, What};
use landform_kit::rest::{Client as Http, Method, Request};
use serde_json::{Value as Json, json};

use crate::world::*;

const VM: &str = "projects/landform-test/zones/us-central1-a/instances/vm";

/// Another program, which knows nothing of Landform.
trait Others {
    async fn others_set(&self, metadata: &[(&str, &str)], labels: &[(&str, &str)]);
    async fn post(&self, method: &str, body: Json);
    fn now(&self) -> (BTreeMap<String, String>, BTreeMap<String, String>);
}

impl Others for Managed {
    /// Another program changes metadata and labels of the instance: it sets these and keeps the rest.
    async fn others_set(&self, metadata: &[(&str, &str)], labels: &[(&str, &str)]) {
        let vm = self.emulator.get(VM).unwrap();
        if !metadata.is_empty() {
            let mut all = items(&vm);
            all.extend(metadata.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
            let all: Vec<_> =
                all.into_iter().map(|(key, value)| json!({ "key": key, "value": value })).collect();
            let body = json!({ "fingerprint": vm["metadata"]["fingerprint"], "items": all });
            self.post("setMetadata", body).await;
        }
        if !labels.is_empty() {
            let mut all = vm["labels"].clone();
            labels.iter().for_each(|(key, value)| all[key] = json!(value));
            self.post("setLabels", json!({ "labels": all, "labelFingerprint": vm["labelFingerprint"] }))
                .await;
        }
    }

    async fn post(&self, method: &str, body: Json) {
        let http = Http::new(&self.emulator.compute_endpoint()).unwrap();
        let url = http.url(format!("{VM}/{method}").split('/'));
        let (headers, body, conflict) = (Vec::new(), Some(body), ErrorKind::Conflict);
        http.send(Request { method: Method::POST, url, headers, body, conflict }).await.unwrap();
        self.emulator.finish();
    }

    /// The metadata of the instance, and its labels without the attempt's.
    fn now(&self) -> (BTreeMap<String, String>, BTreeMap<String, String>) {
        let vm = self.emulator.get(VM).unwrap();
        let mut labels: BTreeMap<String, String> = serde_json::from_value(vm["labels"].clone()).unwrap();
        labels.remove("landform-token");
        (items(&vm), labels)
    }
}

fn items(vm: &Json) -> BTreeMap<String, String> {
    let text = |item: &Json, field: &str| item[field].as_str().unwrap().to_owned();
    let all = vm["metadata"]["items"].as_array().into_iter().flatten();
    all.map(|item| (text(item, "key"), text(item, "value"))).collect()
}

fn map(entries: &[(&str, &str)]) -> BTreeMap<String, String> {
    entries.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

/// A machine. Without metadata and labels, it leaves both to others.
fn machine(metadata: &[(&str, &str)], labels: &[(&str, &str)]) -> Stack {
    let mut stack = Stack::new("machine");
    let network = stack.add("main", Network::new("main").auto_create_subnetworks(false));
    let range = "10.0.0.0/20".parse::<landform_core::Cidr>().unwrap();
    let subnetwork = stack.add("main", Subnetwork::new("main", &network, range));
    let image = "projects/debian-cloud/global/images/family/debian-12";
    let system = BootDisk::new().initialize_params(NewDisk::new().image(image).size(20_u32));
    let interface = InstanceInterface::new().subnetwork(&subnetwork);
    let vm = gce::Instance::new("vm", "e2-small", system, [interface]).zone(ZONE);
    let vm = stack.add("vm", vm.metadata(map(metadata)).labels(map(labels)));
    if metadata.is_empty() && labels.is_empty() {
        stack.adjust(&vm, |node| {
            let fields = ["metadata", "labels"].map(|field| field.parse().unwrap());
            node.lifecycle.ignore_changes = fields.into();
        });
    }
    stack
}

/// terraform-provider-google 3275: what others set after the plan survives the apply. The next plan shows it.
#[tokio::test]
async fn keys_that_others_set_after_the_plan_survive_a_change() {
    let world = Managed::new(Settings::default()).await;
    world.settle(&machine(&[("color", "red"), ("old", "yes")], &[("team", "a"), ("old", "yes")])).await;
    let wanted = machine(&[("color", "blue")], &[("team", "b")]);
    let plan = world.plan(&wanted).await;
    world.others_set(&[("ssh-keys", "me:ssh-ed25519")], &[("cost", "7")]).await;
    world.apply(&plan).await;
    let kept =
        (map(&[("color", "blue"), ("ssh-keys", "me:ssh-ed25519")]), map(&[("cost", "7"), ("team", "b")]));
    assert_eq!(world.now(), kept);
    // The declaration has all keys, so the next plan removes the others' keys, and says so.
    let plan = world.plan(&wanted).await;
    assert_eq!(plan.counts().changed, 1);
    let shown = format!("{plan:?}");
    assert!(shown.contains("ssh-keys") && shown.contains("cost"), "{shown}");
    // Unless it leaves the maps to others.
    assert!(world.plan(&machine(&[], &[])).await.is_empty());
    world.apply(&plan).await;
    assert_eq!(world.now(), (map(&[("color", "blue")]), map(&[("team", "b")])));
    assert!(world.plan(&wanted).await.is_empty());
}

/// The same report: the fingerprint changes between the read and the write of a change.
#[tokio::test]
async fn a_change_between_the_read_and_the_write_is_read_again() {
    let world = Managed::new(Settings::default()).await;
    world.settle(&machine(&[("color", "red")], &[("team", "a")])).await;
    let plan = world.plan(&machine(&[("color", "blue")], &[("team", "b")])).await;
    world.emulator.forget_calls();
    // The answers of two reads are old when they come: the first one, which shows the old metadata, and the third one,
    // which shows the old labels.
    let slow = || Fault::new("compute.instances.get", What::Delay(Duration::from_millis(300)));
    world.emulator.inject(slow());
    world.emulator.inject(slow().after(2));
    let read = async |count: u64| {
        while world.emulator.calls().get("compute.instances.get").copied().unwrap_or_default() < count {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    let others = async {
        read(1).await;
        world.others_set(&[("ssh-keys", "me")], &[]).await;
        read(3).await;
        world.others_set(&[], &[("cost", "7")]).await;
    };
    futures::future::join(world.apply(&plan), others).await;
    let expected = (map(&[("color", "blue"), ("ssh-keys", "me")]), map(&[("cost", "7"), ("team", "b")]));
    assert_eq!(world.now(), expected);
    let calls = world.emulator.calls();
    // One by others, one with an old fingerprint, one that counts.
    assert_eq!((calls["compute.instances.setMetadata"], calls["compute.instances.setLabels"]), (3, 3));
}

/// A regional and a global rule, each with one of two addresses, as a text gives it.
fn balanced(name: &str, spelling: Spelling) -> Stack {
    let mut stack = Stack::new("balanced");
    for reserved in ["one", "two"] {
        stack.add(reserved, Address::new(reserved));
        stack.add(reserved, GlobalAddress::new(reserved));
    }
    let pool = stack.add("pool", TargetPool::new("pool"));
    let service = stack.add("api", gce::BackendService::new("api").protocol("TCP"));
    let proxy = stack.add("api", TargetTcpProxy::new("api", &service));
    let rule = ForwardingRule::new("web").target(pool.self_link()).port_range("443");
    let regional = stack.add("web", rule.ip_address(spelling("regions/us-central1", name)));
    let rule = GlobalForwardingRule::new("web", proxy.id()).port_range("443-443");
    let global = stack.add("web", rule.ip_address(spelling("global", name)));
    // A text is no reference.
    let address = |kind: &str, name: &str| format!("google_compute_{kind}.{name}").parse().unwrap();
    stack.adjust(&regional, |node| {
        node.depends_on.extend(["one", "two"].map(|name| address("address", name)))
    });
    stack.adjust(&global, |node| {
        node.depends_on.extend(["one", "two"].map(|name| address("global_address", name)));
    });
    stack
}

type Spelling = fn(&str, &str) -> String;

/// terraform-provider-google 4072: a rule takes a link to an address, and Compute Engine answers the number.
#[tokio::test]
async fn a_rule_with_a_link_to_its_address_is_as_declared() {
    let spellings: [Spelling; 4] = [
        |scope, name| {
            format!("https://www.googleapis.com/compute/v1/projects/{PROJECT}/{scope}/addresses/{name}")
        },
        |scope, name| format!("projects/{PROJECT}/{scope}/addresses/{name}"),
        |scope, name| format!("{scope}/addresses/{name}"),
        |_, name| name.to_owned(),
    ];
    for spelling in spellings {
        let world = Managed::new(Settings::default()).await;
        world.settle(&balanced("one", spelling)).await;
        for scope in ["regions/us-central1", "global"] {
            let path =
                |collection: &str, name: &str| format!("projects/{PROJECT}/{scope}/{collection}/{name}");
            let rule = world.emulator.get(&path("forwardingRules", "web")).unwrap();
            let address = world.emulator.get(&path("addresses", "one")).unwrap();
            assert_eq!(rule["IPAddress"], address["address"]);
        }
        // Every spelling means the same.
        for other in spellings {
            assert!(world.plan(&balanced("one", other)).await.is_empty());
        }
        let counts = world.settle(&balanced("two", spelling)).await;
        assert_eq!((counts.added, counts.changed, counts.replaced), (0, 0, 2));
    }
}

/// A reference to an address is its id or its link.
#[tokio::test]
async fn a_rule_refers_to_its_address() {
    let world = Managed::new(Settings::default()).await;
    let stack = |name: &str| {
        let mut stack = Stack::new("balanced");
        let [one, two] = ["one", "two"].map(|name| stack.add(name, Address::new(name)));
        let pool = stack.add("pool", TargetPool::new("pool"));
        let rule = ForwardingRule::new("web").target(pool.self_link()).port_range("80-80");
        let rule = if name == "one" { rule.ip_address(one.self_link()) } else { rule.ip_address(two.id()) };
        stack.add("web", rule);
        stack
    };
    assert_eq!(world.settle(&stack("one")).await.added, 4);
    assert_eq!(world.settle(&stack("two")).await.replaced, 1);
}

/// Compute Engine may answer the range of one port for a port, and takes both.
#[tokio::test]
async fn a_port_is_its_range_of_one() {
    let world = Managed::new(Settings::default()).await;
    let stack = |port: &str| {
        let mut stack = Stack::new("ports");
        let network = stack.add("main", Network::new("main").auto_create_subnetworks(false));
        let https = Traffic::new("tcp").ports([port, "8000-9000"]);
        stack.add("https", Firewall::new("https", &network).allow([https]).source_ranges(["0.0.0.0/0"]));
        let pool = stack.add("pool", TargetPool::new("pool"));
        stack.add("web", ForwardingRule::new("web").target(pool.self_link()).port_range(port));
        stack
    };
    assert_eq!(world.settle(&stack("443")).await.added, 4);
    assert!(world.plan(&stack("443-443")).await.is_empty());
    let counts = world.settle(&stack("444-444")).await;
    assert_eq!((counts.changed, counts.replaced), (1, 1));
    assert!(world.plan(&stack("444")).await.is_empty());
}
