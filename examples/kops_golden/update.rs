//! `kops update cluster --target terraform`: a case's spec becomes Terraform JSON and the files that it names.

use std::path::{Path, PathBuf};

use landform::kops::spec::Cloud;
use landform::kops::{self, FixedLookup, MissingAddons, Options, Spec};
use landform::{Stack, view};

use crate::form;
use landform_testkit::kops::world::{self, Failure};

/// The file of a case that holds its spec.
pub const SPEC: &str = "in-v1alpha2.yaml";
/// The data that all cases of a folder share.
pub struct World {
    lookup: FixedLookup,
}

impl World {
    /// The world of a folder of cases. `shared` provides what the folder lacks.
    pub fn of(cases: &Path, shared: Option<&Path>) -> Result<Self, Failure> {
        Ok(Self { lookup: world::lookup(cases, shared)? })
    }

    /// Renders the case of a folder.
    pub fn render(&self, case: &Path, out: &Path) -> Result<(), Failure> {
        let file = case.join(SPEC);
        let text = std::fs::read_to_string(&file)?;
        let (spec, ignored) = Spec::parse_as_kops(&file.display().to_string(), &text)?;
        for field in ignored {
            eprintln!("left out, as kops does: {field}");
        }
        for field in kops::unused(&spec) {
            eprintln!("{field}");
        }
        let key = case.join("id_rsa.pub");
        let ssh_public_key = key.is_file().then(|| std::fs::read_to_string(key)).transpose()?;
        // An unsupported part counts as missing. The rest of the case is still compared.
        let missing_addons = MissingAddons::LeftOut;
        let mut lookup = self.lookup.clone();
        let encryption = case.join("encryptionconfig.yaml");
        if encryption.is_file() {
            lookup.secrets.insert("encryptionconfig".into(), std::fs::read(encryption)?);
        }
        let mut stack = Stack::new("cluster");
        if spec.cluster.spec.is_on(Cloud::Gce) {
            let options = Options { ssh_public_key, missing_addons, ..Options::default() };
            kops::gce::cluster(&mut stack, &spec, &options, &lookup.on_google())?;
        } else {
            let options = Options { ssh_public_key, missing_addons, ..Options::default() };
            kops::cluster(&mut stack, &spec, &options, &lookup)?;
        }
        stack.check()?;
        write(&stack, out)
    }
}

/// Writes a stack as Terraform JSON. The folder is replaced.
fn write(stack: &Stack, out: &Path) -> Result<(), Failure> {
    let mut export = view::terraform(stack)?;
    form::rewrite(&mut export.main);
    if out.exists() {
        std::fs::remove_dir_all(out)?;
    }
    std::fs::create_dir_all(out)?;
    std::fs::write(out.join("main.tf.json"), format!("{:#}\n", export.main))?;
    for (path, text) in &export.files {
        let path: PathBuf = out.join(path);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(path, text)?;
    }
    Ok(())
}
