//! Lists of one collection or of all scopes: filtered, ordered, in pages.

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Map, Value as Json, json};

use super::{
    filter::Filter,
    link::{self, Scope},
    world::World,
};
use crate::{
    call::Call,
    refusal::{Refusal, Result},
    schema::{Schema, Service},
};

/// The maximum number of items in a page.
const MOST: usize = 500;

/// Lists one collection, by its path.
pub(crate) fn list(world: &World, call: &Call, path: &str) -> Result<Json> {
    let items = items(world, path);
    let (items, next) =
        Page::of(call)?.cut(items, |item| item["name"].as_str().unwrap_or_default().to_owned())?;
    Ok(answer(call, path, (!items.is_empty()).then_some(Json::Array(items)), next))
}

/// Lists a collection in all its scopes.
pub(crate) fn aggregated(world: &World, call: &Call, project: &str, segment: &str) -> Result<Json> {
    let scopes = scopes(world, segment, call.asks_for("includeAllScopes"));
    let mut items = Vec::new();
    for scope in &scopes {
        let path = format!("projects/{project}/{}/{segment}", scope.path());
        items.extend(self::items(world, &path).into_iter().map(|item| (scope.path(), item)));
    }
    let key =
        |(scope, item): &(String, Json)| format!("{scope}/{}", item["name"].as_str().unwrap_or_default());
    let page = Page::of(call)?;
    let (items, next) = page.cut_with(items, |(_, item)| item, key)?;
    let mut by_scope = Map::new();
    for scope in scopes {
        let scope = scope.path();
        let inside: Vec<_> =
            items.iter().filter(|(of, _)| *of == scope).map(|(_, item)| item.clone()).collect();
        let entry = match inside.is_empty() {
            false => json!({ segment: inside }),
            true => json!({ "warning": {
                "code": "NO_RESULTS_ON_PAGE",
                "message": format!("No results for the scope '{scope}'."),
                "data": [{ "key": "scope", "value": scope }],
            }}),
        };
        by_scope.insert(scope, entry);
    }
    let path = format!("projects/{project}/aggregated/{segment}");
    Ok(answer(call, &path, Some(Json::Object(by_scope)), next))
}

fn items(world: &World, path: &str) -> Vec<Json> {
    if let Some(scope) = path.strip_suffix("/operations") {
        return world.operations_in(scope);
    }
    let mut items = world.all_given(path);
    items.extend(world.paths_in(path).filter_map(|path| world.show(path)));
    items
}

/// The scopes of a collection by the schema, or all scopes.
fn scopes(world: &World, segment: &str, all: bool) -> Vec<Scope> {
    let has = |scope: &str| {
        let end = format!("{scope}/{segment}");
        let methods = Schema::get().methods().iter();
        all || methods
            .filter(|method| method.service == Service::Compute)
            .any(|method| method.path.ends_with(&end))
    };
    let mut scopes = Vec::new();
    if has("global") {
        scopes.push(Scope::Global);
    }
    if has("regions/{region}") {
        scopes.extend(world.regions.iter().map(|region| Scope::Region(region.name.to_owned())));
    }
    if has("zones/{zone}") {
        scopes.extend(world.regions.iter().flat_map(|region| region.zones.iter().cloned().map(Scope::Zone)));
    }
    scopes
}

pub(crate) fn answer(call: &Call, path: &str, items: Option<Json>, next: Option<String>) -> Json {
    let mut answer = Map::new();
    answer.insert("kind".to_owned(), json!(kind(call)));
    answer.insert("id".to_owned(), json!(path));
    answer.insert("selfLink".to_owned(), json!(link::url(path)));
    if let Some(items) = items {
        answer.insert("items".to_owned(), items);
    }
    if let Some(next) = next {
        answer.insert("nextPageToken".to_owned(), json!(next));
    }
    Json::Object(answer)
}

/// `compute#networkList` of the type `NetworkList`.
pub(crate) fn kind(call: &Call) -> String {
    let of = call.method.answer.unwrap_or_default();
    let mut letters = of.chars();
    let first = letters.next().map(|first| first.to_ascii_lowercase());
    format!("compute#{}{}", first.unwrap_or_default(), letters.as_str())
}

/// The part of a list that a request asks for.
pub(crate) struct Page {
    filter: Option<Filter>,
    most: usize,
    after: Option<String>,
    newest_first: bool,
}

impl Page {
    pub(crate) fn of(call: &Call) -> Result<Self> {
        let filter =
            call.query("filter").filter(|filter| !filter.trim().is_empty()).map(Filter::parse).transpose()?;
        let most = match call.query("maxResults") {
            None => MOST,
            Some(given) => match given.parse() {
                Ok(0) => MOST,
                Ok(most) if most <= MOST => most,
                _ => {
                    let why = format!("Values must be within the range: [0, {MOST}]");
                    return Err(Refusal::invalid("maxResults", given, why));
                }
            },
        };
        let after = match call.query("pageToken").filter(|token| !token.is_empty()) {
            None => None,
            Some(token) => {
                let text = BASE64_STANDARD.decode(token).ok().and_then(|bytes| String::from_utf8(bytes).ok());
                Some(
                    text.ok_or_else(|| Refusal::invalid("pageToken", token, "The page token is not valid."))?,
                )
            }
        };
        let newest_first = match call.query("orderBy").unwrap_or_default() {
            "" | "name" => false,
            "creationTimestamp desc" => true,
            other => return Err(Refusal::invalid("orderBy", other, "Unsupported order.")),
        };
        Ok(Self { filter, most, after, newest_first })
    }

    pub(crate) fn cut(
        &self,
        items: Vec<Json>,
        key: impl Fn(&Json) -> String,
    ) -> Result<(Vec<Json>, Option<String>)> {
        self.cut_with(items, |item| item, key)
    }

    fn cut_with<T>(
        &self,
        mut items: Vec<T>,
        object: impl Fn(&T) -> &Json,
        key: impl Fn(&T) -> String,
    ) -> Result<(Vec<T>, Option<String>)> {
        if let Some(filter) = &self.filter {
            items.retain(|item| filter.takes(object(item)));
        }
        if self.newest_first {
            let time = |item: &T| object(item)["creationTimestamp"].as_str().unwrap_or_default().to_owned();
            items.sort_by_key(|item| std::cmp::Reverse(time(item)));
        }
        let first = match &self.after {
            None => 0,
            Some(after) if self.newest_first => {
                items.iter().position(|item| key(item) == *after).map_or(items.len(), |at| at + 1)
            }
            // Keys are ordered, so items deleted since then do not matter.
            Some(after) => items.iter().position(|item| key(item) == *after).map_or_else(
                || items.iter().position(|item| key(item) > *after).unwrap_or(items.len()),
                |at| at + 1,
            ),
        };
        let rest = items.split_off(first.min(items.len()));
        let more = rest.len() > self.most;
        let page: Vec<_> = rest.into_iter().take(self.most).collect();
        let next = page.last().filter(|_| more).map(|last| BASE64_STANDARD.encode(key(last)));
        Ok((page, next))
    }
}
