//! The client's settings, without a call.

use landform_core::{DataSource, Id, Result};
use landform_kit::async_trait;

use super::{ClientConfig, ClientConfigAttributes};
use crate::client::Client;

#[async_trait]
impl DataSource<ClientConfig> for Client {
    async fn read(&self, _: &ClientConfig) -> Result<ClientConfigAttributes> {
        let (region, zone) = (self.region().unwrap_or_default(), self.zone().unwrap_or_default());
        Ok(ClientConfigAttributes {
            id: Id::new(format!("projects/{}/regions/{region}/zones/{zone}", self.project())),
            project: self.project().to_owned(),
            region: region.to_owned(),
            zone: zone.to_owned(),
        })
    }
}
