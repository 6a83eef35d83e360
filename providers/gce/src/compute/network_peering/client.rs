//! The calls for peerings of networks, which are parts of networks and have methods of their own.

use landform_kit::{
    each,
    rest::{self, Method},
};

use super::NetworkPeering;
use crate::client::prelude::*;

const RENAMED: Renamed = &[("peer_network", "network")];

#[async_trait]
impl Calls<Client> for NetworkPeering {
    /// One look at a network shows all its peerings.
    const PAGE: usize = 500;

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        let ids = which.ids_or(|peering| peering.identity().into());
        let mut networks: Vec<(&str, Vec<&str>)> = Vec::new();
        for id in &ids {
            let (network, name) = split(id)?;
            match networks.iter_mut().find(|(known, _)| *known == network) {
                Some((_, names)) => names.push(name),
                None => networks.push((network, vec![name])),
            }
        }
        let found = each(networks, async |(network, names)| {
            let answer = client.send(Method::GET, network, &[], None).await?;
            let all = answer["peerings"].as_array().into_iter().flatten();
            let there = all.filter(|peering| names.iter().any(|name| peering["name"] == **name));
            there.map(|peering| seen(network, peering)).collect::<Result<Vec<_>>>().map(Some)
        });
        Ok(found.await?.into_iter().flatten().collect())
    }

    async fn make(&self, client: &Client, attempt: &Attempt<'_>) -> Result<Made<Self>> {
        let mut peering = self.body()?;
        // Compute Engine accepts nothing else.
        peering.insert("exchangeSubnetRoutes".to_owned(), true.into());
        let begun = self.call(client, Method::POST, "addPeering", peering, attempt).await?;
        Ok(Made::id(self.identity()).with_operation(begun))
    }

    async fn change(&self, client: &Client, _: &Seen<Self>, due: &Due<'_>) -> Result<Next> {
        let mut peering = self.body()?;
        let changed = due.fields().iter().map(|field| table::wire_name(RENAMED, field));
        let changed: Vec<_> = changed.chain(["name".to_owned(), "exchangeSubnetRoutes".to_owned()]).collect();
        peering.retain(|field, _| changed.contains(field));
        let begun = self.call(client, Method::PATCH, "updatePeering", peering, &due.attempt).await?;
        Ok(Next::Started(begun))
    }

    async fn remove(client: &Client, prior: &Observed<Self>, attempt: &Attempt<'_>) -> Result<Next> {
        let (network, name) = split(prior.id())?;
        // Compute Engine refuses to remove a peering that is not there by a general reason, so look first.
        let answer = client.send(Method::GET, network, &[], None).await?;
        let mut all = answer["peerings"].as_array().into_iter().flatten();
        if !all.any(|peering| peering["name"] == name) {
            return Ok(Next::Done);
        }
        let request = attempt.request_id("remove");
        let (path, query) = (format!("{network}/removePeering"), [("requestId", request.as_str())]);
        let operation = client.send(Method::POST, &path, &query, Some(json!({ "name": name }))).await?;
        Ok(Next::Started(begun(&operation)?))
    }
}

impl NetworkPeering {
    fn identity(&self) -> String {
        format!("{}/{}", self.network, self.name)
    }

    fn body(&self) -> Result<Map<String, Json>> {
        let mut body = table::spelt(self, RENAMED)?;
        body.insert("network".to_owned(), self.peer_network.as_str().into());
        Ok(body)
    }

    async fn call(
        &self,
        client: &Client,
        method: Method,
        name: &str,
        peering: Map<String, Json>,
        attempt: &Attempt<'_>,
    ) -> Result<landform_kit::Operation> {
        let network = Place::parse(self.network.as_str(), Scope::Global, "networks")?;
        let request = attempt.request_id(name);
        let path = format!("{}/{name}", network.path());
        let body = json!({ "networkPeering": peering });
        begun(&client.send(method, &path, &[("requestId", request.as_str())], Some(body)).await?)
    }
}

/// The network's path and the peering's name.
fn split(id: &str) -> Result<(&str, &str)> {
    id.rsplit_once('/').ok_or_else(|| {
        let message = format!("invalid id {id:?}: expected projects/…/global/networks/…/NAME");
        Error::new(ErrorKind::Invalid, message)
    })
}

fn seen(network: &str, peering: &Json) -> Result<Seen<NetworkPeering>> {
    let id = format!("{network}/{}", peering["name"].as_str().unwrap_or_default());
    let mut arguments = table::told::<NetworkPeering>(peering, RENAMED);
    arguments.insert("network".to_owned(), network.into());
    let attributes = table::told_attributes::<NetworkPeering>(peering, &id);
    Ok(Seen::new(rest::declared(&arguments.into())?, rest::declared(&attributes.into())?))
}
