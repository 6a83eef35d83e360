//! Reads a subnetwork.

use landform_core::{DataSource, Error, ErrorKind, Id, Result};
use landform_kit::{
    async_trait,
    rest::{Method, declared},
    senseless,
};

use super::{Subnetwork, SubnetworkAttributes};
use crate::client::{Client, Place, path_of, place::Scope};

#[async_trait]
impl DataSource<Subnetwork> for Client {
    async fn read(&self, asked: &Subnetwork) -> Result<SubnetworkAttributes> {
        let path = match (&asked.self_link, &asked.name) {
            (Some(link), None) => {
                let path = path_of(link).unwrap_or(link);
                Place::parse(path, Scope::Region, "subnetworks")
                    .map_err(|error| error.at("self_link"))?
                    .path()
            }
            (None, Some(name)) => {
                let Some(region) = asked.region.as_deref().or(self.region()) else {
                    let message = "no region is given: expected one in the question or the client";
                    return Err(Error::new(ErrorKind::Invalid, message).at("region"));
                };
                let project = asked.project.as_deref().unwrap_or(self.project());
                format!("projects/{project}/regions/{region}/subnetworks/{name}")
            }
            _ => {
                let message = "expected one of self_link and name";
                return Err(Error::new(ErrorKind::Invalid, message).at("name"));
            }
        };
        let subnetwork = self.send(Method::GET, &path, &[], None).await?;
        let network = subnetwork["network"].as_str().and_then(path_of);
        Ok(SubnetworkAttributes {
            network: Id::new(network.ok_or_else(|| senseless("the subnetwork has no network"))?),
            ip_cidr_range: declared(&subnetwork["ipCidrRange"])?,
            gateway_address: subnetwork["gatewayAddress"].as_str().unwrap_or_default().to_owned(),
            private_ip_google_access: subnetwork["privateIpGoogleAccess"] == true,
            id: Id::new(path),
        })
    }
}
