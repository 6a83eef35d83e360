//! `create`: adds clusters, groups of machines, keys and secrets to the store.

use std::fs;
use std::path::{Path, PathBuf};

use landform::kops::create::{CloudProvider, NewCluster as Wanted};
use landform::kops::problem::Problems;
use landform::kops::questions::Asking;
use landform::kops::source::Place;
use landform::kops::spec::{Cloud, Document, GroupSpec, Metadata, SshCredential, Subnet};
use landform::kops::{FixedLookup, Spec, new_cluster, validate};

use crate::arguments::{Common, Create, CreateWhat, NewCluster, NewGroup, Output, UpdateCluster};
use crate::store::Store;
use crate::world::{World, is_on_google};
use crate::{Failure, edit, get, secrets, update};

pub async fn run(common: &Common, create: Create) -> Result<(), Failure> {
    match create.what {
        Some(CreateWhat::Cluster(options)) => cluster(common, *options).await,
        Some(CreateWhat::Instancegroup(options)) => group(common, options).await,
        Some(CreateWhat::Secret(secret)) => secrets::create(common, secret).await,
        Some(CreateWhat::Sshpublickey(key)) => secrets::create_ssh_key(common, key).await,
        Some(CreateWhat::Keypair(key)) => secrets::create_keypair(common, key).await,
        None if create.files.is_empty() => {
            Err("expected -f FILE or a kind, such as cluster. --help lists the kinds".into())
        }
        None => files(common, &create.files).await,
    }
}

/// Reads files that describe one cluster together.
pub fn read(files: &[PathBuf]) -> Result<Vec<(String, String)>, Failure> {
    if files.iter().filter(|file| is_standard_input(file)).count() > 1 {
        return Err("-f -: standard input can be read only once".into());
    }
    let read = |file: &PathBuf| {
        let (name, text) = match is_standard_input(file) {
            true => ("standard input".to_owned(), std::io::read_to_string(std::io::stdin())),
            false => (file.display().to_string(), fs::read_to_string(file)),
        };
        let text = text.map_err(|error| format!("{name}: {error}"))?;
        Ok((name, text))
    };
    files.iter().map(read).collect()
}

fn is_standard_input(file: &Path) -> bool {
    file.as_os_str() == "-"
}

pub fn parse(texts: &[(String, String)]) -> Result<Spec, Problems> {
    Spec::parse_all(texts.iter().map(|(name, text)| (name.as_str(), text.as_str())))
}

async fn files(common: &Common, files: &[PathBuf]) -> Result<(), Failure> {
    let store = Store::open(common)?;
    let spec = parse(&read(files)?)?;
    validate(&spec)?;
    store.create(&spec).await?;
    println!("Created cluster/{}", spec.name());
    for group in &spec.groups {
        println!("Created instancegroup/{}", group.metadata.name);
    }
    println!("\nTo deploy these resources, run: kops update cluster --name {} --yes", spec.name());
    Ok(())
}

async fn cluster(common: &Common, options: NewCluster) -> Result<(), Failure> {
    let name = common.cluster(options.cluster.as_deref())?;
    let (dry_run, output, yes) = (options.dry_run, options.output, options.yes);
    let outcome = options.outcome.clone();
    let ssh_key = options.ssh_public_key.clone();
    let wanted = wanted(&name, options);
    // A cluster that is only printed needs a store only for the place of its files.
    let store = if dry_run && common.state.is_none() { None } else { Some(Store::open(common)?) };
    let lookup = lookup(common, store.as_ref(), &wanted).await?;
    let mut spec = new_cluster(&wanted, &lookup)?;
    if let Some(file) = ssh_key {
        let public_key = fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
        let metadata = Metadata { name: "admin".into(), ..Metadata::default() };
        let spec_of_key = SshCredential { public_key: public_key.trim().to_owned() };
        spec.ssh_keys = vec![Document { metadata, spec: spec_of_key, place: Place::default() }];
    }
    let Some(store) = store.filter(|_| !dry_run) else { return get::documents(&spec, output) };
    store.create(&spec).await?;
    println!("Cluster {name} has been created.");
    let update = UpdateCluster { cluster: Some(name), yes, outcome, ..UpdateCluster::default() };
    update::cluster(common, &update).await.map(drop)
}

/// The answers of the cloud for a new cluster. Its zones determine the region.
async fn lookup(common: &Common, store: Option<&Store>, wanted: &Wanted) -> Result<FixedLookup, Failure> {
    let on_google = wanted.cloud_provider == Some(CloudProvider::Gce);
    let zone = wanted.zones.first().map_or("", String::as_str);
    let region = match on_google {
        true => zone.rsplit_once('-').map_or("", |(region, _)| region),
        false => zone.trim_end_matches(|last: char| last.is_ascii_lowercase()),
    };
    let Some(store) = store else {
        let mut lookup = match (on_google, region) {
            (true, region) => FixedLookup::google(&wanted.project, region),
            (false, "") => FixedLookup::region("us-east-2"),
            (false, region) => FixedLookup::region(region),
        };
        // A cluster that is only printed finds this zone.
        let parent = wanted.cluster_name.split_once('.').map_or("", |(_, parent)| parent);
        lookup = lookup.hosted_zone("Z1EXAMPLE", parent, false);
        lookup.state_store = Some(if on_google { "gs://state-store" } else { "s3://state-store" }.into());
        return Ok(lookup);
    };
    // The cloud is asked with a spec that has only a name, a zone and a DNS zone.
    let text = format!(
        "{{apiVersion: kops.k8s.io/v1alpha2, kind: Cluster, metadata: {{name: {:?}}}, spec: {{}}}}",
        wanted.cluster_name
    );
    let mut spec = Spec::parse("create cluster", &text)?;
    spec.cluster.spec.dns_zone.clone_from(&wanted.dns_zone);
    if on_google {
        spec.cluster.spec.cloud_provider = Some(Cloud::Gce);
        spec.cluster.spec.project.clone_from(&wanted.project);
        let subnet = Subnet { region: region.to_owned(), ..Subnet::default() };
        spec.cluster.spec.subnets.push(subnet);
    } else if !zone.is_empty() {
        spec.cluster.spec.subnets.push(Subnet { zone: zone.to_owned(), ..Subnet::default() });
    }
    let world = World::open(common, store, &spec).await?;
    // This run only collects questions. Its result counts when the layer has all answers.
    let ask = |asking: &Asking<'_>| drop(new_cluster(wanted, asking));
    world.lookup_for(common, store, &spec, ask).await
}

fn wanted(name: &str, given: NewCluster) -> Wanted {
    Wanted {
        cluster_name: name.to_owned(),
        cloud_provider: given.cloud,
        authorization: given.authorization,
        channel: given.channel,
        config_base: given.config_base,
        discovery_store: given.discovery_store,
        kubernetes_version: given.kubernetes_version,
        kubernetes_feature_gates: given.kubernetes_feature_gates,
        admin_access: given.admin_access,
        ssh_access: given.ssh_access,
        network_cidrs: given.network_cidr,
        zones: given.zones,
        control_plane_zones: given.control_plane_zones,
        project: given.project,
        gce_service_account: given.gce_service_account,
        network_id: given.network_id,
        subnet_ids: given.subnets,
        utility_subnet_ids: given.utility_subnets,
        egress: given.egress,
        ipv6: given.ipv6,
        control_plane_count: given.control_plane_count,
        api_server_count: given.api_server_count,
        encrypt_etcd_storage: given.encrypt_etcd_storage,
        etcd_storage_type: given.etcd_storage_type,
        node_count: given.node_count,
        bastion: given.bastion,
        networking: given.networking,
        topology: given.topology,
        dns_type: given.dns,
        dns_zone: given.dns_zone,
        api_load_balancer_type: given.api_loadbalancer_type,
        api_ssl_certificate: given.api_ssl_certificate,
        api_public_name: given.api_public_name,
        instance_manager: given.instance_manager,
        image: given.image,
        node_image: given.node_image,
        control_plane_image: given.control_plane_image,
        bastion_image: given.bastion_image,
        control_plane_sizes: given.control_plane_size,
        api_server_sizes: given.api_server_size,
        node_sizes: given.node_size,
        cloud_labels: given.cloud_labels,
        associate_public_ip: given.associate_public_ip,
        control_plane_tenancy: given.control_plane_tenancy,
        node_tenancy: given.node_tenancy,
        node_security_groups: given.node_security_groups,
        control_plane_security_groups: given.control_plane_security_groups,
        control_plane_volume_size: given.control_plane_volume_size,
        control_plane_volume_type: given.control_plane_volume_type,
        node_volume_size: given.node_volume_size,
        node_volume_type: given.node_volume_type,
        disable_subnet_tags: given.disable_subnet_tags,
        sets: given.changes.sets,
        unsets: given.changes.unsets,
    }
}

async fn group(common: &Common, options: NewGroup) -> Result<(), Failure> {
    let (store, cluster) = (Store::open(common)?, common.cluster(None)?);
    let mut spec = store.spec(&cluster).await?;
    let NewGroup { group: name, role, subnets, zones, edit, dry_run, output } = options;
    if !zones.is_empty() && !is_on_google(&spec) {
        return Err(format!("--zone: {cluster} is on AWS, where --subnet determines the zones").into());
    }
    if spec.group(&name).is_some() {
        return Err(format!("the cluster {cluster} already has a group {name}").into());
    }
    let role = role.role();
    let group = GroupSpec {
        role: Some(role),
        subnets,
        zones,
        min_size: Some(2),
        max_size: Some(2),
        ..GroupSpec::default()
    };
    let labels = [("kops.k8s.io/cluster".to_owned(), cluster)].into();
    let metadata = Metadata { name: name.clone(), labels, ..Metadata::default() };
    spec.groups.push(Document { metadata, spec: group, place: Place::default() });
    validate(&spec)?;
    if edit {
        spec = edit::in_editor(&spec, Some(&name))?;
    }
    match spec.group(&name) {
        Some(group) if dry_run && output == Output::Json => println!("{:#}", group.to_json()),
        Some(group) if dry_run => print!("{}", group.to_yaml()),
        Some(group) => {
            store.write_group(spec.name(), group).await?;
            println!("Created instancegroup/{name}");
        }
        None => {}
    }
    Ok(())
}
