//! The embedded cloud: what is there, as the cluster layer asks for it, and the engine that works in it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use landform::kops::lookup::{HostedZone, Network, NetworkSubnet};
use landform::kops::spec::{DnsType, values};
use landform::kops::{Channel, FixedLookup, MissingAddons, Options, Spec, keyset_names};
use landform::{Engine, Sink, Stack, aws, kops, sim};
use serde_json::{Map, Value, json};

use crate::arguments::Common;
use crate::store::Store;
use crate::{Failure, assets};

/// The secret that says how secrets are encrypted at rest.
const ENCRYPTION: &str = "encryptionconfig";

/// What is in the cloud, by type: ids, and what is known of each.
type There = HashMap<String, Vec<(String, Map<String, Value>)>>;

/// The embedded cloud of a command line.
pub struct World {
    cloud: sim::Cloud,
}

impl World {
    /// The cloud in which a cluster is. Nothing is made yet.
    pub fn open(common: &Common, store: &Store, spec: &Spec) -> Result<Self, Failure> {
        let directory = match (&common.cloud_directory, store.directory()) {
            (Some(directory), _) => directory.clone(),
            (None, Some(store)) => store.with_extension("cloud"),
            (None, None) => PathBuf::from("kops.cloud"),
        };
        let zone =
            spec.cluster.spec.subnets.iter().map(|subnet| subnet.zone.as_str()).find(|zone| !zone.is_empty());
        let region = zone.map(|zone| zone.trim_end_matches(|last: char| last.is_ascii_lowercase()));
        let builder = sim::Cloud::open(directory).types(aws::types());
        let builder = match region {
            Some(region) if !region.is_empty() => builder.region(region),
            _ => builder,
        };
        Ok(Self { cloud: builder.build()? })
    }

    /// The engine that keeps what it knows of a cluster in the store.
    pub fn engine(&self, store: &Store, cluster: &str) -> Result<Engine, Failure> {
        let builder =
            Engine::builder().state(store.engine_state(cluster)).provider(self.cloud.provider("aws"));
        // What is written there can be read at once.
        Ok(builder.lag(Duration::ZERO).events(Sink::none()).open()?)
    }

    /// Makes what a cluster uses and does not make: its hosted zone, and the bucket of its files.
    pub fn prepare(&self, spec: &Spec) -> Result<(), Failure> {
        for (type_name, id, arguments) in beforehand(&self.there()?, spec) {
            self.cloud.seed(type_name, &id, arguments)?;
        }
        Ok(())
    }

    /// What the cluster layer may know: the cloud as it is, and the keys and secrets of the store.
    pub async fn lookup(&self, common: &Common, store: &Store, spec: &Spec) -> Result<FixedLookup, Failure> {
        let mut lookup = FixedLookup::region(self.cloud.region());
        lookup.account.id = self.cloud.account().to_owned();
        lookup.zones = self.cloud.zones().to_vec();
        lookup.state_store = Some(store.url().to_owned());
        let there = self.there()?;
        lookup.hosted_zones = zones(&there);
        for (type_name, id, arguments) in beforehand(&there, spec) {
            if type_name == "aws_route53_zone" {
                lookup.hosted_zones.push(zone(&id, arguments.as_object().unwrap_or(&Map::new())));
            }
        }
        lookup.networks = networks(&there)?.into_iter().collect();
        for (id, address) in of_type(&there, "aws_eip") {
            lookup.allocations.insert(text(address, "public_ip"), id.clone());
        }
        for (_, balancer) in of_type(&there, "aws_lb") {
            if let Some(name) = balancer.get("tags").and_then(|tags| tags["Name"].as_str()) {
                lookup.balancer_addresses.insert(name.to_owned(), vec![text(balancer, "dns_name")]);
            }
        }
        for name in keyset_names(&spec.cluster.spec) {
            if let Some(set) = store.keyset(spec.name(), &name).await? {
                lookup.keysets.insert(name, set.keyset()?);
            }
        }
        if let Some(secret) = store.secret(spec.name(), ENCRYPTION).await? {
            lookup.secrets.insert(ENCRYPTION.to_owned(), secret);
        }
        if let Some(file) = &common.file_hashes {
            lookup.file_hashes = assets::locked(file).await?.into_map();
            lookup.makes_up_hashes = false;
        }
        if let Some(file) = spec.cluster.spec.channel.strip_prefix("file://") {
            let text = std::fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
            lookup.channel = Some(Channel::parse(file, &text)?);
        }
        if let Some(directory) = &common.addon_manifests {
            manifests(directory, &mut lookup)?;
        }
        Ok(lookup)
    }

    /// What is in the cloud. Reads all of it once.
    fn there(&self) -> Result<There, Failure> {
        let mut there = There::new();
        for object in self.cloud.objects()?.into_iter().filter(|object| !object.deleting) {
            let mut fields = object.attributes;
            fields.extend(object.arguments);
            there.entry(object.type_name.to_string()).or_default().push((object.id, fields));
        }
        Ok(there)
    }
}

/// What has to be there and is not: type, id and arguments.
fn beforehand(there: &There, spec: &Spec) -> Vec<(&'static str, String, Value)> {
    let mut wanted = Vec::new();
    let cluster = &spec.cluster.spec;
    if cluster.dns_type() != DnsType::None && !zones(there).iter().any(|zone| names(zone, spec)) {
        let name = match cluster.dns_zone.as_str() {
            "" => spec.name().split_once('.').map_or(spec.name(), |(_, parent)| parent),
            zone => zone,
        };
        let id = format!("/hostedzone/{}", zone_id(name));
        wanted.push(("aws_route53_zone", id, json!({ "name": name })));
    }
    let discovery =
        cluster.service_account_issuer_discovery.as_ref().and_then(|of| of.discovery_store.as_deref());
    let stores = [cluster.config_base.as_deref(), discovery];
    let mut buckets: Vec<&str> = stores.into_iter().flatten().filter_map(values::Store::bucket).collect();
    buckets.sort_unstable();
    buckets.dedup();
    for bucket in buckets {
        if !of_type(there, "aws_s3_bucket").iter().any(|(id, _)| id == bucket) {
            wanted.push(("aws_s3_bucket", bucket.to_owned(), json!({ "bucket": bucket })));
        }
    }
    wanted
}

fn of_type<'a>(there: &'a There, name: &str) -> &'a [(String, Map<String, Value>)] {
    there.get(name).map_or(&[], Vec::as_slice)
}

fn zones(there: &There) -> Vec<HostedZone> {
    of_type(there, "aws_route53_zone").iter().map(|(id, fields)| zone(id, fields)).collect()
}

fn networks(there: &There) -> Result<Vec<(String, Network)>, Failure> {
    let (subnets, gateways) = (of_type(there, "aws_subnet"), of_type(there, "aws_internet_gateway"));
    let of = |network: &str, fields: &Map<String, Value>| text(fields, "vpc_id") == network;
    let mut networks = Vec::new();
    for (id, fields) in of_type(there, "aws_vpc") {
        let subnets = subnets.iter().filter(|(_, fields)| of(id, fields));
        let network = Network {
            cidr: text(fields, "cidr_block").parse()?,
            ipv6_cidr: text(fields, "ipv6_cidr_block").parse().ok(),
            internet_gateway: gateways.iter().find(|(_, fields)| of(id, fields)).map(|(id, _)| id.clone()),
            subnets: subnets
                .map(|(id, fields)| NetworkSubnet {
                    id: id.clone(),
                    zone: text(fields, "availability_zone"),
                    cidr: text(fields, "cidr_block").parse().ok(),
                })
                .collect(),
        };
        networks.push((id.clone(), network));
    }
    Ok(networks)
}

/// The stack of a cluster.
pub fn stack(spec: &Spec, lookup: &FixedLookup) -> Result<Stack, Failure> {
    if spec.ssh_keys.is_empty() && spec.cluster.spec.ssh_key_name.is_none() {
        let name = spec.name();
        return Err(format!(
            "{name} has no public key for SSH: create secret --name {name} sshpublickey admin -i ~/.ssh/id_ed25519.pub, or set \
             spec.sshKeyName to \"\" for none"
        )
        .into());
    }
    for field in kops::unused(spec) {
        eprintln!("warning: {field}");
    }
    let mut stack = Stack::new(spec.name());
    let options = Options { missing_addons: MissingAddons::Refused, ..Options::default() };
    kops::cluster(&mut stack, spec, &options, lookup)?;
    stack.check()?;
    Ok(stack)
}

/// Whether a hosted zone is the one that a cluster's names are in.
fn names(zone: &HostedZone, spec: &Spec) -> bool {
    match spec.cluster.spec.dns_zone.as_str() {
        "" => spec.name() == zone.name || spec.name().ends_with(&format!(".{}", zone.name)),
        wanted => wanted == zone.name || wanted == zone.id,
    }
}

fn zone(id: &str, fields: &Map<String, Value>) -> HostedZone {
    HostedZone {
        id: id.trim_start_matches("/hostedzone/").to_owned(),
        name: text(fields, "name").trim_end_matches('.').to_owned(),
        private: fields
            .get("vpc")
            .is_some_and(|networks| networks.as_array().is_some_and(|all| !all.is_empty())),
        networks: Vec::new(),
    }
}

/// The id of a hosted zone that the embedded cloud gets for a name.
fn zone_id(name: &str) -> String {
    let letters = name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase());
    format!("Z1{}", letters.take(12).collect::<String>())
}

fn text(fields: &Map<String, Value>, name: &str) -> String {
    fields.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// Reads the manifests of a directory, `NAME/ID.yaml`.
fn manifests(directory: &Path, lookup: &mut FixedLookup) -> Result<(), Failure> {
    let fail = |path: &Path, error: std::io::Error| format!("{}: {error}", path.display());
    let entries = |path: &Path| -> Result<Vec<PathBuf>, Failure> {
        let entries = std::fs::read_dir(path).map_err(|error| fail(path, error))?;
        Ok(entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?)
    };
    for folder in entries(directory)?.into_iter().filter(|path| path.is_dir()) {
        for file in
            entries(&folder)?.into_iter().filter(|path| path.extension().is_some_and(|of| of == "yaml"))
        {
            let manifest = std::fs::read_to_string(&file).map_err(|error| fail(&file, error))?;
            if let (Some(name), Some(id)) = (folder.file_name(), file.file_stem()) {
                lookup.addons.insert(format!("{}/{}", name.display(), id.display()), manifest);
            }
        }
    }
    Ok(())
}
