//! The values that the cloud chooses and computes: optional arguments that are not given, and attributes. Pure.

use landform_core::{
    ResourceType, Rule, Schema,
    expr::Expr,
    form::words,
    schema::{Field, Kind, Place},
};
use serde_json::{Map, Value as Json};

use crate::{form, form::Source, place, references::references, world::World};

/// Values by name.
pub(crate) type Values = Map<String, Json>;

/// Arguments with their defaults, without empty values, and with sorted sets. An empty value stays for now if the cloud
/// would choose a value, because it forbids that choice.
pub(crate) fn completed(schema: &Schema, arguments: &Json) -> Values {
    let complete = schema.complete(Expr::Literal(arguments.clone())).expose();
    let Some(Json::Object(mut values)) = complete else { return Map::new() };
    let mut sort = |place: Place<'_>, value: &mut Json| {
        if let (true, Json::Array(items)) = (place.is_set(), value) {
            items.sort_by_cached_key(Json::to_string);
        }
    };
    values.iter_mut().for_each(|(name, value)| schema.top().key(name).each_mut(value, &mut sort));
    values.retain(|name, value| {
        let keeps = |field: &Field| field.required || field.computed && !value.is_null();
        schema.field(name).is_some_and(keeps) || !schema.top().key(name).says_nothing(value)
    });
    values
}

/// The data of a new resource beside its arguments.
pub(crate) struct Birth<'a> {
    pub resource_type: &'a ResourceType,
    pub seed: &'a str,
    pub serial: u64,
    pub revision: u64,
    pub region: &'a str,
    pub account: &'a str,
    pub zone: &'a str,
}

impl Birth<'_> {
    fn source<'a>(&'a self, id: &'a str, arguments: &'a Values, attributes: &'a Values) -> Source<'a> {
        Source {
            seed: self.seed,
            serial: self.serial,
            revision: self.revision,
            region: self.region,
            account: self.account,
            zone: self.zone,
            id,
            arguments,
            attributes,
        }
    }

    /// The id by its form.
    pub(crate) fn id(&self, arguments: &Values) -> String {
        self.source("", arguments, &Map::new()).fill(&self.resource_type.id_form, "id")
    }

    /// Fills in the arguments that the cloud chooses. Those whose form needs the id wait until there is one.
    pub(crate) fn choose(&self, world: &World, arguments: &mut Values, id: Option<&str>) {
        for field in self.resource_type.arguments.fields() {
            let open = field.computed && !arguments.contains_key(&field.name);
            let waits = field.form.as_deref().is_some_and(|form| words(form).any(|word| word == "id"));
            if open && (id.is_some() || !waits) {
                let none = Map::new();
                let source = self.source(id.unwrap_or_default(), arguments, &none);
                let value = self
                    .inherited(world, field, arguments)
                    .or_else(|| formed(field, &source))
                    .or_else(|| self.is_identity(field).then(|| self.chosen_name(field, &source)));
                if let Some(value) = value {
                    arguments.insert(field.name.clone(), value);
                }
            }
        }
    }

    /// The attributes. `before` are those of an existing resource: its random values stay.
    pub(crate) fn attributes(
        &self,
        world: &World,
        id: &str,
        arguments: &Values,
        before: Option<&Values>,
    ) -> Values {
        let mut attributes = Map::new();
        attributes.insert("id".into(), id.into());
        let schema = &self.resource_type.attributes;
        let mut waiting: Vec<&Field> = schema.fields().iter().filter(|field| field.name != "id").collect();
        // A form may name other attributes, which come first. A circle of forms is filled as it is.
        while !waiting.is_empty() {
            let names: Vec<&str> = waiting.iter().map(|field| field.name.as_str()).collect();
            let waits = |field: &Field| {
                field.form.as_deref().is_some_and(|form| words(form).any(|word| names.contains(&word)))
            };
            let (later, now): (Vec<&Field>, Vec<&Field>) =
                waiting.iter().copied().partition(|field| waits(field));
            let (later, now) = if now.is_empty() { (now, later) } else { (later, now) };
            for field in now {
                let value = self.attribute(world, field, id, arguments, &attributes, before);
                if let Some(value) = value {
                    attributes.insert(field.name.clone(), value);
                }
            }
            waiting = later;
        }
        attributes
    }

    fn attribute(
        &self,
        world: &World,
        field: &Field,
        id: &str,
        arguments: &Values,
        attributes: &Values,
        before: Option<&Values>,
    ) -> Option<Json> {
        let kept = || before.filter(|_| !field.volatile).and_then(|before| before.get(&field.name)).cloned();
        let given = |name: &String| {
            arguments.get(name).is_some_and(|value| !matches!(value, Json::Null | Json::Bool(false)))
        };
        if !field.only_with.iter().all(given) {
            return None;
        }
        let source = self.source(id, arguments, attributes);
        if let Some(form) = &field.form {
            if let (true, Ok(first)) = (field.volatile, form.parse::<u64>()) {
                return Some(of_kind(&field.kind, (first + self.revision - 1).to_string()));
            }
            let drawn = form::is_random(form);
            if let Some(value) = self.inherited(world, field, arguments) {
                return Some(value);
            }
            return kept().filter(|_| drawn).or_else(|| formed(field, &source));
        }
        match field.name.as_str() {
            "tags_all" => {
                return arguments.get("tags").cloned().or_else(|| required(field, Json::Object(Map::new())));
            }
            "owner_id" | "account_id" => return Some(self.account.into()),
            "region" => return Some(source.fill("{region}", &field.name).into()),
            // That of a key stays with the key. That of a version is volatile.
            "fingerprint" => return kept().or_else(|| Some(source.fill("{digest}", &field.name).into())),
            _ => {}
        }
        kept()
            .or_else(|| self.inherited(world, field, arguments))
            .or_else(|| field.required.then(|| self.invented(world, field, &source)))
    }

    /// What a resource takes from those it refers to: the network, the region and the zone of its subnet, its allocated
    /// address.
    fn inherited(&self, world: &World, field: &Field, arguments: &Values) -> Option<Json> {
        let (place, zone) = (place::is_place(&field.name), place::is_zone(&field.name));
        let Kind::Text { refers_to, .. } = &field.kind else { return None };
        let address = field.form.as_deref() == Some("{ipv4}");
        if (refers_to.is_some() && field.form.is_none()) || place || address {
            let found =
                references(&self.resource_type.arguments, arguments).into_iter().find_map(|reference| {
                    let target = world.get(reference.type_name, reference.id)?;
                    let value =
                        target.arguments.get(&field.name).or_else(|| target.attributes.get(&field.name))?;
                    // A field of that name may be of another kind there.
                    value.is_string().then(|| value.clone())
                });
            if found.is_some() {
                return found;
            }
        }
        (zone && field.form.is_none()).then(|| self.zone.into())
    }

    /// Whether the field is part of the resource's identity.
    fn is_identity(&self, field: &Field) -> bool {
        let text = matches!(field.kind, Kind::Text { refers_to: None, .. });
        let in_rule = self.resource_type.rules.iter().any(|rule| match rule {
            Rule::Unique(fields) => fields.iter().any(|unique| *unique == field.name),
            _ => false,
        });
        text && (field.name == "name"
            || in_rule
            || words(&self.resource_type.id_form).any(|word| word == field.name))
    }

    fn chosen_name(&self, field: &Field, source: &Source<'_>) -> Json {
        let kind = self.resource_type.name_str().split('_').skip(1).collect::<Vec<_>>().join("-");
        source.fill(&format!("{kind}-{{hex17}}"), &field.name).into()
    }

    /// The emptiest value of a field that must have one.
    fn invented(&self, world: &World, field: &Field, source: &Source<'_>) -> Json {
        if let Some(default) = &field.default {
            return default.clone();
        }
        match &field.kind {
            Kind::Bool => false.into(),
            Kind::Integer | Kind::Number => 0.into(),
            Kind::List(_) | Kind::Set(_) => Json::Array(Vec::new()),
            Kind::Map(_) | Kind::Any => Json::Object(Map::new()),
            Kind::Block(schema) => {
                let required = schema.fields().iter().filter(|field| field.required || field.form.is_some());
                let values = required.map(|inner| {
                    let value = formed(inner, source).unwrap_or_else(|| self.invented(world, inner, source));
                    (inner.name.clone(), value)
                });
                Json::Object(values.collect())
            }
            Kind::Text { one_of, .. } if !one_of.is_empty() => one_of[0].clone().into(),
            Kind::Text { refers_to: Some(other), .. } => match world.resource_type(other.as_str()) {
                Some(other) if form::is_random(&other.id_form) => {
                    source.fill(&other.id_form, &field.name).into()
                }
                _ => source.fill(&format!("{}-{{hex8}}", field.name), &field.name).into(),
            },
            Kind::Text { format, .. } => {
                let name = field.name.as_str();
                let form = match format.as_deref() {
                    Some("ipv4") => "{ipv4}",
                    Some("ipv6") => "{ipv6}",
                    Some("cidr") => "{ipv4}/32",
                    _ if name == "arn" || name.ends_with("_arn") => "arn:sim:{region}:{account}:{id}",
                    _ if name == "self_link" => "https://cloud.test/{account}/{id}",
                    _ if name.ends_with("_ip") || name == "ip_address" => "{ipv4}",
                    _ if name.contains("dns") || name == "fqdn" => "{dns}",
                    _ if name == "state" || name == "status" => "available",
                    _ => "{hex8}",
                };
                source.fill(form, name).into()
            }
        }
    }
}

fn required(field: &Field, value: Json) -> Option<Json> {
    field.required.then_some(value)
}

/// The value from the field's form, in the type of the field.
pub(crate) fn formed(field: &Field, source: &Source<'_>) -> Option<Json> {
    let text = source.fill(field.form.as_deref()?, &field.name);
    Some(of_kind(&field.kind, text))
}

fn of_kind(kind: &Kind, text: String) -> Json {
    match kind {
        Kind::Bool => (text == "true").into(),
        Kind::Integer => text.parse::<i64>().unwrap_or_default().into(),
        Kind::Number => text.parse::<f64>().unwrap_or_default().into(),
        Kind::List(item) | Kind::Set(item) => Json::Array(vec![of_kind(item, text)]),
        _ => text.into(),
    }
}
