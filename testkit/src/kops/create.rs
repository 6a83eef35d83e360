//! `kops create cluster`: a case's options become the documents of a cluster.

use std::path::Path;

use super::world::Failure;
use landform_kops::lookup::{Network, NetworkSubnet};
use landform_kops::{Channel, FixedLookup, NewCluster, new_cluster};
use serde::Deserialize as _;
use serde_json::{Map, Value};

/// The file of a case that holds its options.
pub const OPTIONS: &str = "options.yaml";
/// The time at which a cluster was created, according to the suite.
const MOMENT: &str = "2017-01-01T00:00:00Z";
/// Options of kops's experiments. They have no effect on a new cluster in kops either.
const EXPERIMENTS: [&str; 8] = [
    "EtcdCount",
    "EtcdSizes",
    "KubeControllerManagerCount",
    "KubeControllerManagerSizes",
    "SchedulerCount",
    "SchedulerSizes",
    "CloudControllerManagerCount",
    "CloudControllerManagerSizes",
];

/// What exists in the suite's cloud before a cluster is created.
pub fn lookup(channel: &Path) -> Result<FixedLookup, Failure> {
    let mut lookup = FixedLookup::kops_suite();
    let text = std::fs::read_to_string(channel).map_err(|error| format!("{}: {error}", channel.display()))?;
    lookup.channel = Some(Channel::parse(&channel.display().to_string(), &text)?);
    lookup.state_store = Some("memfs://tests".into());
    let subnet = |id: &str, cidr: &str| -> Result<_, Failure> {
        Ok(NetworkSubnet { id: id.into(), zone: "us-test-1a".into(), cidr: Some(cidr.parse()?) })
    };
    let network = Network {
        cidr: "10.0.0.0/12".parse()?,
        ipv6_cidr: None,
        internet_gateway: Some("igw-1".into()),
        subnets: vec![subnet("subnet-1", "10.10.0.0/24")?, subnet("subnet-2", "10.11.0.0/24")?],
    };
    lookup.networks = [("vpc-12345678".to_owned(), network)].into();
    Ok(lookup)
}

/// The documents of the cluster that a file of options describes.
pub fn documents(file: &Path, lookup: &FixedLookup) -> Result<String, Failure> {
    let text = std::fs::read_to_string(file)?;
    let told: Map<String, Value> = serde_saphyr::from_str(&text)?;
    let mut options = Map::new();
    for (name, value) in told {
        // kops ignores case. Its files differ in the first letter.
        let mut letters = name.chars();
        let name: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
        if EXPERIMENTS.contains(&name.as_str()) {
            eprintln!("{}: left out, as kops does: {name}", file.display());
        } else {
            options.insert(name, value);
        }
    }
    let options = NewCluster::deserialize(Value::Object(options))?;
    let mut spec = new_cluster(&options, lookup)?;
    spec.cluster.metadata.creation_timestamp = Some(MOMENT.into());
    for group in &mut spec.groups {
        group.metadata.creation_timestamp = Some(MOMENT.into());
    }
    Ok(spec.to_yaml())
}
