//! `rolling-update cluster`: replaces machines that do not match the current spec, group after group.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use landform::cli::Table;
use landform::kops::spec::Role;

use crate::Failure;
use crate::arguments::{Common, RollingUpdate, RollingUpdateCluster};
use crate::kubernetes::Kubernetes;
use crate::machines::{MachineGroup, join};
use crate::replacing::{Replacing, Stop};
use crate::selection::wanted;
use crate::store::Store;
use crate::world::World;

/// The exit status after the user stopped the update. kops has the same.
const UNWANTED: u8 = 3;

pub async fn run(
    common: &Common,
    RollingUpdate::Cluster(options): RollingUpdate,
) -> Result<ExitCode, Failure> {
    cluster(common, &options).await
}

/// Replaces the outdated machines of a cluster, or shows them.
pub async fn cluster(common: &Common, options: &RollingUpdateCluster) -> Result<ExitCode, Failure> {
    let (store, name) = (Store::open(common)?, common.cluster(options.cluster.as_deref())?);
    let spec = store.spec(&name).await?;
    let wanted = wanted(&spec, &options.groups)?;
    let world = World::open(common, &store, &spec).await?;
    let kubernetes = match options.rolling.cloudonly {
        true => None,
        false => Some(Kubernetes::open(common, &store, &spec, &options.rolling.reach).await?),
    };
    let nodes = match &kubernetes {
        Some(kubernetes) => kubernetes.nodes().await?,
        None => Vec::new(),
    };
    let mut groups = world.machinery().groups(&spec).await?;
    groups.retain(|group| wanted.contains(&group.name));
    join(&mut groups, &nodes);
    show(&groups, kubernetes.is_some());
    let outdated = groups.iter().any(|group| group.outdated().next().is_some());
    if !outdated && !options.force {
        println!("\nNo rolling-update required.");
        return Ok(ExitCode::SUCCESS);
    }
    if !options.yes {
        println!("\nMust specify --yes to rolling-update.");
        return Ok(ExitCode::SUCCESS);
    }
    println!();
    let replacing = Arc::new(Replacing {
        spec,
        world,
        kubernetes,
        conduct: options.rolling.conduct.clone(),
        asks: AtomicBool::new(options.interactive),
        force: options.force,
    });
    match roll(&replacing, &groups, options).await {
        Ok(()) => {
            println!("\nCompleted rolling update for cluster {name:?}.");
            Ok(ExitCode::SUCCESS)
        }
        Err(Stop::Unwanted) => Ok(ExitCode::from(UNWANTED)),
        Err(stop) => Err(stop.to_string().into()),
    }
}

/// The order is bastions, the control plane, machines that serve the API, nodes. A failure in the first two roles stops
/// the update. After another failure, the other groups are still updated.
async fn roll(
    replacing: &Arc<Replacing>,
    groups: &[MachineGroup],
    options: &RollingUpdateCluster,
) -> Result<(), Stop> {
    let of = |role: Role| groups.iter().filter(move |group| group.role == role);
    let bastions = of(Role::Bastion).map(|group| replacing.group(group, options.rolling.bastion_interval));
    for ended in futures::future::join_all(bastions).await {
        ended?;
    }
    for group in of(Role::ControlPlane) {
        replacing.group(group, options.rolling.control_plane_interval).await?;
    }
    let mut failed = Vec::new();
    for group in of(Role::ApiServer).chain(of(Role::Node)) {
        match replacing.group(group, options.rolling.node_interval).await {
            Err(Stop::Failed(failure)) => failed.push(format!("{}: {failure}", group.name)),
            ended => ended?,
        }
    }
    match failed.is_empty() {
        true => Ok(()),
        false => Err(failed.join("\n").into()),
    }
}

fn show(groups: &[MachineGroup], with_nodes: bool) {
    let row = |group: &MachineGroup| {
        let outdated = group.outdated().count();
        let nodes = group.machines.iter().filter(|machine| machine.node.is_some()).count();
        let numbers = [outdated, group.ready().count(), group.min, group.target, group.max, nodes];
        let [outdated_number, ready, min, target, max, nodes] = numbers.map(|number| number.to_string());
        let status = if outdated == 0 { "Ready" } else { "NeedsUpdate" };
        [group.name.clone(), status.to_owned(), outdated_number, ready, min, target, max, nodes]
    };
    let rows = groups.iter().map(row);
    const HEADS: [&str; 8] = ["NAME", "STATUS", "NEEDUPDATE", "READY", "MIN", "TARGET", "MAX", "NODES"];
    if with_nodes {
        print!("{}", Table::new(HEADS, rows));
        return;
    }
    let [name, status, outdated, ready, min, target, max, _] = HEADS;
    let heads = [name, status, outdated, ready, min, target, max];
    let short = rows.map(|[name, status, outdated, ready, min, target, max, _]| {
        [name, status, outdated, ready, min, target, max]
    });
    print!("{}", Table::new(heads, short));
}
