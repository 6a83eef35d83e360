//! A custom provider, for files: `cargo run --example provider -- apply --yes` writes greeting.txt.

use std::{fs, io, process::ExitCode, sync::Arc};

use landform::cli::{Cloud, Tool};
use landform::kit::{self, Attempt, Calls, Due, Kit, Made, Next, Repeated, Seen, Which, async_trait};
use landform::{ErrorKind, Id, Observed, Provider, ProviderError, ProviderResult, attributes, resource};

/// A file.
#[resource("local_file", id = "{path}", unique("path"))]
struct File {
    /// The path of the file.
    #[field(immutable)]
    path: String,
    /// Its content.
    content: String,
}
/// The attributes of a [`File`].
#[attributes]
struct FileAttributes {
    /// The path.
    id: Id<File>,
}
struct Disk;
impl kit::Cloud for Disk {}

#[async_trait]
impl Calls<Disk> for File {
    const REPEATED: Repeated = Repeated::MayBeAnothers;
    async fn look(_: &Disk, which: Which<'_, Self>) -> ProviderResult<Vec<Seen<Self>>> {
        let read = |path: &str| {
            let file = File { path: path.to_owned(), content: fs::read_to_string(path).ok()? };
            Some(Seen::new(file, FileAttributes { id: Id::new(path) }))
        };
        let paths = which.ids_or(|file| file.path.as_str().into());
        Ok(paths.iter().filter_map(|path| read(path)).collect())
    }
    async fn make(&self, _: &Disk, _: &Attempt<'_>) -> ProviderResult<Made<Self>> {
        fs::write(&self.path, &self.content).map(|()| Made::id(&self.path)).map_err(failed)
    }
    async fn change(&self, _: &Disk, _: &Seen<Self>, _: &Due<'_>) -> ProviderResult<Next> {
        fs::write(&self.path, &self.content).map(|()| Next::Changed).map_err(failed)
    }
    async fn remove(_: &Disk, prior: &Observed<Self>, _: &Attempt<'_>) -> ProviderResult<Next> {
        fs::remove_file(prior.id()).map(|()| Next::Done).map_err(failed)
    }
}
fn failed(error: io::Error) -> ProviderError {
    ProviderError::new(ErrorKind::Unavailable, error.to_string())
}
fn main() -> ExitCode {
    let provider = Provider::new("local").with::<File, _>(&Arc::new(Kit::new(Disk)));
    let disk = Cloud::new("disk", move |_| std::future::ready(Ok(vec![provider.clone()])));
    Tool::new("provider").cloud(disk).run(|context| {
        let mut stack = context.new_stack();
        stack.add("greeting", File::new("greeting.txt", "hello\n"));
        stack
    })
}
