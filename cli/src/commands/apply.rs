//! The commands that plan and change: plan, apply, destroy, refresh, import.

use std::{fs, path::Path, process::ExitCode};

use landform_core::Stack;
use landform_engine::{Plan, PlanOptions, Refresh};
use landform_views as view;

use crate::{CHANGES, Consent, Context, Failure, arguments, carry};

/// Shows what would change.
pub(super) async fn plan<A>(
    context: &Context<A>,
    wanted: &arguments::Plan,
    stack: &Stack,
) -> Result<ExitCode, Failure> {
    let plan = context.engine().await?.plan_with(stack, &wanted.options()).await?;
    carry::show(&plan, context.json());
    if let Some(file) = &wanted.out {
        plan.save(file)?;
    }
    if let Some(file) = &wanted.html {
        write(file, &view::html(&plan, stack).to_string())?;
    }
    let changes =
        !plan.is_empty() || plan.changes_outputs() || (wanted.refresh_only && !plan.drift.is_empty());
    Ok(if wanted.detailed_exitcode && changes { CHANGES.into() } else { ExitCode::SUCCESS })
}

/// Applies the stack or a saved plan.
pub(super) async fn apply<A>(
    context: &Context<A>,
    wanted: &arguments::Apply,
    stack: &Stack,
) -> Result<ExitCode, Failure> {
    if let Some(file) = &wanted.plan {
        let plan = Plan::load(file)?.with_secrets_of(stack);
        let engine = context.engine().await?;
        carry::show(&plan, context.json());
        return context.apply(&engine, &plan, wanted.consent.parallelism).await;
    }
    let engine = context.engine().await?;
    let plan = engine.plan_with(stack, &wanted.planning.options()).await?;
    context.carry_out(&engine, &plan, "Apply these changes?", &wanted.consent).await
}

/// Deletes every resource in the state.
pub(super) async fn destroy<A>(
    context: &Context<A>,
    wanted: &arguments::Destroy,
    stack: &Stack,
) -> Result<ExitCode, Failure> {
    let engine = context.engine().await?;
    let options = PlanOptions { destroy: true, ..wanted.selection.options() };
    let plan = engine.plan_with(stack, &options).await?;
    context.carry_out(&engine, &plan, "Destroy all of this?", &wanted.consent).await
}

/// Records what differs between the cloud and the state.
pub(super) async fn refresh<A>(
    context: &Context<A>,
    consent: &Consent,
    stack: &Stack,
) -> Result<ExitCode, Failure> {
    let engine = context.engine().await?;
    let options = PlanOptions { refresh: Refresh::Only, ..PlanOptions::default() };
    let plan = engine.plan_with(stack, &options).await?;
    let question = "Record this in the state?";
    context.carry_out_if(!plan.drift.is_empty(), &engine, &plan, question, consent).await
}

/// Imports an existing resource under a declared address.
pub(super) async fn import<A>(
    context: &Context<A>,
    wanted: &arguments::Import,
    mut stack: Stack,
) -> Result<ExitCode, Failure> {
    let address = &wanted.address;
    let undeclared = stack.import([(address.clone(), wanted.id.clone())]);
    if !undeclared.is_empty() {
        let message = format!("{address} is not declared: declare it as it is in the cloud, then import it");
        return Err(message.into());
    }
    let engine = context.engine().await?;
    let options = PlanOptions { targets: vec![address.clone()], ..PlanOptions::default() };
    let plan = engine.plan_with(&stack, &options).await?;
    context.carry_out(&engine, &plan, "Take this over?", &wanted.consent).await
}

/// Writes a file and replaces an existing one.
pub(super) fn write(file: &Path, text: &str) -> Result<(), Failure> {
    fs::write(file, text).map_err(|error| format!("{}: {error}", file.display()).into())
}
