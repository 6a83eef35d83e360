//! A provider of one type that only takes time, or writes one file for each resource.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use landform::{
    Abilities, Call, ErrorKind, FindBy, Found, Id, Manage, Observed, Progress, ProviderError, ProviderResult,
    attributes, resource,
};

/// A thing with an input, an output and parents.
#[resource("scale_node", id = "n{number}", takes(create = 0, update = 0, delete = 0))]
pub struct Node {
    /// Its number.
    #[field(immutable)]
    pub number: u64,
    /// Its input.
    pub input: String,
    /// The outputs of others.
    pub parents: Vec<String>,
}

/// The attributes of a node.
#[attributes]
pub struct NodeAttributes {
    /// Its id.
    pub id: Id<Node>,
    /// The input again.
    #[field(volatile)]
    pub output: String,
}

/// The place of the resources: nowhere, or a directory.
pub struct World {
    ledger: Option<PathBuf>,
    latency: Latency,
    resources: usize,
    tree: bool,
    calls: AtomicU64,
}

/// The input of a resource in one version.
pub fn input(number: usize, revision: u64) -> String {
    match revision {
        0 => format!("input-{number}"),
        _ => format!("input-{number}.{revision}"),
    }
}

/// How long effects take.
#[derive(Debug, Clone, Copy)]
pub struct Latency {
    from_ms: u64,
    to_ms: u64,
}

impl Latency {
    /// A range of latencies. All are equal without an upper limit.
    pub fn new(from_ms: u64, to_ms: Option<u64>) -> Self {
        Self { from_ms, to_ms: to_ms.unwrap_or(from_ms).max(from_ms) }
    }

    /// The latency of a resource: spread over the range by its number, and the same in every run.
    pub fn of(self, number: u64) -> Duration {
        let scattered = number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40;
        Duration::from_millis(self.from_ms + scattered % (self.to_ms - self.from_ms + 1))
    }
}

/// The resources to which a resource refers.
pub fn parents(number: usize) -> Vec<usize> {
    let mut parents = Vec::new();
    if number > 0 {
        parents.push(number / 10);
    }
    if number > 10 {
        let other = if number.is_multiple_of(3) { number - 7 } else { number / 7 };
        if other != number / 10 {
            parents.push(other);
        }
    }
    parents
}

impl World {
    pub fn new(ledger: Option<PathBuf>, latency: Latency, resources: usize, tree: bool) -> io::Result<Self> {
        if let Some(ledger) = &ledger {
            fs::create_dir_all(ledger)?;
        }
        Ok(Self { ledger, latency, resources, tree, calls: AtomicU64::new(0) })
    }

    /// The number of calls.
    pub fn calls(&self) -> u64 {
        self.calls.load(Ordering::Relaxed)
    }

    fn count(&self) {
        self.calls.fetch_add(1, Ordering::Relaxed);
    }

    async fn half(&self, number: u64) {
        let latency = self.latency.of(number);
        if !latency.is_zero() {
            tokio::time::sleep(latency / 2).await;
        }
    }

    /// With a ledger each attempt has a separate id, so that a doubled resource shows.
    fn id(&self, number: u64, call: Call<'_>) -> String {
        match &self.ledger {
            Some(_) => format!("n{number}.{}", call.token),
            None => format!("n{number}"),
        }
    }

    fn observe(&self, id: &str) -> ProviderResult<Option<Observed<Node>>> {
        let Some(ledger) = &self.ledger else { return Ok(self.imagine(id)) };
        match fs::read(ledger.join(id)) {
            Ok(bytes) => {
                let arguments: Node = serde_json::from_slice(&bytes).map_err(|error| fault(ledger, error))?;
                Ok(Some(observed(id.to_owned(), arguments)))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(fault(ledger, error)),
        }
    }

    /// Without a ledger the number determines the whole resource.
    fn imagine(&self, id: &str) -> Option<Observed<Node>> {
        let number: usize = id.strip_prefix('n')?.parse().ok().filter(|number| *number < self.resources)?;
        let parents = if self.tree {
            parents(number).into_iter().map(|parent| input(parent, 0)).collect()
        } else {
            Vec::new()
        };
        Some(observed(id.to_owned(), Node { number: number as u64, input: input(number, 0), parents }))
    }

    /// Writes a file completely or not at all.
    fn write(&self, id: &str, arguments: &Node) -> ProviderResult<()> {
        let Some(ledger) = &self.ledger else { return Ok(()) };
        let text = serde_json::to_vec(arguments).map_err(|error| fault(ledger, error))?;
        let aside = ledger.join(format!(".{id}"));
        fs::write(&aside, text)
            .and_then(|()| fs::rename(&aside, ledger.join(id)))
            .map_err(|error| fault(ledger, error))
    }
}

fn observed(id: String, arguments: Node) -> Observed<Node> {
    let output = arguments.input.clone();
    Observed { arguments, attributes: NodeAttributes { id: Id::new(id), output } }
}

fn fault(ledger: &Path, error: impl std::fmt::Display) -> ProviderError {
    ProviderError::new(ErrorKind::Internal, format!("{}: {error}", ledger.display()))
}

#[async_trait::async_trait]
impl Manage<Node> for World {
    fn abilities(&self) -> Abilities {
        Abilities::new(FindBy::Token, 1_000).updates().imports()
    }

    async fn read_many(&self, ids: &[Id<Node>]) -> ProviderResult<Vec<Option<Observed<Node>>>> {
        self.count();
        ids.iter().map(|id| self.observe(id.as_str())).collect()
    }

    async fn create(&self, call: Call<'_>, arguments: &Node) -> ProviderResult<Progress<Observed<Node>>> {
        self.count();
        let id = self.id(arguments.number, call);
        self.half(arguments.number).await;
        self.write(&id, arguments)?;
        self.half(arguments.number).await;
        Ok(Progress::Exists(observed(id, arguments.clone())))
    }

    async fn update(
        &self,
        _: Call<'_>,
        prior: &Observed<Node>,
        arguments: &Node,
    ) -> ProviderResult<Progress<Observed<Node>>> {
        self.count();
        self.half(arguments.number).await;
        self.write(prior.id(), arguments)?;
        self.half(arguments.number).await;
        Ok(Progress::Exists(observed(prior.id().to_owned(), arguments.clone())))
    }

    async fn delete(&self, _: Call<'_>, prior: &Observed<Node>) -> ProviderResult<Progress<Observed<Node>>> {
        self.count();
        self.half(prior.arguments.number).await;
        if let Some(ledger) = &self.ledger {
            match fs::remove_file(ledger.join(prior.id())) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(fault(ledger, error)),
                _ => {}
            }
        }
        self.half(prior.arguments.number).await;
        Ok(Progress::Gone)
    }

    async fn find(&self, call: Call<'_>, arguments: &Node) -> ProviderResult<Found<Observed<Node>>> {
        self.count();
        if self.ledger.is_none() {
            return Ok(Found::Nothing);
        }
        Ok(self.observe(&self.id(arguments.number, call))?.map_or(Found::Nothing, Found::Exists))
    }

    async fn import(&self, id: &str) -> ProviderResult<Observed<Node>> {
        self.count();
        self.observe(id)?.ok_or_else(|| ProviderError::new(ErrorKind::NotFound, "no such node").resource(id))
    }
}
