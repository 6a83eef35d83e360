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
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    let program = FOLDER.get_or_init(build).join(format!("{name}{}", env::consts::EXE_SUFFIX));
    assert!(program.is_file(), "cargo built the examples, but {} is not there", program.display());
    program
}

/// `cargo test` builds examples too, but not where one package alone is tested; where they are fresh this is quick.
/// The whole workspace is named, so that the same features are chosen as by `cargo test --workspace`.
fn build() -> PathBuf {
    let test = env::current_exe().expect("a test has a program");
    let mut folders = test.ancestors().skip(1);
    let name = "a test's program is target/profile/deps/name";
    let (Some(_deps), Some(profile), Some(target)) = (folders.next(), folders.next(), folders.next()) else {
        panic!("{name}, and not {}", test.display());
    };
    let profile_name = match profile.file_name().and_then(OsStr::to_str).expect(name) {
        "debug" => "dev",
        other => other,
    };
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(&cargo)
        .args(["build", "--workspace", "--example", "fairwinds", "--example", "scale"])
        .args(["--profile", profile_name])
        .arg("--target-dir")
        .arg(target)
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .stdin(Stdio::null())
        .output()
        .unwrap_or_else(|error| panic!("the examples are built by {}: {error}", cargo.display()));
    let said = String::from_utf8_lossy(&built.stderr);
    assert!(built.status.success(), "these tests run the examples, which do not build:\n{said}");
    profile.join("examples")
}
