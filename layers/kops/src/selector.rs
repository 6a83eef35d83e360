//! Chooses types of machines by what they have. A pure function of a list of types; asks no cloud.
//!
//! Follows amazon-ec2-instance-selector, on which kops's `toolbox instance-selector` rests.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use regex_lite::Regex;
use serde::Deserialize;
use serde_json::Value;

use crate::lookup::Architecture;

/// A type of machine that a cloud offers.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Offer {
    /// Its name, such as `m5.large`.
    pub name: String,
    /// Its processors, as the operating system counts them.
    pub cpus: u32,
    /// Its memory in MiB.
    pub memory: u64,
    /// Its graphics processors.
    pub gpus: u32,
    /// The memory of all its graphics processors, in MiB.
    pub gpu_memory: u64,
    /// The architectures of its processors.
    pub architectures: Vec<Architecture>,
    /// How its machines can be paid.
    pub usage: Vec<Usage>,
    /// Whether its performance depends on credits.
    pub is_burstable: bool,
    /// Whether it is a host without a hypervisor.
    pub is_bare_metal: bool,
    /// Whether it has programmable hardware.
    pub has_fpga: bool,
    /// Whether it has the Elastic Network Adapter.
    pub has_ena: bool,
    /// The most network interfaces of a machine.
    pub interfaces: u32,
    /// The strategies of placement groups that it can be in.
    pub placements: Vec<Placement>,
    /// The zones that have it; `None` if that is not known.
    pub zones: Option<BTreeSet<String>>,
}

/// How a machine is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Usage {
    /// At a fixed price.
    OnDemand,
    /// At the price of the spot market.
    Spot,
}

impl Usage {
    /// Those that EC2 names `on-demand` and `spot`.
    pub fn of_ec2(names: &[String]) -> Vec<Self> {
        let usage = |name: &String| match name.as_str() {
            "on-demand" => Some(Self::OnDemand),
            "spot" => Some(Self::Spot),
            _ => None,
        };
        names.iter().filter_map(usage).collect()
    }
}

/// The strategy of a placement group: where a cloud puts its machines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placement {
    /// Close to each other, for a fast network between them.
    Cluster,
    /// In partitions that share no hardware.
    Partition,
    /// Each on hardware of its own.
    Spread,
}

impl Placement {
    /// Those that EC2 names `cluster`, `partition` and `spread`.
    pub fn of_ec2(names: &[String]) -> Vec<Self> {
        let placement = |name: &String| match name.as_str() {
            "cluster" => Some(Self::Cluster),
            "partition" => Some(Self::Partition),
            "spread" => Some(Self::Spread),
            _ => None,
        };
        names.iter().filter_map(placement).collect()
    }
}

/// What a type of machine must have. `None` and an empty list ask for nothing.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// The number of processors.
    pub cpus: Option<RangeInclusive<u64>>,
    /// The memory in MiB.
    pub memory: Option<RangeInclusive<u64>>,
    /// The GiB of memory for each processor.
    pub ratio: Option<f64>,
    /// The number of graphics processors.
    pub gpus: Option<RangeInclusive<u64>>,
    /// The memory of all graphics processors, in MiB.
    pub gpu_memory: Option<RangeInclusive<u64>>,
    /// The architecture.
    pub architecture: Option<Architecture>,
    /// How it is paid.
    pub usage: Option<Usage>,
    /// Whether its performance depends on credits.
    pub burstable: Option<bool>,
    /// Whether it is a host without a hypervisor.
    pub bare_metal: Option<bool>,
    /// Whether it has programmable hardware.
    pub fpga: Option<bool>,
    /// Whether it has the Elastic Network Adapter.
    pub ena: Option<bool>,
    /// The number of network interfaces.
    pub interfaces: Option<RangeInclusive<u64>>,
    /// The strategy of a placement group.
    pub placement: Option<Placement>,
    /// The zones, all of which must have it.
    pub zones: Vec<String>,
    /// A part of its name.
    pub allowed: Option<Regex>,
    /// What its name must not contain.
    pub denied: Option<Regex>,
}

/// The families of [`Wanted::flexible`]: general purpose, for computing, for memory, and burstable ones.
const FLEXIBLE: &str = r"^[cmr][3-9][ag]?\..*$|^a[1-9]\..*$|^t[2-9]\..*$";

impl Wanted {
    /// Completes a choice of common types across generations: 4 processors, with 2 GiB of memory each.
    pub fn flexible(mut self) -> Self {
        self.bare_metal.get_or_insert(false);
        self.fpga.get_or_insert(false);
        self.architecture.get_or_insert(Architecture::Amd64);
        self.ratio.get_or_insert(2.0);
        if self.allowed.is_none() {
            self.allowed = Regex::new(FLEXIBLE).ok();
        }
        if self.cpus.is_none() && self.memory.is_none() {
            self.cpus = Some(4..=4);
        }
        self
    }

    /// Completes a choice of types that are like another one: from 90% to 120% of its size.
    pub fn like(mut self, base: &Offer) -> Self {
        let near = |size: u64| size * 9 / 10..=size * 12 / 10;
        self.bare_metal.get_or_insert(base.is_bare_metal);
        self.fpga.get_or_insert(base.has_fpga);
        self.gpus.get_or_insert(base.gpus.into()..=base.gpus.into());
        self.cpus.get_or_insert(near(base.cpus.into()));
        self.memory.get_or_insert(near(base.memory));
        if self.architecture.is_none() {
            self.architecture = base.architectures.first().copied();
        }
        self
    }

    fn fits(&self, offer: &Offer) -> bool {
        let within = |range: &Option<RangeInclusive<u64>>, number: u64| {
            range.as_ref().is_none_or(|range| range.contains(&number))
        };
        let is = |wanted: Option<bool>, truth: bool| wanted.is_none_or(|wanted| wanted == truth);
        let zones = |zones: &BTreeSet<String>| self.zones.iter().all(|zone| zones.contains(zone));
        within(&self.cpus, offer.cpus.into())
            && within(&self.memory, offer.memory)
            && within(&self.gpus, offer.gpus.into())
            && within(&self.gpu_memory, offer.gpu_memory)
            && within(&self.interfaces, offer.interfaces.into())
            && self.ratio.is_none_or(|ratio| (ratio - offer.ratio()).abs() < 0.005)
            && self.architecture.is_none_or(|wanted| offer.architectures.contains(&wanted))
            && self.usage.is_none_or(|wanted| offer.usage.contains(&wanted))
            && is(self.burstable, offer.is_burstable)
            && is(self.bare_metal, offer.is_bare_metal)
            && is(self.fpga, offer.has_fpga)
            && is(self.ena, offer.has_ena)
            && self.placement.is_none_or(|wanted| offer.placements.contains(&wanted))
            && offer.zones.as_ref().is_none_or(zones)
            && self.allowed.as_ref().is_none_or(|allowed| allowed.is_match(&offer.name))
            && !self.denied.as_ref().is_some_and(|denied| denied.is_match(&offer.name))
    }
}

impl Offer {
    /// The GiB of memory for each processor.
    fn ratio(&self) -> f64 {
        self.memory as f64 / 1024.0 / f64::from(self.cpus.max(1))
    }

    /// Reads a list of types in the form in which `aws ec2 describe-instance-types` prints it.
    ///
    /// # Errors
    /// The text has another form. The message has no file.
    pub fn parse_all(text: &str) -> Result<Vec<Self>, String> {
        let list: Described = serde_json::from_str(text)
            .map_err(|error| format!("expected what `aws ec2 describe-instance-types` prints: {error}"))?;
        Ok(list.instance_types.into_iter().map(Self::from).collect())
    }
}

/// The types that have what is wanted, the smaller ones first, at most `most`.
///
/// ```
/// use landform_kops::selector::{Offer, Wanted, select};
///
/// let offer = |name: &str, cpus, memory| Offer { name: name.into(), cpus, memory, ..Offer::default() };
/// let offers = [offer("m5.xlarge", 4, 16384), offer("c5.xlarge", 4, 8192), offer("c5.large", 2, 4096)];
/// let wanted = Wanted { cpus: Some(4..=8), ..Wanted::default() };
/// assert_eq!(select(&offers, &wanted, 10), ["c5.xlarge", "m5.xlarge"]);
/// ```
pub fn select<'a>(offers: &'a [Offer], wanted: &Wanted, most: usize) -> Vec<&'a str> {
    let mut found: Vec<&Offer> = offers.iter().filter(|offer| wanted.fits(offer)).collect();
    found.sort_by_key(|offer| (offer.cpus, offer.memory, &offer.name));
    found.into_iter().take(most).map(|offer| &*offer.name).collect()
}

/// The answer of EC2's `DescribeInstanceTypes`, as far as it is used.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Described {
    instance_types: Vec<Item>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Item {
    instance_type: String,
    #[serde(default)]
    supported_usage_classes: Vec<String>,
    #[serde(default)]
    bare_metal: bool,
    #[serde(default)]
    burstable_performance_supported: bool,
    #[serde(default)]
    processor_info: Processors,
    #[serde(rename = "VCpuInfo")]
    cpus: Cpus,
    memory_info: Memory,
    gpu_info: Option<Gpus>,
    fpga_info: Option<Value>,
    #[serde(default)]
    network_info: Network,
    #[serde(default)]
    placement_group_info: Placements,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Processors {
    supported_architectures: Vec<String>,
}

#[derive(Deserialize)]
struct Cpus {
    #[serde(rename = "DefaultVCpus")]
    default: u32,
}

#[derive(Deserialize)]
struct Memory {
    #[serde(rename = "SizeInMiB")]
    size: u64,
}

#[derive(Deserialize)]
struct Gpus {
    #[serde(rename = "Gpus", default)]
    all: Vec<Gpu>,
    #[serde(rename = "TotalGpuMemoryInMiB", default)]
    memory: u64,
}

#[derive(Deserialize)]
struct Gpu {
    #[serde(rename = "Count")]
    count: u32,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Network {
    maximum_network_interfaces: u32,
    ena_support: String,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Placements {
    supported_strategies: Vec<String>,
}

impl From<Item> for Offer {
    fn from(item: Item) -> Self {
        Self {
            name: item.instance_type,
            cpus: item.cpus.default,
            memory: item.memory_info.size,
            gpus: item.gpu_info.iter().flat_map(|gpus| &gpus.all).map(|gpu| gpu.count).sum(),
            gpu_memory: item.gpu_info.map_or(0, |gpus| gpus.memory),
            architectures: Architecture::of_ec2(&item.processor_info.supported_architectures),
            usage: Usage::of_ec2(&item.supported_usage_classes),
            is_burstable: item.burstable_performance_supported,
            is_bare_metal: item.bare_metal,
            has_fpga: item.fpga_info.is_some_and(|fpga| !fpga.is_null()),
            has_ena: matches!(item.network_info.ena_support.as_str(), "supported" | "required"),
            interfaces: item.network_info.maximum_network_interfaces,
            placements: Placement::of_ec2(&item.placement_group_info.supported_strategies),
            zones: None,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn offer(name: &str, cpus: u32, gib: u64) -> Offer {
        Offer {
            name: name.to_owned(),
            cpus,
            memory: gib * 1024,
            architectures: vec![Architecture::Amd64],
            usage: vec![Usage::OnDemand, Usage::Spot],
            interfaces: 4,
            has_ena: true,
            placements: vec![Placement::Spread],
            ..Offer::default()
        }
    }

    fn offers() -> Vec<Offer> {
        vec![
            offer("m5.xlarge", 4, 16),
            Offer { usage: vec![Usage::OnDemand], ..offer("c5.xlarge", 4, 8) },
            offer("c6i.xlarge", 4, 8),
            Offer { architectures: vec![Architecture::Arm64], ..offer("c6g.xlarge", 4, 8) },
            Offer { is_burstable: true, placements: Vec::new(), ..offer("t3.xlarge", 4, 16) },
            Offer { gpus: 1, gpu_memory: 16384, interfaces: 3, ..offer("g4dn.xlarge", 4, 16) },
            Offer { is_bare_metal: true, ..offer("m5.metal", 96, 384) },
            Offer { zones: Some(["a".to_owned()].into()), has_ena: false, ..offer("m3.large", 2, 7) },
        ]
    }

    fn names(wanted: &Wanted) -> Vec<String> {
        select(&offers(), wanted, 20).into_iter().map(str::to_owned).collect()
    }

    #[test]
    fn each_wish_leaves_types_out() {
        let any = Wanted::default;
        let all = [
            "m3.large",
            "c5.xlarge",
            "c6g.xlarge",
            "c6i.xlarge",
            "g4dn.xlarge",
            "m5.xlarge",
            "t3.xlarge",
            "m5.metal",
        ];
        assert_eq!(names(&any()), all);
        let cases: Vec<(Wanted, &[&str])> = vec![
            (Wanted { cpus: Some(8..=u64::MAX), ..any() }, &["m5.metal"]),
            (Wanted { memory: Some(0..=8000), ..any() }, &["m3.large"]),
            (Wanted { ratio: Some(2.0), ..any() }, &["c5.xlarge", "c6g.xlarge", "c6i.xlarge"]),
            (Wanted { gpus: Some(1..=2), ..any() }, &["g4dn.xlarge"]),
            (Wanted { gpu_memory: Some(16384..=16384), ..any() }, &["g4dn.xlarge"]),
            (Wanted { architecture: Some(Architecture::Arm64), ..any() }, &["c6g.xlarge"]),
            (Wanted { usage: Some(Usage::Spot), ratio: Some(2.0), ..any() }, &["c6g.xlarge", "c6i.xlarge"]),
            (Wanted { burstable: Some(true), ..any() }, &["t3.xlarge"]),
            (Wanted { bare_metal: Some(true), ..any() }, &["m5.metal"]),
            (Wanted { ena: Some(false), ..any() }, &["m3.large"]),
            (Wanted { interfaces: Some(3..=3), ..any() }, &["g4dn.xlarge"]),
            (
                Wanted { placement: Some(Placement::Spread), memory: Some(16384..=16384), ..any() },
                &["g4dn.xlarge", "m5.xlarge"],
            ),
            (Wanted { zones: vec!["a".into()], cpus: Some(2..=2), ..any() }, &["m3.large"]),
            (Wanted { zones: vec!["a".into(), "b".into()], cpus: Some(2..=2), ..any() }, &[]),
            (
                Wanted { allowed: Regex::new("^m[3-5]").ok(), denied: Regex::new("metal").ok(), ..any() },
                &["m3.large", "m5.xlarge"],
            ),
        ];
        for (wanted, expected) in cases {
            assert_eq!(names(&wanted), expected, "{wanted:?}");
        }
        assert_eq!(select(&offers(), &any(), 2), ["m3.large", "c5.xlarge"]);
    }

    #[test]
    fn a_choice_is_completed() {
        assert_eq!(names(&Wanted::default().flexible()), ["c5.xlarge"]);
        let arm = Wanted { architecture: Some(Architecture::Arm64), ..Wanted::default() };
        assert_eq!(names(&arm.flexible()), ["c6g.xlarge"]);
        let large = Wanted { cpus: Some(2..=4), ratio: Some(4.0), ..Wanted::default() };
        assert_eq!(names(&large.flexible()), ["m5.xlarge", "t3.xlarge"]);
        assert_eq!(names(&Wanted::default().like(&offer("m4.xlarge", 4, 15))), ["m5.xlarge", "t3.xlarge"]);
    }

    #[test]
    fn types_are_read_as_aws_prints_them() {
        let text = r#"{"InstanceTypes": [{
            "InstanceType": "g4dn.12xlarge", "CurrentGeneration": true, "SupportedUsageClasses": ["on-demand", "spot", "capacity-block"],
            "BareMetal": false, "ProcessorInfo": {"SupportedArchitectures": ["x86_64", "i386"]}, "VCpuInfo": {"DefaultVCpus": 48},
            "MemoryInfo": {"SizeInMiB": 196608}, "GpuInfo": {"Gpus": [{"Name": "T4", "Count": 4}], "TotalGpuMemoryInMiB": 65536},
            "NetworkInfo": {"MaximumNetworkInterfaces": 8, "EnaSupport": "required"},
            "PlacementGroupInfo": {"SupportedStrategies": ["cluster", "partition", "spread"]}, "BurstablePerformanceSupported": false
        }]}"#;
        let expected = Offer {
            name: "g4dn.12xlarge".into(),
            cpus: 48,
            memory: 196608,
            gpus: 4,
            gpu_memory: 65536,
            architectures: vec![Architecture::Amd64],
            usage: vec![Usage::OnDemand, Usage::Spot],
            has_ena: true,
            interfaces: 8,
            placements: vec![Placement::Cluster, Placement::Partition, Placement::Spread],
            ..Offer::default()
        };
        assert_eq!(Offer::parse_all(text), Ok(vec![expected]));
        let error = Offer::parse_all(r#"{"InstanceTypes": [{"InstanceType": "x"}]}"#).unwrap_err();
        assert!(error.contains("describe-instance-types") && error.contains("VCpuInfo"), "{error}");
    }
}
