//! DNS records: many at once, Route 53's spelling, and refusals.

use std::collections::BTreeSet;

use landform_aws::{Route53Record, Route53Zone};
use landform_core::{Call, ErrorKind, Id, Manage, Observed, Progress};
use serde_json::json;

use super::{super::identity, *};

fn record(zone: &str, name: &str) -> Route53Record {
    typed(json!({ "zone_id": zone, "name": name, "type": "A", "ttl": 60, "records": ["192.0.2.1"] }))
}

#[tokio::test]
async fn many_records_of_a_zone_are_made_and_read_at_once() {
    let (_moto, client, _) = world().await;
    let zone: Observed<Route53Zone> = create(&client, "zone", &typed(json!({ "name": "example.com" }))).await;
    let names: Vec<String> = (0..30).map(|number| format!("n{number}")).collect();
    let made = names.iter().map(|name| {
        let (client, record) = (&client, record(zone.id(), name));
        async move {
            let (address, token) = identity("aws_route53_record", name);
            let progress = client.create(Call::new(&address, &token), &record).await.unwrap();
            assert!(matches!(progress, Progress::Pending(_)), "a change takes time to spread: {progress:?}");
        }
    });
    futures::future::join_all(made).await;

    let ids: Vec<Id<Route53Record>> =
        names.iter().map(|name| Id::new(format!("{}_{name}_A", zone.id()))).collect();
    let read = client.read_many(&ids).await.unwrap();
    let found: BTreeSet<String> = read.into_iter().map(|found| found.unwrap().attributes.fqdn).collect();
    let expected: BTreeSet<String> = names.iter().map(|name| format!("{name}.example.com")).collect();
    assert_eq!(found, expected);
}

#[tokio::test]
async fn one_that_is_refused_does_not_spoil_the_others_of_its_batch() {
    let (_moto, client, _) = world().await;
    let zone: Observed<Route53Zone> = create(&client, "zone", &typed(json!({ "name": "example.com" }))).await;
    // The client now knows the zone's name. The first of the others is sent alone while the rest wait.
    create(&client, "before", &record(zone.id(), "before")).await;
    let names = ["alone", "elsewhere.org.", "b", "c"];
    let made = names.iter().map(|name| {
        let (client, record) = (&client, record(zone.id(), name));
        async move {
            let (address, token) = identity("aws_route53_record", "x");
            client.create(Call::new(&address, &token), &record).await.map(drop)
        }
    });
    let outcomes = futures::future::join_all(made).await;
    let refused: Vec<bool> = outcomes.iter().map(Result::is_err).collect();
    assert_eq!(refused, [false, true, false, false], "{outcomes:?}");
    let error = outcomes[1].as_ref().unwrap_err();
    assert_eq!(
        (error.kind(), error.provider_code()),
        (ErrorKind::Invalid, Some("InvalidChangeBatch")),
        "{error}"
    );
    assert!(error.message().contains("not permitted in zone"), "{error}");
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_before_anything_is_asked() {
    // Nothing listens on this port.
    let client = Client::emulator("http://127.0.0.1:9", REGION).await.unwrap().kit();
    let alias = json!({ "name": "a.b", "zone_id": "Z1", "evaluate_target_health": false });
    for (arguments, field) in [
        (json!({}), "records"),
        (json!({ "records": ["192.0.2.1"] }), "ttl"),
        (json!({ "records": ["192.0.2.1"], "ttl": 60, "alias": alias }), "records"),
        (json!({ "ttl": 60, "alias": alias }), "ttl"),
        (json!({ "alias": alias, "set_identifier": "x" }), "set_identifier"),
        (json!({ "alias": alias, "weighted_routing_policy": { "weight": 1 } }), "set_identifier"),
    ] {
        let mut whole = json!({ "zone_id": "Z1", "name": "a", "type": "A" });
        whole.as_object_mut().unwrap().extend(arguments.as_object().unwrap().clone());
        let (address, token) = identity("aws_route53_record", "x");
        let refused = client.create(Call::new(&address, &token), &typed::<Route53Record>(whole)).await;
        let error = refused.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid, "{error}");
        assert!(error.to_string().contains(field), "{error}");
    }
}
