//! `toolbox instance-selector`: makes instance groups from what their machines must have. landform::kops::selector
//! chooses among the cloud's types.

use std::ops::RangeInclusive;
use std::path::PathBuf;

use clap::{ArgAction, Args, ValueEnum};
use landform::kops::lookup::Architecture;
use landform::kops::selector::{Offer, Placement, Usage, Wanted, select};
use landform::kops::source::Place;
use landform::kops::spec::values::{Notation as _, SecurityGroupId, text};
use landform::kops::spec::{
    Cloud, Document, GroupSpec, Metadata, MixedInstances, Role, SpotAllocationStrategy, SubnetType,
};
use landform::kops::{Spec, validate};
use regex_lite::Regex;

use crate::arguments::{Common, Output};
use crate::store::Store;
use crate::world::World;
use crate::{Failure, get};

#[derive(Args)]
pub struct InstanceSelector {
    /// The group's name.
    #[arg(long, value_name = "NAME", value_parser = group_name)]
    ig_name: String,
    /// The number of groups. Each group has twice as much memory for a processor as the group before. Their names have
    /// numbers.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=20))]
    ig_count: u32,
    /// The minimum number of machines.
    #[arg(long, default_value_t = 2)]
    node_count_min: u32,
    /// The maximum number of machines.
    #[arg(long, default_value_t = 15)]
    node_count_max: u32,
    /// The size of root volumes in GiB.
    #[arg(long, value_name = "GIB")]
    node_volume_size: Option<u32>,
    /// Existing security groups to attach.
    #[arg(long, value_delimiter = ',', value_parser = SecurityGroupId::parse)]
    node_security_groups: Vec<SecurityGroupId>,
    /// Adds the tags by which the cluster autoscaler finds the group.
    #[arg(long)]
    cluster_autoscaler: bool,
    /// A machine type. The group gets similar types.
    #[arg(long, value_name = "TYPE")]
    instance_type_base: Option<String>,
    /// Chooses common types of several generations. By default they have 4 processors, and 2 GiB of memory for each.
    #[arg(long)]
    flexible: bool,
    /// The number of processors.
    #[arg(long, conflicts_with_all = ["vcpus_min", "vcpus_max"])]
    vcpus: Option<u64>,
    /// The minimum number of processors.
    #[arg(long)]
    vcpus_min: Option<u64>,
    /// The maximum number of processors.
    #[arg(long)]
    vcpus_max: Option<u64>,
    /// The memory: a number of MiB, or a number with a unit, such as 4GiB.
    #[arg(long, conflicts_with_all = ["memory_min", "memory_max"], value_parser = mebibytes)]
    memory: Option<u64>,
    /// The minimum memory.
    #[arg(long, value_parser = mebibytes)]
    memory_min: Option<u64>,
    /// The maximum memory.
    #[arg(long, value_parser = mebibytes)]
    memory_max: Option<u64>,
    /// The ratio of processors to GiB of memory, such as 1:2.
    #[arg(long, value_parser = ratio)]
    vcpus_to_memory_ratio: Option<f64>,
    /// The architecture of processors.
    #[arg(long, default_value = "x86_64")]
    cpu_architecture: CpuArchitecture,
    /// The number of graphics processors.
    #[arg(long, conflicts_with_all = ["gpus_min", "gpus_max"])]
    gpus: Option<u64>,
    /// The minimum number of graphics processors.
    #[arg(long)]
    gpus_min: Option<u64>,
    /// The maximum number of graphics processors.
    #[arg(long)]
    gpus_max: Option<u64>,
    /// The memory of all graphics processors together, in the form of --memory.
    #[arg(long, conflicts_with_all = ["gpu_memory_total_min", "gpu_memory_total_max"], value_parser = mebibytes)]
    gpu_memory_total: Option<u64>,
    /// The minimum memory of all graphics processors together.
    #[arg(long, value_parser = mebibytes)]
    gpu_memory_total_min: Option<u64>,
    /// The maximum memory of all graphics processors together.
    #[arg(long, value_parser = mebibytes)]
    gpu_memory_total_max: Option<u64>,
    /// The number of network interfaces that a machine can have.
    #[arg(long, conflicts_with_all = ["network_interfaces_min", "network_interfaces_max"])]
    network_interfaces: Option<u64>,
    /// The minimum number of network interfaces.
    #[arg(long)]
    network_interfaces_min: Option<u64>,
    /// The maximum number of network interfaces.
    #[arg(long)]
    network_interfaces_max: Option<u64>,
    /// The strategy of a placement group that the machines can be in.
    #[arg(long)]
    placement_group_strategy: Option<Strategy>,
    /// The usage class of machines.
    #[arg(long, default_value = "on-demand")]
    usage_class: UsageClass,
    /// Whether machines support the Elastic Network Adapter.
    #[arg(long, action = ArgAction::Set, num_args = 0..=1, default_missing_value = "true")]
    ena_support: Option<bool>,
    /// Whether the performance of machines is burstable.
    #[arg(long, action = ArgAction::Set, num_args = 0..=1, default_missing_value = "true")]
    burst_support: Option<bool>,
    /// The subnets of the group. The default is all subnets except utility subnets.
    #[arg(long, value_delimiter = ',')]
    subnets: Vec<String>,
    /// A regular expression of the types to choose from.
    #[arg(long, value_parser = Regex::new)]
    allow_list: Option<Regex>,
    /// A regular expression of the types to leave out.
    #[arg(long, value_parser = Regex::new)]
    deny_list: Option<Regex>,
    /// The maximum number of types in a group.
    #[arg(long, default_value_t = 20)]
    max_results: usize,
    /// A file of the types to choose from, as `aws ec2 describe-instance-types` prints it. The default is to ask the
    /// cloud.
    #[arg(long, value_name = "FILE")]
    machine_types: Option<PathBuf>,
    /// Prints the groups and stores nothing.
    #[arg(long)]
    dry_run: bool,
    /// The form of the printed groups.
    #[arg(short, long, default_value = "yaml")]
    output: Output,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum CpuArchitecture {
    #[value(name = "x86_64", alias = "amd64")]
    Amd64,
    Arm64,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum UsageClass {
    Spot,
    OnDemand,
}

/// The strategy of a placement group.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Strategy {
    Cluster,
    Partition,
    Spread,
}

fn group_name(name: &str) -> Result<String, String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    match (1..=128).contains(&name.len()) && name.chars().all(fits) {
        true => Ok(name.to_owned()),
        false => Err("expected 1 to 128 letters, digits, - and _".to_owned()),
    }
}

fn mebibytes(text: &str) -> Result<u64, String> {
    let lower = text.to_ascii_lowercase();
    let units = [("gib", 1024), ("gb", 1024), ("mib", 1), ("mb", 1), ("", 1)];
    let number = units.iter().find_map(|(unit, size)| Some((lower.strip_suffix(unit)?, *size)));
    let number = number.and_then(|(number, size)| number.trim().parse::<u64>().ok()?.checked_mul(size));
    number.ok_or_else(|| "expected a number of MiB, or a number with a unit, such as 4GiB".to_owned())
}

fn ratio(text: &str) -> Result<f64, String> {
    let parts = text.split_once(':').and_then(|(cpus, memory)| {
        Some((cpus.trim().parse::<f64>().ok()?, memory.trim().parse::<f64>().ok()?))
    });
    match parts {
        Some((cpus, memory)) if cpus > 0.0 && memory > 0.0 && (memory / cpus).is_finite() => {
            Ok(memory / cpus)
        }
        _ => Err("expected processors to GiB of memory, such as 1:2".to_owned()),
    }
}

fn range(exact: Option<u64>, least: Option<u64>, most: Option<u64>) -> Option<RangeInclusive<u64>> {
    match (exact, least, most) {
        (Some(exact), ..) => Some(exact..=exact),
        (None, None, None) => None,
        (None, least, most) => Some(least.unwrap_or(0)..=most.unwrap_or(u64::MAX)),
    }
}

pub async fn run(common: &Common, options: InstanceSelector) -> Result<(), Failure> {
    let (store, name) = (Store::open(common)?, common.cluster(None)?);
    let mut spec = store.spec(&name).await?;
    if !spec.cluster.spec.is_on(Cloud::Aws) {
        let cloud = text(&spec.cluster.spec.cloud_provider);
        return Err(format!("{name} is in the cloud {cloud}: expected aws").into());
    }
    let offers = match &options.machine_types {
        Some(file) => {
            let place = file.display();
            let text = std::fs::read_to_string(file).map_err(|error| format!("{place}: {error}"))?;
            Offer::parse_all(&text).map_err(|error| format!("{place}: {error}"))?
        }
        None => World::open(common, &store, &spec).await?.machine_types().await?,
    };
    let made = groups(&options, &spec, &offers)?;
    for group in &made {
        if spec.group(&group.metadata.name).is_some() {
            return Err(format!("the cluster {name} already has a group {}", group.metadata.name).into());
        }
    }
    spec.groups.extend(made.iter().cloned());
    validate(&spec)?;
    if !options.dry_run {
        for group in &made {
            store.write_group(spec.name(), group).await?;
        }
    }
    match options.output {
        Output::Json => get::shown(made.iter().map(Document::to_json).collect(), Output::Json),
        _ => {
            print!("{}", get::joined(made.iter().map(Document::to_yaml)));
            Ok(())
        }
    }
}

/// The groups for a cluster.
fn groups(
    options: &InstanceSelector,
    spec: &Spec,
    offers: &[Offer],
) -> Result<Vec<Document<GroupSpec>>, Failure> {
    let subnets = subnets(options, spec)?;
    let mut wanted = wanted(options, spec, &subnets, offers)?;
    let mut made = Vec::new();
    for number in 1..=options.ig_count {
        let name = match options.ig_count {
            1 => options.ig_name.clone(),
            _ => format!("{}{number}", options.ig_name),
        };
        let types = select(offers, &wanted, options.max_results);
        if types.is_empty() {
            return Err(format!("group {name}: no machine type matches the options").into());
        }
        made.push(group(options, spec.name(), &name, &subnets, types));
        wanted.ratio = wanted.ratio.map(|ratio| ratio * 2.0);
    }
    Ok(made)
}

fn subnets(options: &InstanceSelector, spec: &Spec) -> Result<Vec<String>, Failure> {
    let is_utility =
        |name: &str| spec.subnet(name).is_some_and(|subnet| subnet.kind() == SubnetType::Utility);
    if options.subnets.is_empty() {
        let names = spec.cluster.spec.subnets.iter().map(|subnet| subnet.name.clone());
        return Ok(names.filter(|name| !is_utility(name)).collect());
    }
    if let Some(absent) = options.subnets.iter().find(|name| spec.subnet(name).is_none()) {
        return Err(format!("--subnets: {} has no subnet {absent}", spec.name()).into());
    }
    let utility = options.subnets.iter().filter(|name| is_utility(name)).count();
    if utility != 0 && utility != options.subnets.len() {
        return Err("--subnets: expected either utility subnets or other ones, not both".into());
    }
    Ok(options.subnets.clone())
}

fn wanted(
    options: &InstanceSelector,
    spec: &Spec,
    subnets: &[String],
    offers: &[Offer],
) -> Result<Wanted, Failure> {
    let zones = subnets.iter().filter_map(|name| spec.subnet(name)).map(|subnet| subnet.zone.clone());
    let wanted = Wanted {
        cpus: range(options.vcpus, options.vcpus_min, options.vcpus_max),
        memory: range(options.memory, options.memory_min, options.memory_max),
        ratio: options.vcpus_to_memory_ratio.or((options.ig_count > 1).then_some(2.0)),
        gpus: range(options.gpus, options.gpus_min, options.gpus_max),
        gpu_memory: range(
            options.gpu_memory_total,
            options.gpu_memory_total_min,
            options.gpu_memory_total_max,
        ),
        architecture: Some(match options.cpu_architecture {
            CpuArchitecture::Amd64 => Architecture::Amd64,
            CpuArchitecture::Arm64 => Architecture::Arm64,
        }),
        usage: Some(match options.usage_class {
            UsageClass::Spot => Usage::Spot,
            UsageClass::OnDemand => Usage::OnDemand,
        }),
        burstable: options.burst_support,
        ena: options.ena_support,
        interfaces: range(
            options.network_interfaces,
            options.network_interfaces_min,
            options.network_interfaces_max,
        ),
        placement: options.placement_group_strategy.map(|strategy| match strategy {
            Strategy::Cluster => Placement::Cluster,
            Strategy::Partition => Placement::Partition,
            Strategy::Spread => Placement::Spread,
        }),
        zones: zones.filter(|zone| !zone.is_empty()).collect(),
        allowed: options.allow_list.clone(),
        denied: options.deny_list.clone(),
        ..Wanted::default()
    };
    let wanted = match &options.instance_type_base {
        Some(base) => {
            let known = offers.iter().find(|offer| offer.name == *base);
            wanted.like(known.ok_or_else(|| format!("--instance-type-base: there is no type {base}"))?)
        }
        None => wanted,
    };
    Ok(if options.flexible { wanted.flexible() } else { wanted })
}

fn group(
    options: &InstanceSelector,
    cluster: &str,
    name: &str,
    subnets: &[String],
    types: Vec<&str>,
) -> Document<GroupSpec> {
    let spot = options.usage_class == UsageClass::Spot;
    let mut cloud_labels = vec![("kops.k8s.io/instance-selector".to_owned(), "1".to_owned())];
    if options.cluster_autoscaler {
        let labels =
            ["k8s.io/cluster-autoscaler/enabled".to_owned(), format!("k8s.io/cluster-autoscaler/{cluster}")];
        cloud_labels.extend(labels.map(|label| (label, "1".to_owned())));
    }
    let spec = GroupSpec {
        role: Some(Role::Node),
        subnets: subnets.to_vec(),
        machine_type: types[0].to_owned(),
        min_size: Some(options.node_count_min),
        max_size: Some(options.node_count_max),
        root_volume_size: options.node_volume_size,
        additional_security_groups: options.node_security_groups.clone(),
        cloud_labels: cloud_labels.into_iter().collect(),
        node_labels: [("kops.k8s.io/instancegroup".to_owned(), name.to_owned())].into(),
        mixed_instances_policy: Some(MixedInstances {
            instances: types.into_iter().map(str::to_owned).collect(),
            on_demand_base: spot.then_some(0),
            on_demand_above_base: spot.then_some(0),
            spot_allocation_strategy: spot.then_some(SpotAllocationStrategy::CapacityOptimized),
            ..MixedInstances::default()
        }),
        ..GroupSpec::default()
    };
    let labels = [("kops.k8s.io/cluster".to_owned(), cluster.to_owned())].into();
    let metadata = Metadata { name: name.to_owned(), labels, ..Metadata::default() };
    Document { metadata, spec, place: Place::default() }
}
