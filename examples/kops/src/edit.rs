//! `edit` and `replace`: change a cluster's documents. An invalid change does not alter the store.

use std::path::Path;
use std::process::Command;

use landform::kops::{Part, Spec, check_replacement, validate};
use serde_json::Value;

use crate::arguments::{Changes, Common, Edit, Files};
use crate::question::{self, Answers};
use crate::store::Store;
use crate::{Failure, create};

/// The answers to the question whether to edit again.
const AGAIN: Answers<'static, bool> = &[(&["", "y", "yes"], true), (&["n", "no"], false)];

pub async fn run(common: &Common, edit: Edit) -> Result<(), Failure> {
    let (named, group, changes) = match edit {
        Edit::Cluster { cluster, changes } => (cluster, None, changes),
        Edit::Instancegroup { group, changes } => (None, Some(group), changes),
    };
    let Changes { sets, unsets } = changes;
    let (store, cluster) = (Store::open(common)?, common.cluster(named.as_deref())?);
    let old = store.spec(&cluster).await?;
    let new = if sets.is_empty() && unsets.is_empty() {
        in_editor(&old, group.as_deref())?
    } else {
        let mut new = old.clone();
        let part = group.as_deref().map_or(Part::Cluster, Part::Group);
        new.unset(part, &unsets)?;
        new.set(part, &sets)?;
        new
    };
    if new.to_yaml() == old.to_yaml() {
        println!("Edit cancelled, no changes made.");
        return Ok(());
    }
    keep(&store, &old, &new).await?;
    match group {
        Some(group) => println!("Changed instancegroup/{group}"),
        None => println!("Changed cluster/{cluster}"),
    }
    Ok(())
}

/// A spec after the user edited the document of its cluster, or of a group. If the document is invalid, the user may
/// edit it again. Otherwise it stays in a file, which the error names.
pub fn in_editor(spec: &Spec, group: Option<&str>) -> Result<Spec, Failure> {
    let text = match group {
        None => spec.cluster_yaml(),
        Some(name) => match spec.group(name) {
            Some(group) => group.to_yaml(),
            None => return Err(format!("{} has no group {name}", spec.name()).into()),
        },
    };
    let editor = ["KUBE_EDITOR", "VISUAL", "EDITOR"].iter().find_map(|name| std::env::var(name).ok());
    let editor = editor.filter(|editor| !editor.trim().is_empty()).unwrap_or_else(|| "vi".to_owned());
    let file = tempfile::Builder::new().prefix("kops-edit-").suffix(".yaml").tempfile()?;
    std::fs::write(file.path(), &text)?;
    loop {
        let mut words = editor.split_whitespace();
        let ended = Command::new(words.next().unwrap_or("vi")).args(words).arg(file.path()).status();
        if !ended.map_err(|error| format!("the editor {editor:?}: {error}"))?.success() {
            return Err(format!("the editor {editor:?} failed, and nothing was changed").into());
        }
        let edited = std::fs::read_to_string(file.path())?;
        let failure = match with_document(spec, group, file.path(), &edited) {
            Ok(new) => return Ok(new),
            Err(failure) => failure,
        };
        eprintln!("error: {failure}");
        let again = question::ask("Edit the document again? (Y)es, (N)o: [Y]", AGAIN)?;
        if again != Some(true) {
            let (_, kept) = file.keep()?;
            return Err(format!("nothing was changed. The document is in {}", kept.display()).into());
        }
    }
}

/// A spec with another document of its cluster, or of a group.
fn with_document(spec: &Spec, group: Option<&str>, file: &Path, text: &str) -> Result<Spec, Failure> {
    let name = file.display().to_string();
    let mut new = spec.clone();
    match group {
        None => {
            let given = Spec::parse(&name, text)?;
            if given.name() != spec.name() {
                return Err(format!("{name}: {:?}: expected {:?}", given.name(), spec.name()).into());
            }
            new.cluster = given.cluster;
        }
        Some(group) => {
            let given = Spec::parse_all([("the cluster", &*spec.cluster_yaml()), (&*name, text)])?;
            let mut groups = given.groups.into_iter();
            match (groups.next(), groups.next()) {
                (Some(edited), None) if edited.metadata.name == group => {
                    new.groups.retain(|other| other.metadata.name != group);
                    new.groups.push(edited);
                }
                _ => return Err(format!("{name}: expected the group {group} alone").into()),
            }
        }
    }
    check_replacement(spec, &new)?;
    validate(&new)?;
    Ok(new)
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
