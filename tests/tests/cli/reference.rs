//! The reference pages in `docs/` say what the types say.

use std::{collections::BTreeMap, ffi::OsString, fs, path::Path, process::Command};

use landform_testkit::examples::example;

/// What to do about a difference.
const WRITE: &str = "run `cargo run --features gce --example reference -- docs/reference`";

#[test]
fn the_pages_are_those_of_the_types() {
    let folder = tempfile::tempdir().unwrap();
    let written = Command::new(example("reference")).arg(folder.path()).output().unwrap();
    assert!(written.status.success(), "{}", String::from_utf8_lossy(&written.stderr));
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/reference");
    for cloud in fs::read_dir(folder.path()).unwrap().map(|cloud| cloud.unwrap()) {
        let [wanted, is] = [cloud.path(), committed.join(cloud.file_name())].map(|folder| pages(&folder));
        let names = |pages: &BTreeMap<OsString, String>| pages.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&is), names(&wanted), "{WRITE}, and delete the pages of types that are gone");
        for (name, page) in &is {
            assert!(*page == wanted[name], "{name:?} differs: {WRITE}");
        }
    }
}

/// The texts of a folder's files by their names.
fn pages(folder: &Path) -> BTreeMap<OsString, String> {
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap());
    files.map(|file| (file.file_name(), fs::read_to_string(file.path()).unwrap())).collect()
}
