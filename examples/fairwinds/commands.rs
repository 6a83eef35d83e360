//! The commands, one function each.

use std::{
    fs,
    io::{IsTerminal, Write},
    process::ExitCode,
};

use landform::{ApplyOptions, Cancel, Engine, Plan, Printable, Report, view};

use crate::{
    Failure,
    arguments::Arguments,
    progress::{self, Show},
    project::Project,
    validate, world,
};

/// Shows what would change.
pub async fn plan(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let project = Project::read(&arguments.place).await?;
    let plan = engine(arguments).await?.plan(&project.stack).await?;
    show(arguments, &plan);
    Ok(ExitCode::SUCCESS)
}

/// Makes the world as it is declared.
pub async fn apply(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let project = Project::read(&arguments.place).await?;
    let engine = engine(arguments).await?;
    let plan = engine.plan(&project.stack).await?;
    carry_out(arguments, &engine, &plan, "Apply these changes?").await
}

/// Deletes everything that the state knows.
pub async fn destroy(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let project = Project::read(&arguments.place).await?;
    let engine = engine(arguments).await?;
    let plan = engine.plan_destroy(&project.stack).await?;
    carry_out(arguments, &engine, &plan, "Destroy all of this?").await
}

/// Checks that the world is as it is declared.
pub async fn validate(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let project = Project::read(&arguments.place).await?;
    let validation = validate::validate(&engine(arguments).await?, &project).await?;
    if arguments.json {
        println!("{}", Printable(serde_json::to_string(&validation)?));
    } else {
        print!("{}", Printable(validation.to_string()));
    }
    Ok(if validation.is_valid() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Draws what is declared and what would change, into the directory of the state.
pub async fn graph(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let project = Project::read(&arguments.place).await?;
    let plan = engine(arguments).await?.plan(&project.stack).await?;
    let directory = arguments.place.directory();
    let pictures = [
        ("graph.dot", view::stack_dot(&project.stack, view::DotOptions::default()).to_string()),
        ("graph.html", view::html(&plan, &project.stack).to_string()),
    ];
    for (name, picture) in pictures {
        let file = directory.join(name);
        fs::create_dir_all(&directory)
            .and_then(|()| fs::write(&file, picture))
            .map_err(|error| format!("{}: {error}", file.display()))?;
        match arguments.json {
            true => println!("{}", Printable(serde_json::json!({ "event": "drawn", "file": file }))),
            false => println!("{}", Printable(file.display()).in_a_line()),
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The engine that the command line asks for.
pub async fn engine(arguments: &Arguments) -> Result<Engine, Failure> {
    let show = if arguments.json { Show::Json } else { Show::People };
    world::engine(&arguments.place.directory(), arguments.place.cloud, progress::listen(show)).await
}

/// Prints a plan, asks, applies, reports.
pub async fn carry_out(
    arguments: &Arguments,
    engine: &Engine,
    plan: &Plan,
    question: &str,
) -> Result<ExitCode, Failure> {
    show(arguments, plan);
    if !plan.is_empty() && !arguments.yes && !agreed(question)? {
        eprintln!("Nothing was changed.");
        return Ok(ExitCode::FAILURE);
    }
    world::prepare(&arguments.place.directory(), arguments.place.cloud)?;
    let report = apply_until_cancelled(engine, plan).await?;
    if arguments.json {
        let last = serde_json::json!({
            "event": "done",
            "added": report.counts.added,
            "changed": report.counts.changed,
            "replaced": report.counts.replaced,
            "destroyed": report.counts.destroyed,
            "failed": report.failures.len(),
            "skipped": report.skipped.len(),
            "outputs": report.outputs,
        });
        println!("{}", Printable(last));
    } else if !plan.is_empty() {
        println!("\n{}", view::report(&report).to_string().trim_end());
    }
    Ok(if report.is_complete() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Ctrl-C once finishes what is under way, twice leaves at once.
pub async fn apply_until_cancelled(engine: &Engine, plan: &Plan) -> Result<Report, Failure> {
    let cancel = Cancel::default();
    let switch = cancel.clone();
    let listening = tokio::spawn(async move {
        while tokio::signal::ctrl_c().await.is_ok() {
            switch.cancel();
        }
    });
    let options = ApplyOptions { cancel, ..ApplyOptions::default() };
    let report = engine.apply_with(plan, &options).await;
    listening.abort();
    Ok(report?)
}

fn show(arguments: &Arguments, plan: &Plan) {
    if arguments.json {
        let counts = plan.counts();
        let line = serde_json::json!({
            "event": "plan",
            "added": counts.added,
            "changed": counts.changed,
            "replaced": counts.replaced,
            "destroyed": counts.destroyed,
            "unchanged": plan.unchanged.len(),
        });
        println!("{}", Printable(line));
    } else {
        println!("{}", view::text(plan, &view::TextOptions::terminal()).to_string().trim_end());
    }
}

fn agreed(question: &str) -> Result<bool, Failure> {
    if !std::io::stdin().is_terminal() {
        return Err("nobody to ask: run at a terminal, or with --yes".into());
    }
    print!("{question} Only \"yes\" is taken for one: ");
    std::io::stdout().flush()?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    Ok(answer.trim() == "yes")
}
