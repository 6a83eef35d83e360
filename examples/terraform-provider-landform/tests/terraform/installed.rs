//! Plugins where Terraform keeps them. The real Terraform writes the folders, the lock files and the hashes.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::Command,
};

use landform::{
    serde_json::json,
    terraform::{Installed, InstalledError, Plugin},
};

use crate::bench::{BINARY, has_terraform};

const VERSION: &str = "0.1.0";

/// A folder that `terraform init` has worked in, with a mirror of the plugin.
struct Initialised {
    folder: tempfile::TempDir,
}

impl Initialised {
    /// Fills a mirror, and initialises a configuration from it.
    fn new(fill: impl FnOnce(&Path)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let this = Self { folder };
        let own = this.mirror().join("registry.terraform.io/landform/landform");
        fs::create_dir_all(&own).unwrap();
        fill(&own);
        let settings =
            format!("provider_installation {{\n  filesystem_mirror {{ path = {:?} }}\n}}\n", this.mirror());
        fs::write(this.at("cli.tfrc"), settings).unwrap();
        let needed = json!({ "landform": { "source": "landform/landform" } });
        let main = json!({ "terraform": { "required_providers": needed } });
        fs::write(this.at("main.tf.json"), main.to_string()).unwrap();
        this.terraform(&["init"]);
        this
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn mirror(&self) -> PathBuf {
        self.at("mirror")
    }

    fn terraform(&self, arguments: &[&str]) {
        let mut command = Command::new("terraform");
        command.current_dir(self.folder.path()).args(arguments).arg("-no-color");
        command.env("TF_CLI_CONFIG_FILE", self.at("cli.tfrc")).env("CHECKPOINT_DISABLE", "1");
        let output = command.output().unwrap();
        assert!(output.status.success(), "terraform {arguments:?}: {output:?}");
    }

    fn locked(&self) -> Installed {
        Installed::new("landform/landform").unwrap().locked_by(self.at(".terraform.lock.hcl")).unwrap()
    }
}

/// The platform's name, as Terraform itself says it.
fn platform() -> String {
    let output = Command::new("terraform").args(["version", "-json"]).output().unwrap();
    let said: landform::serde_json::Value = landform::serde_json::from_slice(&output.stdout).unwrap();
    said["platform"].as_str().unwrap().to_owned()
}

fn unpacked(own: &Path) {
    let place = own.join(VERSION).join(platform());
    fs::create_dir_all(&place).unwrap();
    fs::copy(BINARY, place.join(format!("terraform-provider-landform_v{VERSION}"))).unwrap();
    fs::write(place.join("LICENSE"), "free").unwrap();
}

fn packed(own: &Path) {
    let name = format!("terraform-provider-landform_{VERSION}_{}.zip", platform());
    let mut archive = zip::ZipWriter::new(fs::File::create(own.join(name)).unwrap());
    let options = zip::write::SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated)
        .unix_permissions(0o755);
    archive.start_file(format!("terraform-provider-landform_v{VERSION}"), options).unwrap();
    archive.write_all(&fs::read(BINARY).unwrap()).unwrap();
    archive.start_file("LICENSE", options).unwrap();
    archive.write_all(b"free").unwrap();
    archive.finish().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plugin_that_terraform_installed_is_found_and_checked() {
    if !has_terraform() {
        return;
    }
    let here = Initialised::new(unpacked);
    let found = here.locked().folder(here.at(".terraform/providers")).find().await.unwrap();
    let plugin = Plugin::open(found).await.unwrap();
    assert!(plugin.types().any(|known| known.name_str() == "landform_network"));

    let newest = Installed::new("landform/landform").unwrap().folder(here.mirror()).find().await;
    assert!(newest.is_ok(), "without a lock file, the newest version counts: {newest:?}");

    let license = here
        .mirror()
        .join("registry.terraform.io/landform/landform")
        .join(VERSION)
        .join(platform())
        .join("LICENSE");
    fs::write(license, "not free").unwrap();
    match here.locked().folder(here.mirror()).find().await {
        Err(InstalledError::Hash { found, expected, .. }) => {
            assert!(found.starts_with("h1:") && !expected.contains(&found), "{found} {expected:?}");
        }
        other => panic!("a changed file must be told: {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_packed_plugin_is_checked_and_unpacked() {
    if !has_terraform() {
        return;
    }
    let here = Initialised::new(packed);
    let refused = here.locked().folder(here.mirror()).find().await;
    assert!(matches!(refused, Err(InstalledError::Packed { .. })), "{refused:?}");
    let cache = here.at("cache");
    for _ in 0..2 {
        let found = here.locked().folder(here.mirror()).unpack_into(&cache).find().await.unwrap();
        Plugin::open(found).await.unwrap();
    }
    let unpacked = cache.join("registry.terraform.io/landform/landform").join(VERSION).join(platform());
    let names: Vec<_> = fs::read_dir(&unpacked).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 2, "{names:?}");

    // This command records the hash of the zip file too.
    let mirror = here.mirror();
    here.terraform(&["providers", "lock", &format!("-fs-mirror={}", mirror.display())]);
    let lock = fs::read_to_string(here.at(".terraform.lock.hcl")).unwrap();
    let found = here.locked().folder(&mirror).unpack_into(&cache).find().await;
    assert!(found.is_ok(), "{found:?} with {lock}");

    fs::write(unpacked.join("LICENSE"), "not free").unwrap();
    let changed = here.locked().folder(&mirror).unpack_into(&cache).find().await;
    assert!(matches!(changed, Err(InstalledError::Hash { .. })), "{changed:?}");
}

#[tokio::test]
async fn what_is_not_installed_is_one_error() {
    for malformed in ["", "random", "a/b/c/d", "hashicorp/", "hashi corp/random", "../x/y"] {
        let refused = Installed::new(malformed);
        assert!(matches!(refused, Err(InstalledError::Address { .. })), "{malformed}: {refused:?}");
    }
    let folder = tempfile::tempdir().unwrap();
    let absent = Installed::new("landform/absent").unwrap().version("1.2.3").unwrap().folder(folder.path());
    let said = absent.find().await.unwrap_err().to_string();
    let expected = "registry.terraform.io/landform/absent 1.2.3 is not installed for ";
    assert!(said.starts_with(expected) && said.contains(folder.path().to_str().unwrap()), "{said}");

    let wrong = Installed::new("landform/absent").unwrap().version("~> 1.0").unwrap_err().to_string();
    assert_eq!(
        wrong,
        "invalid version \"~> 1.0\" of registry.terraform.io/landform/absent: expected one such as 3.6.3"
    );

    let lock = folder.path().join(".terraform.lock.hcl");
    fs::write(&lock, "provider \"registry.terraform.io/landform/other\" {\n  version = \"1.0.0\"\n}\n")
        .unwrap();
    let not_locked = Installed::new("landform/absent").unwrap().locked_by(&lock).unwrap_err();
    assert!(matches!(not_locked, InstalledError::NotLocked { .. }), "{not_locked}");
    fs::write(&lock, "provider \"x\" {\n  version = \n}\n").unwrap();
    let malformed = Installed::new("landform/absent").unwrap().locked_by(&lock).unwrap_err();
    assert!(matches!(malformed, InstalledError::Lock { .. }), "{malformed}");
    assert!(malformed.to_string().contains("line 2"), "{malformed}");
}
