//! An emulated Google Cloud with a client, and the resources that tests need.

use std::time::Duration;

use landform_core::{Address as Node, Call, Manage, Observed, Progress, Resource, Retry, Stack, Token};
use landform_engine::{Counts, Engine, Plan};
use landform_gce::{
    Address, Client, HttpHealthCheck, InstanceGroupManager, InstanceTemplate, Network, RegionBackendService,
    RegionHealthCheck, Router, Subnetwork, TargetPool,
};
use landform_gce_emulator::{Emulator, Settings};
use landform_kit::Kit;
use serde_json::{Value as Json, json};

pub const PROJECT: &str = "landform-test";
pub const REGION: &str = "us-central1";
pub const ZONE: &str = "us-central1-a";

/// The provider under test.
pub type Google = Kit<Client>;

pub struct Cloud {
    pub emulator: Emulator,
    pub kit: Google,
}

pub async fn cloud(settings: Settings) -> Cloud {
    let emulator = Emulator::start(settings).await.unwrap();
    let kit = client(&emulator).kit();
    Cloud { emulator, kit }
}

pub fn client(emulator: &Emulator) -> Client {
    Client::emulator(&emulator.compute_endpoint(), PROJECT, REGION).unwrap()
}

/// An emulated Google Cloud with an engine and its state.
pub struct Managed {
    pub emulator: Emulator,
    pub engine: Engine,
    _state: tempfile::TempDir,
}

impl Managed {
    pub async fn new(settings: Settings) -> Self {
        let emulator = Emulator::start(settings).await.unwrap();
        let state = tempfile::tempdir().unwrap();
        let engine = Engine::builder().provider(client(&emulator).provider()).lag(Duration::ZERO);
        let engine = engine.state_dir(state.path()).open().unwrap();
        Self { emulator, engine, _state: state }
    }

    pub async fn plan(&self, stack: &Stack) -> Plan {
        self.engine.plan(stack).await.unwrap()
    }

    pub async fn apply(&self, plan: &Plan) {
        self.engine.apply(plan).await.unwrap().complete().unwrap();
    }

    /// Applies a stack, and checks that the next plan is empty.
    pub async fn settle(&self, stack: &Stack) -> Counts {
        let plan = self.plan(stack).await;
        self.apply(&plan).await;
        let again = self.plan(stack).await;
        assert!(again.is_empty() && again.drift.is_empty(), "{again:?}");
        plan.counts()
    }
}

/// Resources that others refer to.
pub struct Base {
    pub network: Observed<Network>,
    pub subnetwork: Observed<Subnetwork>,
    pub router: Observed<Router>,
    pub address: Observed<Address>,
}

pub async fn base(kit: &Google) -> Base {
    let network: Observed<Network> =
        create(kit, "network", &typed(json!({ "name": "base", "auto_create_subnetworks": false }))).await;
    let subnetwork = json!({ "name": "base", "network": network.id(), "ip_cidr_range": "10.0.0.0/20" });
    let subnetwork = create(kit, "subnetwork", &typed(subnetwork)).await;
    let router = json!({ "name": "base", "network": network.id(), "bgp": { "asn": 64512 } });
    let router = create(kit, "router", &typed(router)).await;
    let address = create(kit, "address", &typed(json!({ "name": "base" }))).await;
    Base { network, subnetwork, router, address }
}

/// The resources that a cluster's load balancers refer to.
pub struct Group {
    pub check: Observed<HttpHealthCheck>,
    pub health: Observed<RegionHealthCheck>,
    pub pool: Observed<TargetPool>,
    pub template: Observed<InstanceTemplate>,
    pub other: Observed<InstanceTemplate>,
    pub manager: Observed<InstanceGroupManager>,
    pub service: Observed<RegionBackendService>,
}

pub async fn group(kit: &Google, base: &Base) -> Group {
    let check = create(kit, "check", &typed(json!({ "name": "base" }))).await;
    let health: Observed<RegionHealthCheck> =
        create(kit, "health", &typed(json!({ "name": "base", "tcp_health_check": { "port": 443 } }))).await;
    let pool = create(kit, "pool", &typed(json!({ "name": "base" }))).await;
    let template: Observed<InstanceTemplate> =
        create(kit, "template", &typed(template("base", base.subnetwork.id()))).await;
    let other = create(kit, "other", &typed(self::template("other", base.subnetwork.id()))).await;
    let versions = json!({ "target_size": 1, "version": [{ "instance_template": template.id() }] });
    let manager: Observed<InstanceGroupManager> =
        create(kit, "manager", &typed(self::manager("base", versions))).await;
    let service = json!({
        "name": "base", "protocol": "TCP", "health_checks": [health.id()],
        "backend": [{ "group": manager.attributes.instance_group, "balancing_mode": "CONNECTION" }],
    });
    let service = create(kit, "service", &typed(service)).await;
    Group { check, health, pool, template, other, manager, service }
}

pub fn template(name: &str, subnetwork: &str) -> Json {
    json!({
        "name": name, "machine_type": "e2-medium", "can_ip_forward": true, "tags": ["node", "web"],
        "labels": { "role": "node" }, "metadata": { "cluster-name": "a", "user-data": "#!/bin/bash\n" },
        "disk": [{
            "boot": true, "disk_size_gb": 64, "disk_type": "pd-standard", "device_name": "persistent-disks-0",
            "source_image": "https://www.googleapis.com/compute/v1/projects/debian-cloud/global/images/family/debian-12",
        }],
        "network_interface": [{ "subnetwork": subnetwork, "access_config": [{}] }],
        "scheduling": { "automatic_restart": true, "on_host_maintenance": "MIGRATE", "preemptible": false },
        "service_account": { "email": "default", "scopes": ["https://www.googleapis.com/auth/compute"] },
    })
}

pub fn instance(subnetwork: &str, more: Json) -> Json {
    let base = json!({
        "name": "sample", "zone": ZONE, "network_interface": [{ "subnetwork": subnetwork, "access_config": [{}] }],
        "boot_disk": { "initialize_params": {
            "image": "projects/debian-cloud/global/images/family/debian-12", "size": 20, "type": "pd-balanced",
        } },
    });
    merged(base, more)
}

pub fn manager(name: &str, more: Json) -> Json {
    merged(json!({ "name": name, "zone": "us-central1-a", "base_instance_name": name }), more)
}

pub async fn refusal<R: Resource>(kit: &Google, arguments: &R) -> landform_core::Error
where
    Google: Manage<R>,
{
    let (address, token) = identity(R::TYPE, "refused");
    match kit.create(Call::new(&address, &token), arguments).await {
        Err(error) => error,
        Ok(progress) => panic!("it is taken: {progress:?}"),
    }
}

pub async fn create<R: Resource>(kit: &Google, name: &str, arguments: &R) -> Observed<R>
where
    Google: Manage<R>,
{
    let (address, token) = identity(R::TYPE, name);
    let call = Call::new(&address, &token);
    for _ in 0..200 {
        match kit.create(call, arguments).await {
            Ok(begun) => return follow(kit, call, begun, arguments).await,
            // As the engine does.
            Err(error) if error.retry() != Retry::Never => {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            Err(error) => panic!("{error}"),
        }
    }
    panic!("{name}: refused for too long")
}

pub async fn update<R: Resource>(kit: &Google, name: &str, prior: &Observed<R>, arguments: &R) -> Observed<R>
where
    Google: Manage<R>,
{
    let (address, token) = identity(R::TYPE, name);
    let call = Call::new(&address, &token);
    for _ in 0..8 {
        match kit.update(call, prior, arguments).await {
            Ok(begun) => return follow(kit, call, begun, arguments).await,
            // As the engine does.
            Err(error) if error.retry() != Retry::Never => {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            Err(error) => panic!("{error}"),
        }
    }
    panic!("{name}: refused for too long")
}

/// Whether the resource is gone.
pub async fn delete<R: Resource>(kit: &Google, name: &str, prior: &Observed<R>) -> landform_core::Result<bool>
where
    Google: Manage<R>,
{
    let (address, token) = identity(R::TYPE, name);
    let call = Call::new(&address, &token);
    let mut progress = kit.delete(call, prior).await?;
    for _ in 0..500 {
        match progress {
            Progress::Pending(ticket) => {
                tokio::time::sleep(ticket.poll_after).await;
                progress = kit.resume(call, &ticket, &prior.arguments).await?;
            }
            progress => return Ok(matches!(progress, Progress::Gone)),
        }
    }
    Ok(false)
}

pub async fn follow<R: Resource>(
    kit: &Google,
    call: Call<'_>,
    mut progress: Progress<Observed<R>>,
    arguments: &R,
) -> Observed<R>
where
    Google: Manage<R>,
{
    for _ in 0..200 {
        match progress {
            Progress::Exists(observed) => return observed,
            Progress::Pending(ticket) => {
                tokio::time::sleep(ticket.poll_after).await;
                progress = kit.resume(call, &ticket, arguments).await.unwrap();
            }
            other => panic!("{}: {other:?}", call.address),
        }
    }
    panic!("{}: still {progress:?}", call.address)
}

pub fn node(type_name: &str, name: &str) -> Node {
    Node::new(&type_name.parse().unwrap(), name).unwrap()
}

pub fn identity(type_name: &str, name: &str) -> (Node, Token) {
    (node(type_name, name), format!("lf-{name}").parse().unwrap())
}

pub fn typed<R: Resource>(arguments: Json) -> R {
    serde_json::from_value(arguments).unwrap()
}

pub fn merged(base: Json, more: Json) -> Json {
    let (Json::Object(mut base), Json::Object(more)) = (base, more) else { panic!("expected objects") };
    base.extend(more);
    Json::Object(base)
}
