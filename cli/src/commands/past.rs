//! The history: lists the runs, compares two of them, restores an earlier one, and removes an abandoned lease.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Read as _},
    path::Path,
    process::ExitCode,
};

use landform_core::{Address, Printable, Secret};
use landform_engine::{Engine, Secrets};
use serde_json::json;

use super::state::stack_of;
use crate::{
    Context, Failure,
    arguments::{Past, Restore},
    screen,
};

/// Lists runs, shows differences, or removes a lease.
pub(crate) async fn run(
    engine: &Engine,
    stack: Option<&str>,
    wanted: Past,
    json: bool,
) -> Result<ExitCode, Failure> {
    match wanted {
        Past::History { from: Some(from), to: Some(to) } => {
            let difference = engine.difference(&stack_of(engine, stack).await?, from, to).await?;
            match json {
                true => screen::line(serde_json::to_string(&difference)?),
                false => screen::print(difference),
            }
        }
        Past::History { .. } => {
            for run in engine.history(&stack_of(engine, stack).await?).await? {
                if json {
                    screen::line(serde_json::to_string(&run)?);
                    continue;
                }
                let end = if run.ended { "" } else { ", did not finish" };
                let (operation, who) = (Printable(&run.begin.operation), &run.begin.who);
                let operation = operation.in_a_line();
                screen::line(format!("{:>6}  {}  {operation} by {who}{end}", run.seq, run.begin.time()));
            }
        }
        Past::Unlock => {
            let taken = engine.unlock().await?;
            if json {
                let holder = taken.as_ref().map(ToString::to_string);
                screen::line(json!({ "event": "unlocked", "holder": holder }));
            } else if let Some(lease) = taken {
                screen::line(format!(
                    "Removed the lease of {lease}.\nIf that run is still alive, it can no longer write once the next run starts."
                ));
            } else {
                screen::line("Nobody holds the lease.");
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Restores the resources as an earlier run left them.
pub(super) async fn restore<A>(context: &Context<A>, wanted: &Restore) -> Result<ExitCode, Failure> {
    let secrets = match &wanted.secrets {
        Some(file) => secrets(file)?,
        None => Secrets::new(),
    };
    let engine = context.engine().await?;
    let (plan, restored) = engine.plan_restore(context.stack_name(), wanted.revision, &secrets).await?;
    for (address, path) in &restored.kept {
        screen::note(format!(
            "{address}: {} had a different secret value in that run, which the state does not store; its current value stays",
            Printable(path).in_a_line()
        ));
    }
    context.carry_out(&engine, &plan, "Restore this?", &wanted.consent).await
}

fn secrets(file: &Path) -> Result<Secrets, Failure> {
    let place = file.display();
    let mut text = String::new();
    let read = if file.as_os_str() == "-" {
        io::stdin().read_to_string(&mut text).map(drop)
    } else {
        fs::read_to_string(file).map(|read| text = read)
    };
    read.map_err(|error| format!("{place}: {error}"))?;
    // Neither the text nor a part of it may appear in an error.
    let wrong = |what: &str| format!("{place}: {what}, expected `aws_x.name: {{argument: value}}` of text");
    let given: BTreeMap<String, BTreeMap<String, Secret>> =
        serde_saphyr::from_str(&text).map_err(|error| match error.location() {
            Some(at) => wrong(&format!("line {}, column {}, cannot be read", at.line(), at.column())),
            None => wrong("it cannot be read"),
        })?;
    let mut secrets = Secrets::new();
    for (address, fields) in given {
        let address: Address = address.parse().map_err(|error| wrong(&format!("{error}")))?;
        for (path, secret) in fields {
            let path =
                path.parse().map_err(|_| wrong(&format!("{path:?} of {address} is not an argument")))?;
            secrets = secrets.with(address.clone(), path, secret);
        }
    }
    Ok(secrets)
}
