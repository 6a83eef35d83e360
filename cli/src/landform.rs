//! The command `landform`: what Landform does without a stack.

use std::{fs, path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand};
use landform_core::words;
use landform_terraform::{
    Catalog, Launch, Plugin,
    bindings::{Bindings, References, Written},
};

use crate::{Failure, screen, tool::told};

/// Landform without a stack.
#[derive(Parser)]
#[command(name = "landform", version)]
struct Line {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Works with providers of Terraform.
    #[command(subcommand)]
    Terraform(Terraform),
}

#[derive(Subcommand)]
enum Terraform {
    /// Writes Rust types for the types of a provider: one file a type, with builders, docs and typed references.
    Bindings(Wanted),
}

#[derive(Args)]
struct Wanted {
    /// The plugin (a program), or the output of `terraform providers schema -json` (a file with the ending .json).
    #[arg(long, value_name = "PATH")]
    provider: PathBuf,
    /// The folder for the files. Files that landform did not write are never touched.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Which provider, if the JSON describes several, as in hashicorp/random.
    #[arg(long, value_name = "ADDRESS")]
    address: Option<String>,
    /// What refers to what: a TOML file with entries such as aws_subnet.vpc_id = "aws_vpc.id".
    #[arg(long, value_name = "FILE")]
    references: Option<PathBuf>,
    /// Only this type, as in aws_vpc or data.aws_ami. May be repeated.
    #[arg(long = "type", value_name = "TYPE")]
    only: Vec<String>,
    /// Makes a Cargo feature for each service, as ec2 for aws_ec2_fleet.
    #[arg(long)]
    services: bool,
    /// Writes a crate of this name instead of a module.
    #[arg(long = "crate", value_name = "NAME")]
    krate: Option<String>,
    /// The folder of the crate landform for that crate, instead of the published one.
    #[arg(long, value_name = "DIR", requires = "krate")]
    landform: Option<PathBuf>,
}

/// From so many types on, the command recommends features.
const MANY: usize = 200;

/// Runs the command line of `landform`.
pub fn landform() -> ExitCode {
    let Command::Terraform(Terraform::Bindings(wanted)) = Line::parse().command;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let done = runtime.map_err(Failure::from).and_then(|runtime| runtime.block_on(bindings(&wanted)));
    done.map_or_else(|error| told(&error, false), |()| ExitCode::SUCCESS)
}

async fn bindings(wanted: &Wanted) -> Result<(), Failure> {
    let catalog = catalog(wanted).await?;
    let mut bindings = Bindings::of(&catalog);
    if let Some(path) = &wanted.references {
        let within = |error: Failure| Failure::from(format!("{}: {error}", path.display()));
        let references = fs::read_to_string(path).map_err(|error| within(error.into()))?;
        bindings =
            bindings.references(references.parse::<References>().map_err(|error| within(error.into()))?);
    }
    if !wanted.only.is_empty() {
        bindings = bindings.only(wanted.only.iter().cloned());
    }
    if wanted.services {
        bindings = bindings.services();
    }
    bindings = match (&wanted.krate, &wanted.landform) {
        (None, _) => bindings,
        (Some(name), None) => bindings.into_crate(name),
        (Some(name), Some(landform)) => {
            let absolute = fs::canonicalize(landform);
            let absolute = absolute.map_err(|error| format!("{}: {error}", landform.display()))?;
            bindings.into_crate_with(name, &absolute)
        }
    };
    let Written { written, unchanged, removed, .. } = bindings.write(&wanted.out)?;
    if catalog.types().len() >= MANY && wanted.only.is_empty() && !wanted.services {
        screen::note(format!(
            "{catalog} take minutes to compile: --services makes a feature for each service"
        ));
    }
    println!(
        "bindings of {} in {}: {} written, {unchanged} unchanged, {} removed",
        catalog.provider(),
        wanted.out.display(),
        words::count(written.len(), "file"),
        removed.len()
    );
    Ok(())
}

async fn catalog(wanted: &Wanted) -> Result<Catalog, Failure> {
    let path = &wanted.provider;
    if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json")) {
        let within = |error: Failure| Failure::from(format!("{}: {error}", path.display()));
        let text = fs::read_to_string(path).map_err(|error| within(error.into()))?;
        return Catalog::from_json(&text, wanted.address.as_deref()).map_err(|error| within(error.into()));
    }
    if wanted.address.is_some() {
        return Err(format!(
            "--address: {} is one plugin, expected a file with the ending .json",
            path.display()
        )
        .into());
    }
    let program = fs::canonicalize(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let plugin = Plugin::open(Launch::new(program)).await.map_err(|error| with_causes(&error))?;
    Ok(Catalog::of(&plugin))
}

/// An error with the reasons behind it.
fn with_causes(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::path::Path;

    use super::*;

    const SCHEMA: &str = r#"{ "format_version": "1.0", "provider_schemas": {
        "registry.terraform.io/hashicorp/random": { "resource_schemas": { "random_pet": { "version": 0, "block": {
            "attributes": { "id": { "type": "string", "computed": true }, "length": { "type": "number", "optional": true } }
        } } } },
        "registry.terraform.io/acme/random": {} } }"#;

    async fn run(folder: &Path, arguments: &[&str]) -> Result<(), String> {
        let text = arguments.join(" ").replace("DIR", &folder.display().to_string());
        let line = ["landform", "terraform", "bindings"].into_iter().chain(text.split_whitespace());
        let line = Line::try_parse_from(line).map_err(|error| error.to_string())?;
        let Command::Terraform(Terraform::Bindings(wanted)) = line.command;
        bindings(&wanted).await.map_err(|error| error.to_string())
    }

    #[tokio::test]
    async fn each_bad_input_is_one_clear_error() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("schema.json"), SCHEMA).unwrap();
        fs::write(at("bad.json"), "{").unwrap();
        fs::write(at("state.json"), r#"{ "format_version": "4", "provider_schemas": {} }"#).unwrap();
        fs::write(at("plain"), "text").unwrap();
        fs::write(at("type.toml"), "random_pett.length = \"random_pet.id\"").unwrap();
        fs::write(at("field.toml"), "random_pet.id = \"random_pet.idd\"").unwrap();
        fs::write(at("kind.toml"), "random_pet.length = \"random_pet.id\"").unwrap();
        fs::write(at("bad.toml"), "random_pet = [1]").unwrap();
        let good = "--provider DIR/schema.json --address hashicorp/random";
        let cases = [
            ("--provider DIR/none --out DIR/out", "none: No such file or directory"),
            ("--provider DIR/plain --out DIR/out", "plain cannot be started: Permission denied"),
            (
                "--provider DIR/bad.json --out DIR/out",
                "bad.json: not the output of `terraform providers schema -json`",
            ),
            ("--provider DIR/state.json --out DIR/out", "its format has the version \"4\", expected 1.…"),
            (
                "--provider DIR/schema.json --out DIR/out",
                "it describes several providers, expected the choice of one",
            ),
            (
                "--provider DIR/schema.json --address tls --out DIR/out",
                "it does not describe the provider \"tls\"",
            ),
            (&*format!("{good} --out DIR/plain/out"), "Not a directory"),
            (
                &*format!("{good} --type random_pit --out DIR/out"),
                "has no type \"random_pit\"; did you mean \"random_pet\"?",
            ),
            (&*format!("{good} --references DIR/none.toml --out DIR/out"), "none.toml: No such file"),
            (
                &*format!("{good} --references DIR/bad.toml --out DIR/out"),
                "random_pet: found array, expected the name of a type",
            ),
            (
                &*format!("{good} --references DIR/type.toml --out DIR/out"),
                "has no type \"random_pett\"; did you mean",
            ),
            (
                &*format!("{good} --references DIR/field.toml --out DIR/out"),
                "has no field \"idd\"; did you mean \"id\"?",
            ),
            (
                &*format!("{good} --references DIR/kind.toml --out DIR/out"),
                "random_pet.length holds a number, expected a text",
            ),
        ];
        for (arguments, expected) in cases {
            let said = run(folder.path(), &[arguments]).await.unwrap_err();
            assert!(said.contains(expected) && !said.contains('\n'), "{arguments}: {said}");
            assert!(!at("out").exists(), "{arguments}");
        }
        run(folder.path(), &[good, "--out DIR/out"]).await.unwrap();
        assert!(fs::read_to_string(at("out/pet.rs")).unwrap().contains("pub length: Option<Number>,"));
        fs::write(at("out/pet.rs"), "mine").unwrap();
        let said = run(folder.path(), &[good, "--out DIR/out"]).await.unwrap_err();
        assert!(said.contains("pet.rs was not written by landform"), "{said}");
    }
}
