//! What was: the runs, what differs between two of them, and an earlier one made the present again.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Read as _},
    path::Path,
    process::ExitCode,
};

use landform::{Address, Printable, Secret, Secrets};

use crate::{
    Failure,
    arguments::{Arguments, Restore},
    commands::{carry_out, engine},
    project::STACK,
};

/// Lists the runs.
pub async fn history(arguments: &Arguments) -> Result<ExitCode, Failure> {
    for run in engine(arguments).await?.history(STACK).await? {
        if arguments.json {
            println!("{}", Printable(serde_json::to_string(&run)?));
        } else {
            let end = if run.ended { "" } else { ", did not finish" };
            println!(
                "{:>6}  {}  {} by {}{end}",
                run.seq,
                run.begin.time(),
                Printable(&run.begin.operation).in_a_line(),
                run.begin.who
            );
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Shows what differs between the states that two runs left.
pub async fn difference(arguments: &Arguments, from: u64, to: u64) -> Result<ExitCode, Failure> {
    let difference = engine(arguments).await?.difference(STACK, from, to).await?;
    match arguments.json {
        true => println!("{}", Printable(serde_json::to_string(&difference)?)),
        false => print!("{difference}"),
    }
    Ok(ExitCode::SUCCESS)
}

/// Makes the world again as an earlier run left it.
pub async fn restore(arguments: &Arguments, wanted: &Restore) -> Result<ExitCode, Failure> {
    let secrets = match &wanted.secrets {
        Some(file) => secrets(file)?,
        None => Secrets::new(),
    };
    let engine = engine(arguments).await?;
    let (plan, restored) = engine.plan_restore(STACK, wanted.revision, &secrets).await?;
    for (address, path) in &restored.kept {
        eprintln!(
            "{address}: {} was another secret then, which the state does not tell; it stays as it is",
            Printable(path).in_a_line()
        );
    }
    carry_out(arguments, &engine, &plan, "Restore this?").await
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
    // Neither the text nor what was found in it may be in an error.
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
            let path = path.parse().map_err(|_| wrong(&format!("{path:?} of {address} is no argument")))?;
            secrets = secrets.with(address.clone(), path, secret);
        }
    }
    Ok(secrets)
}
