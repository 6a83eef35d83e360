//! `update cluster` and `delete`: what a cluster needs is planned, shown, and with `--yes` done.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use landform::kops::spec::Role;
use landform::kops::{Spec, validate};
use landform::{ApplyOptions, Engine, Plan, Stack, cli, view};

use crate::arguments::{Common, Delete, Target, Update, UpdateCluster};
use crate::store::Store;
use crate::world::{self, World};
use crate::{Failure, secrets};

/// What is said where a plan was only shown.
const MUST_AGREE: &str = "Must specify --yes to apply changes";

impl Default for UpdateCluster {
    fn default() -> Self {
        Self { cluster: None, yes: false, target: Target::Direct, out: "out/terraform".into() }
    }
}

pub async fn run(common: &Common, Update::Cluster(options): Update) -> Result<ExitCode, Failure> {
    cluster(common, &options).await
}

/// Plans a cluster, and does it where that is agreed to.
pub async fn cluster(common: &Common, options: &UpdateCluster) -> Result<ExitCode, Failure> {
    let (store, name) = (Store::open(common)?, common.cluster(options.cluster.as_deref())?);
    let spec = store.spec(&name).await?;
    store.check(&spec)?;
    let world = World::open(common, &store, &spec)?;
    // What is wrong with the spec is told before a key is made.
    let first = world::stack(&spec, &world.lookup(common, &store, &spec).await?)?;
    let missing = secrets::missing(&store, &spec).await?;
    if options.target == Target::Terraform {
        secrets::complete(&store, &spec).await?;
        return terraform(&world::stack(&spec, &world.lookup(common, &store, &spec).await?)?, &options.out);
    }
    let engine = world.engine(&store, &name)?;
    if !options.yes {
        let plan = engine.plan(&first).await?;
        show(&plan);
        if !missing.is_empty() {
            println!(
                "Sets of keys to be made: {}. The documents that show them change with them.",
                missing.join(", ")
            );
        }
        if !plan.is_empty() || !missing.is_empty() {
            println!("{MUST_AGREE}");
        }
        return Ok(ExitCode::SUCCESS);
    }
    secrets::complete(&store, &spec).await?;
    let before = world.lookup(common, &store, &spec).await?;
    let plan = engine.plan(&world::stack(&spec, &before)?).await?;
    show(&plan);
    if !plan.is_empty() {
        world.prepare(&spec)?;
    }
    if !apply(&engine, &plan).await? {
        return Ok(ExitCode::FAILURE);
    }
    let after = world.lookup(common, &store, &spec).await?;
    if after.balancer_addresses != before.balancer_addresses {
        // Machines are told the addresses of the API's load balancer, which are known once it is there.
        let plan = engine.plan(&world::stack(&spec, &after)?).await?;
        if !plan.is_empty() {
            println!("\nThe load balancer of the API has its addresses; machines are told.\n");
            show(&plan);
            if !apply(&engine, &plan).await? {
                return Ok(ExitCode::FAILURE);
            }
        }
    }
    println!("\nCluster changes have been applied to the cloud.");
    Ok(ExitCode::SUCCESS)
}

/// Shows a plan.
fn show(plan: &Plan) {
    println!("{}", landform::Printable(view::text(plan)));
}

/// Applies a plan; whether all of it was done.
async fn apply(engine: &Engine, plan: &Plan) -> Result<bool, Failure> {
    if plan.is_empty() {
        return Ok(true);
    }
    let report = cli::apply(engine, plan, &ApplyOptions::default()).await?;
    println!("\n{}", landform::Printable(view::report(&report)));
    Ok(report.is_complete())
}

/// Writes a stack as Terraform's own files.
fn terraform(stack: &Stack, out: &Path) -> Result<ExitCode, Failure> {
    let export = view::terraform(stack)?;
    let write = |file: &Path, text: &str| -> Result<(), Failure> {
        let fail = |error: std::io::Error| format!("{}: {error}", file.display());
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder).map_err(fail)?;
        }
        Ok(fs::write(file, text).map_err(fail)?)
    };
    write(&out.join("kubernetes.tf.json"), &format!("{:#}\n", export.main))?;
    for (path, text) in &export.files {
        write(&out.join(path), text)?;
    }
    println!("Terraform output has been placed into {}", out.display());
    Ok(ExitCode::SUCCESS)
}

pub async fn delete(common: &Common, delete: Delete) -> Result<ExitCode, Failure> {
    let store = Store::open(common)?;
    match delete {
        Delete::Cluster { cluster, yes } => delete_cluster(common, &store, cluster.as_deref(), yes).await,
        Delete::Instancegroup { group, yes } => delete_group(common, &store, &group, yes).await,
        Delete::Secret { secret } => {
            store.remove_secret(&common.cluster(None)?, &secret).await?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Deletes what was made for a cluster, and then its documents, so that a deletion that was interrupted can go on.
async fn delete_cluster(
    common: &Common,
    store: &Store,
    named: Option<&str>,
    yes: bool,
) -> Result<ExitCode, Failure> {
    let name = common.cluster(named)?;
    let spec = store.spec(&name).await?;
    let engine = World::open(common, store, &spec)?.engine(store, &name)?;
    let plan = engine.plan_destroy(&Stack::new(&*name)).await?;
    show(&plan);
    if !yes {
        println!("\nMust specify --yes to delete cluster");
        return Ok(ExitCode::SUCCESS);
    }
    if !apply(&engine, &plan).await? {
        return Ok(ExitCode::FAILURE);
    }
    store.remove(&name).await?;
    println!("\nDeleted cluster: {name:?}");
    Ok(ExitCode::SUCCESS)
}

async fn delete_group(common: &Common, store: &Store, group: &str, yes: bool) -> Result<ExitCode, Failure> {
    let cluster = common.cluster(None)?;
    let mut spec = store.spec(&cluster).await?;
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
    store.remove_group(&cluster, group).await?;
    println!("Deleted instancegroup/{group}. Its machines go with: update cluster {cluster} --yes");
    Ok(ExitCode::SUCCESS)
}

fn is_member(spec: &Spec, group: &str) -> bool {
    let members = spec.cluster.spec.etcd_clusters.iter().flat_map(|etcd| &etcd.etcd_members);
    members.into_iter().any(|member| member.instance_group.as_deref() == Some(group))
}
