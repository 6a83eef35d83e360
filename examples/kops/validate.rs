//! `validate cluster`: whether the cloud is as the spec says. Asks no machine and no Kubernetes API.

use std::process::ExitCode;

use landform::ChangeKind;
use landform::cli::Table;
use serde_json::json;

use crate::Failure;
use crate::arguments::{Common, Output, Validate};
use crate::store::Store;
use crate::world::{self, World};

/// The exit status for a cluster that is not as it should be, as kops's.
const NOT_VALID: u8 = 2;

/// Something that is not as it should be.
struct Fault {
    kind: String,
    name: String,
    message: String,
}

pub async fn run(
    common: &Common,
    Validate::Cluster { cluster, form }: Validate,
) -> Result<ExitCode, Failure> {
    let (store, name) = (Store::open(common)?, common.cluster(cluster.as_deref())?);
    let spec = store.spec(&name).await?;
    let world = World::open(common, &store, &spec)?;
    let stack = world::stack(&spec, &world.lookup(common, &store, &spec).await?)?;
    let plan = world.engine(&store, &name)?.plan(&stack).await?;
    let faults: Vec<Fault> = plan
        .changes
        .iter()
        .map(|change| {
            let message = match change.kind {
                ChangeKind::Create => "is declared and does not exist".to_owned(),
                ChangeKind::Delete | ChangeKind::Forget => "exists and is not declared".to_owned(),
                _ => {
                    let paths: Vec<String> =
                        change.fields.iter().map(|field| field.path.to_string()).collect();
                    format!("is not as declared: {}", paths.join(", "))
                }
            };
            Fault { kind: change.type_name.to_string(), name: change.address.name().to_owned(), message }
        })
        .collect();
    let groups: Vec<[String; 6]> = spec
        .groups
        .iter()
        .map(|group| {
            let size = |size: Option<u32>| size.map_or_else(String::new, |size| size.to_string());
            [
                group.metadata.name.clone(),
                group.spec.role.map_or("", |role| role.as_str()).to_owned(),
                group.spec.machine_type.clone(),
                size(group.spec.min_size),
                size(group.spec.max_size),
                group.spec.subnets.join(","),
            ]
        })
        .collect();
    if form.output == Output::Table {
        println!("Validating cluster {name}\n\nINSTANCE GROUPS");
        print!("{}", Table::new(["NAME", "ROLE", "MACHINETYPE", "MIN", "MAX", "SUBNETS"], groups));
        if faults.is_empty() {
            println!("\nThe cloud is as the spec of {name} says");
        } else {
            println!("\nVALIDATION ERRORS");
            let rows =
                faults.iter().map(|fault| [fault.kind.clone(), fault.name.clone(), fault.message.clone()]);
            print!("{}", Table::new(["KIND", "NAME", "MESSAGE"], rows));
            println!("\nValidation Failed");
        }
    } else {
        let failures = faults
            .iter()
            .map(|fault| json!({ "type": fault.kind, "name": fault.name, "message": fault.message }));
        let groups = groups
            .iter()
            .map(|[name, role, machine, ..]| json!({ "name": name, "role": role, "machineType": machine }));
        let all =
            json!({ "failures": failures.collect::<Vec<_>>(), "instanceGroups": groups.collect::<Vec<_>>() });
        match form.output {
            Output::Json => println!("{all:#}"),
            _ => print!("{}", serde_saphyr::to_string(&all)?),
        }
    }
    Ok(if faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(NOT_VALID) })
}
