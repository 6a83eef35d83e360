//! The embedded cloud: answers what the cluster layer asks, and holds machines that only exist in its records.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

use landform::kops::lookup::{HostedZone, Network, NetworkSubnet, Subnetwork};
use landform::kops::spec::{DnsType, EtcdCluster, values};
use landform::kops::{FixedLookup, Spec};
use landform::sim::Fleet;
use landform::{aws, gce, sim};
use serde_json::{Map, Value, json};

use crate::Failure;
use crate::arguments::Common;
use crate::fleet::{self, AutoScaling, google::ManagedGroups};
use crate::machines::Machinery;
use crate::owned::Candidate;
use crate::store::Store;

use super::is_on_google;

/// The project of clusters on Google whose spec names none.
const PROJECT: &str = "embedded-cloud";

/// The cloud's resources by type, each with its id and its fields.
type There = HashMap<String, Vec<(String, Map<String, Value>)>>;

/// The embedded cloud of a command line.
pub struct Embedded {
    pub cloud: sim::Cloud,
    machinery: Box<dyn Machinery>,
}

impl Embedded {
    /// Opens the cloud for a cluster on AWS. Makes no resources.
    pub fn on_aws(common: &Common, store: &Store, region: Option<&str>) -> Result<Self, Failure> {
        let cloud = Self::open(common, store, region)?;
        Ok(Self { machinery: Box::new(fleet::OnEmbedded(cloud.clone())), cloud })
    }

    /// Opens the cloud for a cluster on Google. Makes no resources.
    pub fn on_google(common: &Common, store: &Store) -> Result<Self, Failure> {
        let cloud = Self::open(common, store, None)?;
        Ok(Self { machinery: Box::new(fleet::google::OnEmbedded(cloud.clone())), cloud })
    }

    pub fn machinery(&self) -> &dyn Machinery {
        &*self.machinery
    }

    fn open(common: &Common, store: &Store, region: Option<&str>) -> Result<sim::Cloud, Failure> {
        let directory = match (&common.cloud_directory, store.directory()) {
            (Some(directory), _) => directory.clone(),
            (None, Some(store)) => store.with_extension("cloud"),
            (None, None) => PathBuf::from("kops.cloud"),
        };
        let builder = sim::Cloud::open(directory).types(aws::types()).types(gce::types());
        let builder = builder.fleet(AutoScaling).fleet(ManagedGroups);
        let builder = match region {
            Some(region) => builder.region(region),
            None => builder,
        };
        Ok(builder.build()?)
    }

    /// Makes the resources that a cluster uses but does not declare: its hosted zone, and the buckets of its files.
    pub fn prepare(&self, spec: &Spec) -> Result<(), Failure> {
        for (type_name, id, arguments) in beforehand(&self.there()?, spec) {
            self.cloud.seed(type_name, &id, arguments)?;
        }
        Ok(())
    }

    /// The answers from the cloud.
    pub fn lookup(&self, spec: &Spec) -> Result<FixedLookup, Failure> {
        if is_on_google(spec) {
            return self.lookup_on_google(spec);
        }
        let mut lookup = FixedLookup::region(self.cloud.region());
        lookup.account.id = self.cloud.account().to_owned();
        lookup.zones = self.cloud.zones().to_vec();
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
        Ok(lookup)
    }

    /// The answers for a cluster on Google.
    fn lookup_on_google(&self, spec: &Spec) -> Result<FixedLookup, Failure> {
        let cluster = &spec.cluster.spec;
        let region = cluster.subnets.first().map_or("", |subnet| subnet.region.as_str());
        let mut lookup = FixedLookup::google(project(spec), region);
        let there = self.there()?;
        lookup.hosted_zones = managed_zones(&there);
        for (type_name, id, arguments) in beforehand(&there, spec) {
            if type_name == "google_dns_managed_zone" {
                lookup.hosted_zones.push(managed_zone(&id, arguments.as_object().unwrap_or(&Map::new())));
            }
        }
        for (_, address) in of_type(&there, "google_compute_address") {
            lookup.balancer_addresses.insert(text(address, "name"), vec![text(address, "address")]);
        }
        for (id, network) in of_type(&there, "google_compute_network") {
            let inside = of_type(&there, "google_compute_subnetwork").iter();
            let inside = inside.filter(|(_, subnetwork)| text(subnetwork, "network") == *id);
            let inside: Vec<Subnetwork> = inside.filter_map(|(_, fields)| subnetwork(fields)).collect();
            let (name, project) = (text(network, "name"), text(network, "project"));
            lookup.subnetworks.insert(format!("{project}/{name}"), inside.clone());
            if project == self::project(spec) {
                lookup.subnetworks.insert(name, inside);
            }
        }
        Ok(lookup)
    }

    /// All resources but the machines of existing groups.
    pub fn candidates(&self) -> Result<Vec<Candidate>, Failure> {
        let objects = self.cloud.objects()?;
        let groups: HashSet<(String, String)> = objects
            .iter()
            .filter(|object| !object.deleting)
            .map(|object| (object.type_name.to_string(), object.id.clone()))
            .collect();
        let fleets: [&dyn Fleet; 2] = [&AutoScaling, &ManagedGroups];
        let goes_with_its_group = |object: &sim::Existing| {
            fleets.iter().filter(|fleet| object.type_name == fleet.members()).any(|fleet| {
                let group = fleet.group_of(object);
                group.is_some_and(|group| groups.contains(&(fleet.groups().to_owned(), group)))
            })
        };
        let candidates =
            objects.into_iter().filter(|object| !object.deleting && !goes_with_its_group(object));
        Ok(candidates
            .map(|object| {
                let mut fields = object.attributes;
                fields.extend(object.arguments);
                Candidate { type_name: object.type_name, id: object.id, fields, is_chosen: false }
            })
            .collect())
    }

    /// The cloud's resources, read at once.
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

/// The missing resources that a cluster uses but does not declare: type, id and arguments.
fn beforehand(there: &There, spec: &Spec) -> Vec<(&'static str, String, Value)> {
    if is_on_google(spec) {
        return beforehand_on_google(there, spec);
    }
    let mut wanted = Vec::new();
    let cluster = &spec.cluster.spec;
    if cluster.dns_type() != DnsType::None && !zones(there).iter().any(|zone| names(zone, spec)) {
        let name = zone_name(spec);
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

/// The same for a cluster on Google.
fn beforehand_on_google(there: &There, spec: &Spec) -> Vec<(&'static str, String, Value)> {
    let (mut wanted, cluster, project) = (Vec::new(), &spec.cluster.spec, project(spec));
    if cluster.dns_type() != DnsType::None && !managed_zones(there).iter().any(|zone| names(zone, spec)) {
        let dns_name = zone_name(spec);
        let name = dns_name.replace('.', "-");
        let id = format!("projects/{project}/managedZones/{name}");
        let zone = json!({ "name": name, "dns_name": format!("{dns_name}."), "project": project });
        wanted.push(("google_dns_managed_zone", id, zone));
    }
    let backups = cluster.etcd_clusters.iter().filter_map(EtcdCluster::backup_store);
    let stores = cluster.config_base.as_deref().into_iter().chain(backups);
    let mut buckets: Vec<&str> = stores.filter_map(values::Store::gs_bucket).collect();
    buckets.sort_unstable();
    buckets.dedup();
    for bucket in buckets {
        if !of_type(there, "google_storage_bucket").iter().any(|(id, _)| id == bucket) {
            let arguments = json!({ "name": bucket, "location": "US", "project": project });
            wanted.push(("google_storage_bucket", bucket.to_owned(), arguments));
        }
    }
    wanted
}

/// The project of a cluster on Google.
fn project(spec: &Spec) -> &str {
    match spec.cluster.spec.project.as_str() {
        "" => PROJECT,
        given => given,
    }
}

/// The name of the zone that a cluster's names are in, if none is there.
fn zone_name(spec: &Spec) -> &str {
    match spec.cluster.spec.dns_zone.as_str() {
        "" => spec.name().split_once('.').map_or(spec.name(), |(_, parent)| parent),
        zone => zone,
    }
}

fn managed_zones(there: &There) -> Vec<HostedZone> {
    of_type(there, "google_dns_managed_zone").iter().map(|(id, fields)| managed_zone(id, fields)).collect()
}

fn managed_zone(id: &str, fields: &Map<String, Value>) -> HostedZone {
    HostedZone {
        id: id.rsplit('/').next().unwrap_or(id).to_owned(),
        name: text(fields, "dns_name").trim_end_matches('.').to_owned(),
        private: text(fields, "visibility") == "private",
        networks: Vec::new(),
    }
}

/// A subnetwork as the layer knows it. `None` if it has no IPv4 range.
fn subnetwork(fields: &Map<String, Value>) -> Option<Subnetwork> {
    let secondary = fields.get("secondary_ip_range").and_then(Value::as_array).into_iter().flatten();
    Some(Subnetwork {
        name: text(fields, "name"),
        region: text(fields, "region"),
        range: text(fields, "ip_cidr_range").parse().ok()?,
        secondary: secondary.filter_map(|range| range["ip_cidr_range"].as_str()?.parse().ok()).collect(),
    })
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

/// The id that a hosted zone with this name gets in the embedded cloud.
fn zone_id(name: &str) -> String {
    let letters = name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase());
    format!("Z1{}", letters.take(12).collect::<String>())
}

fn text(fields: &Map<String, Value>, name: &str) -> String {
    fields.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}
