//! Data sources, and the number of calls that a refresh takes.

use landform_core::{DataSource, Effect, ErrorKind, Id, Known, Manage, Object, Observed};
use landform_gce::{
    Address, ForwardingRule, Instance, InstanceGroupManager, InstanceTemplate, TargetPool, data,
};
use landform_gce_emulator::Settings;
use serde_json::json;

use crate::world::*;

#[tokio::test]
async fn data_sources_show_what_is_there() {
    let cloud = cloud(Settings::default()).await;
    let base = base(&cloud.kit).await;
    let client = client(&cloud.emulator).with_zone(ZONE);
    let config = client.read(&data::ClientConfig {}).await.unwrap();
    assert_eq!(
        (config.project.as_str(), config.region.as_str(), config.zone.as_str()),
        (PROJECT, REGION, ZONE)
    );
    let zones = client.read(&typed::<data::Zones>(json!({ "status": "UP" }))).await.unwrap();
    assert!(zones.names.contains(&ZONE.to_owned()) && zones.names.is_sorted(), "{zones:?}");
    assert!(zones.names.iter().all(|name| name.starts_with(REGION)), "{zones:?}");
    let image = typed::<data::Image>(json!({ "family": "debian-12", "project": "debian-cloud" }));
    let image = client.read(&image).await.unwrap();
    assert!(image.id.as_str().starts_with("projects/debian-cloud/global/images/debian-12"), "{image:?}");
    let types =
        client.read(&typed::<data::MachineTypes>(json!({ "filter": "name = e2-small" }))).await.unwrap();
    let [small] = types.machine_types.as_slice() else { panic!("{types:?}") };
    assert_eq!((small.name.as_str(), small.guest_cpus), ("e2-small", 2));
    let project = client.read(&typed::<data::Project>(json!({}))).await.unwrap();
    assert_eq!((project.id.as_str(), project.name.as_str()), ("projects/landform-test", PROJECT));
    let network = client.read(&typed::<data::Network>(json!({ "name": "base" }))).await.unwrap();
    assert_eq!(network.id.as_str(), base.network.id());
    let subnetwork = client.read(&typed::<data::Subnetwork>(json!({ "name": "base" }))).await.unwrap();
    assert_eq!(
        (subnetwork.id.as_str(), subnetwork.network.as_str()),
        (base.subnetwork.id(), base.network.id())
    );
    assert_eq!(network.subnetworks_self_links.len(), 1);
    let link = typed::<data::Subnetwork>(json!({ "self_link": network.subnetworks_self_links[0] }));
    assert_eq!(client.read(&link).await.unwrap().id, subnetwork.id);
    // Every data source has a driver.
    let provider = client.provider();
    let sources = landform_gce::types().into_iter().filter(|known| known.is_data()).count();
    assert_eq!((sources, provider.data_drivers().count()), (7, 7));
}

#[tokio::test]
async fn a_question_without_an_answer_is_one_clear_error() {
    let cloud = cloud(Settings::default()).await;
    let client = client(&cloud.emulator);
    let network = typed::<data::Network>(json!({ "name": "none" }));
    let image = typed::<data::Image>(json!({ "name": "a", "family": "b" }));
    let types = typed::<data::MachineTypes>(json!({}));
    let zones = typed::<data::Zones>(json!({ "region": "us-nowhere1" }));
    let project = typed::<data::Project>(json!({ "project_id": "nobodys" }));
    for (error, kind, text) in [
        (client.read(&network).await.unwrap_err(), ErrorKind::NotFound, "networks/none' was not found"),
        (client.read(&image).await.unwrap_err(), ErrorKind::Invalid, "expected one of name and family"),
        (client.read(&types).await.unwrap_err(), ErrorKind::Invalid, "no zone is given"),
        (client.read(&zones).await.unwrap_err(), ErrorKind::NotFound, "us-nowhere1"),
        (client.read(&project).await.unwrap_err(), ErrorKind::Denied, "The caller does not have permission"),
    ] {
        assert_eq!((error.kind(), error.effect()), (kind, Effect::None), "{error}");
        assert!(error.message().contains(text), "{error}");
    }
}

#[tokio::test]
async fn a_refresh_of_a_thousand_instances_takes_few_calls() {
    let cloud = cloud(Settings::default()).await;
    let base = base(&cloud.kit).await;
    let template: Observed<InstanceTemplate> =
        create(&cloud.kit, "template", &typed(template("nodes", base.subnetwork.id()))).await;
    // Groups make the instances.
    let mut instances: Vec<Id<Instance>> = Vec::new();
    for (zone, size) in [("us-central1-a", 334), ("us-central1-b", 333), ("us-central1-c", 333)] {
        let group = json!({
            "name": zone, "zone": zone, "base_instance_name": "node", "target_size": size,
            "version": [{ "instance_template": template.id() }],
        });
        let _: Observed<InstanceGroupManager> = create(&cloud.kit, zone, &typed(group)).await;
        let made = cloud.emulator.paths().into_iter();
        let prefix = format!("projects/{PROJECT}/zones/{zone}/instances/");
        instances.extend(made.filter(|path| path.starts_with(&prefix)).map(Id::new));
    }
    assert_eq!(instances.len(), 1000);
    let mut addresses: Vec<Id<Address>> = Vec::new();
    for index in 0..300 {
        let name = format!("ip-{index}");
        let address: Observed<Address> = create(&cloud.kit, &name, &typed(json!({ "name": name }))).await;
        addresses.push(Id::new(address.id()));
    }
    cloud.emulator.forget_calls();
    // The engine asks page by page.
    for page in instances.chunks(Manage::<Instance>::abilities(&cloud.kit).page) {
        assert!(cloud.kit.read_many(page).await.unwrap().iter().all(Option::is_some));
    }
    for page in addresses.chunks(Manage::<Address>::abilities(&cloud.kit).page) {
        assert!(cloud.kit.read_many(page).await.unwrap().iter().all(Option::is_some));
    }
    let calls = cloud.emulator.calls();
    assert!(calls.values().sum::<u64>() <= 12, "{calls:?}");
}

/// Links to addresses are looked up together.
#[tokio::test]
async fn a_refresh_of_rules_with_links_takes_one_list_more() {
    let cloud = cloud(Settings::default()).await;
    let pool: Observed<TargetPool> = create(&cloud.kit, "pool", &typed(json!({ "name": "pool" }))).await;
    let mut rules = Vec::new();
    for index in 0..20 {
        let name = format!("web-{index}");
        let address: Observed<Address> = create(&cloud.kit, &name, &typed(json!({ "name": name }))).await;
        let rule = json!({ "name": name, "target": pool.id(), "ip_address": address.id() });
        let rule: Observed<ForwardingRule> = create(&cloud.kit, &format!("rule-{index}"), &typed(rule)).await;
        assert_eq!(rule.arguments.ip_address, address.arguments.address);
        rules.push(Object::new(rule.id(), json!({ "ip_address": address.id() }), json!({})));
    }
    let provider = client(&cloud.emulator).provider();
    let driver = provider.driver("google_compute_forwarding_rule").unwrap();
    cloud.emulator.forget_calls();
    let known: Vec<&dyn Known> = rules.iter().map(|rule| rule as &dyn Known).collect();
    let read = driver.read_many(&known).await.unwrap();
    let calls = cloud.emulator.calls();
    assert_eq!((calls.values().sum::<u64>(), calls["compute.addresses.list"]), (2, 1), "{calls:?}");
    for (read, rule) in read.iter().zip(&rules) {
        assert_eq!(read.as_ref().unwrap().arguments["ip_address"], rule.arguments["ip_address"]);
    }
    // Without its address, a rule shows its number again.
    let rule = &rules[0];
    let gone = json!({ "ip_address": "projects/landform-test/regions/us-central1/addresses/gone" });
    let wrong = Object::new(rule.id.as_str(), gone, json!({}));
    let read = driver.read_many(&[&wrong as &dyn Known]).await.unwrap();
    let number = &cloud.emulator.get(&rule.id).unwrap()["IPAddress"];
    assert_eq!(&read[0].as_ref().unwrap().arguments["ip_address"], number);
}
