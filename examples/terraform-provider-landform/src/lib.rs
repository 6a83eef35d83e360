//! The provider of this plugin: AWS, Google Cloud, and the embedded cloud, which creates resources in a directory. The
//! embedded cloud has a few types of its own. It takes the place of AWS and Google where the configuration names neither.

mod types;

use std::{sync::Arc, time::Duration};

use landform::{
    ErrorKind, Id, Opens, Provider, ProviderError, ProviderResult, ResourceType, async_trait, attributes,
    aws, data, gce,
    sim::{Cloud, Latency, LedgerError},
};

pub use types::*;

/// The configuration of the plugin.
#[data(
    "landform_configuration",
    any_of("directory", "aws", "google"),
    needs("directory", when("region")),
    needs("directory", when("account")),
    needs("directory", when("latency"))
)]
pub struct Configuration {
    /// The directory in which the embedded cloud keeps its resources. Without `aws` or `google`, it also keeps resources
    /// of that cloud's types.
    pub directory: Option<String>,
    /// The region of the embedded cloud; by default `us-east-2`.
    pub region: Option<String>,
    /// The account or project of the embedded cloud; by default twelve zeros.
    pub account: Option<String>,
    /// How long each call to the embedded cloud takes, in milliseconds; by default none.
    pub latency: Option<u64>,
    /// How to reach AWS. An empty block takes everything from the environment, as AWS's own tools do.
    pub aws: Option<aws::Settings>,
    /// How to reach Google Cloud. An empty block takes everything from the environment, as Google's own tools do.
    pub google: Option<gce::Settings>,
}

/// Nothing is known of a configuration but what it says.
#[attributes]
pub struct ConfigurationAttributes {
    /// The directory.
    pub id: Id<Configuration>,
}

/// Opens the clouds that a configuration names.
struct Clouds;

#[async_trait]
impl Opens<Configuration> for Clouds {
    async fn open(&self, configuration: &Configuration) -> ProviderResult<Provider> {
        let embedded =
            configuration.directory.as_deref().map(|at| embedded(at, configuration)).transpose()?;
        let instead = |name| embedded.as_ref().map(|cloud| cloud.provider(name));
        let aws = match &configuration.aws {
            Some(settings) => Some(aws::Client::with_settings(settings).await?.provider()),
            None => instead("aws"),
        };
        let google = match &configuration.google {
            Some(settings) => Some(gce::Client::with_settings(settings).await?.provider()),
            None => instead("google"),
        };
        Ok(joined([instead("landform"), aws, google].into_iter().flatten()))
    }
}

fn embedded(directory: &str, configuration: &Configuration) -> ProviderResult<Cloud> {
    let mut cloud = Cloud::open(directory).types(types());
    if let Some(region) = &configuration.region {
        cloud = cloud.region(region);
    }
    if let Some(account) = &configuration.account {
        cloud = cloud.account(account);
    }
    if let Some(latency) = configuration.latency {
        cloud = cloud.latency(Latency::default().request(Duration::from_millis(latency)));
    }
    cloud.build().map_err(|error: LedgerError| {
        ProviderError::new(ErrorKind::Invalid, error.to_string()).at("directory").with_source(error)
    })
}

/// All types of the plugin.
pub fn types() -> Vec<Arc<ResourceType>> {
    let mut types = own_types();
    types.extend(aws::types());
    types.extend(gce::types());
    types
}

/// The types of all clouds as one provider, in the embedded cloud.
pub fn offered(cloud: &Cloud) -> Provider {
    joined(["landform", "aws", "google"].map(|name| cloud.provider(name)))
}

fn joined(clouds: impl IntoIterator<Item = Provider>) -> Provider {
    clouds.into_iter().fold(Provider::new("landform"), |all, provider| {
        let all = provider.drivers().cloned().fold(all, Provider::with_driver);
        provider.data_drivers().cloned().fold(all, Provider::with_data_driver)
    })
}

/// The provider before it is configured. Nothing is created until Terraform applies a plan.
pub fn provider() -> Provider {
    let announced = Cloud::open("landform-cloud").types(types()).build();
    let announced = announced.map(|cloud| offered(&cloud)).unwrap_or_else(|_| Provider::new("landform"));
    announced.opened_by::<Configuration, _>(&Arc::new(Clouds))
}
