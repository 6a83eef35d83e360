//! `reconcile cluster`: an update and rolling updates in an order that keeps the cluster healthy: the control plane
//! first, then the nodes. Each step can run again, so a second run continues a killed one.

use std::process::ExitCode;

use crate::Failure;
use crate::arguments::{
    Common, GroupChoice, Reconcile, ReconcileCluster, RoleName, RollingUpdateCluster, UpdateCluster,
};
use crate::{rolling_update, update, validate};

/// The roles of the control plane.
const CONTROL: [RoleName; 2] = [RoleName::Apiserver, RoleName::ControlPlane];

pub async fn run(common: &Common, Reconcile::Cluster(options): Reconcile) -> Result<ExitCode, Failure> {
    let ReconcileCluster { cluster, yes, rolling } = options;
    let updated = async |roles: &[RoleName], prune: bool| -> Result<ExitCode, Failure> {
        let options = UpdateCluster {
            cluster: cluster.clone(),
            yes,
            prune,
            groups: GroupChoice::of_roles(roles),
            ..UpdateCluster::default()
        };
        update::cluster(common, &options).await
    };
    if !yes {
        return updated(&[], false).await;
    }
    let rolled = async |roles: &[RoleName]| {
        let options = RollingUpdateCluster {
            cluster: cluster.clone(),
            yes,
            force: false,
            interactive: false,
            groups: GroupChoice::of_roles(roles),
            rolling: rolling.clone(),
        };
        rolling_update::cluster(common, &options).await
    };
    println!("Updating control plane configuration\n");
    if updated(&CONTROL, false).await? != ExitCode::SUCCESS {
        return Ok(ExitCode::FAILURE);
    }
    if !rolling.cloudonly {
        println!("\nWaiting for the kubernetes API to be served\n");
        validate::served(common, cluster.as_deref(), &rolling).await?;
    }
    println!("\nPerforming rolling-update for control plane\n");
    if rolled(&CONTROL).await? != ExitCode::SUCCESS {
        return Ok(ExitCode::FAILURE);
    }
    println!("\nUpdating node configuration\n");
    if updated(&[], false).await? != ExitCode::SUCCESS {
        return Ok(ExitCode::FAILURE);
    }
    println!("\nPerforming rolling-update for nodes\n");
    if rolled(&[]).await? != ExitCode::SUCCESS {
        return Ok(ExitCode::FAILURE);
    }
    println!("\nPruning old resources that are no longer used\n");
    updated(&[], true).await
}
