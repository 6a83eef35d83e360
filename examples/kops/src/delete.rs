//! `delete`: clusters, groups of machines, machines, secrets and keys.
//!
//! A cluster's resources are those in the engine's state, and those that the cloud shows to be the cluster's (owned.rs).
//! The command adopts the latter into the state. So one plan shows them all, and a deletion that was killed can go on.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::process::ExitCode;

use landform::journal::ObjectKey;
use landform::kops::spec::{Cloud, Role, Subnet};
use landform::kops::{MissingAddons, Spec, validate};
use landform::{Address, Engine, Ignore, Plan, PlanOptions, Refresh, Stack, TypeName};
use serde_json::Value;

use crate::arguments::{Common, Delete, DeleteArguments, DeleteCluster, ProviderName};
use crate::owned::{self, Candidate, Owned};
use crate::store::Store;
use crate::update::{apply, show};
use crate::world::{World, declare};
use crate::{Failure, create, instances};

/// The objects of a state by type and id.
type InState = HashMap<(TypeName, String), ObjectKey>;

pub async fn run(common: &Common, given: DeleteArguments) -> Result<ExitCode, Failure> {
    let store = Store::open(common)?;
    let Some(delete) = given.what else {
        return documents(common, &store, &given.files, given.yes).await;
    };
    match delete {
        Delete::Cluster(options) => cluster(common, &store, &options).await,
        Delete::Instancegroup { group, yes } => group_of(&store, &common.cluster(None)?, &group, yes).await,
        Delete::Instance(options) => instances::delete(common, &store, options).await,
        Delete::Secret { secrets } => {
            let cluster = common.cluster(None)?;
            for secret in secrets {
                store.remove_secret(&cluster, &secret).await?;
            }
            Ok(ExitCode::SUCCESS)
        }
        Delete::Sshpublickey { cluster } => {
            store.remove_ssh_keys(&common.cluster(cluster.as_deref())?).await?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Deletes what the documents of files describe: a cluster, or groups of one.
async fn documents(
    common: &Common,
    store: &Store,
    files: &[PathBuf],
    yes: bool,
) -> Result<ExitCode, Failure> {
    if files.is_empty() {
        return Err("expected -f FILE or a kind, such as cluster. --help lists the kinds".into());
    }
    let (mut clusters, mut groups) = (Vec::new(), Vec::new());
    for (file, text) in create::read(files)? {
        let documents: Vec<Value> = serde_saphyr::from_multiple(&text)
            .map_err(|error| format!("{file}: {}", error.to_string().lines().next().unwrap_or_default()))?;
        for document in documents.iter().filter(|document| !document.is_null()) {
            let name = document["metadata"]["name"].as_str().unwrap_or_default().to_owned();
            let of = document["metadata"]["labels"]["kops.k8s.io/cluster"].as_str().map(str::to_owned);
            match document["kind"].as_str() {
                _ if name.is_empty() => return Err(format!("{file}: a document has no metadata.name").into()),
                Some("Cluster") => clusters.push(name),
                Some("InstanceGroup") => groups.push((of.or_else(|| common.name.clone()), name)),
                // A key is deleted with its cluster.
                Some("SSHCredential") => {}
                kind => {
                    let kind = kind.unwrap_or_default();
                    return Err(
                        format!("{file}: {name}: kind {kind:?}: expected Cluster or InstanceGroup").into()
                    );
                }
            }
        }
    }
    for (of, group) in &groups {
        let cluster = of.as_deref().ok_or_else(|| {
            format!(
                "{group}: expected --name or the label kops.k8s.io/cluster, which names the group's cluster"
            )
        })?;
        // The groups of a cluster are deleted with it.
        if !clusters.iter().any(|going| going == cluster) {
            group_of(store, cluster, group, yes).await?;
        }
    }
    for name in clusters {
        let options = DeleteCluster { cluster: Some(name), yes, ..DeleteCluster::default() };
        let ended = cluster(common, store, &options).await?;
        if ended != ExitCode::SUCCESS {
            return Ok(ended);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Deletes a cluster's resources first and its documents last, so that a second run can continue an interrupted one.
async fn cluster(common: &Common, store: &Store, options: &DeleteCluster) -> Result<ExitCode, Failure> {
    let name = common.cluster(options.cluster.as_deref())?;
    if options.unregister {
        store.spec(&name).await?;
        if !options.yes {
            println!("Must specify --yes to unregister cluster. Its resources stay in the cloud.");
            return Ok(ExitCode::SUCCESS);
        }
        store.remove(&name).await?;
        println!("Unregistered cluster: {name:?}");
        return Ok(ExitCode::SUCCESS);
    }
    let spec = match options.external {
        true => external(common, store, &name, options.region.as_deref()).await?,
        false => store.spec(&name).await?,
    };
    let world = World::open(common, store, &spec).await?;
    let declared = match options.external {
        true => Stack::new(&*name),
        false => declared(common, store, &world, &spec).await,
    };
    let engine = world.engine(store, &name)?;
    let there = world.candidates(&spec, &declared).await?;
    let found = owned::owned(&name, spec.cluster.spec.base(), &declared, &there);
    let adoption = Adoption { cluster: &name, declared: &declared, there: &there, found: &found };
    let plan = adoption.plan(&engine, &world, options.yes).await?;
    show(&plan);
    if !options.yes {
        println!("\nMust specify --yes to delete cluster");
        return Ok(ExitCode::SUCCESS);
    }
    if !apply(&engine, &plan).await? {
        return Ok(ExitCode::FAILURE);
    }
    if !options.external {
        store.remove(&name).await?;
    }
    println!("\nDeleted cluster: {name:?}");
    Ok(ExitCode::SUCCESS)
}

/// The spec of a cluster that the store does not have: only its name and its region.
async fn external(common: &Common, store: &Store, name: &str, region: Option<&str>) -> Result<Spec, Failure> {
    if store.cluster_text(name).await?.is_some() {
        return Err(format!("--external: the store has the cluster {name}, so it is not external").into());
    }
    let region = region.ok_or("--external: expected --region, the region of the cluster's resources")?;
    let text = format!(
        "{{apiVersion: kops.k8s.io/v1alpha2, kind: Cluster, metadata: {{name: {name:?}}}, spec: {{}}}}"
    );
    let mut spec = Spec::parse("delete cluster", &text)?;
    match common.provider {
        ProviderName::Gce => {
            spec.cluster.spec.cloud_provider = Some(Cloud::Gce);
            spec.cluster.spec.subnets.push(Subnet { region: region.to_owned(), ..Subnet::default() });
        }
        ProviderName::Aws | ProviderName::Sim => {
            // us-east-2 is a region of AWS, us-central1 is one of Google.
            let number = region.rsplit('-').next().unwrap_or_default();
            if number.is_empty() || !number.bytes().all(|digit| digit.is_ascii_digit()) {
                return Err(format!(
                    "--region: {region:?} is not a region of AWS, expected one such as us-east-2. With --provider gce, \
                     --external deletes clusters on Google"
                )
                .into());
            }
            spec.cluster.spec.subnets.push(Subnet { zone: format!("{region}a"), ..Subnet::default() });
        }
    }
    Ok(spec)
}

/// The stack of a cluster. If the spec is not usable, the stack is empty, and the cluster can still be deleted.
async fn declared(common: &Common, store: &Store, world: &World, spec: &Spec) -> Stack {
    let mut stack = Stack::new(spec.name());
    let made = match world.lookup(common, store, spec).await {
        Ok(lookup) => {
            declare(&mut stack, spec, MissingAddons::LeftOut, &lookup).map(drop).map_err(Failure::from)
        }
        Err(failure) => Err(failure),
    };
    match made {
        Ok(()) => stack,
        Err(failure) => {
            eprintln!(
                "warning: the command finds resources only by tags and names, because the spec is not usable: {failure}"
            );
            Stack::new(spec.name())
        }
    }
}

/// Adds what the cloud has of a cluster to the engine's state.
struct Adoption<'a> {
    cluster: &'a str,
    declared: &'a Stack,
    there: &'a [Candidate],
    found: &'a [Owned],
}

impl Adoption<'_> {
    /// Plans to destroy what the state has and what was found. The found resources are written to the state only if
    /// the user agreed; otherwise they are written to a copy of it in memory.
    async fn plan(&self, engine: &Engine, world: &World, agreed: bool) -> Result<Plan, Failure> {
        let nothing = Stack::new(self.cluster);
        // This also settles what an interrupted run left open, so the state is complete afterwards.
        let plan = engine.plan_destroy(&nothing).await?;
        let known = in_state(engine, self.cluster).await?;
        let new: Vec<Owned> = self.missing(&known);
        if new.is_empty() {
            return Ok(plan);
        }
        println!("The cloud has {} resources of {} that the state does not have.\n", new.len(), self.cluster);
        let copy;
        let engine = match agreed {
            true => engine,
            false => {
                copy = world.rehearsal()?;
                if !known.is_empty() {
                    copy.import(&engine.export_with_private(self.cluster).await?).await?;
                }
                &copy
            }
        };
        self.adopt(engine, &known, &new).await?;
        Ok(engine.plan_destroy(&nothing).await?)
    }

    /// The found resources that the state does not have, each with an address that the state does not have.
    fn missing(&self, known: &InState) -> Vec<Owned> {
        let mut used: BTreeSet<Address> = known.values().map(|key| key.address.clone()).collect();
        let mut new = Vec::new();
        for found in self.found {
            let type_name = found.address.type_name();
            if known.contains_key(&(type_name.clone(), found.id.clone())) {
                continue;
            }
            let address = match used.contains(&found.address) {
                false => Some(found.address.clone()),
                true => owned::unused(&type_name, &found.id, |address| used.contains(address)),
            };
            if let Some(address) = address {
                used.insert(address.clone());
                new.push(Owned { address, id: found.id.clone() });
            }
        }
        new
    }

    /// Brings resources into the state, with their dependencies. Changes nothing in the cloud.
    async fn adopt(&self, engine: &Engine, known: &InState, new: &[Owned]) -> Result<(), Failure> {
        // Objects of the state take part, because new ones may depend on them.
        let there = self.there.iter().filter_map(|candidate| {
            let key = (candidate.type_name.clone(), candidate.id.clone());
            let key = known.get(&key).filter(|key| key.deposed.is_none())?;
            Some((key.address.clone(), candidate.id.clone()))
        });
        let new = new.iter().map(|new| (new.address.clone(), new.id.clone()));
        let targets: Vec<Address> = new.clone().map(|(address, _)| address).collect();
        let mut stack = engine.declare(self.cluster, there.chain(new)).await?;
        let addresses: Vec<Address> = stack.nodes().map(|node| node.address.clone()).collect();
        let accounts = addresses.iter().filter(|address| address.type_str() == "google_service_account");
        let accounts: BTreeSet<Address> = accounts.cloned().collect();
        for address in &addresses {
            let needed =
                self.needed(address).into_iter().filter(|other| stack.node(other.as_str()).is_some());
            let mut needed: Vec<Address> = needed.collect();
            if address.type_str() == "google_project_iam_member" {
                // A permission names its account by its address, and must go before the account.
                needed.extend(accounts.iter().cloned());
            }
            stack.adjust_at(address, |node| {
                node.lifecycle.ignore_changes = Ignore::All;
                node.depends_on.extend(needed);
            });
        }
        let options = PlanOptions { targets, refresh: Refresh::None, ..PlanOptions::default() };
        let plan = engine.plan_with(&stack, &options).await?;
        engine.apply(&plan).await?.complete()?;
        Ok(())
    }

    /// The nodes that a declared node needs.
    fn needed(&self, address: &Address) -> BTreeSet<Address> {
        let Some(node) = self.declared.node(address.as_str()) else { return BTreeSet::new() };
        let mut needed = node.depends_on.clone();
        node.each_reference(&mut |_, reference| {
            needed.insert(reference.node.clone());
        });
        needed
    }
}

async fn in_state(engine: &Engine, cluster: &str) -> Result<InState, Failure> {
    let state = engine.state(cluster).await?;
    let known =
        state.objects().map(|(key, object)| ((object.type_name.clone(), object.id.to_string()), key.clone()));
    Ok(known.collect())
}

async fn group_of(store: &Store, cluster: &str, group: &str, yes: bool) -> Result<ExitCode, Failure> {
    let mut spec = store.spec(cluster).await?;
    let Some(found) = spec.group(group) else {
        return Err(format!("{cluster} has no group {group}").into());
    };
    if found.spec.role == Some(Role::ControlPlane) && is_member(&spec, group) {
        return Err(format!("{group} holds a member of etcd and cannot be deleted").into());
    }
    spec.groups.retain(|other| other.metadata.name != group);
    validate(&spec)?;
    if !yes {
        println!("Must specify --yes to delete the group {group}");
        return Ok(ExitCode::SUCCESS);
    }
    store.remove_group(cluster, group).await?;
    println!(
        "Deleted instancegroup/{group}. To delete its machines, run: kops update cluster {cluster} --yes"
    );
    Ok(ExitCode::SUCCESS)
}

fn is_member(spec: &Spec, group: &str) -> bool {
    let members = spec.cluster.spec.etcd_clusters.iter().flat_map(|etcd| &etcd.etcd_members);
    members.into_iter().any(|member| member.instance_group.as_deref() == Some(group))
}
