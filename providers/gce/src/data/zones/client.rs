//! Reads the zones of a region.

use landform_core::{DataSource, Error, ErrorKind, Id, Result};
use landform_kit::{async_trait, rest::Method};

use super::{ZoneStatus, Zones, ZonesAttributes};
use crate::client::{Client, place::is_link_to};

#[async_trait]
impl DataSource<Zones> for Client {
    async fn read(&self, asked: &Zones) -> Result<ZonesAttributes> {
        let Some(region) = asked.region.as_deref().or(self.region()) else {
            let message = "no region is given: expected one in the question or the client";
            return Err(Error::new(ErrorKind::Invalid, message).at("region"));
        };
        let project = asked.project.as_deref().unwrap_or(self.project());
        let path = format!("projects/{project}/regions/{region}");
        // Google says so if there is no such region.
        self.send(Method::GET, &path, &[], None).await?;
        let zones = self.all(&format!("projects/{project}/zones"), &[]).await?;
        let wanted = asked.status.as_ref().map(|status| match status {
            ZoneStatus::Up => "UP",
            ZoneStatus::Down => "DOWN",
        });
        let mine = zones.iter().filter(|zone| {
            zone["region"].as_str().is_some_and(|link| is_link_to(link, &path))
                && wanted.is_none_or(|wanted| zone["status"] == wanted)
        });
        let mut names: Vec<_> = mine.filter_map(|zone| zone["name"].as_str()).map(str::to_owned).collect();
        names.sort();
        Ok(ZonesAttributes { id: Id::new(path), names })
    }
}
