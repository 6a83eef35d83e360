//! The cloud that a command works in: the embedded one, AWS, or Google Cloud. Answers what the cluster layer asks, and
//! makes an engine that works in this cloud.

mod embedded;
#[cfg(feature = "gce-client")]
mod google_search;
#[cfg(feature = "aws-client")]
mod on_aws;
#[cfg(feature = "gce-client")]
mod on_google;
#[cfg(any(feature = "aws-client", feature = "gce-client"))]
mod reading;
#[cfg(feature = "aws-client")]
mod search;
mod stacks;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use landform::kops::questions::Asking;
use landform::kops::selector::Offer;
use landform::kops::spec::Cloud;
use landform::kops::{Channel, FixedLookup, MissingAddons, Spec, keyset_names};
use landform::store::MemoryStore;
use landform::{Engine, EngineBuilder, Sink, Stack};

use crate::arguments::{Common, ProviderName};
use crate::machines::Machinery;
use crate::owned::Candidate;
use crate::store::Store;
use crate::{Failure, assets};

use embedded::Embedded;
pub use stacks::{api_addresses, declare, declared, stack};

/// The secret that says how secrets are encrypted at rest.
const ENCRYPTION: &str = "encryptionconfig";

/// The cloud of a command line.
pub enum World {
    /// The embedded cloud, in a directory.
    Embedded(Embedded),
    /// An account of AWS.
    #[cfg(feature = "aws-client")]
    Aws(Box<on_aws::OnAws>),
    /// A project of Google Cloud.
    #[cfg(feature = "gce-client")]
    Google(Box<on_google::OnGoogle>),
}

impl World {
    /// Opens the cloud of a cluster. Makes no resources.
    pub async fn open(common: &Common, store: &Store, spec: &Spec) -> Result<Self, Failure> {
        let (name, on_google) = (spec.name(), is_on_google(spec));
        match common.provider {
            ProviderName::Aws if on_google => {
                Err(format!("--provider aws: the cluster {name} is on Google, expected gce or sim").into())
            }
            ProviderName::Gce if !on_google => Err(format!(
                "--provider gce: spec.cloudProvider of the cluster {name} is not gce, expected aws or sim"
            )
            .into()),
            // Resources on Google say where they are.
            ProviderName::Sim if on_google => Ok(Self::Embedded(Embedded::on_google(common, store)?)),
            ProviderName::Sim => Ok(Self::Embedded(Embedded::on_aws(common, store, region_on_aws(spec))?)),
            #[cfg(feature = "aws-client")]
            ProviderName::Aws => Ok(Self::Aws(Box::new(on_aws::OnAws::open(region_on_aws(spec)).await?))),
            #[cfg(not(feature = "aws-client"))]
            ProviderName::Aws => {
                Err("--provider aws: expected a build with the feature aws-client, which calls AWS".into())
            }
            #[cfg(feature = "gce-client")]
            ProviderName::Gce => Ok(Self::Google(Box::new(on_google::OnGoogle::open(spec).await?))),
            #[cfg(not(feature = "gce-client"))]
            ProviderName::Gce => {
                Err("--provider gce: expected a build with the feature gce-client, which calls Google Cloud"
                    .into())
            }
        }
    }

    /// The engine of a cluster, which keeps its state in the store.
    pub fn engine(&self, store: &Store, cluster: &str) -> Result<Engine, Failure> {
        let builder = Engine::builder().state(store.engine_state(cluster)).events(Sink::none());
        Ok(self.with_provider(builder).open()?)
    }

    /// Makes the resources that a cluster uses but does not declare. On a real cloud, their owner makes them.
    pub fn prepare(&self, spec: &Spec) -> Result<(), Failure> {
        match self {
            Self::Embedded(world) => world.prepare(spec),
            #[cfg(any(feature = "aws-client", feature = "gce-client"))]
            _ => Ok(()),
        }
    }

    /// The answers for a cluster: from the cloud, and from the keys and secrets in the store.
    pub async fn lookup(&self, common: &Common, store: &Store, spec: &Spec) -> Result<FixedLookup, Failure> {
        self.lookup_for(common, store, spec, |asking| {
            // The layer's answer counts later, when it has all answers.
            let _ = declare(&mut Stack::new("questions"), spec, MissingAddons::Refused, asking);
        })
        .await
    }

    /// The answers for the layer as `ask` runs it.
    pub async fn lookup_for(
        &self,
        common: &Common,
        store: &Store,
        spec: &Spec,
        ask: impl Fn(&Asking<'_>) + Send,
    ) -> Result<FixedLookup, Failure> {
        let mut lookup = match self {
            Self::Embedded(world) => world.lookup(spec)?,
            #[cfg(feature = "aws-client")]
            Self::Aws(world) => world.lookup().await?,
            #[cfg(feature = "gce-client")]
            Self::Google(world) => world.lookup().await?,
        };
        lookup.state_store = Some(store.url().to_owned());
        for name in keyset_names(&spec.cluster.spec) {
            if let Some(set) = store.keyset(spec.name(), &name).await? {
                lookup.keysets.insert(name, set.keyset()?);
            }
        }
        if let Some(secret) = store.secret(spec.name(), ENCRYPTION).await? {
            lookup.secrets.insert(ENCRYPTION.to_owned(), secret);
        }
        if let Some(file) = &common.file_hashes {
            lookup.file_hashes = assets::locked(file).await?.into_map();
            lookup.makes_up_hashes = false;
        }
        if let Some(file) = spec.cluster.spec.channel.strip_prefix("file://") {
            let text = std::fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
            lookup.channel = Some(Channel::parse(file, &text)?);
        }
        if let Some(directory) = &common.addon_manifests {
            manifests(directory, &mut lookup)?;
        }
        match self {
            // The embedded cloud has given all answers already.
            Self::Embedded(_) => drop(ask),
            #[cfg(feature = "aws-client")]
            Self::Aws(world) => lookup = world.answer(lookup, ask).await?,
            #[cfg(feature = "gce-client")]
            Self::Google(world) => lookup = world.answer(lookup, ask).await?,
        }
        self.leave_own_networks(&mut lookup, store, spec.name()).await?;
        Ok(lookup)
    }

    /// Leaves out the networks that the cluster itself associated with private zones: to the layer, only networks that
    /// others associated matter. Reads the engine's state only if a zone has networks.
    async fn leave_own_networks(
        &self,
        lookup: &mut FixedLookup,
        store: &Store,
        cluster: &str,
    ) -> Result<(), Failure> {
        if lookup.hosted_zones.iter().all(|zone| zone.networks.is_empty()) {
            return Ok(());
        }
        let state = self.engine(store, cluster)?.state(cluster).await?;
        let own: Vec<&str> = state
            .objects()
            .filter(|(_, object)| object.type_name == "aws_route53_zone_association")
            .filter_map(|(_, object)| object.id.rsplit(':').next())
            .collect();
        for zone in &mut lookup.hosted_zones {
            zone.networks.retain(|network| !own.contains(&network.as_str()));
        }
        Ok(())
    }

    /// Whether machines run in this cloud. The embedded cloud only records them.
    pub fn runs_machines(&self) -> bool {
        !matches!(self, Self::Embedded(_))
    }

    /// The groups of a cluster's machines.
    pub fn machinery(&self) -> &dyn Machinery {
        match self {
            Self::Embedded(world) => world.machinery(),
            #[cfg(feature = "aws-client")]
            Self::Aws(world) => &**world,
            #[cfg(feature = "gce-client")]
            Self::Google(world) => &**world,
        }
    }

    /// The resources that may belong to a cluster: at least those with one of its tags, those whose ids follow from its
    /// spec's stack, and the parts of both. There may be more, because owned.rs chooses among them. Machines of existing
    /// groups are left out, because the cloud deletes them with their group.
    pub async fn candidates(&self, spec: &Spec, declared: &Stack) -> Result<Vec<Candidate>, Failure> {
        match (self, spec, declared) {
            (Self::Embedded(world), ..) => world.candidates(),
            #[cfg(feature = "aws-client")]
            (Self::Aws(world), spec, declared) => world.candidates(spec, declared).await,
            #[cfg(feature = "gce-client")]
            (Self::Google(world), spec, declared) => world.candidates(spec, declared).await,
        }
    }

    /// The types of machines that the cloud offers.
    pub async fn machine_types(&self) -> Result<Vec<Offer>, Failure> {
        match self {
            Self::Embedded(_) => {
                Err("the embedded cloud has no list of machine types: expected --machine-types FILE, a file that \
                     `aws ec2 describe-instance-types` wrote"
                    .into())
            }
            #[cfg(feature = "aws-client")]
            Self::Aws(world) => world.machine_types().await,
            #[cfg(feature = "gce-client")]
            Self::Google(_) => Err("the selection of machine types knows AWS only: expected a cluster on AWS".into()),
        }
    }

    /// The engine of a plan that is only shown: it works in this cloud and keeps its state in memory.
    pub fn rehearsal(&self) -> Result<Engine, Failure> {
        let builder = Engine::builder().store(Arc::new(MemoryStore::new())).events(Sink::none());
        Ok(self.with_provider(builder).open()?)
    }

    fn with_provider(&self, builder: EngineBuilder) -> EngineBuilder {
        match self {
            // The embedded cloud shows every write at once.
            Self::Embedded(world) => {
                let builder = builder.provider(world.cloud.provider("aws"));
                builder.provider(world.cloud.provider("google")).lag(Duration::ZERO)
            }
            #[cfg(feature = "aws-client")]
            Self::Aws(world) => builder.provider(world.provider()),
            #[cfg(feature = "gce-client")]
            Self::Google(world) => builder.provider(world.provider()),
        }
    }
}

/// Whether a cluster is on Google.
pub fn is_on_google(spec: &Spec) -> bool {
    spec.cluster.spec.cloud_provider == Some(Cloud::Gce)
}

/// The region of a cluster on AWS: that of its first zone.
fn region_on_aws(spec: &Spec) -> Option<&str> {
    let mut zones = spec.cluster.spec.subnets.iter().map(|subnet| subnet.zone.as_str());
    let zone = zones.find(|zone| !zone.is_empty())?;
    let region = zone.trim_end_matches(|last: char| last.is_ascii_lowercase());
    (!region.is_empty()).then_some(region)
}

/// Reads the manifests of a directory, `NAME/ID.yaml`.
fn manifests(directory: &Path, lookup: &mut FixedLookup) -> Result<(), Failure> {
    let fail = |path: &Path, error: std::io::Error| format!("{}: {error}", path.display());
    let entries = |path: &Path| -> Result<Vec<PathBuf>, Failure> {
        let entries = std::fs::read_dir(path).map_err(|error| fail(path, error))?;
        Ok(entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?)
    };
    for folder in entries(directory)?.into_iter().filter(|path| path.is_dir()) {
        for file in
            entries(&folder)?.into_iter().filter(|path| path.extension().is_some_and(|of| of == "yaml"))
        {
            let manifest = std::fs::read_to_string(&file).map_err(|error| fail(&file, error))?;
            if let (Some(name), Some(id)) = (folder.file_name(), file.file_stem()) {
                lookup.addons.insert(format!("{}/{}", name.display(), id.display()), manifest);
            }
        }
    }
    Ok(())
}
