//! `kops update cluster --target terraform`: a case's spec becomes Terraform JSON and the files that it names.

use std::path::Path;

use landform::kops::{FixedLookup, Options, Spec, cluster};
use landform::{Stack, view};

use crate::{Failure, form};

/// The file of a case that holds its spec.
pub const SPEC: &str = "in-v1alpha2.yaml";

/// What all cases of a folder share: the answers of kops's mock cloud.
pub struct World {
    lookup: FixedLookup,
}

impl World {
    /// The world of a folder of cases.
    pub fn of(_cases: &Path) -> Result<Self, Failure> {
        Ok(Self { lookup: FixedLookup::kops_suite() })
    }

    /// Renders the case of a folder.
    pub fn render(&self, case: &Path, out: &Path) -> Result<(), Failure> {
        let spec = Spec::load(case.join(SPEC))?;
        let key = case.join("id_rsa.pub");
        let ssh_public_key = key.is_file().then(|| std::fs::read_to_string(key)).transpose()?;
        let options = Options { ssh_public_key, ..Options::default() };
        let mut stack = Stack::new("cluster");
        cluster(&mut stack, &spec, &options, &self.lookup)?;
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
        let path = out.join(path);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(path, text)?;
    }
    Ok(())
}
