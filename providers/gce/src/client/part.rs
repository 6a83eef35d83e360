//! Types that are parts of a router: its NATs, its interfaces, its BGP peers. Each call reads and patches the router.
//! Routers have no fingerprint, so the client changes one part at a time. Compute Engine refuses a patch while somebody
//! else's patch is under way.

use std::collections::{BTreeMap, BTreeSet};

use landform_core::{Error, ErrorKind, Observed, Resource, Result};
use landform_kit::{
    Due, Made, Next, Operation, Seen, Which, each,
    rest::{self, Method},
};
use serde_json::{Map, Value as Json, json};

use super::{
    Client, Place, begun, path_of,
    table::{self, Renamed, Scope},
};

/// A type that is a part of a router.
pub(crate) trait Part: Resource {
    /// The router's list of these parts.
    const LIST: &'static str;
    /// The name of a part in messages.
    const NOUN: &'static str;
    /// The names with another spelling on the wire.
    const RENAMED: Renamed;

    /// The router's id or name.
    fn router(&self) -> &str;

    /// Its name in the router.
    fn name(&self) -> &str;

    /// Adjusts a body beyond the spelling of its fields.
    fn sent(_body: &mut Map<String, Json>) {}

    /// Adjusts an answer beyond the spelling of its fields.
    fn shown(_answer: &mut Map<String, Json>) {}
}

/// Implements the calls of a type that is a part of a router.
macro_rules! part_calls {
    ($type:ty) => {
        #[async_trait]
        impl Calls<Client> for $type {
            /// One read of a router shows all parts in it.
            const PAGE: usize = 500;

            async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
                part::look(client, which).await
            }

            async fn make(&self, client: &Client, _: &Attempt<'_>) -> Result<Made<Self>> {
                part::make(self, client).await
            }

            async fn change(&self, client: &Client, seen: &Seen<Self>, due: &Due<'_>) -> Result<Next> {
                part::change(self, client, seen, due).await
            }

            async fn remove(client: &Client, prior: &Observed<Self>, _: &Attempt<'_>) -> Result<Next> {
                part::remove(client, prior).await
            }
        }
    };
}

pub(crate) use part_calls;

pub(crate) async fn look<R: Part>(client: &Client, which: Which<'_, R>) -> Result<Vec<Seen<R>>> {
    let ids: Vec<String> = match which {
        Which::Ids(ids) | Which::Beside(ids) => ids.iter().map(|id| (*id).to_owned()).collect(),
        Which::Attempt(_, wanted) => vec![id(&router_of(client, wanted)?, wanted)],
    };
    let mut routers: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for id in &ids {
        let (router, name) = split(id)?;
        routers.entry(router).or_default().insert(name);
    }
    let found = each(routers, async |(router, names)| {
        let parts = parts::<R>(client, router).await?;
        let is_wanted = |part: &Json| part["name"].as_str().is_some_and(|name| names.contains(name));
        let there = parts.into_iter().filter(is_wanted);
        there.map(|part| seen(router, part)).collect::<Result<Vec<_>>>().map(Some)
    });
    Ok(found.await?.into_iter().flatten().collect())
}

pub(crate) async fn make<R: Part>(wanted: &R, client: &Client) -> Result<Made<R>> {
    let router = router_of(client, wanted)?;
    let _one_at_a_time = client.routers.lock().await;
    let mut parts = parts::<R>(client, &router).await?;
    if parts.iter().any(|part| part["name"] == wanted.name()) {
        let message = format!("the router already has {} {:?}", R::NOUN, wanted.name());
        return Err(Error::new(ErrorKind::AlreadyExists, message));
    }
    parts.push(body(wanted)?.into());
    let begun = write::<R>(client, &router, parts).await?;
    Ok(Made::id(id(&router, wanted)).with_operation(begun))
}

pub(crate) async fn change<R: Part>(
    wanted: &R,
    client: &Client,
    seen: &Seen<R>,
    due: &Due<'_>,
) -> Result<Next> {
    let (router, name) = split(seen.id())?;
    let _one_at_a_time = client.routers.lock().await;
    let mut parts = parts::<R>(client, router).await?;
    let there = parts.iter_mut().find(|part| part["name"] == name).and_then(Json::as_object_mut);
    let Some(there) = there else {
        return Err(Error::new(ErrorKind::NotFound, "it is gone"));
    };
    // The change keeps what declarations do not cover, such as a NAT's rules.
    let mut body = body(wanted)?;
    for field in due.fields() {
        let field = table::wire_name(R::RENAMED, field);
        match body.remove(&field) {
            Some(value) => there.insert(field, value),
            None => there.remove(&field),
        };
    }
    Ok(Next::Started(write::<R>(client, router, parts).await?))
}

pub(crate) async fn remove<R: Part>(client: &Client, prior: &Observed<R>) -> Result<Next> {
    let (router, name) = split(prior.id())?;
    let _one_at_a_time = client.routers.lock().await;
    let mut parts = parts::<R>(client, router).await?;
    let before = parts.len();
    parts.retain(|part| part["name"] != name);
    match parts.len() == before {
        true => Ok(Next::Done),
        false => Ok(Next::Started(write::<R>(client, router, parts).await?)),
    }
}

fn id<R: Part>(router: &str, part: &R) -> String {
    format!("{router}/{}", part.name())
}

/// The path of a part's router, which a declaration may also give by its name.
fn router_of<R: Part>(client: &Client, part: &R) -> Result<String> {
    if let Some(path) = path_of(part.router()) {
        return Ok(path.to_owned());
    }
    let mut fields = table::fields(part)?;
    fields.insert("name".to_owned(), part.router().into());
    Ok(Place::of(client, Scope::Region, "routers", &fields)?.path())
}

/// The router's path and the part's name.
fn split(id: &str) -> Result<(&str, &str)> {
    id.rsplit_once('/').ok_or_else(|| {
        let message = format!("invalid id {id:?}: expected projects/…/regions/…/routers/…/NAME");
        Error::new(ErrorKind::Invalid, message)
    })
}

/// The parts of a router.
async fn parts<R: Part>(client: &Client, router: &str) -> Result<Vec<Json>> {
    Place::parse(router, Scope::Region, "routers")?;
    let mut router = client.send(Method::GET, router, &[], None).await?;
    match router[R::LIST].take() {
        Json::Array(parts) => Ok(parts),
        _ => Ok(Vec::new()),
    }
}

async fn write<R: Part>(client: &Client, router: &str, parts: Vec<Json>) -> Result<Operation> {
    begun(&client.send(Method::PATCH, router, &[], Some(json!({ R::LIST: parts }))).await?)
}

fn body<R: Part>(part: &R) -> Result<Map<String, Json>> {
    let mut body = table::spelt(part, R::RENAMED)?;
    body.remove("router");
    R::sent(&mut body);
    Ok(body)
}

fn seen<R: Part>(router: &str, mut part: Json) -> Result<Seen<R>> {
    let place = Place::parse(router, Scope::Region, "routers")?;
    let id = format!("{router}/{}", part["name"].as_str().unwrap_or_default());
    if let Some(part) = part.as_object_mut() {
        R::shown(part);
    }
    let mut arguments = table::told::<R>(&part, R::RENAMED);
    arguments.extend(place.arguments());
    arguments.insert("router".to_owned(), router.into());
    let attributes = table::told_attributes::<R>(&part, &id);
    Ok(Seen::new(rest::declared(&arguments.into())?, rest::declared(&attributes.into())?))
}
