//! Refresh: reads the recorded objects in pages, many pages at a time, and reports drift.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};

use futures::{StreamExt, stream};
use landform_core::{Address, Budget, Object, expr::Expr};
use serde_json::Value as Json;

use super::{
    Context, Refresh, diff, ignore,
    observe::{observe, recorded_as},
};
use crate::{
    EngineError, Result,
    event::Event,
    journal::{ObjectKey, ObjectState},
    plan::Drift,
    registry::Managed,
    token::now,
};

/// What the planner knows about the cloud after reading.
#[derive(Default)]
pub(crate) struct World {
    /// Objects that differ from the state; `None` if they no longer exist. All others are as recorded.
    pub changed: HashMap<Address, Option<Arc<ObjectState>>>,
    /// The objects that no longer exist, including deposed ones.
    pub gone: HashSet<ObjectKey>,
    /// The same as records, including deposed objects.
    pub records: Vec<(ObjectKey, Option<ObjectState>)>,
    /// The differences, to be shown.
    pub drift: Vec<Drift>,
    /// The providers that are not open yet, and how many of their objects could not be read.
    pub unread: BTreeMap<String, usize>,
}

/// How many pages are read at a time, across all providers.
const PAGES_AT_A_TIME: usize = 32;

type Known<'a> = (ObjectKey, &'a Arc<ObjectState>);

pub(super) async fn refresh(context: &Context<'_>) -> Result<World> {
    let mut world = World::default();
    let present = now();
    let wanted = |object: &ObjectState| match context.options.refresh {
        Refresh::None => false,
        Refresh::All | Refresh::Only => true,
        Refresh::OlderThan(age) => object.read_at.is_none_or(|read_at| read_at + age < present),
    };
    if context.options.refresh == Refresh::None {
        return Ok(world);
    }
    let mut by_type: BTreeMap<(&str, &str), Vec<Known<'_>>> = BTreeMap::new();
    for (key, object) in context.state.unordered() {
        if wanted(object) {
            by_type.entry((object.type_name.as_str(), &object.provider)).or_default().push((key, object));
        }
    }
    let mut pages = Vec::new();
    let mut resources = 0;
    for ((type_name, provider), objects) in by_type {
        let Some(managed) = context.registry.of(type_name, provider) else { continue };
        if !managed.is_open() {
            *world.unread.entry(managed.provider.to_string()).or_default() += objects.len();
            continue;
        }
        resources += objects.len();
        let page = managed.driver.abilities().page.max(1);
        let mut objects = objects.into_iter().peekable();
        while objects.peek().is_some() {
            pages.push((managed, objects.by_ref().take(page).collect::<Vec<_>>()));
        }
    }
    if pages.is_empty() {
        return Ok(world);
    }
    context.events.send(|| Event::Reading { resources, calls: pages.len() });
    // Collected first: with the closure inside it, the future would not be seen to be `Send`.
    let calls: Vec<_> =
        pages.into_iter().map(|(managed, objects)| read_page(context, managed, objects)).collect();
    let mut answers = stream::iter(calls).buffer_unordered(PAGES_AT_A_TIME);
    while let Some(answer) = answers.next().await {
        let (managed, page) = answer?;
        for ((key, recorded), observed) in page {
            note(&mut world, context, managed, key, recorded, observed);
        }
    }
    drop(answers);
    world.drift.sort_by(|a, b| a.address.cmp(&b.address));
    world.records.sort_by(|a, b| a.0.cmp(&b.0));
    context.events.send(|| Event::Read { drifted: world.drift.len() });
    Ok(world)
}

async fn read_page<'a>(
    context: &Context<'_>,
    managed: &'a Managed,
    objects: Vec<Known<'a>>,
) -> Result<(&'a Managed, Vec<(Known<'a>, Option<Object>)>)> {
    let address = &objects[0].0.address;
    let calls = managed.calls(address, Budget::new(), context.heard());
    let states: Vec<&Arc<ObjectState>> = objects.iter().map(|(_, object)| *object).collect();
    let answer = observe(managed, &calls, &states, context.lag)
        .await
        .map_err(|error| EngineError::Provider { address: address.clone(), operation: "reading", error })?;
    Ok((managed, objects.into_iter().zip(answer).collect()))
}

fn note(
    world: &mut World,
    context: &Context<'_>,
    managed: &Managed,
    key: ObjectKey,
    recorded: &Arc<ObjectState>,
    observed: Option<Object>,
) {
    let address = &key.address;
    let current = key.deposed.is_none();
    let Some(observed) = observed else {
        if current {
            world.drift.push(Drift { address: address.clone(), gone: true, fields: Vec::new() });
            world.changed.insert(address.clone(), None);
        }
        world.gone.insert(key.clone());
        world.records.push((key, None));
        return;
    };
    let Cow::Owned(object) = recorded_as(managed, recorded, observed, &context.sealer()) else { return };
    if current && recorded.args != object.args {
        let arguments = object.args.value().unwrap_or(Json::Null);
        let schema = &managed.resource_type.arguments;
        let mut before = Expr::Literal(recorded.args.value().unwrap_or(Json::Null));
        if let Some(node) = context.stack.node(address.as_str()) {
            before = ignore::keep(schema, before, &arguments, &node.lifecycle.ignore_changes);
        }
        let mut fields = diff::differences(schema, &before, &arguments, context.state.lineage());
        for field in &mut fields {
            let is = std::mem::take(&mut field.before);
            let was = std::mem::replace(&mut field.after, Expr::Literal(is));
            field.before = was.expose().filter(|_| !field.sensitive).unwrap_or(Json::Null);
            field.replaces = false;
        }
        if !fields.is_empty() {
            world.drift.push(Drift { address: address.clone(), gone: false, fields });
        }
    }
    let object = ObjectState { read_at: Some(now()), ..object };
    if current {
        world.changed.insert(address.clone(), Some(Arc::new(object.clone())));
    }
    world.records.push((key, Some(object)));
}
