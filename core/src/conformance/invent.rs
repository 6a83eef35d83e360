//! Samples made from a schema. The schema allows them, but a real cloud may demand more.

use serde_json::{Map, Value as Json};

use crate::{
    ResourceType, Schema, TypeName, cidr, decimal,
    expr::{Expr, Glance},
    schema::{Amount, Choice, Field, Kind, Pattern},
};

/// The extent of a sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Only what must be given.
    Least,
    /// Every field there is.
    Most,
}

/// Arguments to create a resource with, and arguments to change it to.
#[derive(Debug, Clone, PartialEq)]
pub struct Invented {
    /// To create with.
    pub arguments: Json,
    /// The arguments to change to, with another value in one mutable field; `None` if no field can change.
    pub changed: Option<Json>,
    /// The arguments to change to after that, without one optional field; `None` if there is no such field.
    pub without: Option<Json>,
}

/// Makes arguments. Texts begin with `name`, so that two samples need not collide. `refer` returns the id of some
/// existing resource of a type. Without such an id, an optional field is left out, and the result is `None` for a
/// required one.
pub fn invent(
    resource_type: &ResourceType,
    extent: Extent,
    name: &str,
    refer: &mut dyn FnMut(&TypeName) -> Option<String>,
) -> Option<Invented> {
    let schema = &resource_type.arguments;
    let arguments = Inventor { extent, name, refer }.block(schema)?;
    let allowed = |arguments: &Map<String, Json>| {
        schema.check(&Expr::Literal(Json::Object(arguments.clone()))).is_empty()
    };
    let changed = schema.fields().iter().filter(|field| !field.immutable).find_map(|field| {
        let now = arguments.get(&field.name).or(field.default.as_ref());
        let mut changed = arguments.clone();
        changed.insert(field.name.clone(), another(field, now, name)?);
        allowed(&changed).then_some(Json::Object(changed))
    });
    let last = changed.as_ref().and_then(Json::as_object).unwrap_or(&arguments);
    let optional = |field: &&Field| {
        let bound = field.required || field.immutable || field.computed;
        !bound && field.default.is_none() && last.contains_key(&field.name)
    };
    let without = schema.fields().iter().filter(optional).find_map(|field| {
        let mut without = last.clone();
        without.remove(&field.name);
        allowed(&without).then_some(Json::Object(without))
    });
    Some(Invented { arguments: Json::Object(arguments), changed, without })
}

struct Inventor<'a> {
    extent: Extent,
    name: &'a str,
    refer: &'a mut dyn FnMut(&TypeName) -> Option<String>,
}

impl Inventor<'_> {
    fn block(&mut self, schema: &Schema) -> Option<Map<String, Json>> {
        let mut values = Map::new();
        let most = self.extent == Extent::Most;
        for field in schema.fields().iter().filter(|field| field.required || most) {
            match self.value(field, &field.kind).or_else(|| field.default.clone()) {
                Some(value) => {
                    values.insert(field.name.clone(), value);
                }
                None if field.required => return None,
                None => {}
            }
        }
        // One demand may depend on a field that another one adds or removes.
        for choice in schema.choices().iter().flat_map(|_| schema.choices()) {
            self.keep(choice, schema, &mut values)?;
        }
        Some(values)
    }

    /// Adds or removes fields so that a block keeps a demand. `None` if no value can be made for a needed field.
    fn keep(&mut self, choice: &Choice, schema: &Schema, values: &mut Map<String, Json>) -> Option<()> {
        let block = Json::Object(values.clone());
        let block = Glance::Json(&block);
        if !choice.applies(schema, block) {
            return Some(());
        }
        let mut make = |name: &String| {
            let field = schema.field(name)?;
            Some((name.clone(), self.value(field, &field.kind)?))
        };
        let has_none = choice.of.iter().all(|name| !values.contains_key(name));
        match choice.amount {
            Amount::One | Amount::Some if has_none => values.extend([choice.of.iter().find_map(make)?]),
            Amount::All => {
                for name in &choice.of {
                    if !values.contains_key(name) {
                        values.extend([make(name)?]);
                    }
                }
            }
            Amount::One | Amount::Some | Amount::AtMostOne | Amount::None => {
                choice.rivals(schema, block).into_iter().for_each(|name| _ = values.remove(name));
            }
        }
        Some(())
    }

    fn value(&mut self, field: &Field, kind: &Kind) -> Option<Json> {
        Some(match kind {
            Kind::Bool => true.into(),
            Kind::Integer | Kind::Number => number(field, 1)?,
            Kind::Text { refers_to: Some(other), .. } => (self.refer)(other)?.into(),
            Kind::Text { one_of, .. } if !one_of.is_empty() => one_of[0].clone().into(),
            Kind::Text { format: Some(format), .. } if format == cidr::FORMAT => "10.0.0.0/16".into(),
            Kind::Text { format: Some(format), .. } if format == decimal::FORMAT => "1.5".into(),
            Kind::Text { format: Some(format), .. } if format == "ipv6" => "2001:db8::10".into(),
            Kind::Text { format: Some(format), .. } if format.starts_with("ip") => "192.0.2.10".into(),
            Kind::Text { .. } => text(field, &format!("{}-{}", self.name, field.name.replace('_', "-")))?,
            Kind::List(item) | Kind::Set(item) => Json::Array(vec![self.value(field, item)?]),
            Kind::Map(item) => {
                let entry = ("Sample".to_owned(), self.value(field, item)?);
                Json::Object(Map::from_iter([entry]))
            }
            Kind::Block(schema) => Json::Object(self.block(schema)?),
            Kind::Any => Json::Object(Map::new()),
        })
    }
}

/// A different value, for the kinds that allow one without further knowledge.
fn another(field: &Field, now: Option<&Json>, name: &str) -> Option<Json> {
    match &field.kind {
        Kind::Bool => Some((now != Some(&true.into())).into()),
        Kind::Integer => {
            let now = now.and_then(Json::as_i64).unwrap_or(0);
            number(field, now + 1)
                .filter(|other| other.as_i64() != Some(now))
                .or_else(|| number(field, now - 1))
        }
        Kind::Text { refers_to: None, format: None, one_of } if one_of.is_empty() => {
            text(field, &format!("{name}-changed"))
        }
        Kind::Text { one_of, .. } if !one_of.is_empty() => {
            let other = one_of.iter().find(|one| now.and_then(Json::as_str) != Some(one))?;
            Some(other.clone().into())
        }
        Kind::Map(item) if matches!(**item, Kind::Text { refers_to: None, .. }) => {
            Some(Json::Object(Map::from_iter([("Sample".to_owned(), text(field, "changed")?)])))
        }
        _ => None,
    }
}

/// This number, or the one nearest to it within the field's limits.
fn number(field: &Field, wanted: i64) -> Option<Json> {
    let least = field.limits.number.min.map_or(i64::MIN, |min| min.ceil() as i64);
    let most = field.limits.number.max.map_or(i64::MAX, |max| max.floor() as i64);
    (least <= most).then(|| wanted.clamp(least, most).into())
}

/// This text behind the literal start of the field's pattern, cut to the field's length; `None` if the field does not
/// allow the result.
fn text(field: &Field, wanted: &str) -> Option<Json> {
    let pattern = field.limits.pattern.as_ref().map_or("", Pattern::as_str);
    let start = pattern.strip_prefix('^').unwrap_or_default();
    let start = start.split(|letter| "[](){}.*+?|\\$^".contains(letter)).next().unwrap_or_default();
    let most = field.limits.length.max.unwrap_or(usize::MAX);
    let text = Json::String(start.chars().chain(wanted.chars()).take(most).collect());
    field.limits.expected(&text).is_none().then_some(text)
}
