//! The resources that the cloud makes: ids, defaults, computed values, references, rules.

use std::collections::HashSet;

use serde_json::json;

use crate::demo::{Door, DoorAttributes, Network, NetworkAttributes, Part, PartAttributes, User, builder};

#[tokio::test]
async fn ids_defaults_and_computed_values_follow_the_declaration() {
    let directory = tempfile::tempdir().unwrap();
    let user = User::new(builder(directory.path()).region("eu-west-1").account("123456789012"));
    let [network, part, door] = user.house().await;

    assert!(network.id.starts_with("net-") && network.id.len() == 21, "{}", network.id);
    let arguments: Network = serde_json::from_value(network.arguments.clone()).unwrap();
    assert!(arguments.dns && arguments.name.unwrap().starts_with("network-"));
    let attributes: NetworkAttributes = serde_json::from_value(network.attributes.clone()).unwrap();
    assert_eq!(attributes.arn, format!("arn:demo:eu-west-1:123456789012:{}", network.id));
    assert_eq!(attributes.id.as_str(), network.id);

    let arguments: Part = serde_json::from_value(part.arguments.clone()).unwrap();
    assert_eq!(arguments.zone.as_deref(), Some("eu-west-1a"));
    let attributes: PartAttributes = serde_json::from_value(part.attributes.clone()).unwrap();
    assert_eq!(attributes.owner_id, "123456789012");

    let arguments: Door = serde_json::from_value(door.arguments.clone()).unwrap();
    assert_eq!((arguments.number, arguments.word), (7, None));
    let attributes: DoorAttributes = serde_json::from_value(door.attributes.clone()).unwrap();
    assert_eq!(attributes.network.as_str(), network.id, "the door takes it from the part");
    attributes.public_ip.parse::<std::net::Ipv4Addr>().unwrap();
    assert_eq!(user.read("demo_door", &door.id).await, Some(door));
}

#[tokio::test]
async fn zones_go_round_and_no_two_values_are_alike() {
    let directory = tempfile::tempdir().unwrap();
    let user = User::new(builder(directory.path()).zones(["x", "y"]));
    let [network, part, _] = user.house().await;
    let mut seen = HashSet::new();
    for third in 2..40 {
        let arguments = json!({ "network": network.id, "range": format!("10.0.{third}.0/24") });
        let more = user.make("demo_part", arguments).await;
        let expected = if third % 2 == 0 { "y" } else { "x" };
        assert_eq!(more.arguments["zone"], expected);
        let door = user.make("demo_door", json!({ "part": part.id })).await;
        assert!(seen.insert(more.id) && seen.insert(door.id));
        assert!(seen.insert(door.attributes["public_ip"].to_string()));
    }
}
