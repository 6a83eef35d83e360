//! The calls of every type that consists of a path and a declaration.

use async_trait::async_trait;
use landform_core::{Error, ErrorKind, FindBy, Observed, Result};
use reqwest::{Method, Url};
use serde_json::{Map, Value as Json};

use super::{
    Client, Collection, Rest,
    client::{Answer, Request},
    collection::{Create, Mark, Update},
    json::{camel, declared, id_text, merge, respelt, without_nulls},
};
use crate::{Attempt, Calls, Due, Made, Next, Repeated, Seen, State, Which, each, in_pages, senseless};

/// The entry of the labels that carries the token.
const TOKEN_LABEL: &str = "landform-token";

#[async_trait]
impl<R: Rest> Calls<Client> for R {
    const FIND: FindBy = R::AT.find();
    const REPEATED: Repeated = match R::AT.mark {
        Mark::Name(_) => Repeated::IsRefused,
        _ => Repeated::MakesAnother,
    };
    const PAGE: usize = 100;

    async fn look(client: &Client, which: Which<'_, R>) -> Result<Vec<Seen<R>>> {
        let kept = Kept::<R>::new(client);
        match which {
            Which::Ids(ids) | Which::Beside(ids) => match R::AT.many {
                Some(query) if kept.has_no_parents() => {
                    kept.list(&[], ids.iter().map(|id| (query, *id))).await
                }
                _ => each(ids.iter().copied(), |id| kept.get(id)).await,
            },
            Which::Attempt(token, arguments) => {
                let arguments = kept.arguments(arguments)?;
                match R::AT.mark {
                    Mark::Name(name) => {
                        let id = kept.id(&kept.parents_of(&arguments)?, &text(&arguments, name)?);
                        each([id.as_str()], |id| kept.get(id)).await
                    }
                    Mark::Field(field) => {
                        kept.marked(&arguments, [(field, token.as_str())], field, token.as_str()).await
                    }
                    Mark::Label(_) => kept.marked(&arguments, [], TOKEN_LABEL, token.as_str()).await,
                }
            }
        }
    }

    async fn make(&self, client: &Client, attempt: &Attempt<'_>) -> Result<Made<R>> {
        let kept = Kept::<R>::new(client);
        let mut arguments = kept.arguments(self)?;
        let parents = kept.parents_of(&arguments)?;
        let token = attempt.token().as_str();
        match R::AT.mark {
            Mark::Field(field) => {
                arguments.insert(field.to_owned(), token.into());
            }
            Mark::Label(map) => label(&mut arguments, map, token),
            Mark::Name(_) => {}
        }
        let name = match R::AT.mark {
            Mark::Name(name) => Some(text(&arguments, name)?),
            _ => None,
        };
        let mut headers: Vec<(&'static str, String)> =
            R::AT.key.map(|key| (key, token.to_owned())).into_iter().collect();
        let (method, url) = match (R::AT.create, &name) {
            (Create::Put, Some(name)) => {
                headers.push(("if-none-match", "*".to_owned()));
                (Method::PUT, kept.item(&parents, name))
            }
            _ => (Method::POST, kept.collection(&parents)),
        };
        let body = Some(kept.body(arguments));
        let conflict = ErrorKind::AlreadyExists;
        let answer = client.send(Request { method, url, headers, body, conflict }).await?;
        if let Ok(seen) = kept.seen(&parents, &answer) {
            return Ok(Made::seen(seen));
        }
        let own = name.or_else(|| kept.own_id(&answer.body)).or_else(|| {
            let location = answer.header("location")?;
            location.trim_end_matches('/').rsplit('/').next().map(str::to_owned)
        });
        match own {
            Some(own) => Ok(Made::id(kept.id(&parents, &own))),
            None => Err(senseless(format!("the answer to the creation has no {:?}", R::AT.id))
                .with_effect(landform_core::Effect::Unknown)),
        }
    }

    async fn change(&self, client: &Client, seen: &Seen<R>, due: &Due<'_>) -> Result<Next> {
        let kept = Kept::<R>::new(client);
        let (mut wanted, mut now) = (kept.arguments(self)?, kept.arguments(&seen.object.arguments)?);
        if let (Mark::Label(map), Some(token)) = (R::AT.mark, seen.tags.get(TOKEN_LABEL)) {
            label(&mut wanted, map, token);
            label(&mut now, map, token);
        }
        let only = |fields: &Map<String, Json>| -> Map<String, Json> {
            fields
                .iter()
                .filter(|(name, _)| due.has(name))
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect()
        };
        let (method, body) = match R::AT.update {
            Update::Put => (Method::PUT, wanted),
            Update::Patch => {
                let gone = due.fields().iter().map(|name| ((*name).to_owned(), Json::Null));
                (Method::PATCH, gone.chain(only(&wanted)).collect())
            }
            Update::Merge => match merge(&Json::Object(only(&wanted)), &Json::Object(only(&now))) {
                Json::Object(fields) => (Method::PATCH, fields),
                _ => return Ok(Next::Done),
            },
        };
        let headers = seen.etag.clone().map(|etag| ("if-match", etag)).into_iter().collect();
        let url = kept.url_of(seen.id())?;
        let (body, conflict) = (Some(kept.body(body)), ErrorKind::Conflict);
        client.send(Request { method, url, headers, body, conflict }).await?;
        Ok(Next::Changed)
    }

    async fn remove(client: &Client, prior: &Observed<R>, _: &Attempt<'_>) -> Result<Next> {
        let url = Kept::<R>::new(client).url_of(prior.id())?;
        let (headers, conflict) = (Vec::new(), ErrorKind::InUse);
        let request = Request { method: Method::DELETE, url, headers, body: None, conflict };
        let answer = client.send(request).await?;
        Ok(if answer.status == 202 { Next::wait("waiting for the deletion") } else { Next::Done })
    }
}

/// The requests and answers of one type.
struct Kept<'a, R> {
    client: &'a Client,
    at: Collection,
    of: std::marker::PhantomData<fn() -> R>,
}

impl<'a, R: Rest> Kept<'a, R> {
    fn new(client: &'a Client) -> Self {
        Self { client, at: R::AT, of: std::marker::PhantomData }
    }

    fn has_no_parents(&self) -> bool {
        self.at.parents().next().is_none()
    }

    fn arguments(&self, arguments: &R) -> Result<Map<String, Json>> {
        match serde_json::to_value(arguments).map(without_nulls) {
            Ok(Json::Object(fields)) => Ok(fields),
            other => Err(senseless(format!("the arguments are {other:?}, expected an object"))),
        }
    }

    fn parents_of(&self, arguments: &Map<String, Json>) -> Result<Vec<String>> {
        self.at.parents().map(|name| text(arguments, name)).collect()
    }

    /// Builds an id from the fields of the path and the service's id.
    fn id(&self, parents: &[String], own: &str) -> String {
        parents.iter().map(String::as_str).chain([own]).collect::<Vec<_>>().join("/")
    }

    fn collection(&self, parents: &[String]) -> Url {
        let mut parents = parents.iter();
        let path = self.at.path.split('/').filter(|part| !part.is_empty());
        self.client.url(path.map(|part| match part.starts_with('{') {
            true => parents.next().map_or(part, String::as_str),
            false => part,
        }))
    }

    fn item(&self, parents: &[String], own: &str) -> Url {
        let mut url = self.collection(parents);
        if let Ok(mut path) = url.path_segments_mut() {
            path.push(own);
        }
        url
    }

    fn parts(&self, id: &str) -> Result<(Vec<String>, String)> {
        let expected = self.at.parents().count();
        let mut parts: Vec<String> = id.splitn(expected + 1, '/').map(str::to_owned).collect();
        match parts.pop() {
            Some(own) if parts.len() == expected && !own.is_empty() => Ok((parts, own)),
            _ => {
                let message = format!("invalid id {id:?} for {}: expected {} parts", R::TYPE, expected + 1);
                Err(Error::new(ErrorKind::Invalid, message))
            }
        }
    }

    fn url_of(&self, id: &str) -> Result<Url> {
        let (parents, own) = self.parts(id)?;
        Ok(self.item(&parents, &own))
    }

    /// The body to send: the fields that the path does not hold.
    fn body(&self, mut fields: Map<String, Json>) -> Json {
        for parent in self.at.parents() {
            fields.remove(parent);
        }
        let body = Json::Object(fields);
        if self.at.camel_case { respelt(&R::resource_type().arguments, body, true) } else { body }
    }

    async fn ask(&self, url: Url) -> Result<Answer> {
        let (headers, conflict) = (Vec::new(), ErrorKind::Conflict);
        self.client.send(Request { method: Method::GET, url, headers, body: None, conflict }).await
    }

    async fn get(&self, id: &str) -> Result<Option<Seen<R>>> {
        let (parents, own) = self.parts(id)?;
        let answer = self.ask(self.item(&parents, &own)).await?;
        self.seen(&parents, &answer).map(Some)
    }

    /// All resources that the service lists under these parents.
    async fn list<'q>(
        &self,
        parents: &[String],
        query: impl IntoIterator<Item = (&'q str, &'q str)>,
    ) -> Result<Vec<Seen<R>>> {
        let mut url = self.collection(parents);
        let query: Vec<_> = query.into_iter().collect();
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let items = in_pages(|page| self.page(url.clone(), page)).await?;
        items.into_iter().map(|item| self.read(parents, item, None)).collect()
    }

    async fn page(&self, mut url: Url, page: Option<String>) -> Result<(Vec<Json>, Option<String>)> {
        if let (Some((query, _)), Some(page)) = (self.at.next, &page) {
            url.query_pairs_mut().append_pair(query, page);
        }
        let mut answer = self.ask(url).await?;
        let next = self.at.next.and_then(|(_, next)| id_text(answer.body.get(next)?));
        let items = match self.at.items {
            Some(field) => answer.body.get_mut(field).map(Json::take).unwrap_or_default(),
            None => answer.body,
        };
        match items {
            Json::Array(items) => Ok((items, next)),
            Json::Null => Ok((Vec::new(), next)),
            other => Err(senseless(format!("the list is {other}, expected an array"))),
        }
    }

    /// The listed resources that carry a token.
    async fn marked<'q>(
        &self,
        arguments: &Map<String, Json>,
        query: impl IntoIterator<Item = (&'q str, &'q str)>,
        mark: &str,
        token: &str,
    ) -> Result<Vec<Seen<R>>> {
        let parents = self.parents_of(arguments)?;
        match self.list(&parents, query).await {
            Ok(mut seen) => {
                seen.retain(|seen| seen.tags.get(mark).is_some_and(|is| is == token));
                Ok(seen)
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    fn seen(&self, parents: &[String], answer: &Answer) -> Result<Seen<R>> {
        let item = match self.at.item {
            Some(field) => answer.body.get(field),
            None => Some(&answer.body),
        };
        let item = item.cloned().unwrap_or_default();
        self.read(parents, item, answer.header("etag").map(str::to_owned))
    }

    fn own_id(&self, body: &Json) -> Option<String> {
        let item = self.at.item.map_or(Some(body), |field| body.get(field))?;
        id_text(item.get(self.at.id)?)
    }

    /// Reads a resource from its JSON.
    fn read(&self, parents: &[String], item: Json, etag: Option<String>) -> Result<Seen<R>> {
        let known = R::resource_type();
        let item = without_nulls(item);
        let item = match self.at.camel_case {
            true => respelt(&known.attributes, respelt(&known.arguments, item, false), false),
            false => item,
        };
        let Json::Object(mut fields) = item else {
            return Err(senseless(format!("the answer is {item}, expected an object")));
        };
        let own = match self.at.mark {
            Mark::Name(name) => fields.get(name).and_then(id_text),
            _ => fields.get(self.at.id).and_then(id_text),
        };
        let own = own.ok_or_else(|| senseless(format!("the answer has no {:?}", self.at.id)))?;
        let mut tags = Map::new();
        match self.at.mark {
            Mark::Field(field) => {
                let spelt = if self.at.camel_case { camel(field) } else { field.to_owned() };
                let token = fields.get(field).or_else(|| fields.get(&spelt)).cloned();
                tags.extend(token.map(|token| (field.to_owned(), token)));
            }
            Mark::Label(map) => {
                if let Some(Json::Object(labels)) = fields.get_mut(map) {
                    tags.extend(labels.remove(TOKEN_LABEL).map(|token| (TOKEN_LABEL.to_owned(), token)));
                }
            }
            Mark::Name(_) => {}
        }
        let state = self.state(&fields);
        for (name, value) in self.at.parents().zip(parents) {
            fields.insert(name.to_owned(), value.as_str().into());
        }
        fields.insert("id".to_owned(), self.id(parents, &own).into());
        let fields = Json::Object(fields);
        let seen = Seen::new(declared(&fields)?, declared(&fields)?);
        let tags = tags.into_iter().filter_map(|(key, value)| Some((key, id_text(&value)?)));
        Ok(seen.tags(tags).state(state).etag(etag))
    }

    fn state(&self, fields: &Map<String, Json>) -> State {
        let Some(field) = self.at.status else { return State::Ready };
        let state = fields.get(field).and_then(Json::as_str).unwrap_or_default();
        if self.at.ready.contains(&state) {
            State::Ready
        } else if self.at.leaving.contains(&state) {
            State::Leaving
        } else if self.at.failed.contains(&state) {
            let expected = self.at.ready.join(" or ");
            let message = format!("its {field} is {state:?}, expected {expected}");
            State::Failed(Error::new(ErrorKind::Internal, message))
        } else {
            State::Busy(format!("{field} {state}").into())
        }
    }
}

fn text(arguments: &Map<String, Json>, field: &str) -> Result<String> {
    let value = arguments.get(field).and_then(id_text).filter(|text| !text.contains('/'));
    value.ok_or_else(|| {
        let given = arguments.get(field).unwrap_or(&Json::Null);
        Error::new(ErrorKind::Invalid, format!("{field} is {given}, expected text without slashes"))
    })
}

fn label(arguments: &mut Map<String, Json>, map: &str, token: &str) {
    let labels = arguments.entry(map).or_insert_with(|| Json::Object(Map::new()));
    if let Json::Object(labels) = labels {
        labels.insert(TOKEN_LABEL.to_owned(), token.into());
    }
}
