//! `get`: what the store has, as tables or documents.

use landform::cli::Table;
use landform::kops::populate;
use landform::kops::spec::values::text;
use landform::kops::{NetworkSource, Populated, Spec};
use serde_json::{Value, json};

use crate::Failure;
use crate::arguments::{Common, Form, Get, GetArguments, Output, SecretType};
use crate::store::Store;
use crate::world::World;
use crate::{assets, instances};

pub async fn run(common: &Common, given: GetArguments) -> Result<(), Failure> {
    let store = Store::open(common)?;
    let Some(get) = given.what else {
        let spec = store.spec(&common.cluster(given.cluster.as_deref())?).await?;
        return all(&spec, given.form.output);
    };
    match get {
        Get::Cluster { mut clusters, full, form } => {
            if clusters.is_empty() {
                clusters.extend(common.name.clone());
            }
            self::clusters(common, &store, clusters, full, form.output).await
        }
        Get::All { cluster, form } => all(&spec_of(common, &store, cluster.as_deref()).await?, form.output),
        Get::Instancegroup { groups, form } => {
            let spec = spec(common, &store).await?;
            if let Some(absent) = groups.iter().find(|group| spec.group(group).is_none()) {
                return Err(format!("{} has no group {absent}", spec.name()).into());
            }
            let wanted = spec.groups.iter().filter(|group| is_wanted(&groups, &group.metadata.name));
            match form.output {
                Output::Table => group_table(&spec, &groups),
                Output::Yaml => {
                    print!("{}", joined(wanted.map(|group| group.to_yaml())));
                    Ok(())
                }
                Output::Json => json(wanted.map(|group| group.to_json()).collect()),
            }
        }
        Get::Instances { cluster, reach, form } => {
            let spec = spec_of(common, &store, cluster.as_deref()).await?;
            instances::get(common, &store, &spec, &reach, form.output).await
        }
        Get::Secrets { secrets, of_type: SecretType::Secret, form } => {
            let spec = spec(common, &store).await?;
            let all = store.secrets(spec.name()).await?;
            if let Some(absent) = secrets.iter().find(|secret| !all.contains(secret)) {
                return Err(format!("the cluster has no secret {absent}").into());
            }
            names("NAME", all.into_iter().filter(|secret| is_wanted(&secrets, secret)).collect(), &form)
        }
        Get::Sshpublickeys { cluster, form } => {
            let spec = spec_of(common, &store, cluster.as_deref()).await?;
            let keys = store.ssh_keys(spec.name()).await?;
            match form.output {
                Output::Table => names("ID", keys.into_iter().map(|(id, _)| id).collect(), &form),
                output => shown(
                    keys.iter().map(|(id, line)| json!({ "id": id, "publicKey": line.trim() })).collect(),
                    output,
                ),
            }
        }
        Get::Keypairs { keysets, distrusted, form } => {
            keypairs(common, &store, &keysets, distrusted, &form).await
        }
        Get::Assets { cluster, refresh, copy, form } => {
            let spec = spec_of(common, &store, cluster.as_deref()).await?;
            assets::run(common, &store, &spec, refresh.as_deref(), &copy, &form).await
        }
    }
}

/// Shows a cluster and its groups.
fn all(spec: &Spec, output: Output) -> Result<(), Failure> {
    match output {
        Output::Table => {
            println!("Cluster");
            cluster_table(&[spec]);
            println!("\nInstance Groups");
            group_table(spec, &[])
        }
        output => documents(spec, output),
    }
}

/// Prints all documents of a spec.
pub fn documents(spec: &Spec, output: Output) -> Result<(), Failure> {
    match output {
        Output::Json => json(spec.to_json()),
        _ => {
            print!("{}", spec.to_yaml());
            Ok(())
        }
    }
}

async fn spec(common: &Common, store: &Store) -> Result<Spec, Failure> {
    spec_of(common, store, None).await
}

/// The spec of the cluster that a verb names, or of --name.
async fn spec_of(common: &Common, store: &Store, named: Option<&str>) -> Result<Spec, Failure> {
    store.spec(&common.cluster(named)?).await
}

/// A cluster with all its defaults.
async fn completed(common: &Common, store: &Store, spec: &Spec) -> Result<Populated, Failure> {
    let lookup = World::open(common, store, spec).await?.lookup(common, store, spec).await?;
    Ok(populate(spec, &NetworkSource::Spec, &lookup)?)
}

async fn clusters(
    common: &Common,
    store: &Store,
    mut names: Vec<String>,
    full: bool,
    output: Output,
) -> Result<(), Failure> {
    if names.is_empty() {
        names = store.clusters().await?;
    }
    let mut specs = Vec::new();
    for name in names {
        let spec = store.spec(&name).await?;
        specs.push(if full { completed(common, store, &spec).await?.spec } else { spec });
    }
    match output {
        Output::Table if full => Err("expected -o yaml or -o json with --full".into()),
        Output::Table => {
            cluster_table(&specs.iter().collect::<Vec<_>>());
            Ok(())
        }
        Output::Yaml => {
            print!("{}", joined(specs.iter().map(Spec::cluster_yaml)));
            Ok(())
        }
        Output::Json => json(specs.iter().filter_map(|spec| spec.to_json().into_iter().next()).collect()),
    }
}

fn cluster_table(specs: &[&Spec]) {
    let row = |spec: &&Spec| {
        let cluster = &spec.cluster.spec;
        let mut zones: Vec<&str> = cluster.subnets.iter().map(|subnet| subnet.zone.as_str()).collect();
        zones.sort_unstable();
        zones.dedup();
        [spec.name().to_owned(), text(&cluster.cloud_provider).to_owned(), zones.join(",")]
    };
    print!("{}", Table::new(["NAME", "CLOUD", "ZONES"], specs.iter().map(row)));
}

fn group_table(spec: &Spec, wanted: &[String]) -> Result<(), Failure> {
    let size = |size: Option<u32>| size.map_or_else(String::new, |size| size.to_string());
    let groups = spec.groups.iter().filter(|group| is_wanted(wanted, &group.metadata.name));
    let rows = groups.map(|group| {
        let role = group.spec.role.map_or("", |role| role.as_str());
        let zones = group.spec.subnets.iter().filter_map(|name| spec.subnet(name));
        let zones: Vec<&str> = zones.map(|subnet| subnet.zone.as_str()).collect();
        [
            group.metadata.name.clone(),
            role.to_owned(),
            group.spec.machine_type.clone(),
            size(group.spec.min_size),
            size(group.spec.max_size),
            zones.join(","),
        ]
    });
    print!("{}", Table::new(["NAME", "ROLE", "MACHINETYPE", "MIN", "MAX", "ZONES"], rows));
    Ok(())
}

async fn keypairs(
    common: &Common,
    store: &Store,
    wanted: &[String],
    distrusted: bool,
    form: &Form,
) -> Result<(), Failure> {
    let spec = spec(common, store).await?;
    let mut found = Vec::new();
    for name in store.keysets(spec.name()).await?.into_iter().filter(|name| is_wanted(wanted, name)) {
        let Some(set) = store.keyset(spec.name(), &name).await? else { continue };
        for (id, signs, at) in set.keys().filter(|(_, _, at)| distrusted || at.is_none()) {
            found.push((name.clone(), id.to_owned(), signs, at.map(str::to_owned)));
        }
    }
    if form.output == Output::Table {
        let rows = found.into_iter().map(|(name, id, signs, at)| {
            [name, id, if signs { "*".into() } else { String::new() }, at.unwrap_or_default()]
        });
        print!("{}", Table::new(["KEYSET", "ID", "PRIMARY", "DISTRUSTED"], rows));
        return Ok(());
    }
    let items = found.iter().map(|(name, id, signs, at)| {
        let mut item = json!({ "keyset": name, "id": id, "isPrimary": signs });
        if let Some(at) = at {
            item["distrustTimestamp"] = at.as_str().into();
        }
        item
    });
    shown(items.collect(), form.output)
}

fn names(head: &str, names: Vec<String>, form: &Form) -> Result<(), Failure> {
    match form.output {
        Output::Table => {
            print!("{}", Table::new([head], names.into_iter().map(|name| [name])));
            Ok(())
        }
        output => shown(names.into_iter().map(Value::from).collect(), output),
    }
}

pub fn shown(items: Vec<Value>, output: Output) -> Result<(), Failure> {
    match output {
        Output::Json => json(items),
        _ => {
            print!("{}", serde_saphyr::to_string(&items)?);
            Ok(())
        }
    }
}

/// Prints a list, also if it has one item or none.
pub fn list(items: Vec<Value>, output: Output) -> Result<(), Failure> {
    match output {
        Output::Json => println!("{:#}", Value::Array(items)),
        _ => print!("{}", serde_saphyr::to_string(&items)?),
    }
    Ok(())
}

/// Prints one document as itself, and several as a list.
fn json(mut items: Vec<Value>) -> Result<(), Failure> {
    match items.len() {
        1 => println!("{:#}", items.remove(0)),
        _ => println!("{:#}", Value::Array(items)),
    }
    Ok(())
}

pub fn joined(documents: impl Iterator<Item = String>) -> String {
    documents.collect::<Vec<_>>().join("\n---\n\n")
}

fn is_wanted(wanted: &[String], name: &str) -> bool {
    wanted.is_empty() || wanted.iter().any(|wanted| wanted == name)
}
