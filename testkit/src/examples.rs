//! The example programs, built once and run like a user runs them. Needs only the standard library.

use std::{env, ffi::OsStr, path::PathBuf, sync::OnceLock};

use crate::cargo;

/// The program of an example, fresh from its source.
///
/// # Panics
/// It cannot be built. The message includes cargo's output.
pub fn example(name: &str) -> PathBuf {
    static FOLDER: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let folder = FOLDER.get_or_init(build).as_ref().unwrap_or_else(|problem| panic!("{problem}"));
    let file = format!("{name}{}", env::consts::EXE_SUFFIX);
    // An example that is a package of its own lies beside the folder of the others.
    let places = [folder.join("examples").join(&file), folder.join(&file)];
    let program = places.iter().find(|place| place.is_file());
    program.unwrap_or_else(|| panic!("cargo built the examples, but {} is not there", file)).clone()
}

/// `cargo test` builds examples too, but not if only one package is tested. If they are fresh, this is quick. It names
/// the whole workspace, with all features if the tests have all, so that it reuses what `cargo test` has built.
fn build() -> Result<PathBuf, String> {
    let (target, profile) = cargo::folders()?;
    let name = match profile.file_name().and_then(OsStr::to_str) {
        Some("debug") | None => "dev",
        Some(other) => other,
    };
    let built = cargo::command()
        .args(["build", "--workspace", "--examples", "--bins"])
        .args(features())
        .args(["--profile", name])
        .arg("--target-dir")
        .arg(target)
        .output()
        .map_err(|error| format!("these tests need cargo to build the examples: {error}"))?;
    if !built.status.success() {
        let said = String::from_utf8_lossy(&built.stderr);
        return Err(format!("these tests run the examples, which do not build:\n{said}"));
    }
    Ok(profile)
}

/// The features that the tests have themselves, as arguments of cargo.
fn features() -> Vec<String> {
    let of_tests = [
        (cfg!(feature = "aws-client"), "landform/aws-client,kops/aws-client"),
        (cfg!(feature = "gce-client"), "landform/gce-client,kops/gce-client"),
        (
            cfg!(feature = "stores"),
            "landform/encryption,landform/object-store,landform/postgres,kops/object-store",
        ),
    ];
    if of_tests.iter().all(|(chosen, _)| *chosen) {
        return vec!["--all-features".into()];
    }
    let chosen = of_tests.iter().filter(|(chosen, _)| *chosen);
    chosen.flat_map(|(_, features)| ["--features".to_owned(), (*features).to_owned()]).collect()
}
