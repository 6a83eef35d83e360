//! The address plan: ranges are disjoint and inside the VPC, and other additions and removals do not move them.
#![allow(clippy::unwrap_used)]

use landform_core::Cidr;

use crate::{AddressPlan, BaseNetwork, BaseNetworkError, MOST_ZONES, Sizes, Tier, Zones};

fn cidr(text: &str) -> Cidr {
    text.parse().unwrap()
}

fn of(cidr: Cidr, zones: impl Into<Zones>, sizes: Sizes) -> BaseNetwork {
    BaseNetwork { cidr, zones: zones.into(), sizes, ..BaseNetwork::default() }
}

/// All assigned ranges.
fn ranges(plan: &AddressPlan) -> Vec<(String, Cidr)> {
    let subnets = plan.subnets().map(|(zone, tier, range)| (format!("{tier} {}", zone.name), range));
    let clusters = plan.cluster_blocks().flat_map(|block| {
        let index = block.index;
        block.zones.into_iter().flat_map(move |zone| {
            [
                (format!("cluster {index} private {}", zone.zone), zone.private),
                (format!("cluster {index} utility {}", zone.zone), zone.utility),
            ]
        })
    });
    subnets.chain(clusters).collect()
}

/// Every VPC size, every number of zones, every cluster size, and various subnet sizes.
fn plans() -> impl Iterator<Item = (BaseNetwork, AddressPlan)> {
    (16..=22u8).flat_map(|prefix| {
        let vpc = cidr(&format!("10.64.0.0/{prefix}"));
        (1..=MOST_ZONES).flat_map(move |zones| {
            let clusters = (prefix + 1..=21).map(Some).chain([None]);
            clusters.flat_map(move |cluster| {
                (prefix + 6..=28).map(move |size| {
                    let sizes =
                        Sizes { public: Some(28), private_working: Some(size), cluster, ..Sizes::default() };
                    let description = of(vpc, zones, sizes);
                    let plan = description.addresses().unwrap();
                    (description, plan)
                })
            })
        })
    })
}

#[test]
fn ranges_are_inside_and_disjoint() {
    let mut seen = 0;
    for (description, plan) in plans() {
        let ranges = ranges(&plan);
        for (index, (what, range)) in ranges.iter().enumerate() {
            assert!(description.cidr.contains(&range.net()), "{what} {range} in {description:?}");
            assert!(range.prefix_len() <= 28, "{what} {range} in {description:?}");
            for (other, taken) in &ranges[..index] {
                assert!(
                    !taken.contains(&range.net()) && !range.contains(&taken.net()),
                    "{what} {range} overlaps {other} {taken} in {description:?}"
                );
            }
        }
        for block in plan.cluster_blocks() {
            assert!(plan.clusters().contains(&block.cidr.net()));
            let inside = |range: &Cidr| block.cidr.contains(&range.net());
            assert!(block.zones.iter().all(|zone| inside(&zone.private) && inside(&zone.utility)));
        }
        seen += 1;
    }
    assert_eq!(seen, 791);
}

#[test]
fn growth_moves_nothing() {
    for (description, plan) in plans().filter(|(_, plan)| plan.zones().len() < MOST_ZONES) {
        let more = of(description.cidr, plan.zones().len() + 1, description.sizes).addresses().unwrap();
        let after = ranges(&more);
        for range in ranges(&plan) {
            assert!(after.contains(&range), "{range:?} moved in {description:?}");
        }
        assert!(after.len() > ranges(&plan).len());
    }
}

#[test]
fn a_zone_has_its_place_in_any_company_and_order() {
    let all = BaseNetwork { zones: 6.into(), ..BaseNetwork::default() }.addresses().unwrap();
    let some = BaseNetwork { zones: ["us-east-2f", "us-east-2b"].into(), ..BaseNetwork::default() };
    let some = some.addresses().unwrap();
    let names: Vec<&str> = some.zones().iter().map(|zone| zone.name.as_str()).collect();
    assert_eq!(names, ["us-east-2b", "us-east-2f"]);
    for (zone, tier, range) in some.subnets() {
        assert_eq!(all.subnet(tier, &zone.name), Some(range));
    }
    assert_eq!(some.subnet(Tier::Public, "us-east-2a"), None);
}

#[test]
fn another_tiers_size_moves_nothing() {
    let sizes = Sizes { public: Some(26), cluster: Some(20), ..Sizes::default() };
    let (usual, other) =
        (BaseNetwork::default(), BaseNetwork { sizes, ..BaseNetwork::default() }.addresses().unwrap());
    let usual = usual.addresses().unwrap();
    for tier in [Tier::Admin, Tier::PrivateWorking, Tier::PrivateProduction] {
        assert_eq!(usual.subnet(tier, "us-east-2c"), other.subnet(tier, "us-east-2c"));
    }
    assert_eq!(other.subnet(Tier::Public, "us-east-2b"), Some(cidr("10.20.32.64/26")));
    assert_eq!((usual.cluster_room(), other.cluster_room()), (4, 8));
}

/// The ranges of the Terraform module's defaults for a VPC of base 10.20, with four zones in another order.
#[test]
fn an_existing_network_of_the_terraform_module_can_be_described() {
    let zones = [("us-east-1a", 0), ("us-east-1d", 1), ("us-east-1e", 2), ("us-east-1c", 3)];
    let size = Some(21);
    let description = BaseNetwork {
        region: "us-east-1".into(),
        zones: Zones::Placed(zones.map(|(name, place)| (name.to_owned(), place)).into()),
        sizes: Sizes {
            admin: size,
            public: size,
            private_production: size,
            private_working: size,
            ..Sizes::default()
        },
        ..BaseNetwork::default()
    };
    let plan = description.addresses().unwrap();
    for (tier, zone, expected) in [
        (Tier::Admin, "us-east-1a", "10.20.0.0/21"),
        (Tier::Admin, "us-east-1c", "10.20.24.0/21"),
        (Tier::Public, "us-east-1a", "10.20.32.0/21"),
        (Tier::Public, "us-east-1d", "10.20.40.0/21"),
        (Tier::PrivateProduction, "us-east-1e", "10.20.80.0/21"),
        (Tier::PrivateWorking, "us-east-1a", "10.20.96.0/21"),
        (Tier::PrivateWorking, "us-east-1c", "10.20.120.0/21"),
    ] {
        assert_eq!(plan.subnet(tier, zone), Some(cidr(expected)), "{tier} {zone}");
    }
}

#[test]
fn reserved_ranges_keep_clusters_away_and_move_none() {
    let free = BaseNetwork::default().addresses().unwrap();
    let reserved = vec![cidr("10.20.170.0/24"), cidr("10.99.0.0/16")];
    let plan = BaseNetwork { reserved, ..BaseNetwork::default() }.addresses().unwrap();
    assert_eq!(
        plan.cluster_block(1).unwrap_err(),
        BaseNetworkError::Reserved {
            reserved: cidr("10.20.170.0/24"),
            block: cidr("10.20.160.0/19"),
            what: "the addresses of cluster 1".into(),
        }
    );
    assert_eq!(plan.cluster_block(2), free.cluster_block(2));
    let indices: Vec<usize> = plan.cluster_blocks().map(|block| block.index).collect();
    assert_eq!(indices, [0, 2, 3]);
}

#[test]
fn what_does_not_fit_says_what_was_asked_and_what_is_left() {
    let usual = Sizes::default();
    let description = |cidr_text, zones: Zones, sizes| of(cidr(cidr_text), zones, sizes);
    let zones = |names: &[&str]| names.iter().copied().collect::<Zones>();
    let placed = |places: &[(&str, usize)]| {
        Zones::Placed(places.iter().map(|(name, place)| ((*name).to_owned(), *place)).collect())
    };
    let cases = [
        (
            description("10.0.0.0/8", 3.into(), usual),
            "cidr: 10.0.0.0/8 cannot be a VPC's range, expected IPv4 of prefix length 16 to 28",
        ),
        (
            description("fd00::/56", 3.into(), usual),
            "cidr: fd00::/56 cannot be a VPC's range, expected IPv4 of prefix length 16 to 28",
        ),
        (description("10.20.0.0/16", 0.into(), usual), "zones: there are none, expected 1 to 7"),
        (description("10.20.0.0/16", 8.into(), usual), "zones: there are 8, expected 1 to 7"),
        (
            description("10.20.0.0/16", usize::MAX.into(), usual),
            "zones: there are 18446744073709551615, expected 1 to 7",
        ),
        (
            description("10.20.0.0/16", zones(&["us-east-2a", "us-east-2b", "us-east-2a"]), usual),
            "zones: \"us-east-2a\" is given twice",
        ),
        (
            description("10.20.0.0/16", zones(&["us-east-2a", "us-west-2b"]), usual),
            "zones: \"us-west-2b\" is not a zone of region \"us-east-2\", expected the region and a letter, as in \
             \"us-east-2a\"; zones named otherwise, such as local zones, are given with their places",
        ),
        (
            description("10.20.0.0/16", placed(&[("us-east-2a", 1), ("us-east-2-chi-1a", 1)]), usual),
            "zones: \"us-east-2-chi-1a\" and \"us-east-2a\" are both given place 1, expected one place each",
        ),
        (
            description("10.20.0.0/16", zones(&["us-east-2h"]), usual),
            "zones: \"us-east-2h\" would have place 7, expected 0 to 6; give the zones with their places",
        ),
        (
            description("10.20.0.0/16", 5.into(), Sizes { public: Some(21), ..usual }),
            "sizes.public: place 4, that of us-east-2e, does not fit: 10.20.32.0/19 is kept for public subnets and \
             has room for 4 of /21",
        ),
        (
            description("10.20.0.0/16", 1.into(), Sizes { private_working: Some(0), ..usual }),
            "sizes.private_working: place 0, that of us-east-2a, does not fit: 10.20.96.0/19 is kept for \
             private-working subnets and has room for 0 of /0",
        ),
        (
            description("10.20.0.0/16", 3.into(), Sizes { admin: Some(255), ..usual }),
            "sizes.admin: /255 is too small, expected at most /28",
        ),
        (description("10.20.0.0/24", 3.into(), usual), "sizes.admin: /30 is too small, expected at most /28"),
        (
            description("10.20.0.0/16", 3.into(), Sizes { cluster: Some(24), ..usual }),
            "sizes.cluster: /24 is too small, expected at most /21",
        ),
        (
            description("10.20.0.0/16", 3.into(), Sizes { cluster: Some(16), ..usual }),
            "sizes.cluster: cluster 0 does not fit: 10.20.128.0/17 is the range for clusters, with room for 0 blocks of /16",
        ),
    ];
    for (description, expected) in cases {
        let error = description.addresses().expect_err(expected);
        assert_eq!(error.to_string(), expected);
    }
    let plan = BaseNetwork::default().addresses().unwrap();
    assert_eq!(
        plan.cluster_block(4).unwrap_err(),
        BaseNetworkError::ClustersExhausted { index: 4, asked: 19, kept: cidr("10.20.128.0/17"), room: 4 }
    );
    let small = of(cidr("10.20.0.0/22"), 3, usual).addresses().unwrap();
    assert!(small.cluster_block(0).is_err() && small.cluster_blocks().next().is_none());
    let reserved = vec![cidr("10.0.0.0/8")];
    let error = BaseNetwork { reserved, ..BaseNetwork::default() }.addresses().unwrap_err();
    assert_eq!(
        error.to_string(),
        "reserved: 10.0.0.0/8 overlaps 10.20.0.0/22, which would be the admin subnet of us-east-2a"
    );
}
