//! Plans and stacks for programs and for people: show and graph. Changes nothing.

use std::{path::Path, process::ExitCode};

use landform_core::Stack;
use landform_engine::Plan;
use landform_views::{self as view, DotOptions};

use super::apply::write;
use crate::{Context, Failure, arguments, carry, screen};

/// Shows a saved plan.
pub(super) async fn show<A>(context: &Context<A>, file: &Path, stack: &Stack) -> Result<ExitCode, Failure> {
    let plan = Plan::load(file)?;
    if context.json() {
        let state = context.state_engine()?.state(stack.name()).await?;
        screen::line(view::terraform_json(&plan, stack, &state));
    } else {
        carry::show(&plan, false);
    }
    Ok(ExitCode::SUCCESS)
}

/// Draws what is declared, or what would change.
pub(super) async fn graph<A>(
    context: &Context<A>,
    wanted: &arguments::Graph,
    stack: &Stack,
) -> Result<ExitCode, Failure> {
    if context.json() && wanted.html.is_none() {
        return Err("graph prints Graphviz text, not JSON: with --json, pass --html FILE too".into());
    }
    let plan = match wanted.plan {
        true => Some(context.silent_engine().await?.plan(stack).await?),
        false => None,
    };
    match (&wanted.html, &plan) {
        (Some(file), Some(plan)) => write(file, &view::html(plan, stack).to_string())?,
        (Some(file), None) => write(file, &view::stack_html(stack).to_string())?,
        (None, Some(plan)) => screen::print(view::plan_dot(plan)),
        (None, None) => screen::print(view::stack_dot(stack, DotOptions::default())),
    }
    if let Some(file) = &wanted.html {
        match context.json() {
            true => screen::line(serde_json::json!({ "event": "drawn", "file": file })),
            false => screen::line(file.display()),
        }
    }
    Ok(ExitCode::SUCCESS)
}
