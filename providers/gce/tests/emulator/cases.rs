//! What users of Google's Terraform provider reported, each as a test. The numbers are those of the issues.

use std::{collections::BTreeSet, time::Duration};

use landform_core::{Call, ErrorKind, Id, Manage, Observed, Progress, Retry};
use landform_gce::{
    Address, Disk, ForwardingRule, Instance, InstanceGroupManager, InstanceTemplate, Network, NetworkPeering,
    ProjectIamMember, Route, ServiceAccount,
};
use landform_gce_emulator::{Fault, Life, Refusal, Settings, What};
use serde_json::json;

use crate::world::*;

fn refusal_of(status: u16, reason: &str, message: &str) -> Refusal {
    let (reason, message) = (reason.to_owned(), message.to_owned());
    Refusal { status, reason, message, details: Vec::new() }
}

/// terraform-provider-google 3275: the fingerprint of the metadata changes between the look and the change.
#[tokio::test]
async fn a_changed_fingerprint_of_metadata_is_read_again() {
    let cloud = cloud(Settings::default()).await;
    let base = base(&cloud.kit).await;
    let wanted = |value: &str| {
        typed::<Instance>(instance(
            base.subnetwork.id(),
            json!({ "machine_type": "e2-small", "metadata": { "color": value, "kept": "yes" } }),
        ))
    };
    let made: Observed<Instance> = create(&cloud.kit, "vm", &wanted("red")).await;
    let stale = || {
        refusal_of(
            412,
            "conditionNotMet",
            "Supplied fingerprint does not match current metadata fingerprint.",
        )
    };
    // Once at once, and once inside the operation.
    cloud.emulator.inject(Fault::new("compute.instances.setMetadata", What::Refuse(stale())));
    cloud.emulator.inject(Fault::new("compute.instances.setMetadata", What::Fail(stale())).after(1));
    let changed = update(&cloud.kit, "vm", &made, &wanted("blue")).await;
    assert_eq!(changed.arguments.metadata, wanted("blue").metadata);
    assert_eq!(cloud.emulator.calls()["compute.instances.setMetadata"], 3);
}

/// The same report: labels have a fingerprint, too. Some types get their labels only after their creation.
#[tokio::test]
async fn a_changed_fingerprint_of_labels_is_read_again() {
    let cloud = cloud(Settings::default()).await;
    let wanted = |team: &str| typed::<Address>(json!({ "name": "ip", "labels": { "team": team } }));
    let stale = || {
        let text = "Supplied fingerprint does not match current labels fingerprint.";
        refusal_of(412, "conditionNotMet", text)
    };
    // Once at once, and once inside the operation.
    let refuse = || {
        let fault = |what| Fault::new("compute.addresses.setLabels", what);
        cloud.emulator.inject(fault(What::Refuse(stale())));
        cloud.emulator.inject(fault(What::Fail(stale())).after(1));
    };
    refuse();
    let made: Observed<Address> = create(&cloud.kit, "ip", &wanted("a")).await;
    assert_eq!(made.arguments.labels, wanted("a").labels);
    refuse();
    let changed = update(&cloud.kit, "ip", &made, &wanted("b")).await;
    assert_eq!(changed.arguments.labels, wanted("b").labels);
    assert_eq!(cloud.emulator.calls()["compute.addresses.setLabels"], 6);
    assert_eq!(cloud.emulator.resources(), [made.id()]);
}

/// pulumi-gcp 680, terraform-provider-google 1601 and 1448: the deletion of a template in use is accepted, and its
/// operation ends with an error. Asking the same operation again gives the same error.
#[tokio::test]
async fn a_deletion_that_fails_inside_its_operation_is_made_again() {
    let cloud = cloud(Settings::default()).await;
    let base = base(&cloud.kit).await;
    let template: Observed<InstanceTemplate> =
        create(&cloud.kit, "template", &typed(template("nodes", base.subnetwork.id()))).await;
    let versions = json!({ "target_size": 1, "version": [{ "instance_template": template.id() }] });
    let group: Observed<InstanceGroupManager> =
        create(&cloud.kit, "group", &typed(manager("nodes", versions))).await;
    let (address, token) = identity("google_compute_instance_template", "template");
    let call = Call::new(&address, &token);
    let mut progress = cloud.kit.delete(call, &template).await.unwrap();
    let mut rounds = 0;
    while let Progress::Pending(ticket) = &progress {
        rounds += 1;
        assert!(rounds < 200, "{progress:?}");
        if ticket.note.contains("refused for now") && cloud.emulator.get(group.id()).is_some() {
            assert!(delete(&cloud.kit, "group", &group).await.unwrap());
        }
        tokio::time::sleep(ticket.poll_after).await;
        // Another process continues.
        let other = client(&cloud.emulator).kit();
        progress = other.resume(call, ticket, &template.arguments).await.unwrap();
    }
    assert!(matches!(progress, Progress::Gone), "{progress:?}");
    assert!(cloud.emulator.calls()["compute.instanceTemplates.delete"] > 1);
    assert_eq!(cloud.emulator.get(template.id()), None);
}

/// terraform-provider-google 18642, 16973 and 22546: reads of a new account go there and back, and policies do not know
/// it for a while.
#[tokio::test]
async fn a_new_account_is_waited_for() {
    let cloud = cloud(Settings::default()).await;
    let unknown = || refusal_of(404, "notFound", "Unknown service account");
    for skipped in [1, 3] {
        cloud
            .emulator
            .inject(Fault::new("iam.projects.serviceAccounts.get", What::Refuse(unknown())).after(skipped));
    }
    let account: Observed<ServiceAccount> =
        create(&cloud.kit, "nodes", &typed(json!({ "account_id": "nodes-of-a" }))).await;
    // 200, 404, 200, 404, 200, 200, 200. The faults count the requests that they do not refuse.
    let reads = cloud.emulator.calls()["iam.projects.serviceAccounts.get"];
    assert!(reads >= 6, "{reads}");
    let email = &account.attributes.email;
    let text = format!("Service account {email} does not exist.");
    let refuse = What::Refuse(refusal_of(400, "badRequest", &text));
    cloud.emulator.inject(Fault::new("cloudresourcemanager.projects.setIamPolicy", refuse).times(3));
    let member = json!({ "project": PROJECT, "role": "roles/viewer", "member": account.attributes.member });
    let member: Observed<ProjectIamMember> = create(&cloud.kit, "viewer", &typed(member)).await;
    assert_eq!(member.id(), format!("{PROJECT} roles/viewer serviceAccount:{email}"));
    // A policy that Google refuses for another reason fails at once.
    let wrong: ProjectIamMember =
        typed(json!({ "project": PROJECT, "role": "roles/viewer", "member": "nobody" }));
    let error = refusal(&cloud.kit, &wrong).await;
    assert_eq!((error.kind(), error.retry()), (ErrorKind::Invalid, Retry::Never), "{error}");
}

/// terraform-provider-google 1613 and 13532: two writers of a policy lose each other's members.
#[tokio::test]
async fn members_of_one_policy_do_not_lose_each_other() {
    let cloud = cloud(Settings::default()).await;
    let member = |index: usize| {
        typed::<ProjectIamMember>(json!({
            "project": PROJECT, "role": format!("roles/role{}", index % 5), "member": format!("user:u{index}@example.com"),
        }))
    };
    // Two processes, each with ten members.
    let kits = [client(&cloud.emulator).kit(), client(&cloud.emulator).kit()];
    let names: Vec<String> = (0..20).map(|index| format!("member-{index}")).collect();
    let wanted: Vec<_> = (0..20).map(member).collect();
    let made = wanted
        .iter()
        .zip(&names)
        .enumerate()
        .map(|(index, (wanted, name))| create(&kits[index % 2], name, wanted));
    let made: Vec<Observed<ProjectIamMember>> = futures::future::join_all(made).await;
    cloud.emulator.forget_calls();
    let ids: Vec<Id<ProjectIamMember>> = made.iter().map(|member| Id::new(member.id())).collect();
    let read = cloud.kit.read_many(&ids).await.unwrap();
    assert!(read.iter().all(Option::is_some), "{read:?}");
    assert_eq!(cloud.emulator.calls()["cloudresourcemanager.projects.getIamPolicy"], 1);
    // A deletion leaves the others alone.
    assert!(delete(&cloud.kit, &names[0], &made[0]).await.unwrap());
    let left = cloud.kit.read_many(&ids).await.unwrap();
    let left: BTreeSet<_> = left.iter().flatten().map(|member| member.id().to_owned()).collect();
    assert_eq!((left.len(), left.contains(made[0].id())), (19, false));
}

/// terraform-provider-google 4072: a rule takes a link to an address and answers the number. A declaration gives the
/// number, which the address has as an attribute, so the plan after the creation is empty.
#[tokio::test]
async fn the_address_of_a_rule_is_its_number() {
    let cloud = cloud(Settings::default()).await;
    let pool: Observed<landform_gce::TargetPool> =
        create(&cloud.kit, "pool", &typed(json!({ "name": "pool" }))).await;
    let address: Observed<Address> = create(&cloud.kit, "ip", &typed(json!({ "name": "ip" }))).await;
    let number = address.arguments.address.clone().unwrap();
    let rule = json!({ "name": "web", "target": pool.id(), "port_range": "80-80", "ip_address": number });
    let rule: Observed<ForwardingRule> = create(&cloud.kit, "web", &typed(rule)).await;
    assert_eq!(rule.arguments.ip_address, Some(number));
    assert_eq!(cloud.emulator.get(address.id()).unwrap()["status"], "IN_USE");
    let found: Observed<ForwardingRule> = cloud.kit.import(rule.id()).await.unwrap();
    assert_eq!(found.arguments, rule.arguments);
}

/// terraform-provider-google 34: the deletion of an instance takes its disks with it.
#[tokio::test]
async fn a_disk_of_its_own_stays_when_its_instance_goes() {
    let cloud = cloud(Settings::default()).await;
    let base = base(&cloud.kit).await;
    let disk: Observed<Disk> =
        create(&cloud.kit, "data", &typed(json!({ "name": "data", "zone": ZONE, "size": 10 }))).await;
    let more = json!({ "machine_type": "e2-small", "attached_disk": [{ "source": disk.id() }] });
    let vm: Observed<Instance> = create(&cloud.kit, "vm", &typed(instance(base.subnetwork.id(), more))).await;
    let boot = vm.arguments.boot_disk.source.clone().unwrap();
    assert!(cloud.emulator.get(boot.as_str()).is_some());
    assert!(delete(&cloud.kit, "vm", &vm).await.unwrap());
    assert_eq!(cloud.emulator.get(boot.as_str()), None);
    assert!(cloud.emulator.get(disk.id()).is_some());
    assert!(delete(&cloud.kit, "data", &disk).await.unwrap());
    // It is gone already.
    assert!(delete(&cloud.kit, "data", &disk).await.unwrap());
}

/// terraform-provider-google 6361, 6233 and 3026: while a peering of a network changes, changes in it are refused with a
/// general reason. Only the text says to try again.
#[tokio::test]
async fn a_peering_at_work_only_delays_other_changes() {
    let cloud = cloud(Settings::default()).await;
    let base = base(&cloud.kit).await;
    let other: Observed<Network> =
        create(&cloud.kit, "other", &typed(json!({ "name": "other", "auto_create_subnetworks": false })))
            .await;
    let peering: NetworkPeering =
        typed(json!({ "name": "out", "network": base.network.id(), "peer_network": other.id() }));
    cloud.emulator.set_life(Life { pending: Duration::ZERO, running: Duration::from_secs(3600) });
    let (address, token) = identity("google_compute_network_peering", "out");
    let call = Call::new(&address, &token);
    let begun = cloud.kit.create(call, &peering).await.unwrap();
    cloud.emulator.set_life(Life { pending: Duration::ZERO, running: Duration::ZERO });
    let route = |name: &str, range: &str| {
        typed::<Route>(json!({
            "name": name, "network": base.network.id(), "dest_range": range,
            "next_hop_gateway": "default-internet-gateway",
        }))
    };
    let error = refusal(&cloud.kit, &route("a", "10.90.0.0/16")).await;
    assert_eq!((error.kind(), error.retry()), (ErrorKind::Conflict, Retry::Backoff), "{error}");
    // Another refusal of the same reason fails at once.
    let wrong = What::Refuse(refusal_of(400, "badRequest", "The route is wrong."));
    cloud.emulator.inject(Fault::new("compute.routes.insert", wrong));
    let error = refusal(&cloud.kit, &route("a", "10.90.0.0/16")).await;
    assert_eq!((error.kind(), error.retry()), (ErrorKind::Invalid, Retry::Never), "{error}");
    let routes = ["a", "b", "c"].map(|name| (name, route(name, "10.91.0.0/16")));
    let made = routes.iter().map(|(name, route)| create(&cloud.kit, name, route));
    let ends = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        cloud.emulator.finish();
    };
    let (made, ()) = futures::future::join(futures::future::join_all(made), ends).await;
    let _: Vec<Observed<Route>> = made;
    let peering = follow(&cloud.kit, call, begun, &peering).await;
    assert_eq!(peering.attributes.state, "INACTIVE");
    let routes = cloud.emulator.calls()["compute.routes.insert"];
    assert!(routes > 5, "{routes}");
}
