//! `edit` and `replace`: change a cluster's documents. An invalid change does not alter the store.

use landform::kops::{Part, Spec, check_replacement, validate};
use serde_json::Value;

use crate::arguments::{Changes, Common, Edit, Files};
use crate::store::Store;
use crate::{Failure, create};

pub async fn run(common: &Common, edit: Edit) -> Result<(), Failure> {
    let (named, group, changes) = match edit {
        Edit::Cluster { cluster, changes } => (cluster, None, changes),
        Edit::Instancegroup { group, changes } => (None, Some(group), changes),
    };
    let Changes { sets, unsets } = changes;
    if sets.is_empty() && unsets.is_empty() {
        return Err("expected --set or --unset: what is to be changed".into());
    }
    let (store, cluster) = (Store::open(common)?, common.cluster(named.as_deref())?);
    let old = store.spec(&cluster).await?;
    let mut new = old.clone();
    let part = group.as_deref().map_or(Part::Cluster, Part::Group);
    new.unset(part, &unsets)?;
    new.set(part, &sets)?;
    keep(&store, &old, &new).await?;
    match group {
        Some(group) => println!("Changed instancegroup/{group}"),
        None => println!("Changed cluster/{cluster}"),
    }
    Ok(())
}

/// Replaces documents by documents from files. A file with only groups belongs to the cluster in --name.
pub async fn replace(common: &Common, Files { files, force }: Files) -> Result<(), Failure> {
    let store = Store::open(common)?;
    let mut texts = create::read(&files)?;
    if !texts.iter().any(|(_, text)| has_cluster(text)) {
        let cluster = common.cluster(None)?;
        texts.extend(store.cluster_text(&cluster).await?);
    }
    let given = create::parse(&texts)?;
    let old = store.spec(given.name()).await?;
    let mut new = old.clone();
    new.cluster = given.cluster;
    for group in given.groups {
        match new.groups.iter_mut().find(|other| other.metadata.name == group.metadata.name) {
            Some(other) => *other = group,
            None if force => new.groups.push(group),
            None => {
                let name = &group.metadata.name;
                return Err(format!("{} has no group {name}; --force adds it", old.name()).into());
            }
        }
    }
    if !given.ssh_keys.is_empty() {
        new.ssh_keys = given.ssh_keys;
    }
    keep(&store, &old, &new).await?;
    println!("Replaced cluster/{}", new.name());
    Ok(())
}

/// Whether one of a file's documents is a cluster. The parser refuses an unreadable file.
fn has_cluster(text: &str) -> bool {
    let documents: Vec<Value> = serde_saphyr::from_multiple(text).unwrap_or_default();
    documents.iter().any(|document| document["kind"] == "Cluster")
}

async fn keep(store: &Store, old: &Spec, new: &Spec) -> Result<(), Failure> {
    check_replacement(old, new)?;
    validate(new)?;
    store.replace(new).await
}
