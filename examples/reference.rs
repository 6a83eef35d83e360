//! Writes the reference page of every resource type and data source to a folder for each cloud.
//!
//! ```sh
//! cargo run --features gce --example reference -- docs/reference
//! ```

use std::{
    collections::{BTreeMap, BTreeSet},
    error::Error,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use landform::{
    ResourceType, aws,
    aws::permissions::{Permissions, Use},
    view::{Permission, reference},
};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args_os().nth(1).ok_or("expected a folder to write to")?);
    let aws = aws::types();
    write(&folder.join("aws"), "AWS", &aws, permissions_on_aws)?;
    #[cfg(feature = "gce")]
    {
        let gce = landform::gce::types();
        write(&folder.join("gce"), "Google", &gce, |_| Vec::new())?;
    }
    Ok(())
}

/// Writes a page for each type, and an index of them.
fn write(
    folder: &Path,
    cloud: &str,
    types: &[Arc<ResourceType>],
    permissions: fn(&ResourceType) -> Vec<Permission>,
) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(folder)?;
    let mut index: [BTreeMap<&str, &str>; 2] = Default::default();
    for of in types {
        fs::write(folder.join(format!("{}.md", of.name)), reference(of, &permissions(of)))?;
        let summary = of.doc.split("\n\n").next().unwrap_or_default();
        index[usize::from(of.is_data())].insert(of.name_str(), summary);
    }
    let [managed, data] = index.map(|types| {
        let row =
            |(name, doc): (&&str, &&str)| format!("| [{name}]({name}.md) | {} |\n", doc.replace('\n', " "));
        types.iter().map(row).collect::<String>()
    });
    let command = "cargo run --features gce --example reference -- docs/reference";
    let mut index = format!("# {cloud}: reference\n\n`{command}` writes these pages from the types.\n");
    for (title, rows) in [("Resource types", managed), ("Data sources", data)] {
        if !rows.is_empty() {
            index += &format!("\n## {title}\n\n| type | |\n|---|---|\n{rows}");
        }
    }
    fs::write(folder.join("README.md"), index)?;
    println!("{} pages are in {}", types.len(), folder.display());
    Ok(())
}

/// The IAM actions that each use of a type needs.
fn permissions_on_aws(of: &ResourceType) -> Vec<Permission> {
    let uses: &[(&str, Use)] = match of.is_data() {
        true => &[("read", Use::Read)],
        false => {
            &[("read", Use::Read), ("create", Use::Create), ("update", Use::Change), ("delete", Use::Delete)]
        }
    };
    let Some(known) = Permissions::of(of.name_str()) else { return Vec::new() };
    let permissions = uses.iter().map(|(to, of)| {
        let names: BTreeSet<_> = known.actions(*of).collect();
        Permission { to, names: names.into_iter().collect() }
    });
    permissions.filter(|permission| !permission.names.is_empty()).collect()
}
