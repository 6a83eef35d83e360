//! The reference pages in `docs/` say what the types say.

use std::{fs, path::Path, process::Command};

use landform_testkit::examples::example;

#[test]
fn the_pages_are_those_of_the_types() {
    let folder = tempfile::tempdir().unwrap();
    let written = Command::new(example("reference")).arg(folder.path()).output().unwrap();
    assert!(written.status.success(), "{}", String::from_utf8_lossy(&written.stderr));
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/reference");
    for cloud in fs::read_dir(folder.path()).unwrap().map(|cloud| cloud.unwrap()) {
        let names = |folder: &Path| {
            let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
            let mut names: Vec<_> = names.collect();
            names.sort();
            names
        };
        let committed = committed.join(cloud.file_name());
        assert_eq!(
            names(&cloud.path()),
            names(&committed),
            "cargo run --example reference -- docs/reference"
        );
        for name in names(&committed) {
            let [is, wanted] =
                [&committed, &cloud.path()].map(|folder| fs::read_to_string(folder.join(&name)).unwrap());
            assert!(is == wanted, "{name:?} differs: run cargo run --example reference -- docs/reference");
        }
    }
}
