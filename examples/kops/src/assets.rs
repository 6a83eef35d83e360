//! `get assets`: the files and images that machines download, and the lock file with the files' hashes. Downloads
//! nothing, unless it copies.

use std::fs::File;
use std::path::{Path, PathBuf};

use landform::cli::Table;
use landform::kops::spec::Assets;
use landform::kops::{FixedLookup, HashLock, Inventory, NetworkSource, Spec, populate, sha256};
use landform::store::{Content, Expect, Files};
use serde_json::json;

use crate::Failure;
use crate::arguments::{Common, CopyArguments, Form, Output};
use crate::copy::{self, Sources};
use crate::store::Store;
use crate::world::World;

pub async fn run(
    common: &Common,
    store: &Store,
    spec: &Spec,
    mirror: Option<&Path>,
    copying: &CopyArguments,
    form: &Form,
) -> Result<(), Failure> {
    let assets = spec.cluster.spec.assets.clone().unwrap_or_default();
    if copying.copy {
        copy::check(&assets)?;
    }
    // The refresh adds missing hashes to the lock file, so they are no error here.
    let asked =
        Common { file_hashes: common.file_hashes.clone().filter(|_| mirror.is_none()), ..common.clone() };
    let mut lookup = World::open(common, store, spec).await?.lookup(&asked, store, spec).await?;
    lookup.makes_up_hashes |= mirror.is_some();
    let inventory = Inventory::of(&populate(spec, &NetworkSource::Spec, &lookup)?);
    match (mirror, &common.file_hashes) {
        (Some(mirror), Some(lock)) => refresh(lock, mirror, &inventory).await,
        _ if copying.copy => {
            let sources =
                Sources { mirror: copying.mirror.as_deref(), pull_through: copying.pull_through.as_deref() };
            copy::run(&assets, inventory.files, images(spec, &assets, &lookup)?, sources).await
        }
        _ => show(images(spec, &assets, &lookup)?, inventory, form.output),
    }
}

/// The images, each with its usual name and the name by which machines pull it.
fn images(spec: &Spec, assets: &Assets, lookup: &FixedLookup) -> Result<Vec<[String; 2]>, Failure> {
    let mut plain = spec.clone();
    plain.cluster.spec.assets = None;
    let usual = Inventory::of(&populate(&plain, &NetworkSource::Spec, lookup)?).images;
    Ok(usual.into_iter().map(|image| [image.clone(), assets.image(&image)]).collect())
}

fn show(images: Vec<[String; 2]>, Inventory { files, .. }: Inventory, output: Output) -> Result<(), Failure> {
    if output == Output::Table {
        println!("{}", Table::new(["CANONICAL", "DOWNLOAD"], images));
        let files = files.into_iter().map(|file| [file.canonical, file.download, file.sha256]);
        print!("{}", Table::new(["CANONICAL", "DOWNLOAD", "SHA"], files));
        return Ok(());
    }
    let files = files
        .iter()
        .map(|file| json!({ "canonical": file.canonical, "download": file.download, "sha": file.sha256 }));
    let images =
        images.iter().map(|[canonical, download]| json!({ "canonical": canonical, "download": download }));
    let all = json!({ "files": files.collect::<Vec<_>>(), "images": images.collect::<Vec<_>>() });
    match output {
        Output::Json => println!("{all:#}"),
        _ => print!("{}", serde_saphyr::to_string(&all)?),
    }
    Ok(())
}

/// Reads the lock file.
pub async fn locked(file: &Path) -> Result<HashLock, Failure> {
    match Lock::at(file)?.read().await? {
        Some((_, lock)) => Ok(lock),
        None => Err(format!(
            "{}: the lock file of hashes does not exist. get assets --refresh creates it",
            file.display()
        )
        .into()),
    }
}

/// Adds the hashes of a mirror's files to the lock file. An existing hash stays, because a released file never
/// changes.
async fn refresh(file: &Path, mirror: &Path, inventory: &Inventory) -> Result<(), Failure> {
    let place = Lock::at(file)?;
    let (found, mut lock) =
        place.read().await?.map_or((None, HashLock::default()), |(found, lock)| (Some(found), lock));
    let mut wrong = Vec::new();
    for file in &inventory.files {
        match digest(mirror, &file.canonical) {
            Err(failure) => wrong.push(failure.to_string()),
            Ok(digest) => {
                if let Some(known) = lock.insert(&file.canonical, &digest) {
                    wrong.push(format!(
                        "{}: the mirror's file has the SHA-256 {digest}, but the lock file has {known}",
                        file.canonical
                    ));
                }
            }
        }
    }
    if !wrong.is_empty() {
        return Err(wrong.join("\n").into());
    }
    let expect = found.as_ref().map_or(Expect::Nothing, |found| Expect::Version(&found.version));
    place.files.put(&place.name, lock.to_string().into_bytes(), expect).await?;
    println!("{} has the hashes of {} files", file.display(), inventory.files.len());
    Ok(())
}

/// The hash of a mirror's file. It must match the published hash beside the file, if there is one.
fn digest(mirror: &Path, url: &str) -> Result<String, Failure> {
    let path = mirror.join(url.split_once("://").map_or(url, |(_, path)| path));
    let fail = |path: &Path, error: std::io::Error| format!("{}: {error}", path.display());
    let found = File::open(&path).and_then(sha256).map_err(|error| fail(&path, error))?;
    let beside = PathBuf::from(format!("{}.sha256", path.display()));
    let published = match std::fs::read_to_string(&beside) {
        Ok(text) => text.split_whitespace().next().unwrap_or_default().to_owned(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(found),
        Err(error) => return Err(fail(&beside, error).into()),
    };
    if published == found {
        return Ok(found);
    }
    Err(format!("{}: the file has the SHA-256 {found}, expected {published:?}", beside.display()).into())
}

/// The path of the lock file.
struct Lock {
    files: Files,
    name: String,
}

impl Lock {
    fn at(file: &Path) -> Result<Self, Failure> {
        let file = std::path::absolute(file)?;
        let (Some(folder), Some(name)) = (file.parent(), file.file_name().and_then(|name| name.to_str()))
        else {
            return Err(format!("{}: expected a file", file.display()).into());
        };
        Ok(Self { files: Files::open(&folder.display().to_string())?, name: name.to_owned() })
    }

    async fn read(&self) -> Result<Option<(Content, HashLock)>, Failure> {
        let Some(found) = self.files.get(&self.name).await? else { return Ok(None) };
        let place = self.files.url(&self.name);
        let text =
            std::str::from_utf8(&found.bytes).map_err(|error| format!("{place}: not UTF-8: {error}"))?;
        let lock = HashLock::parse(text).map_err(|error| format!("{place}: {error}"))?;
        Ok(Some((found, lock)))
    }
}
