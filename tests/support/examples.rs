//! The example programs, built once and run as their users run them. Needs nothing but the standard library.
//!
//! Include it where it is needed: `#[path = "../support/examples.rs"] mod examples;`.

use std::{
    env,
    ffi::OsStr,
    path::PathBuf,
    process::{Command, Stdio},
    sync::OnceLock,
};

/// The program of an example, fresh from its source.
///
/// # Panics
/// It cannot be built; the message says what cargo said.
pub fn example(name: &str) -> PathBuf {
    static FOLDER: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let folder = FOLDER.get_or_init(build).as_ref().unwrap_or_else(|problem| panic!("{problem}"));
    let program = folder.join(format!("{name}{}", env::consts::EXE_SUFFIX));
    assert!(program.is_file(), "cargo built the examples, but {} is not there", program.display());
    program
}

/// `cargo test` builds examples too, but not where one package alone is tested; where they are fresh this is quick.
/// The whole workspace is named, with all features if the tests have all, so that what `cargo test` built is taken.
fn build() -> Result<PathBuf, String> {
    let test = env::current_exe().map_err(|error| format!("a test without a program: {error}"))?;
    let mut folders = test.ancestors().skip(1);
    let (Some(_deps), Some(profile), Some(target)) = (folders.next(), folders.next(), folders.next()) else {
        return Err(format!("expected a test's program in target/profile/deps, not at {}", test.display()));
    };
    let name = match profile.file_name().and_then(OsStr::to_str) {
        Some("debug") | None => "dev",
        Some(other) => other,
    };
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = Command::new(&cargo);
    for name in env::vars_os().map(|(name, _)| name).filter(|name| is_of_this_package(name)) {
        build.env_remove(name);
    }
    let built = build
        .args(["build", "--workspace", "--example", "fairwinds", "--example", "scale", "--example", "state"])
        .args(features())
        .args(["--profile", name])
        .arg("--target-dir")
        .arg(target)
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .stdin(Stdio::null())
        .output()
        .map_err(|error| {
            format!("these tests need cargo to build the examples: {}: {error}", cargo.display())
        })?;
    if !built.status.success() {
        let said = String::from_utf8_lossy(&built.stderr);
        return Err(format!("these tests run the examples, which do not build:\n{said}"));
    }
    Ok(profile.join("examples"))
}

/// The features that the tests have themselves.
fn features() -> &'static [&'static str] {
    match (cfg!(feature = "client"), cfg!(feature = "stores")) {
        (true, true) => &["--all-features"],
        (true, false) => &["--features", "landform/client"],
        (false, true) => &["--features", "landform/encryption,landform/object-store,landform/postgres"],
        (false, false) => &[],
    }
}

/// What cargo tells this test of its own package. Build scripts of dependencies look at such variables too, so a build
/// that inherits them would compile those dependencies again.
fn is_of_this_package(name: &OsStr) -> bool {
    const PREFIXES: [&str; 5] =
        ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_", "CARGO_PRIMARY_"];
    let name = name.to_str().unwrap_or_default();
    name == "OUT_DIR" || PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}
