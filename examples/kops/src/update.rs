//! `update cluster`: plans the changes, shows them, and applies them with `--yes`.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use landform::kops::Spec;
use landform::{ApplyOptions, Engine, Plan, Stack, cli, view};

use crate::arguments::{Common, Target, Update, UpdateCluster};
use crate::selection::Selection;
use crate::store::Store;
use crate::world::{self, World};
use crate::{Failure, export, secrets};

/// The hint after a plan that was only shown.
const MUST_AGREE: &str = "Must specify --yes to apply changes";

pub async fn run(common: &Common, Update::Cluster(options): Update) -> Result<ExitCode, Failure> {
    cluster(common, &options).await
}

/// Plans a cluster. Applies the plan if the user agreed.
pub async fn cluster(common: &Common, options: &UpdateCluster) -> Result<ExitCode, Failure> {
    let (store, name) = (Store::open(common)?, common.cluster(options.cluster.as_deref())?);
    let mut spec = store.spec(&name).await?;
    if let Some(file) = &options.ssh_public_key {
        secrets::add_ssh_key(&store, &name, file).await?;
        spec = store.spec(&name).await?;
    }
    store.check(&spec)?;
    let selection = Selection::of(&spec, options)?;
    let world = World::open(common, &store, &spec).await?;
    // The command reports what is wrong with the spec before it makes a key.
    let first = world::declared(&spec, &world.lookup(common, &store, &spec).await?)?;
    let missing = secrets::missing(&store, &spec).await?;
    if options.outcome.target == Target::Terraform {
        secrets::complete(&store, &spec).await?;
        export::local(common, &store, &spec, options).await?;
        return terraform(
            &world::stack(&spec, &world.lookup(common, &store, &spec).await?)?,
            options.outcome.directory(),
        );
    }
    let engine = world.engine(&store, &name)?;
    if !options.yes {
        let plan = selection.plan(&engine, &first).await?;
        show(&plan);
        if !missing.is_empty() {
            println!(
                "The update also makes these sets of keys: {}. The documents that contain them change too.",
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
    // A machine that starts before the load balancer has its addresses would never learn them.
    let waits = has_balancer(&spec) && world::api_addresses(&spec, &before).is_none();
    let first = if waits { selection.without_groups(&spec) } else { selection.clone() };
    let plan = first.plan(&engine, &world::declared(&spec, &before)?).await?;
    show(&plan);
    if !plan.is_empty() {
        world.prepare(&spec)?;
    }
    if !apply(&engine, &plan).await? {
        return Ok(ExitCode::FAILURE);
    }
    let after = world.lookup(common, &store, &spec).await?;
    if waits || after.balancer_addresses != before.balancer_addresses {
        // The addresses of the API's load balancer are known once it exists. Machines need them.
        let plan = selection.plan(&engine, &world::declared(&spec, &after)?).await?;
        if !plan.is_empty() {
            println!(
                "\nThe load balancer of the API has addresses now. The next plan gives them to the machines.\n"
            );
            show(&plan);
            if !apply(&engine, &plan).await? {
                return Ok(ExitCode::FAILURE);
            }
        }
    }
    println!("\nCluster changes have been applied to the cloud.");
    export::local(common, &store, &spec, options).await?;
    Ok(ExitCode::SUCCESS)
}

/// Whether the API has a load balancer. Machines need its addresses.
fn has_balancer(spec: &Spec) -> bool {
    spec.cluster.spec.api.as_ref().is_some_and(|api| api.load_balancer.is_some())
}

/// Shows a plan.
pub fn show(plan: &Plan) {
    println!("{}", landform::Printable(view::text(plan)));
}

/// Applies a plan. Returns whether every change succeeded.
pub async fn apply(engine: &Engine, plan: &Plan) -> Result<bool, Failure> {
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
