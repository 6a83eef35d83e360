//! The address plan: ranges are disjoint and inside their range, and other additions and removals do not move them.

use landform_core::Cidr;
use landform_vpc::{
    self as vpc, BaseNetworkError, Sizes, Tier,
    gce::{AddressPlan, BaseNetwork, MOST_REGIONS, Regions},
};

use crate::{cidr, in_two_regions};

const NAMES: [&str; MOST_REGIONS] = [
    "us-central1",
    "europe-west1",
    "us-east1",
    "asia-east1",
    "us-west1",
    "europe-north1",
    "me-west1",
    "africa-south1",
];

fn regions(count: usize) -> Regions {
    crate::placed(&NAMES.into_iter().zip(0..count).collect::<Vec<_>>())
}

/// All ranges, primary and secondary.
fn ranges(plan: &AddressPlan) -> Vec<(String, Cidr)> {
    let subnets = plan.subnets().flat_map(|(region, tier, range)| {
        let secondary = plan.secondary(tier, &region.name).unwrap();
        let of = move |what: &str, range| (format!("{tier} {} {what}", region.name), range);
        [of("", range), of("pods", secondary.pods), of("services", secondary.services)]
    });
    let clusters = plan.cluster_blocks().flat_map(|block| {
        let of = |what: &str, range| (format!("cluster {} {what}", block.index), range);
        [
            of("private", block.private),
            of("utility", block.utility),
            of("pods", block.pods),
            of("services", block.services),
        ]
    });
    subnets.chain(clusters).collect()
}

/// Various ranges, every number of regions, and every cluster size that they allow.
fn plans() -> impl Iterator<Item = (BaseNetwork, AddressPlan)> {
    let pairs =
        [("10.0.0.0/8", "100.64.0.0/10"), ("10.20.0.0/16", "100.64.0.0/10"), ("10.20.0.0/22", "11.0.0.0/8")];
    pairs.into_iter().flat_map(|(whole, pods)| {
        let (whole, pods) = (cidr(whole), cidr(pods));
        (1..=MOST_REGIONS).flat_map(move |count| {
            // A cluster's block of pods is a /20 or larger.
            let most = (whole.prefix_len() + 20 - pods.prefix_len()).min(21);
            (whole.prefix_len() + 1..=most).map(Some).chain([None]).map(move |cluster| {
                let sizes = Sizes { public: Some(29), cluster, ..Sizes::default() };
                let description = BaseNetwork {
                    regions: regions(count),
                    cidr: whole,
                    pods,
                    sizes,
                    ..BaseNetwork::default()
                };
                let plan = description.addresses().unwrap();
                (description, plan)
            })
        })
    })
}

#[test]
fn ranges_are_inside_and_disjoint() {
    let mut seen = 0;
    for (description, plan) in plans().filter(|(_, plan)| plan.cluster_room() <= 64) {
        let ranges = ranges(&plan);
        for (index, (what, range)) in ranges.iter().enumerate() {
            let secondary = what.ends_with("pods") || what.ends_with("services");
            let whole = if secondary { description.pods } else { description.cidr };
            assert!(whole.contains(&range.net()), "{what} {range} in {description:?}");
            assert!(range.prefix_len() <= 29, "{what} {range} in {description:?}");
            for (other, taken) in &ranges[..index] {
                assert!(
                    !taken.contains(&range.net()) && !range.contains(&taken.net()),
                    "{what} {range} overlaps {other} {taken} in {description:?}"
                );
            }
        }
        for (_, tier, range) in plan.subnets() {
            assert!(plan.tier(tier).contains(&range.net()) && plan.tiers().contains(&range.net()));
        }
        for (region, tier, _) in plan.subnets() {
            let secondary = plan.secondary(tier, &region.name).unwrap();
            let inside = |range: Cidr| plan.tier_secondary(tier).contains(&range.net());
            assert!(inside(secondary.pods) && inside(secondary.services), "{tier} in {description:?}");
        }
        for block in plan.cluster_blocks() {
            assert!(plan.clusters().contains(&block.cidr.net()));
            let inside = |range: Cidr| block.cidr.contains(&range.net());
            assert!(inside(block.private) && inside(block.utility));
        }
        seen += 1;
    }
    assert_eq!(seen, 120);
}

#[test]
fn another_region_moves_nothing() {
    for (description, plan) in
        plans().filter(|(_, plan)| plan.regions().len() < MOST_REGIONS && plan.cluster_room() <= 64)
    {
        let regions = regions(plan.regions().len() + 1);
        let more = BaseNetwork { regions, ..description }.addresses().unwrap();
        for (region, tier, range) in plan.subnets() {
            assert_eq!(more.subnet(tier, &region.name), Some(range));
            assert_eq!(more.secondary(tier, &region.name), plan.secondary(tier, &region.name));
        }
        assert!(more.cluster_blocks().eq(plan.cluster_blocks()));
    }
    let two = in_two_regions().addresses().unwrap();
    let second = BaseNetwork { regions: crate::placed(&[("europe-west1", 1)]), ..BaseNetwork::default() };
    let second = second.addresses().unwrap();
    for tier in Tier::ALL {
        assert_eq!(second.subnet(tier, "europe-west1"), two.subnet(tier, "europe-west1"));
        assert_eq!(second.subnet(tier, "us-central1"), None);
        assert_eq!(second.secondary(tier, "us-central1"), None);
    }
}

#[test]
fn tiers_and_clusters_have_the_same_parts_of_a_range_on_both_clouds() {
    let (here, there) =
        (BaseNetwork::default().addresses().unwrap(), vpc::BaseNetwork::default().addresses().unwrap());
    for tier in Tier::ALL {
        assert_eq!(here.subnet(tier, "us-central1"), there.subnet(tier, "us-east-2a"));
    }
    let blocks = |cidrs: Vec<Cidr>| cidrs.iter().map(ToString::to_string).collect::<Vec<_>>();
    let expected = ["10.20.128.0/19", "10.20.160.0/19", "10.20.192.0/19", "10.20.224.0/19"];
    assert_eq!(blocks(here.cluster_blocks().map(|block| block.cidr).collect()), expected);
    assert_eq!(blocks(there.cluster_blocks().map(|block| block.cidr).collect()), expected);
}

/// kops gives a cluster in Google Cloud a /20, and with alias addresses a /14 and a /16.
#[test]
fn a_cluster_has_room_as_kops_gives_it() {
    let block = BaseNetwork::default().addresses().unwrap().cluster_block(0).unwrap();
    assert_eq!(block.private, cidr("10.20.128.0/20"));
    assert_eq!(block.utility, cidr("10.20.144.0/22"));
    assert_eq!((block.pods, block.services), (cidr("100.96.0.0/14"), cidr("100.100.0.0/16")));
    let sizes = Sizes { cluster: Some(20), ..Sizes::default() };
    let smaller = BaseNetwork { sizes, ..BaseNetwork::default() }.addresses().unwrap();
    assert_eq!(smaller.cluster_room(), 8);
    assert_eq!(smaller.cluster_block(0).unwrap().pods, cidr("100.96.0.0/15"));
}

#[test]
fn reserved_ranges_keep_clusters_away_and_move_none() {
    let free = BaseNetwork::default().addresses().unwrap();
    let reserved = vec![cidr("10.20.170.0/24"), cidr("100.112.0.0/24"), cidr("10.99.0.0/16")];
    let plan = BaseNetwork { reserved, ..BaseNetwork::default() }.addresses().unwrap();
    let refused = |reserved, block| {
        BaseNetworkError::Reserved {
            reserved: cidr(reserved),
            block: cidr(block),
            what: "the addresses of cluster".into(),
        }
        .to_string()
    };
    for (index, reserved, block) in
        [(1, "10.20.170.0/24", "10.20.160.0/19"), (2, "100.112.0.0/24", "100.112.0.0/13")]
    {
        let error = plan.cluster_block(index).unwrap_err().to_string();
        assert_eq!(error, format!("{} {index}", refused(reserved, block)));
    }
    let indices: Vec<usize> = plan.cluster_blocks().map(|block| block.index).collect();
    assert_eq!(indices, [0, 3]);
    assert_eq!(plan.cluster_block(3), free.cluster_block(3));
}
