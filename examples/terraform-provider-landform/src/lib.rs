//! The provider of this plugin: the embedded cloud, which creates resources in a directory. It offers a few types of its
//! own, and behind features those of AWS and Google Cloud.

mod types;

use std::{sync::Arc, time::Duration};

use landform::{
    Id, Opens, Provider, ProviderError, ProviderResult, ResourceType, async_trait, attributes, data,
    sim::{Cloud, Latency},
};

pub use types::*;

/// The configuration of the plugin.
#[data("landform_configuration")]
pub struct Configuration {
    /// The directory in which the cloud keeps its resources.
    pub directory: String,
    /// The region; by default `us-east-2`.
    pub region: Option<String>,
    /// The account or project; by default twelve zeros.
    pub account: Option<String>,
    /// How long each call takes, in milliseconds; by default none.
    pub latency: Option<u64>,
}

/// Nothing is known of a configuration but what it says.
#[attributes]
pub struct ConfigurationAttributes {
    /// The directory.
    pub id: Id<Configuration>,
}

/// Opens the cloud in the configured directory.
struct Directory;

#[async_trait]
impl Opens<Configuration> for Directory {
    async fn open(&self, configuration: &Configuration) -> ProviderResult<Provider> {
        let Configuration { directory, region, account, latency } = configuration;
        let mut cloud = Cloud::open(directory).types(types());
        if let Some(region) = region {
            cloud = cloud.region(region);
        }
        if let Some(account) = account {
            cloud = cloud.account(account);
        }
        if let Some(latency) = latency {
            cloud = cloud.latency(Latency::default().request(Duration::from_millis(*latency)));
        }
        let refused = |error: landform::sim::LedgerError| {
            ProviderError::new(landform::ErrorKind::Invalid, error.to_string())
                .at("directory")
                .with_source(error)
        };
        Ok(offered(&cloud.build().map_err(refused)?))
    }
}

/// All types of the plugin.
pub fn types() -> Vec<Arc<ResourceType>> {
    #[allow(unused_mut)]
    let mut types: Vec<Arc<ResourceType>> = own_types();
    #[cfg(feature = "aws")]
    types.extend(landform::aws::types());
    #[cfg(feature = "gce")]
    types.extend(landform::gce::types());
    types
}

/// The types of all clouds as one provider.
pub fn offered(cloud: &Cloud) -> Provider {
    let clouds = ["landform", "aws", "google"].map(|name| cloud.provider(name));
    clouds.iter().fold(Provider::new("landform"), |all, provider| {
        let all = provider.drivers().cloned().fold(all, Provider::with_driver);
        provider.data_drivers().cloned().fold(all, Provider::with_data_driver)
    })
}

/// The provider before it is configured. Nothing is created until Terraform applies a plan.
pub fn provider() -> Provider {
    let announced = Cloud::open("landform-cloud").types(types()).build();
    let announced = announced.map(|cloud| offered(&cloud)).unwrap_or_else(|_| Provider::new("landform"));
    announced.opened_by::<Configuration, _>(&Arc::new(Directory))
}
