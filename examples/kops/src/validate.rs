//! `validate cluster`: checks that the cloud matches the spec, and that the cluster works. Changes nothing.

use std::process::ExitCode;
use std::time::Duration;

use landform::cli::Table;
use landform::kops::Spec;
use landform::kops::spec::Role;
use landform::view;
use tokio::time::{Instant, sleep};

use crate::Failure;
use crate::arguments::{Common, Output, Rolling, Validate};
use crate::health::{self, Fault, Health};
use crate::kubernetes::Kubernetes;
use crate::store::Store;
use crate::world::{self, World};

/// How long a new control plane may take, as in kops.
const SERVED: Duration = Duration::from_secs(600);
/// The exit status for a cluster that does not match its spec. kops has the same.
const NOT_VALID: u8 = 2;

pub async fn run(common: &Common, validate: Validate) -> Result<ExitCode, Failure> {
    let Validate::Cluster { cluster, wait, count, interval, max_unready_nodes, reach, form } = validate;
    let (store, name) = (Store::open(common)?, common.cluster(cluster.as_deref())?);
    let spec = store.spec(&name).await?;
    let world = World::open(common, &store, &spec).await?;
    // In the embedded cloud no machine runs Kubernetes, unless the command line says where it is.
    let kubernetes = match world.runs_machines() || reach.is_given() {
        true => Some(Kubernetes::open(common, &store, &spec, &reach).await?),
        false if max_unready_nodes.is_some() => {
            return Err(
                "--max-unready-nodes: the embedded cloud has no nodes. --api-server, --use-kubeconfig and \
                        --kubeconfig name an API that has nodes"
                    .into(),
            );
        }
        false => None,
    };
    if form.output == Output::Table {
        println!("Validating cluster {name}\n");
    }
    let look = async || -> Result<Health, Failure> {
        let mut health = match &kubernetes {
            Some(kubernetes) => {
                health::check(&spec, &world, kubernetes, max_unready_nodes.unwrap_or(0)).await?
            }
            None => Health::default(),
        };
        health.faults.extend(differences(common, &store, &spec, &world).await?);
        Ok(health)
    };
    let until = Instant::now() + wait.unwrap_or(Duration::ZERO);
    let mut in_a_row = 0;
    loop {
        let found = look().await;
        let goes_on = wait.is_some() && (in_a_row > 0 || Instant::now() < until);
        match found {
            Err(error) if goes_on => {
                eprintln!("(will retry): {error}");
                in_a_row = 0;
            }
            Err(error) => return Err(error),
            Ok(health) => {
                show(&spec, &health, kubernetes.is_some(), form.output)?;
                in_a_row = if health.faults.is_empty() { in_a_row + 1 } else { 0 };
                if in_a_row > 0 && in_a_row >= count {
                    return Ok(ExitCode::SUCCESS);
                }
                if !goes_on && in_a_row == 0 {
                    return Ok(ExitCode::from(NOT_VALID));
                }
                let state = if in_a_row > 0 { "valid so far" } else { "not yet valid" };
                eprintln!("(will retry): the cluster is {state}");
            }
        }
        sleep(interval).await;
    }
}

/// Waits until the machines of the control plane are ready, so that the API is served.
pub async fn served(common: &Common, cluster: Option<&str>, rolling: &Rolling) -> Result<(), Failure> {
    let (store, name) = (Store::open(common)?, common.cluster(cluster)?);
    let spec = store.spec(&name).await?;
    let world = World::open(common, &store, &spec).await?;
    let kubernetes = Kubernetes::open(common, &store, &spec, &rolling.reach).await?;
    let serves = |group: &Option<String>| {
        let role = group.as_deref().and_then(|group| spec.group(group)?.spec.role);
        matches!(role, Some(Role::ControlPlane | Role::ApiServer))
    };
    let until = Instant::now() + rolling.conduct.validation_timeout.min(SERVED);
    loop {
        let trouble = match health::check(&spec, &world, &kubernetes, 0).await {
            Ok(health) => {
                let nodes = health.faults.iter().filter(|fault| fault.kind != "Pod" && serves(&fault.group));
                let mut faults: Vec<&str> = nodes.map(|fault| fault.message.as_str()).collect();
                faults.extend(
                    health.faults.iter().find(|fault| fault.kind == "dns").map(|dns| dns.message.as_str()),
                );
                faults.join(", ")
            }
            Err(error) => error.to_string(),
        };
        if trouble.is_empty() {
            return Ok(());
        }
        if Instant::now() > until {
            return Err(format!("the Kubernetes API of {name} is not served: {trouble}").into());
        }
        sleep(Duration::from_secs(1)).await;
    }
}

/// The differences between the cloud and the spec.
async fn differences(
    common: &Common,
    store: &Store,
    spec: &Spec,
    world: &World,
) -> Result<Vec<Fault>, Failure> {
    let stack = world::stack(spec, &world.lookup(common, store, spec).await?)?;
    let plan = world.engine(store, spec.name())?.plan(&stack).await?;
    let faults = plan.changes.iter().map(|change| {
        let (kind, name) = (change.type_name.to_string(), change.address.name().to_owned());
        Fault { kind, name, message: view::mismatch(change), group: None }
    });
    Ok(faults.collect())
}

fn show(spec: &Spec, health: &Health, with_nodes: bool, output: Output) -> Result<(), Failure> {
    match output {
        Output::Table => {}
        Output::Json => {
            println!("{:#}", health.to_json());
            return Ok(());
        }
        Output::Yaml => {
            print!("{}", serde_saphyr::to_string(&health.to_json())?);
            return Ok(());
        }
    }
    let size = |size: Option<u32>| size.map_or_else(String::new, |size| size.to_string());
    let groups = spec.groups.iter().map(|group| {
        [
            group.metadata.name.clone(),
            group.spec.role.map_or("", |role| role.as_str()).to_owned(),
            group.spec.machine_type.clone(),
            size(group.spec.min_size),
            size(group.spec.max_size),
            group.spec.subnets.join(","),
        ]
    });
    println!("INSTANCE GROUPS");
    print!("{}", Table::new(["NAME", "ROLE", "MACHINETYPE", "MIN", "MAX", "SUBNETS"], groups));
    if with_nodes {
        let nodes =
            health.nodes.iter().map(|node| [node.name.clone(), node.role.clone(), node.ready.clone()]);
        println!("\nNODE STATUS");
        print!("{}", Table::new(["NAME", "ROLE", "READY"], nodes));
    }
    if health.faults.is_empty() {
        let name = spec.name();
        println!("\nThe cloud matches the spec of {name}");
        if with_nodes {
            println!("\nYour cluster {name} is ready");
        }
        return Ok(());
    }
    let row = |fault: &Fault| [fault.kind.clone(), fault.name.clone(), fault.message.clone()];
    println!("\nVALIDATION ERRORS");
    print!("{}", Table::new(["KIND", "NAME", "MESSAGE"], health.faults.iter().map(row)));
    println!("\nValidation Failed");
    Ok(())
}
