//! Runs cargo from a test: with the same target folder, and without the variables of the test's own package.

use std::{
    env,
    ffi::OsStr,
    path::PathBuf,
    process::{Command, Stdio},
};

/// Cargo, at the workspace's root.
pub fn command() -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for name in env::vars_os().map(|(name, _)| name).filter(|name| is_of_this_package(name)) {
        cargo.env_remove(name);
    }
    cargo.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).stdin(Stdio::null());
    cargo
}

/// Where this test was built: the target folder, and the folder of its profile.
pub fn folders() -> Result<(PathBuf, PathBuf), String> {
    let test = env::current_exe().map_err(|error| format!("a test without a program: {error}"))?;
    let mut folders = test.ancestors().skip(1);
    match (folders.next(), folders.next(), folders.next()) {
        (Some(_deps), Some(profile), Some(target)) => Ok((target.into(), profile.into())),
        _ => Err(format!("expected a test's program in target/profile/deps, not at {}", test.display())),
    }
}

/// Whether cargo sets a variable for the test's own package. Build scripts of dependencies read such variables too, so
/// a build that inherits them would compile those dependencies again.
fn is_of_this_package(name: &OsStr) -> bool {
    const PREFIXES: [&str; 5] =
        ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_", "CARGO_PRIMARY_"];
    let name = name.to_str().unwrap_or_default();
    name == "OUT_DIR" || PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}
