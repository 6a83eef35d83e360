//! Bad descriptions, as values and as files: one error, which begins with the field. The stack is unchanged.

use landform_core::Stack;
use landform_vpc::{
    self as vpc, BaseNetworkError, Sizes, Tier,
    gce::{BaseNetwork, Nat, Regions},
};

use crate::{cidr, placed};

fn refused(description: &BaseNetwork) -> BaseNetworkError {
    let mut stack = Stack::new("base");
    let error = vpc::base(&mut stack, description).unwrap_err();
    assert!(stack.is_empty() && stack.outputs().is_empty(), "{error}");
    error
}

#[test]
fn what_cannot_be_says_what_was_expected() {
    let usual = BaseNetwork::default;
    let in_regions = |regions: Regions| BaseNetwork { regions, ..usual() };
    let cases = [
        (
            in_regions("us-east-2".into()),
            "regions: \"us-east-2\" is not a region of Google Cloud, expected a name such as \"us-central1\"",
        ),
        (
            in_regions("us-central1-a".into()),
            "regions: \"us-central1-a\" is not a region of Google Cloud, expected a name such as \"us-central1\"",
        ),
        (
            BaseNetwork { project: Some("My_Project".into()), ..usual() },
            "project: \"My_Project\" is not the id of a project, expected 6 to 30 lower-case letters, digits and dashes, such as \
             \"my-project-1\"",
        ),
        (
            in_regions("".into()),
            "regions: \"\" is not a region of Google Cloud, expected a name such as \"us-central1\"",
        ),
        (
            in_regions(placed(&[])),
            "regions: there are none, expected a region or a map of regions to their places",
        ),
        (
            in_regions(placed(&[("us-east1", 1), ("us-west1", 1)])),
            "regions: \"us-east1\" and \"us-west1\" are both given place 1, expected one place each",
        ),
        (in_regions(placed(&[("us-east1", 8)])), "regions: \"us-east1\" is given place 8, expected 0 to 7"),
        (
            BaseNetwork { cidr: cidr("10.20.0.0/27"), ..usual() },
            "cidr: 10.20.0.0/27 cannot be divided, expected IPv4 of prefix length 8 to 26",
        ),
        (
            BaseNetwork { cidr: cidr("fd00::/20"), ..usual() },
            "cidr: fd00::/20 cannot be divided, expected IPv4 of prefix length 8 to 26",
        ),
        (
            BaseNetwork { pods: cidr("10.64.0.0/16"), ..usual() },
            "pods: 10.64.0.0/16 cannot be divided, expected IPv4 of prefix length 8 to 14",
        ),
        (
            BaseNetwork { pods: cidr("10.0.0.0/10"), ..usual() },
            "pods: 10.0.0.0/10 overlaps 10.20.0.0/16, the range in `cidr`, expected a range beside it",
        ),
        (
            BaseNetwork {
                pods: cidr("11.0.0.0/14"),
                sizes: Sizes { cluster: Some(21), ..Sizes::default() },
                cidr: cidr("10.20.0.0/14"),
                ..usual()
            },
            "pods: 11.0.0.0/14 has a block of /21 for each cluster that `sizes.cluster` allows, expected at most /20; give \
             a larger range, or larger clusters",
        ),
        (
            BaseNetwork { cidr: cidr("10.20.0.0/24"), ..usual() },
            "sizes.admin: /30 is too small, expected at most /29",
        ),
        (
            BaseNetwork { reserved: vec![cidr("10.20.32.0/24")], ..usual() },
            "reserved: 10.20.32.0/24 overlaps 10.20.32.0/22, which would be the public subnet of us-central1",
        ),
        (
            BaseNetwork {
                reserved: vec![cidr("100.88.0.0/24")],
                clusters_in: [Tier::PrivateWorking].into(),
                ..usual()
            },
            "reserved: 100.88.0.0/24 overlaps 100.88.0.0/17, which would be the range for pods of the private-working \
             subnet of us-central1",
        ),
        (
            BaseNetwork { nat_gateways: Nat::Addresses(0), ..usual() },
            "nat_gateways: 0 addresses leave the NAT without any, expected at least 1, or automatic, or none",
        ),
        (
            BaseNetwork { ssh_from: [cidr("::/0")].into(), ..usual() },
            "ssh_from: ::/0 is a range of IPv6, expected IPv4, as the subnetworks have",
        ),
        (
            BaseNetwork { name: "My_net".into(), ..usual() },
            "name: \"My_net\" is not a name on Google Cloud, expected a lower-case letter, then lower-case letters, digits \
             and dashes, without a dash at the end",
        ),
        (
            BaseNetwork {
                name: "a-network-with-quite-a-long-name".into(),
                ..in_regions("northamerica-northeast1".into())
            },
            "name: \"a-network-with-quite-a-long-name\" is too long: the name \
             \"a-network-with-quite-a-long-name-private-production-northamerica-northeast1\" has 75 characters, expected at \
             most 63",
        ),
    ];
    for (description, expected) in cases {
        assert_eq!(refused(&description).to_string(), expected);
    }
    let many = BaseNetwork {
        sizes: Sizes { public: Some(20), ..Sizes::default() },
        regions: placed(&[("us-east1", 0), ("us-west1", 2)]),
        ..usual()
    };
    assert_eq!(
        refused(&many).to_string(),
        "sizes.public: place 2, that of us-west1, does not fit: 10.20.32.0/19 is kept for public subnets and has room \
         for 2 of /20"
    );
    for name in ["", "-base", "1base", "base-"] {
        let error = refused(&BaseNetwork { name: name.into(), ..usual() }).to_string();
        assert!(error.starts_with(&format!("name: {name:?} ")), "{error}");
    }
}

#[test]
fn a_region_of_google_is_refused_on_aws() {
    let description = vpc::BaseNetwork { region: "us-central1".into(), ..vpc::BaseNetwork::default() };
    let error = vpc::base(&mut Stack::new("base"), &description).unwrap_err();
    let expected = "region: \"us-central1\" is not a region of AWS, expected a name such as \"us-east-2\"";
    assert_eq!(error.to_string(), expected);
}

#[test]
fn descriptions_are_read_from_files() {
    let yaml = r#"
name: staging
regions: { us-central1: 0, europe-west1: 1 }
cidr: 10.40.0.0/16
pods: 10.64.0.0/10
clusters_in: [private_working]
nat_gateways: { addresses: 2 }
sizes: { public: 24, cluster: 20 }
reserved: [10.40.200.0/24]
ssh_from: [35.235.240.0/20]
"#;
    let description: BaseNetwork = serde_saphyr::from_str(yaml).unwrap();
    assert_eq!(description.nat_gateways, Nat::Addresses(2));
    let (stack, _) = crate::declare(&description);
    let node = stack.node("google_compute_subnetwork.staging-public-europe-west1").unwrap();
    assert_eq!(crate::literal(node, "ip_cidr_range"), "10.40.33.0/24");
    let json = serde_json::to_string(&description).unwrap();
    assert_eq!(serde_json::from_str::<BaseNetwork>(&json).unwrap(), description);

    let least: BaseNetwork = serde_saphyr::from_str("{ name: base, regions: us-central1 }").unwrap();
    assert_eq!(least, BaseNetwork::default());
    let automatic: BaseNetwork =
        serde_saphyr::from_str("{ name: base, regions: us-central1, nat_gateways: automatic }").unwrap();
    assert_eq!(automatic.nat_gateways, Nat::Automatic);
}

#[test]
fn slips_in_files_say_where_and_what_was_expected() {
    let head = "name: base\nregions: us-central1\n";
    for (line, expected) in [
        // Fields and values that have a meaning on AWS only.
        ("region: us-central1", "unknown field `region`"),
        ("zones: 3", "unknown field `zones`"),
        ("tags: { team: platform }", "unknown field `tags`"),
        ("subnet_tags: {}", "unknown field `subnet_tags`"),
        ("nat_gateways: per_zone", "unknown variant `per_zone`, expected one of addresses, automatic, none"),
        ("nat_gateways: one", "unknown variant `one`"),
        ("nat_gateways: { addresses: 300 }", "300"),
        ("clusters_in: [private]", "private_working"),
        ("pods: 100.64.0.1/10", "100.64.0.1/10 has host bits set"),
    ] {
        let text = format!("{head}{line}\n");
        let error = serde_saphyr::from_str::<BaseNetwork>(&text).expect_err(line).to_string();
        assert!(error.contains(expected), "{line}: {error}");
        assert!(error.contains("line 3"), "{line}: {error}");
    }
    for regions in ["[us-central1, us-east1]", "3", "{ us-central1: 0, us-central1: 1 }"] {
        let text = format!("name: base\nregions: {regions}\n");
        let error = serde_saphyr::from_str::<BaseNetwork>(&text).expect_err(regions).to_string();
        assert!(error.contains("line 2"), "{regions}: {error}");
        assert!(
            error.contains("region, or a map of names to places") || error.contains("us-central1"),
            "{error}"
        );
    }
    // What has a meaning on Google Cloud only.
    for line in ["regions: us-central1", "pods: 100.64.0.0/10", "ssh_from: []", "clusters_in: []"] {
        let text = format!("name: base\nregion: us-east-2\n{line}\n");
        let error = serde_saphyr::from_str::<vpc::BaseNetwork>(&text).expect_err(line).to_string();
        assert!(error.contains("unknown field") && error.contains("line 3"), "{line}: {error}");
    }
    let text = "name: base\nregion: us-east-2\nnat_gateways: automatic\n";
    let error = serde_saphyr::from_str::<vpc::BaseNetwork>(text).unwrap_err().to_string();
    assert!(error.contains("unknown variant `automatic`, expected one of per_zone"), "{error}");
}
