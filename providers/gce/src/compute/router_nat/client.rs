//! The calls for NATs, which are parts of routers: each call reads and patches the router. Routers have no fingerprint,
//! so the client changes one NAT at a time. Compute Engine refuses a patch while somebody else's patch is under way.

use landform_core::Id;
use landform_kit::rest::{self, Method};

use super::{RouterNat, RouterNatAttributes};
use crate::client::{prelude::*, table::Renamed};

const RENAMED: Renamed = &[("subnetwork", "subnetworks")];

#[async_trait]
impl Calls<Client> for RouterNat {
    /// One list of routers shows all NATs in them.
    const PAGE: usize = 500;

    async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
        let ids = which.ids_or(|nat| format!("{}/{}", nat.router, nat.name).into());
        let mut routers: Vec<(&str, Vec<&str>)> = Vec::new();
        for id in &ids {
            let (router, name) = parts(id)?;
            match routers.iter_mut().find(|(known, _)| *known == router) {
                Some((_, names)) => names.push(name),
                None => routers.push((router, vec![name])),
            }
        }
        let found = landform_kit::each(routers, async |(router, names)| {
            let nats = nats(client, router).await?;
            let there = nats.into_iter().filter(|nat| names.iter().any(|name| nat["name"] == **name));
            there.map(|nat| seen(router, nat)).collect::<Result<Vec<_>>>().map(Some)
        });
        Ok(found.await?.into_iter().flatten().collect())
    }

    async fn make(&self, client: &Client, _: &Attempt<'_>) -> Result<Made<Self>> {
        let router = self.router.as_str();
        let _one_at_a_time = client.routers.lock().await;
        let mut nats = nats(client, router).await?;
        if nats.iter().any(|nat| nat["name"] == self.name.as_str()) {
            let message = format!("the router already has a NAT {:?}", self.name);
            return Err(Error::new(ErrorKind::AlreadyExists, message));
        }
        nats.push(self.body()?.into());
        let begun = write(client, router, nats).await?;
        Ok(Made::id(format!("{router}/{}", self.name)).with_operation(begun))
    }

    async fn change(&self, client: &Client, seen: &Seen<Self>, due: &Due<'_>) -> Result<Next> {
        let (router, name) = parts(seen.id())?;
        let _one_at_a_time = client.routers.lock().await;
        let mut nats = nats(client, router).await?;
        let there = nats.iter_mut().find(|nat| nat["name"] == name).and_then(Json::as_object_mut);
        let Some(there) = there else {
            return Err(Error::new(ErrorKind::NotFound, "it is gone"));
        };
        // The change keeps what declarations do not cover: rules, endpoint types.
        let mut body = self.body()?;
        for field in due.fields() {
            let field = table::wire_name(RENAMED, field);
            match body.remove(&field) {
                Some(value) => there.insert(field, value),
                None => there.remove(&field),
            };
        }
        Ok(Next::Started(write(client, router, nats).await?))
    }

    async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
        let (router, name) = parts(prior.id())?;
        let _one_at_a_time = client.routers.lock().await;
        let mut nats = nats(client, router).await?;
        let before = nats.len();
        nats.retain(|nat| nat["name"] != name);
        match nats.len() == before {
            true => Ok(Next::Done),
            false => Ok(Next::Started(write(client, router, nats).await?)),
        }
    }
}

impl RouterNat {
    fn body(&self) -> Result<Map<String, Json>> {
        let mut body = table::spelt(self, RENAMED)?;
        body.remove("router");
        Ok(body)
    }
}

/// The router's path and the NAT's name.
fn parts(id: &str) -> Result<(&str, &str)> {
    id.rsplit_once('/').ok_or_else(|| {
        let message = format!("invalid id {id:?}: expected projects/…/regions/…/routers/…/NAME");
        Error::new(ErrorKind::Invalid, message)
    })
}

/// The NATs of a router.
async fn nats(client: &Client, router: &str) -> Result<Vec<Json>> {
    Place::parse(router, Scope::Region, "routers")?;
    let mut router = client.send(Method::GET, router, &[], None).await?;
    match router["nats"].take() {
        Json::Array(nats) => Ok(nats),
        _ => Ok(Vec::new()),
    }
}

async fn write(client: &Client, router: &str, nats: Vec<Json>) -> Result<landform_kit::Operation> {
    begun(&client.send(Method::PATCH, router, &[], Some(json!({ "nats": nats }))).await?)
}

fn seen(router: &str, nat: Json) -> Result<Seen<RouterNat>> {
    let place = Place::parse(router, Scope::Region, "routers")?;
    let id = format!("{router}/{}", nat["name"].as_str().unwrap_or_default());
    let mut arguments = table::told::<RouterNat>(&nat, RENAMED);
    arguments.extend(place.arguments());
    arguments.insert("router".to_owned(), router.into());
    Ok(Seen::new(rest::declared(&arguments.into())?, RouterNatAttributes { id: Id::new(id) }))
}
