//! The client's behaviour beyond the contract: lists, refusals, lost answers, settings.

use std::collections::BTreeMap;

use landform_core::{Call, Effect, ErrorKind, Id, Manage, Observed, Progress, Retry};
use landform_gce::{Address, Client, Firewall, Network, RouterNat, Subnetwork};
use landform_gce_emulator::{Emulator, Fault, Settings, What};
use serde_json::{Value as Json, json};
use std::time::Duration;

use crate::world::*;

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
        child.args(["--exact", "provider::the_environment_says_where_google_is", "--nocapture"]);
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
