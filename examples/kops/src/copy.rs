//! `get assets --copy`: copies the files and images that machines download to the cluster's own file server and
//! registry. What is already there stays, so a second run continues where the first one stopped.

mod files;
mod images;

use std::path::Path;

use futures::{StreamExt as _, stream};
use landform::kops::AssetFile;
use landform::kops::spec::Assets;

use crate::Failure;

/// How many files, and then how many images, are copied at once.
const AT_ONCE: usize = 4;

/// Where the copies come from instead of the usual places.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sources<'a> {
    /// A directory with each file at `HOST/PATH`.
    pub mirror: Option<&'a Path>,
    /// A registry that passes on the images of others: `HOST/PATH`.
    pub pull_through: Option<&'a str>,
}

/// What a copy did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Copied {
    Anew,
    WasThere,
}

/// Refuses a cluster without a place that copies could go to.
pub fn check(assets: &Assets) -> Result<(), Failure> {
    if assets.file_repository.is_none() && assets.container_registry.is_none() {
        return Err("spec.assets has neither fileRepository nor containerRegistry, so machines use the usual places. \
                    Set one of them to copy files or images there"
            .into());
    }
    Ok(())
}

/// Copies the files and images that machines download from the cluster's own places. It tries each of them, and then names
/// all that failed.
pub async fn run(
    assets: &Assets,
    files: impl IntoIterator<Item = AssetFile>,
    images: Vec<[String; 2]>,
    sources: Sources<'_>,
) -> Result<(), Failure> {
    let files: Vec<AssetFile> = files.into_iter().filter(|file| file.download != file.canonical).collect();
    // A proxy fetches images by itself.
    let has_registry = assets.container_registry.is_some();
    let images: Vec<[String; 2]> =
        images.into_iter().filter(|[usual, own]| has_registry && usual != own).collect();

    let shelves = &files::Shelves::new(sources.mirror)?;
    let registries = &images::Registries::new(sources.pull_through, &images);
    let mut report = Report::default();
    let mut copies = stream::iter(&files)
        .map(|file| async move { (&file.canonical, &file.download, shelves.copy(file).await) })
        .buffer_unordered(AT_ONCE);
    while let Some((from, to, outcome)) = copies.next().await {
        report.add(from, to, outcome);
    }
    let mut copies = stream::iter(&images)
        .map(|[usual, own]| async move { (usual, own, registries.copy(usual, own).await) })
        .buffer_unordered(AT_ONCE);
    while let Some((from, to, outcome)) = copies.next().await {
        report.add(from, to, outcome);
    }
    report.end()
}

/// Prints each copy as it ends, and counts.
#[derive(Default)]
struct Report {
    anew: usize,
    there: usize,
    wrong: Vec<String>,
}

impl Report {
    fn add(&mut self, from: &str, to: &str, outcome: Result<Copied, Failure>) {
        match outcome {
            Ok(Copied::Anew) => {
                self.anew += 1;
                println!("copied {from} to {to}");
            }
            Ok(Copied::WasThere) => self.there += 1,
            Err(failure) => self.wrong.push(format!("{from} to {to}: {failure}")),
        }
    }

    fn end(self) -> Result<(), Failure> {
        println!("{} copied, {} already there", self.anew, self.there);
        if self.wrong.is_empty() {
            return Ok(());
        }
        Err(format!("{} could not be copied:\n{}", self.wrong.len(), self.wrong.join("\n")).into())
    }
}
