//! Reads a network.

use landform_core::{DataSource, Id, Result};
use landform_kit::{async_trait, rest::Method};
use serde_json::Value as Json;

use super::{Network, NetworkAttributes};
use crate::client::Client;

#[async_trait]
impl DataSource<Network> for Client {
    async fn read(&self, asked: &Network) -> Result<NetworkAttributes> {
        let project = asked.project.as_deref().unwrap_or(self.project());
        let path = format!("projects/{project}/global/networks/{}", asked.name);
        let network = self.send(Method::GET, &path, &[], None).await?;
        let text = |field: &str| network[field].as_str().unwrap_or_default().to_owned();
        let links = network["subnetworks"].as_array().into_iter().flatten();
        let mut links: Vec<_> = links.filter_map(Json::as_str).map(str::to_owned).collect();
        links.sort();
        Ok(NetworkAttributes {
            id: Id::new(path),
            self_link: text("selfLink"),
            description: text("description"),
            subnetworks_self_links: links,
        })
    }
}
