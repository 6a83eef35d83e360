//! The cloud in which it happens, and the engine on it.

use std::{path::Path, time::Duration};

use landform::{Engine, Provider, Sink, aws, sim::Cloud};
use serde_json::json;

use crate::{Failure, arguments::CloudName, project};

/// An engine with its state and cloud in a directory.
pub async fn engine(directory: &Path, cloud: CloudName, events: Sink) -> Result<Engine, Failure> {
    let builder = Engine::builder().state_dir(directory.join("state")).events(events);
    let builder = match cloud {
        // What is written there can be read at once.
        CloudName::Sim => builder.provider(embedded(directory)?.provider("aws")).lag(Duration::ZERO),
        CloudName::Aws => builder.provider(client().await?),
    };
    Ok(builder.open()?)
}

/// The embedded cloud of a directory. Nothing is made yet.
pub fn embedded(directory: &Path) -> Result<Cloud, Failure> {
    Ok(Cloud::open(directory.join("cloud")).types(aws::types()).build()?)
}

/// Makes what has to be there before everything else: in the embedded cloud, the hosted zone.
pub fn prepare(directory: &Path, cloud: CloudName) -> Result<(), Failure> {
    if cloud == CloudName::Sim {
        let (id, name) = project::HOSTED_ZONE;
        embedded(directory)?.seed("aws_route53_zone", id, json!({ "name": name }))?;
    }
    Ok(())
}

#[cfg(feature = "client")]
async fn client() -> Result<Provider, Failure> {
    Ok(aws::client::provider().await?)
}

#[cfg(not(feature = "client"))]
async fn client() -> Result<Provider, Failure> {
    Err("--cloud aws needs the AWS client: run with `cargo run --example fairwinds --features client -- …`"
        .into())
}
