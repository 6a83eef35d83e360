//! The declarations: the base network and the clusters in it, as one stack.

use std::path::Path;

use landform::{
    Input, KopsStore, KopsStoreError, Stack,
    kops::{self, FixedLookup, Spec},
    store::Files,
    vpc::{self, BaseNetwork, gce},
};

use serde_json::{Value as Json, json};

use crate::{
    Failure,
    arguments::Arguments,
    clouds::Chosen,
    google::{self, Surroundings},
    lookup,
    network::{Network, text},
};

/// The name of the stack, which its state also holds.
pub const STACK: &str = "fairwinds";

/// A public key for users who give none. Nobody has the private key.
const SSH_KEY: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPXrcczECgmiX/OWy4G5dXfz4qieJk97VOJsPlQPsGos fairwinds";

/// The base network and the clusters.
pub struct Project {
    /// The whole stack.
    pub stack: Stack,
    /// The clusters' specs.
    pub clusters: Vec<Spec>,
}

impl Project {
    /// Reads the files that the command line names. On AWS it asks AWS about the region.
    pub async fn read(arguments: &Arguments, cloud: Chosen) -> Result<Self, Failure> {
        let network = match &arguments.network {
            Some(file) => Network::read(file, cloud)?,
            None => Network::usual(cloud),
        };
        let key = arguments.ssh_key.as_deref().map(text).transpose()?;
        let mut clusters = Vec::new();
        for source in &arguments.clusters {
            clusters.push(cluster(source, key.is_none()).await?);
        }
        let description = match network {
            Network::Aws(description) => description,
            Network::Google(mut description) => {
                let around = Surroundings::Existing;
                let lookups = lookup::google(&mut description, cloud, &clusters, around).await?;
                return Self::on_google(&description, clusters, key.as_deref(), &lookups, around);
            }
        };
        let lookup = match cloud {
            #[cfg(feature = "aws-client")]
            Chosen::Aws => lookup::aws(&description.region, &clusters).await?,
            _ => lookup::embedded(&description.region),
        };
        Self::new(&description, clusters, key.as_deref(), &lookup)
    }

    /// Declares a base network on Google Cloud and clusters in it.
    pub fn on_google(
        description: &gce::BaseNetwork,
        clusters: Vec<Spec>,
        ssh_key: Option<&str>,
        lookups: &[FixedLookup],
        surroundings: Surroundings,
    ) -> Result<Self, Failure> {
        check_names(&clusters)?;
        let stack = google::stack(description, &clusters, ssh_key, lookups, surroundings)?;
        Ok(Self { stack, clusters })
    }

    /// Declares a base network and clusters in it. Without a key for SSH, clusters use the key of their spec or the
    /// default key.
    pub fn new(
        description: &BaseNetwork,
        clusters: Vec<Spec>,
        ssh_key: Option<&str>,
        lookup: &FixedLookup,
    ) -> Result<Self, Failure> {
        check_names(&clusters)?;
        let mut stack = Stack::new(STACK);
        let network = vpc::base(&mut stack, description)?;
        for spec in &clusters {
            let options = kops::Options {
                existing: Some(kops::Existing {
                    vpc: Some(Input::from(&network.vpc)),
                    network_cidr: match description.cidr.net() {
                        ipnet::IpNet::V4(range) => Some(range),
                        ipnet::IpNet::V6(_) => None,
                    },
                    internet_gateway: Some(Input::from(&network.internet_gateway)),
                    nat_gateways: network
                        .nat_zones()
                        .map(|zone| (zone.to_owned(), Input::from(network.nat_gateway(zone))))
                        .collect(),
                    ..kops::Existing::default()
                }),
                ..options(spec, ssh_key)
            };
            kops::cluster(&mut stack, spec, &options, lookup)?;
        }
        stack.check()?;
        Ok(Self { stack, clusters })
    }

    /// The same in the embedded cloud, with the default key.
    pub fn with_clusters(description: &BaseNetwork, clusters: Vec<Spec>) -> Result<Self, Failure> {
        Self::new(description, clusters, None, &lookup::embedded(&description.region))
    }
}

/// The options of every cluster: the key of its machines, if the spec has none. Warns of fields without an effect.
pub fn options<E>(spec: &Spec, ssh_key: Option<&str>) -> kops::Options<E>
where
    kops::Options<E>: Default,
{
    for field in kops::unused(spec) {
        eprintln!("warning: {field}");
    }
    let usual = spec.ssh_keys.is_empty().then_some(SSH_KEY);
    kops::Options { ssh_public_key: ssh_key.or(usual).map(str::to_owned), ..kops::Options::default() }
}

/// Refuses two clusters with one name.
fn check_names(clusters: &[Spec]) -> Result<(), Failure> {
    for (number, spec) in clusters.iter().enumerate() {
        if let Some(earlier) = clusters[..number].iter().find(|earlier| earlier.name() == spec.name()) {
            let place = |spec: &Spec| spec.cluster.place.of("metadata.name").map(|place| place.to_string());
            let [here, there] = [spec, earlier].map(|spec| place(spec).unwrap_or_default());
            let name = spec.name();
            return Err(format!(
                "{here}: metadata.name: cluster {name} is already described in {there}, expected each cluster once"
            )
            .into());
        }
    }
    Ok(())
}

/// The bucket with the stores of the clusters in this directory.
pub const BUCKET: &str = "fairwinds-state";

/// The objects that exist in the embedded cloud from the start: type, id and arguments.
pub fn beforehand() -> [(&'static str, &'static str, Json); 3] {
    let (id, name) = lookup::HOSTED_ZONE;
    [
        ("aws_route53_zone", id, json!({ "name": name })),
        ("aws_s3_bucket", BUCKET, json!({ "bucket": BUCKET })),
        (
            "google_storage_bucket",
            BUCKET,
            json!({ "name": BUCKET, "location": "US", "project": lookup::PROJECT }),
        ),
    ]
}

/// Reads a spec from a file, or from kops's state store at a URL. The last part of a URL is the cluster's name.
async fn cluster(source: &Path, with_key: bool) -> Result<Spec, Failure> {
    let Some((scheme, rest)) = source.to_str().and_then(|source| source.split_once("://")) else {
        return Ok(Spec::load(source)?);
    };
    let rest = rest.trim_end_matches('/');
    let (store, name) = rest.rsplit_once('/').unwrap_or((rest, ""));
    let store = if store.is_empty() { "/" } else { store };
    let store = KopsStore::new(Files::open(&format!("{scheme}://{store}"))?);
    let spec = if with_key { store.spec(name).await } else { store.spec_without_key(name).await };
    spec.map_err(|error| match error {
        KopsStoreError::SeveralKeys { .. } => format!("{error}; choose one with --ssh-key FILE").into(),
        error => error.into(),
    })
}
