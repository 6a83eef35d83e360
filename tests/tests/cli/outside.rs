//! A crate outside this workspace that depends on the facade only. It builds, its tests pass, the examples in the
//! documents compile in it, and wrong programs do not compile.

use std::{fs, path::Path, process::Command, sync::OnceLock};

use landform_testkit::cargo;

/// Programs that must not compile, and the expected message of the compiler.
const SLIPS: [(&str, &str); 3] = [
    ("wrong_reference", "NatGateway>` nor a reference to one"),
    ("forgotten_attributes", "`NetworkAttributes` is not declared as the attributes of a resource type"),
    ("forgotten_block", "`Way` cannot stand in a declaration"),
];

/// Copies the crate to a folder, ready to build.
fn outside() -> &'static Path {
    static PLACE: OnceLock<tempfile::TempDir> = OnceLock::new();
    let place = PLACE.get_or_init(|| {
        let (root, place) = (root(), tempfile::tempdir().unwrap());
        let source = root.join("tests/outside");
        fs::create_dir_all(place.path().join("src/bin")).unwrap();
        fs::copy(source.join("src/lib.rs"), place.path().join("src/lib.rs")).unwrap();
        for (slip, _) in SLIPS {
            let file = format!("src/bin/{slip}.rs");
            fs::copy(source.join(&file), place.path().join(&file)).unwrap();
        }
        let manifest = fs::read_to_string(source.join("Cargo.toml")).unwrap();
        let manifest = manifest.replace("\"../..\"", &format!("{:?}", root.display().to_string()));
        fs::write(place.path().join("Cargo.toml"), manifest).unwrap();
        // The same versions as in this workspace, so that cargo needs no network.
        fs::copy(root.join("Cargo.lock"), place.path().join("Cargo.lock")).unwrap();
        place
    });
    place.path()
}

fn root() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

/// Cargo in that crate, with the workspace's target folder, which already has many dependencies.
fn cargo_outside() -> Command {
    let (target, _) = cargo::folders().unwrap();
    let mut cargo = cargo::command();
    cargo.current_dir(outside()).env("CARGO_TARGET_DIR", target).env("LANDFORM", root());
    cargo
}

#[test]
fn it_builds_and_works_and_so_do_the_documents() {
    let ran = cargo_outside().args(["test", "--offline"]).output().unwrap();
    let said = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success(), "{said}\n{}", String::from_utf8_lossy(&ran.stderr));
    for document in ["readme", "adding_a_resource", "cli", "embedding", "layers", "stacks"] {
        assert!(
            said.contains(&format!("documents::{document} ")),
            "no example of {document} was tried:\n{said}"
        );
    }
}

#[test]
fn states_are_the_same_where_another_crate_keeps_the_order_of_keys() {
    let ran = cargo_outside().args(["test", "--offline", "--lib", "--features", "ordered"]).output().unwrap();
    let said = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success(), "{said}\n{}", String::from_utf8_lossy(&ran.stderr));
    assert!(said.contains("2 passed"), "{said}");
}

#[test]
fn what_must_not_compile_is_refused_with_the_slip() {
    for (slip, expected) in SLIPS {
        let mut cargo = cargo_outside();
        cargo.args(["check", "--offline", "--quiet", "--features", "slips", "--bin", slip]);
        let checked = cargo.output().unwrap();
        let said = String::from_utf8_lossy(&checked.stderr);
        assert!(!checked.status.success(), "{slip} compiles");
        assert!(said.contains(expected), "{slip}: expected {expected:?} in\n{said}");
    }
}
