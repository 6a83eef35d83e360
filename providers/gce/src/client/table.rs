//! A type as a table: its collection in Compute Engine, the spelling of its fields, and the call that changes each
//! field. The table and the declaration determine the calls.

use std::collections::BTreeMap;

use landform_core::{Error, ErrorKind, FindBy, Resource, Result};
use landform_kit::{
    Attempt, Due, Made, Next, Seen, State, TagChange, Which, each,
    rest::{self, Method},
    senseless,
};
use serde_json::{Map, Value as Json, json};

use super::{
    Client, Place, begun,
    wire::{self, Missing},
};
pub(crate) use super::{place::Scope, wire::Renamed};

/// How many resources of one collection are read one by one. The client lists the collection for more.
const ONE_BY_ONE: usize = 3;

/// The number of resources in a page of a list: the maximum of Compute Engine.
const PER_PAGE: &str = "500";

/// The facts about a type that its declaration does not give.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Table {
    /// The collection in paths: `networks`.
    pub collection: &'static str,
    /// The scope of its resources.
    pub scope: Scope,
    /// The names with another spelling on the wire.
    pub renamed: Renamed,
    /// The calls that change fields. A field in none of them is immutable.
    pub changes: &'static [Change],
}

/// A call that changes fields.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Change {
    /// `PATCH`, with the fingerprint if the type has one.
    ///
    /// The second list holds the wire names of the fields that every such call must repeat.
    Patch(&'static [&'static str], &'static [&'static str]),
    /// `PUT` with the whole resource, and with the fingerprint if the type has one.
    Put(&'static [&'static str]),
    /// A separate method that takes the field under its name: `setPrivateIpGoogleAccess`.
    Method(&'static str, &'static [&'static str]),
}

/// A type that is a table.
pub(crate) trait Entry: Resource {
    /// The table.
    const TABLE: Table;
    /// Whether `insert` takes labels. If only `setLabels` does, the client writes them after the creation.
    const MADE_WITH_LABELS: bool = true;
    /// The query parameter that names the resource in a change of its collection. `None` if a change has the
    /// resource's own path.
    const NAMED_BY: Option<&'static str> = None;

    /// Adjusts a body beyond the spelling of its fields.
    fn sent(_body: &mut Map<String, Json>, _place: &Place) {}

    /// Adjusts an answer beyond the spelling of its fields.
    fn shown(_answer: &mut Map<String, Json>) {}
}

/// Implements the calls of a type that is a table, with `labels` if it has them. `later` means that `insert` takes no
/// labels, so the kit finds an attempt by its name: `calls!(Network)`, `calls!(Disk, labels)`, `calls!(Address, labels,
/// later)`.
macro_rules! calls {
    ($type:ty $(, $labels:ident $(, $later:ident)?)?) => {
        #[async_trait]
        impl Calls<Client> for $type {
            const REPEATED: Repeated = Repeated::IsRecognised;
            /// One list shows all resources of a collection.
            const PAGE: usize = 5000;
            const LISTS: bool = true;
            $(
                const TAGS: Option<Tagging<Client, Self>> = tagged!($labels, table::label);
                $( const FIND: FindBy = table::$later(); )?
            )?

            async fn look(client: &Client, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>> {
                table::look(client, which).await
            }

            async fn make(&self, client: &Client, attempt: &Attempt<'_>) -> Result<Made<Self>> {
                table::make(self, client, attempt).await
            }

            async fn change(&self, client: &Client, seen: &Seen<Self>, due: &Due<'_>) -> Result<Next> {
                table::change(self, client, seen, due).await
            }

            async fn remove(client: &Client, prior: &Observed<Self>, attempt: &Attempt<'_>) -> Result<Next> {
                table::remove::<Self>(client, prior.id(), attempt).await
            }
        }
    };
}

pub(crate) use calls;

/// How the kit finds a resource that is made without its labels.
pub(crate) const fn later() -> FindBy {
    FindBy::Identity
}

/// Converts declared arguments to a body.
pub(crate) fn spelt<R: Resource>(arguments: &R, renamed: Renamed) -> Result<Map<String, Json>> {
    Ok(wire::body(&R::resource_type().arguments, renamed, &fields(arguments)?, Missing::LeftOut))
}

/// The name of a declared field on the wire.
pub(crate) fn wire_name(renamed: Renamed, declared: &str) -> String {
    wire::name(renamed, declared)
}

/// The arguments of a type that a part of an answer gives.
pub(crate) fn told<R: Resource>(answer: &Json, renamed: Renamed) -> Map<String, Json> {
    let known = &R::resource_type().arguments;
    answer.as_object().map(|answer| wire::declared(known, renamed, answer)).unwrap_or_default()
}

/// The attributes of a type that a part of an answer gives, with its id.
pub(crate) fn told_attributes<R: Resource>(answer: &Json, id: &str) -> Map<String, Json> {
    let known = &R::resource_type().attributes;
    let mut told = answer.as_object().map(|answer| wire::declared(known, &[], answer)).unwrap_or_default();
    told.insert("id".to_owned(), id.into());
    told
}

/// Looks at ids, at the whole collections of ids, or at the resource of an attempt, which has the attempt's name.
pub(crate) async fn look<R: Entry>(client: &Client, which: Which<'_, R>) -> Result<Vec<Seen<R>>> {
    let ids = match which {
        Which::Ids(ids) | Which::Beside(ids) => ids,
        Which::Attempt(_, arguments) => {
            let place = place::<R>(client, &fields(arguments)?)?;
            return each([place], |place| get(client, place)).await;
        }
    };
    let whole = matches!(which, Which::Beside(_));
    let mut collections: BTreeMap<String, Vec<Place>> = BTreeMap::new();
    for id in ids {
        let place = Place::parse(id, R::TABLE.scope, R::TABLE.collection)?;
        collections.entry(place.collection()).or_default().push(place);
    }
    let mut seen = Vec::new();
    for (path, places) in collections {
        if places.len() <= ONE_BY_ONE && !whole {
            seen.extend(each(places, |place| get(client, place)).await?);
            continue;
        }
        let mut items: BTreeMap<String, Json> = BTreeMap::new();
        for item in client.all(&path, &[]).await? {
            items.extend(item["name"].as_str().map(str::to_owned).map(|name| (name, item)));
        }
        if let (true, Some(beside)) = (whole, places.first()) {
            for (name, item) in items {
                seen.push(read(&beside.sibling(name), item)?);
            }
            continue;
        }
        for place in places {
            if let Some(item) = items.remove(&place.name) {
                seen.push(read(&place, item)?);
            }
        }
    }
    Ok(seen)
}

/// Makes a resource by one `insert`. Its request id depends on the token.
pub(crate) async fn make<R: Entry>(wanted: &R, client: &Client, attempt: &Attempt<'_>) -> Result<Made<R>> {
    let fields = fields(wanted)?;
    let place = place::<R>(client, &fields)?;
    let mut body = body::<R>(&fields, &place, Missing::LeftOut);
    if R::MADE_WITH_LABELS && !attempt.tags.is_empty() {
        body.insert("labels".to_owned(), json!(attempt.tags));
    }
    let request = attempt.request_id("insert");
    let query = [("requestId", request.as_str())];
    let operation = client.send(Method::POST, &place.collection(), &query, Some(Json::Object(body))).await?;
    Ok(Made::id(place.path()).with_operation(begun(&operation)?))
}

/// Makes the first change that is due. The kit makes the others after the next looks.
pub(crate) async fn change<R: Entry>(
    wanted: &R,
    client: &Client,
    seen: &Seen<R>,
    due: &Due<'_>,
) -> Result<Next> {
    let place = Place::parse(seen.id(), R::TABLE.scope, R::TABLE.collection)?;
    let wanted = fields(wanted)?;
    for change in R::TABLE.changes {
        let (Change::Patch(fields, _) | Change::Put(fields) | Change::Method(_, fields)) = change;
        let due_here: Vec<&str> = fields.iter().copied().filter(|field| due.has(field)).collect();
        if due_here.is_empty() {
            continue;
        }
        let missing = if matches!(change, Change::Patch(..)) { Missing::Null } else { Missing::LeftOut };
        let body = body::<R>(&wanted, &place, missing);
        let mut part = match change {
            Change::Put(_) => body.clone(),
            Change::Patch(..) | Change::Method(..) => parts::<R>(&body, &due_here),
        };
        if let Change::Patch(_, again) = change {
            let again = again.iter().filter_map(|name| Some(((*name).to_owned(), body.get(*name)?.clone())));
            part.extend(again);
        }
        if !matches!(change, Change::Method(..)) {
            part.extend(fingerprints(seen).0.map(|print| ("fingerprint".to_owned(), print.into())));
        }
        // A change that was refused for its fingerprint is another request with the next fingerprint.
        let print = fingerprints(seen).0.unwrap_or_default();
        let request = due.attempt.request_id(&format!("change {} {print}", fields.join(" ")));
        let (path, named) = match R::NAMED_BY {
            Some(parameter) => (place.collection(), Some((parameter, place.name.as_str()))),
            None => (place.path(), None),
        };
        let query: Vec<_> = [("requestId", request.as_str())].into_iter().chain(named).collect();
        let part = Some(Json::Object(part));
        let operation = match change {
            Change::Patch(..) => client.send(Method::PATCH, &path, &query, part).await?,
            Change::Put(_) => client.send(Method::PUT, &path, &query, part).await?,
            Change::Method(name, _) => {
                client.send(Method::POST, &format!("{}/{name}", seen.id()), &query, part).await?
            }
        };
        return Ok(Next::Started(begun(&operation)?));
    }
    let message = format!("{} cannot change in place", due.fields().join(", "));
    Err(Error::new(ErrorKind::Invalid, message))
}

/// The parts of a body that fields are in. A field that the body does not have becomes null, which removes it.
fn parts<R: Entry>(body: &Map<String, Json>, fields: &[&str]) -> Map<String, Json> {
    let mut part = Map::new();
    for field in fields {
        let at = wire::name(R::TABLE.renamed, field);
        let first = at.split('.').next().unwrap_or(&at);
        part.insert(first.to_owned(), body.get(first).cloned().unwrap_or_default());
    }
    part
}

/// Deletes a resource.
pub(crate) async fn remove<R: Entry>(client: &Client, id: &str, attempt: &Attempt<'_>) -> Result<Next> {
    let request = attempt.request_id("delete");
    let operation = client.send(Method::DELETE, id, &[("requestId", request.as_str())], None).await?;
    Ok(Next::Started(begun(&operation)?))
}

/// Writes all labels at once.
pub(crate) async fn label<R: Entry>(client: &Client, seen: &Seen<R>, change: &TagChange) -> Result<Next> {
    let body = json!({ "labels": change.all, "labelFingerprint": fingerprints(seen).1 });
    let operation = client.send(Method::POST, &format!("{}/setLabels", seen.id()), &[], Some(body)).await?;
    Ok(Next::Started(begun(&operation)?))
}

async fn get<R: Entry>(client: &Client, place: Place) -> Result<Option<Seen<R>>> {
    let item = client.send(Method::GET, &place.path(), &[], None).await?;
    read(&place, item).map(Some)
}

/// One page of a collection.
pub(super) async fn list(
    client: &Client,
    path: &str,
    query: &[(&str, &str)],
    page: Option<String>,
) -> Result<(Vec<Json>, Option<String>)> {
    let (items, next) = page_of(client, path, query, page).await?;
    match items {
        Json::Array(items) => Ok((items, next)),
        Json::Null => Ok((Vec::new(), next)),
        other => Err(senseless(format!("the list's items are {other}, expected an array"))),
    }
}

/// One page of a collection in all its regions or zones.
pub(super) async fn aggregated(
    client: &Client,
    path: &str,
    collection: &str,
    query: &[(&str, &str)],
    page: Option<String>,
) -> Result<(Vec<Json>, Option<String>)> {
    let (mut scopes, next) = page_of(client, path, query, page).await?;
    let mut all = Vec::new();
    for scope in scopes.as_object_mut().into_iter().flat_map(|scopes| scopes.values_mut()) {
        // A scope without items has a warning in their place.
        if let Json::Array(items) = scope[collection].take() {
            all.extend(items);
        }
    }
    Ok((all, next))
}

async fn page_of(
    client: &Client,
    path: &str,
    query: &[(&str, &str)],
    page: Option<String>,
) -> Result<(Json, Option<String>)> {
    let mut query: Vec<_> = query.iter().copied().chain([("maxResults", PER_PAGE)]).collect();
    query.extend(page.as_deref().map(|page| ("pageToken", page)));
    let mut answer = client.send(Method::GET, path, &query, None).await?;
    let next = answer["nextPageToken"].as_str().map(str::to_owned);
    Ok((answer["items"].take(), next))
}

/// Reads a resource from its JSON.
fn read<R: Entry>(place: &Place, item: Json) -> Result<Seen<R>> {
    let Json::Object(mut item) = item else {
        return Err(senseless(format!("the answer is {item}, expected an object")));
    };
    let print = |field: &str| item.get(field).and_then(Json::as_str).unwrap_or_default();
    let etag = format!("{} {}", print("fingerprint"), print("labelFingerprint"));
    let state = match print("status") {
        "CREATING" | "PENDING" | "PROVISIONING" | "RESERVING" | "STAGING" => {
            State::Busy(format!("status {}", print("status")).into())
        }
        "DELETING" => State::Leaving,
        "FAILED" => State::Failed(Error::new(ErrorKind::Internal, "its status is FAILED")),
        _ => State::Ready,
    };
    // The kit selects the user's labels.
    let labels: BTreeMap<String, String> = match item.remove("labels") {
        Some(labels) => rest::declared(&labels)?,
        None => BTreeMap::new(),
    };
    R::shown(&mut item);
    let known = R::resource_type();
    let mut arguments = wire::declared(&known.arguments, R::TABLE.renamed, &item);
    arguments.extend(place.arguments());
    let mut attributes = wire::declared(&known.attributes, &[], &item);
    attributes.insert("id".to_owned(), place.path().into());
    let seen = Seen::new(rest::declared(&arguments.into())?, rest::declared(&attributes.into())?);
    Ok(seen.tags(labels).state(state).etag(Some(etag)))
}

/// The fingerprint of the resource and that of its labels, as the look showed them.
fn fingerprints<R: Resource>(seen: &Seen<R>) -> (Option<&str>, Option<&str>) {
    let (own, labels) = seen.etag.as_deref().and_then(|etag| etag.split_once(' ')).unwrap_or_default();
    let some = |text| Some(text).filter(|text: &&str| !text.is_empty());
    (some(own), some(labels))
}

/// The fields of a declaration.
pub(super) fn fields<R: Resource>(arguments: &R) -> Result<Map<String, Json>> {
    match serde_json::to_value(arguments) {
        Ok(Json::Object(fields)) => Ok(fields),
        other => Err(senseless(format!("the arguments are {other:?}, expected an object"))),
    }
}

fn place<R: Entry>(client: &Client, fields: &Map<String, Json>) -> Result<Place> {
    Place::of(client, R::TABLE.scope, R::TABLE.collection, fields)
}

fn body<R: Entry>(fields: &Map<String, Json>, place: &Place, missing: Missing) -> Map<String, Json> {
    let mut body = wire::body(&R::resource_type().arguments, R::TABLE.renamed, fields, missing);
    body.remove("labels");
    R::sent(&mut body, place);
    body
}
