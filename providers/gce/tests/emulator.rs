//! Every driver against the emulated Google Cloud, over the wire.
#![cfg(feature = "client")]
#![allow(clippy::unwrap_used)]

use std::{collections::BTreeMap, time::Duration};

use landform_core::{
    Address as Node, Call, Effect, ErrorKind, FindBy, Id, Manage, Observed, Progress, Resource, Retry, Token,
    conformance::{Clause, Sample, check},
};
use landform_gce::{
    Address, Client, Firewall, HttpHealthCheck, InstanceGroupManager, InstanceTemplate, Network,
    RegionBackendService, RegionHealthCheck, Router, RouterNat, Subnetwork, TargetPool,
};
use landform_gce_emulator::{Emulator, Fault, Life, Settings, What};
use landform_kit::Kit;
use serde_json::{Value as Json, json};

const PROJECT: &str = "landform-test";
const REGION: &str = "us-central1";

/// The provider under test.
type Google = Kit<Client>;

struct Cloud {
    emulator: Emulator,
    kit: Google,
}

async fn cloud(settings: Settings) -> Cloud {
    let emulator = Emulator::start(settings).await.unwrap();
    let kit = client(&emulator).kit();
    Cloud { emulator, kit }
}

fn client(emulator: &Emulator) -> Client {
    Client::emulator(&emulator.compute_endpoint(), PROJECT, REGION).unwrap()
}

#[tokio::test]
async fn every_driver_keeps_the_contract() {
    // Operations take a while, so that every effect is a ticket that the kit resumes.
    let mut settings = Settings::default();
    settings.life = Life { pending: Duration::from_millis(5), running: Duration::from_millis(20) };
    let cloud = cloud(settings).await;
    let provider = client(&cloud.emulator).provider();
    let base = base(&cloud.kit).await;
    let (network, subnetwork, router) = (base.network.id(), base.subnetwork.id(), base.router.id());
    let (labels, others) = (json!({ "name": "a", "old": "yes" }), json!({ "name": "b", "new": "yes" }));
    let nat = |more: Json| merged(json!({ "name": "sample", "router": router }), more);
    let subnet = |more: Json| {
        merged(json!({ "name": "sample", "network": network, "ip_cidr_range": "10.1.0.0/20" }), more)
    };
    let firewall = |more: Json| merged(json!({ "name": "sample", "network": network }), more);
    let group = group(&cloud.kit, &base).await;
    let balancer = |more: Json| {
        let base = json!({
            "name": "sample", "load_balancing_scheme": "INTERNAL", "ip_protocol": "TCP", "ports": ["443", "3988"],
            "backend_service": group.service.id(), "network": network, "subnetwork": subnetwork,
        });
        merged(base, more)
    };
    let samples = [
        (
            "google_compute_network",
            json!({ "name": "sample", "auto_create_subnetworks": false, "description": "of tests", "mtu": 1500 }),
            json!({
                "name": "sample", "auto_create_subnetworks": false, "description": "of tests", "mtu": 1500,
                "routing_mode": "GLOBAL", "network_firewall_policy_enforcement_order": "BEFORE_CLASSIC_FIREWALL",
            }),
        ),
        (
            "google_compute_subnetwork",
            subnet(json!({
                "secondary_ip_range": [
                    { "range_name": "pods", "ip_cidr_range": "10.64.0.0/14" },
                    { "range_name": "services", "ip_cidr_range": "10.68.0.0/20" },
                ],
                "log_config": { "flow_sampling": 0.25 },
            })),
            // The change removes the last secondary range and the logs.
            subnet(json!({ "private_ip_google_access": true })),
        ),
        (
            "google_compute_router",
            json!({ "name": "sample", "network": network, "description": "old", "bgp": { "asn": 64512 } }),
            json!({ "name": "sample", "network": network, "description": "new", "bgp": {
                "asn": 64513, "advertise_mode": "CUSTOM", "advertised_groups": ["ALL_SUBNETS"],
                "advertised_ip_ranges": [{ "range": "10.250.0.0/16", "description": "the office" }],
            } }),
        ),
        (
            "google_compute_router_nat",
            nat(json!({
                "nat_ip_allocate_option": "AUTO_ONLY", "min_ports_per_vm": 64,
                "log_config": { "enable": true, "filter": "ERRORS_ONLY" },
                "source_subnetwork_ip_ranges_to_nat": "LIST_OF_SUBNETWORKS",
                "subnetwork": [{ "name": subnetwork, "source_ip_ranges_to_nat": ["ALL_IP_RANGES"] }],
            })),
            nat(json!({
                "nat_ip_allocate_option": "MANUAL_ONLY", "nat_ips": [base.address.id()], "min_ports_per_vm": 128,
                "log_config": { "enable": true, "filter": "ALL" },
                "source_subnetwork_ip_ranges_to_nat": "ALL_SUBNETWORKS_ALL_IP_RANGES",
            })),
        ),
        (
            "google_compute_address",
            json!({ "name": "sample", "labels": labels }),
            json!({ "name": "sample", "labels": others }),
        ),
        (
            "google_compute_global_address",
            json!({ "name": "sample", "labels": labels }),
            json!({ "name": "sample", "labels": others }),
        ),
        (
            "google_compute_disk",
            json!({ "name": "sample", "zone": "us-central1-a", "type": "pd-ssd", "size": 20, "labels": labels }),
            json!({ "name": "sample", "zone": "us-central1-a", "type": "pd-ssd", "size": 30, "labels": others }),
        ),
        (
            "google_compute_firewall",
            firewall(json!({
                "allow": [{ "protocol": "tcp", "ports": ["22", "8000-9000"] }, { "protocol": "icmp" }],
                "source_ranges": ["10.0.0.0/8"], "target_tags": ["web"], "description": "old",
            })),
            firewall(json!({
                "allow": [{ "protocol": "tcp", "ports": ["22"] }], "source_tags": ["web"], "priority": 900,
                "source_ranges": ["10.0.0.0/9"], "disabled": true, "log_config": { "metadata": "INCLUDE_ALL_METADATA" },
            })),
        ),
        (
            "google_compute_region_health_check",
            json!({ "name": "sample", "check_interval_sec": 10, "tcp_health_check": { "port": 443 } }),
            json!({ "name": "sample", "timeout_sec": 3, "ssl_health_check": { "port": 3988 }, "description": "of the API" }),
        ),
        (
            "google_compute_http_health_check",
            json!({ "name": "sample", "port": 3990, "request_path": "/healthz" }),
            json!({ "name": "sample", "port": 3991, "request_path": "/ready", "description": "of the API" }),
        ),
        (
            "google_compute_target_pool",
            json!({ "name": "sample", "health_checks": [group.check.id()], "session_affinity": "CLIENT_IP" }),
            Json::Null,
        ),
        ("google_compute_instance_template", template("sample", subnetwork), Json::Null),
        (
            "google_compute_instance_group_manager",
            manager(
                "sample",
                json!({
                    "target_size": 2, "version": [{ "instance_template": group.template.id() }],
                    "update_policy": { "type": "OPPORTUNISTIC", "minimal_action": "REPLACE" },
                }),
            ),
            manager(
                "sample",
                json!({
                    "target_size": 3, "version": [
                        { "name": "new", "instance_template": group.other.id(), "target_size": { "fixed": 1 } },
                        { "name": "old", "instance_template": group.template.id() },
                    ],
                    "update_policy": { "type": "PROACTIVE", "minimal_action": "REPLACE", "max_surge_fixed": 2 },
                    "named_port": [{ "name": "https", "port": 443 }], "target_pools": [group.pool.id()],
                    "list_managed_instances_results": "PAGINATED",
                }),
            ),
        ),
        (
            "google_compute_region_backend_service",
            json!({
                "name": "sample", "protocol": "TCP", "health_checks": [group.health.id()],
                "backend": [{ "group": group.manager.attributes.instance_group, "balancing_mode": "CONNECTION" }],
            }),
            json!({
                "name": "sample", "protocol": "TCP", "health_checks": [group.health.id()], "timeout_sec": 60,
                "connection_draining_timeout_sec": 10, "description": "of the API",
            }),
        ),
        (
            "google_compute_forwarding_rule",
            balancer(json!({ "labels": labels })),
            balancer(json!({ "labels": others })),
        ),
        (
            "google_compute_route",
            json!({
                "name": "sample", "network": network, "dest_range": "10.99.0.0/16", "priority": 800,
                "next_hop_gateway": "default-internet-gateway", "tags": ["a", "b"],
            }),
            Json::Null,
        ),
    ];
    assert_eq!(samples.len(), provider.types().count());
    let mut broken = Vec::new();
    for (type_name, arguments, changed) in samples {
        // A field that an update can remove.
        let optional = match type_name {
            "google_compute_router"
            | "google_compute_region_health_check"
            | "google_compute_http_health_check"
            | "google_compute_region_backend_service" => "description",
            "google_compute_instance_group_manager" => "named_port",
            "google_compute_router_nat" | "google_compute_firewall" => "log_config",
            _ => "labels",
        };
        let mut without = changed.clone();
        let without = without.as_object_mut().and_then(|fields| fields.remove(optional)).map(|_| without);
        let takes_away = without.is_some();
        let sample = Sample {
            address: Node::new(&type_name.parse().unwrap(), "sample").unwrap(),
            run: type_name.replace('_', "-"),
            arguments,
            changed: Some(changed).filter(|changed| !changed.is_null()),
            without,
            patience: Duration::from_secs(20),
        };
        let driver = provider.driver(type_name).unwrap();
        let never = |clause: &Clause| match clause {
            Clause::Secrets => true,
            Clause::CreateAgain | Clause::Unused => driver.abilities().find != FindBy::Token,
            Clause::TakenAway => !takes_away,
            Clause::Update | Clause::UpdateAgain => {
                ["google_compute_route", "google_compute_target_pool", "google_compute_instance_template"]
                    .contains(&type_name)
            }
            _ => false,
        };
        match check(&**driver, &sample, tokio::time::sleep).await {
            Ok(report) => assert!(report.skipped.iter().all(never), "{type_name}: {report}"),
            Err(failure) => broken.push(failure.to_string()),
        }
    }
    assert_eq!(broken, Vec::<String>::new());
}

#[tokio::test]
async fn reads_take_one_list_for_many_and_answer_in_order() {
    let cloud = cloud(Settings::default()).await;
    let mut ids = Vec::new();
    for index in 0..7 {
        let address: Observed<Address> =
            create(&cloud.kit, &format!("ip-{index}"), &typed(json!({ "name": format!("ip-{index}") })))
                .await;
        ids.push(Id::<Address>::new(address.id()));
    }
    ids.insert(3, Id::new(format!("projects/{PROJECT}/regions/{REGION}/addresses/none")));
    cloud.emulator.forget_calls();
    let read = cloud.kit.read_many(&ids).await.unwrap();
    let names: Vec<_> =
        read.iter().map(|found| found.as_ref().map(|found| found.arguments.name.as_str())).collect();
    let expected = [Some("ip-0"), Some("ip-1"), Some("ip-2"), None, Some("ip-3"), Some("ip-4"), Some("ip-5")];
    assert_eq!(names[..7], expected);
    assert_eq!(cloud.emulator.calls(), BTreeMap::from([("compute.addresses.list", 1)]));
}

#[tokio::test]
async fn what_is_used_is_waited_for_and_then_told() {
    let cloud = cloud(Settings::default()).await;
    let base = base(&cloud.kit).await;
    // Compute Engine refuses a busy network inside the operation. Here it becomes free after a while.
    let (address, token) = identity("google_compute_network", "network");
    let call = Call::new(&address, &token);
    let mut progress = cloud.kit.delete(call, &base.network).await.unwrap();
    let mut refused = 0;
    for round in 0.. {
        assert!(round < 200, "the creation never ends: {progress:?}");
        let Progress::Pending(ticket) = &progress else { break };
        if ticket.note.contains("refused for now: ") {
            refused += 1;
        }
        if refused == 1 {
            refused += 1;
            assert!(delete(&cloud.kit, "address", &base.address).await.unwrap());
            assert!(delete(&cloud.kit, "router", &base.router).await.unwrap());
            assert!(delete(&cloud.kit, "subnetwork", &base.subnetwork).await.unwrap());
        }
        tokio::time::sleep(ticket.poll_after.min(Duration::from_millis(20))).await;
        progress = cloud.kit.resume(call, ticket, &base.network.arguments).await.unwrap();
    }
    assert!(matches!(progress, Progress::Gone), "{progress:?}");
    assert!(refused > 0, "nothing was refused");
    assert_eq!(cloud.emulator.resources(), Vec::<String>::new());
}

#[tokio::test]
async fn a_lost_answer_makes_nothing_twice() {
    let cloud = cloud(Settings::default()).await;
    let network: Network = typed(json!({ "name": "main", "auto_create_subnetworks": false }));
    let (address, token) = identity("google_compute_network", "main");
    let call = Call::new(&address, &token);
    cloud.emulator.inject(Fault::new("compute.networks.insert", What::LoseAnswer));
    let error = cloud.kit.create(call, &network).await.unwrap_err();
    assert_eq!(error.effect(), Effect::Unknown, "{error}");
    // The same attempt gets the same operation, because its request id depends on the token.
    let begun = cloud.kit.create(call, &network).await.unwrap();
    let made = follow(&cloud.kit, call, begun, &network).await;
    assert_eq!(made.id(), "projects/landform-test/global/networks/main");
    // Another attempt is refused, because the name is taken.
    let (_, token) = identity("google_compute_network", "another");
    let error = cloud.kit.create(Call::new(&address, &token), &network).await.unwrap_err();
    assert_eq!((error.kind(), error.retry()), (ErrorKind::AlreadyExists, Retry::Never), "{error}");
}

#[tokio::test]
async fn nats_of_one_router_do_not_lose_each_other() {
    let cloud = cloud(Settings::default()).await;
    let base = base(&cloud.kit).await;
    let mut nats = Vec::new();
    for index in 0..6 {
        let range = format!("10.{}.0.0/20", 100 + index);
        let name = format!("s-{index}");
        let subnetwork: Observed<Subnetwork> = create(
            &cloud.kit,
            &name,
            &typed(json!({ "name": name, "network": base.network.id(), "ip_cidr_range": range })),
        )
        .await;
        nats.push(typed::<RouterNat>(json!({
            "name": format!("nat-{index}"), "router": base.router.id(),
            "source_subnetwork_ip_ranges_to_nat": "LIST_OF_SUBNETWORKS",
            "subnetwork": [{ "name": subnetwork.id(), "source_ip_ranges_to_nat": ["ALL_IP_RANGES"] }],
        })));
    }
    let made = nats.iter().map(|nat| create(&cloud.kit, &nat.name, nat));
    let made: Vec<Observed<RouterNat>> = futures::future::join_all(made).await;
    let router = cloud.emulator.get(base.router.id()).unwrap();
    assert_eq!(router["nats"].as_array().map(Vec::len), Some(6), "{router}");
    let gone = made.iter().map(|nat| delete(&cloud.kit, &nat.arguments.name, nat));
    assert!(futures::future::join_all(gone).await.into_iter().all(Result::unwrap));
    assert_eq!(cloud.emulator.get(base.router.id()).unwrap()["nats"], Json::Null);
}

#[tokio::test]
async fn errors_are_googles_own_and_nothing_is_half_made() {
    let mut settings = Settings::default();
    settings.quotas.insert("NETWORKS".to_owned(), 2);
    let cloud = cloud(settings).await;
    let network: Observed<Network> =
        create(&cloud.kit, "main", &typed(json!({ "name": "main", "auto_create_subnetworks": false }))).await;
    let subnetwork = |more: Json| {
        let base = json!({ "name": "nodes", "network": network.id(), "ip_cidr_range": "10.0.0.0/20" });
        typed::<Subnetwork>(merged(base, more))
    };
    let _: Observed<Subnetwork> = create(&cloud.kit, "nodes", &subnetwork(json!({}))).await;
    for (more, kind, code, text) in [
        (json!({ "name": "Nodes" }), ErrorKind::Invalid, "invalid", "Must be a match of regex"),
        (json!({ "name": "n".repeat(64) }), ErrorKind::Invalid, "invalid", "Must be a match of regex"),
        (json!({ "name": "more", "region": "us-nowhere1" }), ErrorKind::Invalid, "invalid", "Unknown region"),
        (
            json!({ "name": "more" }),
            ErrorKind::Invalid,
            "invalidUsage",
            "conflicts with existing subnetwork 'nodes'",
        ),
        (
            json!({ "name": "more", "project": "nobody" }),
            ErrorKind::NotFound,
            "notFound",
            "The resource 'projects/nobody' was not found",
        ),
    ] {
        let error = refusal(&cloud.kit, &subnetwork(more)).await;
        assert_eq!((error.kind(), error.provider_code()), (kind, Some(code)), "{error}");
        assert!(error.message().contains(text), "{error}");
        assert_eq!(error.effect(), Effect::None, "{error}");
    }
    let more = typed::<Network>(json!({ "name": "more" }));
    let error = refusal(&cloud.kit, &more).await;
    assert_eq!((error.kind(), error.provider_code()), (ErrorKind::Quota, Some("quotaExceeded")), "{error}");
    cloud.emulator.inject(Fault::throttled("compute.networks.insert"));
    let error = refusal(&cloud.kit, &more).await;
    assert_eq!((error.kind(), error.retry()), (ErrorKind::Throttled, Retry::Backoff), "{error}");
    cloud.emulator.inject(Fault::forbidden(
        "compute.networks.insert",
        "compute.networks.create",
        "projects/landform-test/global/networks/more",
    ));
    let error = refusal(&cloud.kit, &more).await;
    assert_eq!((error.kind(), error.retry()), (ErrorKind::Denied, Retry::Never), "{error}");
    assert!(error.message().contains("compute.networks.create"), "{error}");
    let mut made = cloud.emulator.resources();
    made.sort();
    let expected = [
        "projects/landform-test/global/networks/main",
        "projects/landform-test/regions/us-central1/subnetworks/nodes",
    ];
    assert_eq!(made, expected);

    let error = Manage::<Network>::import(&cloud.kit, "main").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid, "{error}");
}

#[tokio::test]
async fn an_operation_that_fails_is_the_error() {
    let cloud = cloud(Settings::default()).await;
    let firewall: Firewall = typed(json!({
        "name": "ssh", "network": "projects/landform-test/global/networks/default", "allow": [{ "protocol": "tcp" }],
    }));
    let failing = landform_gce_emulator::Refusal {
        status: 403,
        reason: "quotaExceeded".to_owned(),
        message: "Quota 'FIREWALLS' exceeded.".to_owned(),
        details: Vec::new(),
    };
    cloud.emulator.inject(Fault::new("compute.firewalls.insert", What::Fail(failing)));
    let (address, token) = identity("google_compute_firewall", "ssh");
    let call = Call::new(&address, &token);
    let Progress::Pending(ticket) = cloud.kit.create(call, &firewall).await.unwrap() else {
        panic!("it is done")
    };
    let error = cloud.kit.resume(call, &ticket, &firewall).await.unwrap_err();
    assert_eq!((error.kind(), error.provider_code()), (ErrorKind::Quota, Some("QUOTA_EXCEEDED")), "{error}");
    assert!(error.to_string().contains("insert"), "{error}");
    assert_eq!(cloud.emulator.resources(), Vec::<String>::new());
}

/// The test sets the environment of a process, so it starts itself again as another process.
#[tokio::test]
async fn the_environment_says_where_google_is() {
    const CHILD: &str = "LANDFORM_TEST_CHILD";
    if std::env::var_os(CHILD).is_some() {
        match Client::from_env().await {
            Ok(client) => {
                let address = create(&client.kit(), "main", &typed::<Address>(json!({ "name": "ip" }))).await;
                println!("made {}", address.id());
            }
            Err(error) => println!("refused {error}"),
        }
        return;
    }
    let emulator = Emulator::start(Settings::default()).await.unwrap();
    let endpoint = emulator.compute_endpoint();
    let run = async |without: &'static str| {
        let mut child = tokio::process::Command::new(std::env::current_exe().unwrap());
        child.args(["--exact", "the_environment_says_where_google_is", "--nocapture"]);
        child.env_clear().env(CHILD, "1").env("HOME", "/nowhere");
        child.env("GOOGLE_COMPUTE_CUSTOM_ENDPOINT", &endpoint);
        child.env("GOOGLE_CLOUD_PROJECT", PROJECT).env("GOOGLE_REGION", REGION).env_remove(without);
        String::from_utf8(child.output().await.unwrap().stdout).unwrap()
    };
    let whole = run("NOTHING").await;
    assert!(whole.contains("made projects/landform-test/regions/us-central1/addresses/ip"), "{whole}");
    let homeless = run("GOOGLE_CLOUD_PROJECT").await;
    assert!(homeless.contains("refused") && homeless.contains("no project is configured"), "{homeless}");
}

/// Resources that others refer to.
struct Base {
    network: Observed<Network>,
    subnetwork: Observed<Subnetwork>,
    router: Observed<Router>,
    address: Observed<Address>,
}

async fn base(kit: &Google) -> Base {
    let network: Observed<Network> =
        create(kit, "network", &typed(json!({ "name": "base", "auto_create_subnetworks": false }))).await;
    let subnetwork = json!({ "name": "base", "network": network.id(), "ip_cidr_range": "10.0.0.0/20" });
    let subnetwork = create(kit, "subnetwork", &typed(subnetwork)).await;
    let router = create(kit, "router", &typed(json!({ "name": "base", "network": network.id() }))).await;
    let address = create(kit, "address", &typed(json!({ "name": "base" }))).await;
    Base { network, subnetwork, router, address }
}

/// The resources that a cluster's load balancers refer to.
struct Group {
    check: Observed<HttpHealthCheck>,
    health: Observed<RegionHealthCheck>,
    pool: Observed<TargetPool>,
    template: Observed<InstanceTemplate>,
    other: Observed<InstanceTemplate>,
    manager: Observed<InstanceGroupManager>,
    service: Observed<RegionBackendService>,
}

async fn group(kit: &Google, base: &Base) -> Group {
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

fn template(name: &str, subnetwork: &str) -> Json {
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

fn manager(name: &str, more: Json) -> Json {
    merged(json!({ "name": name, "zone": "us-central1-a", "base_instance_name": name }), more)
}

async fn refusal<R: Resource>(kit: &Google, arguments: &R) -> landform_core::Error
where
    Google: Manage<R>,
{
    let (address, token) = identity(R::TYPE, "refused");
    match kit.create(Call::new(&address, &token), arguments).await {
        Err(error) => error,
        Ok(progress) => panic!("it is taken: {progress:?}"),
    }
}

async fn create<R: Resource>(kit: &Google, name: &str, arguments: &R) -> Observed<R>
where
    Google: Manage<R>,
{
    let (address, token) = identity(R::TYPE, name);
    let call = Call::new(&address, &token);
    for _ in 0..200 {
        match kit.create(call, arguments).await {
            Ok(begun) => return follow(kit, call, begun, arguments).await,
            // Another patch of the router is under way.
            Err(error) if error.kind() == ErrorKind::Conflict => {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            Err(error) => panic!("{error}"),
        }
    }
    panic!("{name}: refused for too long")
}

/// Whether the resource is gone.
async fn delete<R: Resource>(kit: &Google, name: &str, prior: &Observed<R>) -> landform_core::Result<bool>
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

async fn follow<R: Resource>(
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

fn identity(type_name: &str, name: &str) -> (Node, Token) {
    let address = Node::new(&type_name.parse().unwrap(), name).unwrap();
    (address, format!("lf-{name}").parse().unwrap())
}

fn typed<R: Resource>(arguments: Json) -> R {
    serde_json::from_value(arguments).unwrap()
}

fn merged(base: Json, more: Json) -> Json {
    let (Json::Object(mut base), Json::Object(more)) = (base, more) else { panic!("expected objects") };
    base.extend(more);
    Json::Object(base)
}
