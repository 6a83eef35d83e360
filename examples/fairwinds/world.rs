//! The cloud in which it happens, and the engine on it.

use std::path::Path;

use landform::{Engine, Provider, Sink, aws, sim::Cloud};
use serde_json::json;

use crate::{Failure, arguments::CloudName, project};

/// An engine with its state and cloud in a directory.
pub async fn engine(directory: &Path, cloud: CloudName, events: Sink) -> Result<Engine, Failure> {
    let provider = match cloud {
        CloudName::Sim => embedded(directory)?.provider("aws"),
        CloudName::Aws => client().await?,
    };
    Ok(Engine::builder().provider(provider).state_dir(directory.join("state")).events(events).open()?)
}

/// The embedded cloud of a directory, with the hosted zone that is there before everything else.
pub fn embedded(directory: &Path) -> Result<Cloud, Failure> {
    let cloud = Cloud::open(directory.join("cloud")).types(aws::types()).build()?;
    let (id, name) = project::HOSTED_ZONE;
    let there = cloud.objects()?.iter().any(|object| object.id == id);
    if !there {
        cloud.seed("aws_route53_zone", id, json!({ "name": name }))?;
    }
    Ok(cloud)
}

#[cfg(feature = "client")]
async fn client() -> Result<Provider, Failure> {
    Ok(aws::client::provider().await)
}

#[cfg(not(feature = "client"))]
async fn client() -> Result<Provider, Failure> {
    Err("--cloud aws needs the AWS client: run with `cargo run --example fairwinds --features client -- …`"
        .into())
}
