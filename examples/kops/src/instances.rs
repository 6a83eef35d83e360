//! `get instances` and `delete instance`: single machines.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use landform::cli::Table;
use landform::kops::Spec;
use serde_json::json;

use crate::arguments::{Common, DeleteInstance, Output, Reach};
use crate::kubernetes::Kubernetes;
use crate::machines::{Machine, MachineGroup, join};
use crate::replacing::{Replacing, Stop, shown};
use crate::store::Store;
use crate::world::World;
use crate::{Failure, get};

pub async fn get(
    common: &Common,
    store: &Store,
    spec: &Spec,
    reach: &Reach,
    output: Output,
) -> Result<(), Failure> {
    let world = World::open(common, store, spec).await?;
    let mut groups = world.machinery().groups(spec).await?;
    if world.runs_machines() || reach.is_given() {
        // The table is useful without the nodes' names.
        match nodes(common, store, spec, reach).await {
            Ok(nodes) => join(&mut groups, &nodes),
            Err(error) => eprintln!("warning: the names of nodes are missing: {error}"),
        }
    }
    let machines = groups.iter().flat_map(|group| group.machines.iter().map(move |machine| (group, machine)));
    let state = |machine: &Machine| if machine.warm { "WarmPool" } else { "" };
    let role = |group: &MachineGroup| group.role.in_paths();
    if output == Output::Table {
        let rows = machines.map(|(group, machine)| {
            [
                machine.id.clone(),
                machine.node_name().to_owned(),
                machine.status.as_str().to_owned(),
                role(group).to_owned(),
                state(machine).to_owned(),
                machine.internal_ip.clone(),
                machine.external_ip.clone(),
                machine.group_name().to_owned(),
                machine.machine_type.clone(),
            ]
        });
        let heads = [
            "ID",
            "NODE-NAME",
            "STATUS",
            "ROLES",
            "STATE",
            "INTERNAL-IP",
            "EXTERNAL-IP",
            "INSTANCE-GROUP",
            "MACHINE-TYPE",
        ];
        print!("{}", Table::new(heads, rows));
        return Ok(());
    }
    let items = machines.map(|(group, machine)| {
        let mut item = json!({
            "id": machine.id,
            "status": machine.status.as_str(),
            "roles": [role(group)],
            "internalIP": machine.internal_ip,
            "externalIP": machine.external_ip,
            "instanceGroup": machine.group_name(),
            "machineType": machine.machine_type,
            "state": state(machine),
        });
        if !machine.node_name().is_empty() {
            item["nodeName"] = machine.node_name().into();
        }
        item
    });
    get::list(items.collect(), output)
}

async fn nodes(
    common: &Common,
    store: &Store,
    spec: &Spec,
    reach: &Reach,
) -> Result<Vec<k8s_openapi::api::core::v1::Node>, Failure> {
    Kubernetes::open(common, store, spec, reach).await?.nodes().await
}

/// Replaces one machine.
pub async fn delete(common: &Common, store: &Store, options: DeleteInstance) -> Result<ExitCode, Failure> {
    let name = common.cluster(None)?;
    let spec = store.spec(&name).await?;
    let world = World::open(common, store, &spec).await?;
    let mut groups = world.machinery().groups(&spec).await?;
    let kubernetes = match options.cloudonly {
        true => None,
        false => Some(Kubernetes::open(common, store, &spec, &options.reach).await?),
    };
    if let Some(kubernetes) = &kubernetes {
        join(&mut groups, &kubernetes.nodes().await?);
    }
    let machines = groups.iter().flat_map(|group| group.machines.iter().map(move |machine| (group, machine)));
    let found: Vec<(&MachineGroup, &Machine)> =
        machines.filter(|(_, machine)| machine.is_called(&options.instance)).collect();
    let (group, machine) = match found[..] {
        [one] => one,
        [] => return Err(format!("{name} has no instance {}", options.instance).into()),
        // Names on Google are unique in a zone only.
        _ => {
            let ids: Vec<&str> = found.iter().map(|(_, machine)| machine.id.as_str()).collect();
            let ids = ids.join(", ");
            return Err(
                format!("{name} has several instances {}, expected one of {ids}", options.instance).into()
            );
        }
    };
    if kubernetes.is_some() && machine.node.is_none() {
        let id = &machine.id;
        return Err(
            format!("{id} is not a node of the cluster. --cloudonly deletes it without Kubernetes").into()
        );
    }
    println!("Instance {} found for deletion", shown(machine));
    if !options.yes {
        println!("\nMust specify --yes to delete instance");
        return Ok(ExitCode::SUCCESS);
    }
    let replacing = Replacing {
        spec,
        world,
        kubernetes,
        conduct: options.conduct,
        asks: AtomicBool::new(false),
        force: true,
    };
    match Arc::new(replacing).single(group, machine, options.surge).await {
        Ok(()) => {
            println!("Deleted instance {}", machine.id);
            Ok(ExitCode::SUCCESS)
        }
        Err(Stop::Failed(failure)) => Err(failure),
        Err(stop) => Err(stop.to_string().into()),
    }
}
