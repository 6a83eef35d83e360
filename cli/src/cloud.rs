//! The clouds that a tool may work in: the embedded one, the real ones, or the tool's own. Only opens providers.

use std::{future::Future, path::PathBuf, pin::Pin, time::Duration};

use landform_core::Provider;
use landform_engine::EngineBuilder;
use landform_sim::Cloud as Embedded;
use serde_json::Value as Json;

use crate::Failure;

/// The name of the embedded cloud.
const EMBEDDED: &str = "sim";

/// The cloud in which a tool works.
#[derive(Debug, Clone)]
pub struct Place {
    /// Where the state is kept, as `--state` says.
    pub state: String,
}

/// A cloud that `--cloud` names.
pub struct Cloud {
    name: String,
    how: How,
}

enum How {
    Embedded(Vec<Seed>),
    Opened(Box<dyn Fn(Place) -> Opening + Send + Sync>),
}

type Opening = Pin<Box<dyn Future<Output = Result<Vec<Provider>, Failure>> + Send>>;

/// What the embedded cloud has from the start.
struct Seed {
    type_name: String,
    id: String,
    arguments: Json,
}

impl Place {
    /// The directory of the embedded cloud. For a state in a directory it lies beside it: `base.cloud` for
    /// `base.state`. For a state elsewhere it is in the working directory.
    pub fn embedded_cloud(&self) -> PathBuf {
        let local = match self.state.split_once("://") {
            None => self.state.as_str(),
            Some((_, rest)) => rest.rsplit(['/', '#']).find(|part| !part.is_empty()).unwrap_or("landform"),
        };
        PathBuf::from(local.trim_end_matches('/')).with_extension("cloud")
    }
}

impl Cloud {
    /// The embedded cloud, named `sim`. It keeps its resources in a directory beside the state.
    pub fn embedded() -> Self {
        Self::embedded_with([])
    }

    /// The embedded cloud with existing resources that a stack uses but does not manage: type, id and arguments of
    /// each. They are created before the first apply. An id must be possible for its type, such as
    /// `vpc-0a1b2c3d4e5f60718`.
    pub fn embedded_with<'a>(beforehand: impl IntoIterator<Item = (&'a str, &'a str, Json)>) -> Self {
        let beforehand = beforehand.into_iter();
        let seeds = beforehand.map(|(type_name, id, arguments)| {
            let (type_name, id) = (type_name.to_owned(), id.to_owned());
            Seed { type_name, id, arguments }
        });
        Self { name: EMBEDDED.to_owned(), how: How::Embedded(seeds.collect()) }
    }

    /// A cloud with this name. `providers` opens its providers when the cloud is used.
    pub fn new<F>(name: impl Into<String>, open: impl Fn(Place) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<Vec<Provider>, Failure>> + Send + 'static,
    {
        Self { name: name.into(), how: How::Opened(Box::new(move |place| Box::pin(open(place)))) }
    }

    /// AWS, named `aws`, configured like AWS's own tools. `AWS_ENDPOINT_URL` can lead to an emulator.
    #[cfg(all(feature = "aws", feature = "aws-client"))]
    pub fn aws() -> Self {
        Self::new("aws", async |_| Ok(vec![landform_aws::client::provider().await?]))
    }

    /// Google Cloud, named `gce`, configured like Google's own tools.
    #[cfg(all(feature = "gce", feature = "gce-client"))]
    pub fn gce() -> Self {
        Self::new("gce", async |_| Ok(vec![landform_gce::client::provider().await?]))
    }

    /// The clouds that this build can reach: first the real ones, if it has their clients, then the embedded one.
    pub fn all() -> Vec<Self> {
        vec![
            #[cfg(all(feature = "aws", feature = "aws-client"))]
            Self::aws(),
            #[cfg(all(feature = "gce", feature = "gce-client"))]
            Self::gce(),
            Self::embedded(),
        ]
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Adds the cloud's providers to an engine.
    pub(crate) async fn provide(
        &self,
        place: &Place,
        mut builder: EngineBuilder,
    ) -> Result<EngineBuilder, Failure> {
        match &self.how {
            How::Embedded(_) => {
                let cloud = embedded(place)?;
                for name in PROVIDERS {
                    builder = builder.provider(cloud.provider(name));
                }
                // Writes there can be read at once.
                builder = builder.lag(Duration::ZERO);
            }
            How::Opened(open) => {
                for provider in open(place.clone()).await? {
                    builder = builder.provider(provider);
                }
            }
        }
        Ok(builder)
    }

    /// Creates the objects that must exist before all others.
    pub(crate) fn prepare(&self, place: &Place) -> Result<(), Failure> {
        let How::Embedded(seeds) = &self.how else { return Ok(()) };
        if !seeds.is_empty() {
            let cloud = embedded(place)?;
            for Seed { type_name, id, arguments } in seeds {
                cloud.seed(type_name, id, arguments.clone())?;
            }
        }
        Ok(())
    }
}

/// The providers whose types the embedded cloud can create.
const PROVIDERS: &[&str] = &[
    #[cfg(feature = "aws")]
    "aws",
    #[cfg(feature = "gce")]
    "google",
];

/// The embedded cloud of a place. Creates nothing yet.
fn embedded(place: &Place) -> Result<Embedded, Failure> {
    let builder = Embedded::open(place.embedded_cloud());
    #[cfg(feature = "aws")]
    let builder = builder.types(landform_aws::types());
    #[cfg(feature = "gce")]
    let builder = builder.types(landform_gce::types());
    Ok(builder.build()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_cloud_lies_beside_the_state() {
        let of = |state: &str| Place { state: state.into() }.embedded_cloud().display().to_string();
        assert_eq!(of("base.state"), "base.cloud");
        assert_eq!(of("there/it/"), "there/it.cloud");
        assert_eq!(of("s3://bucket/team/base"), "base.cloud");
        assert_eq!(of("postgres://user@host/database#place"), "place.cloud");
    }
}
