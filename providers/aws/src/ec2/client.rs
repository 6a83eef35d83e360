//! What the calls of EC2's types share: its filters, its tags, and how an attempt is looked for.

use aws_sdk_ec2::types::{AttributeBooleanValue, Filter, ResourceType, Tag, TagSpecification};
use landform_core::Resource;

use crate::client::{TOKEN_TAG, prelude::*, tags::sdk_tag};

sdk_tag!(Tag, |tag| (tag.key.unwrap_or_default(), tag.value.unwrap_or_default()), |key, value| Some(
    Tag::builder().key(key).value(value).build()
));

/// How many values one filter takes.
pub(crate) const PAGE: usize = 200;

/// The filter for types that are found by id and by tag.
pub(crate) fn by<R>(which: Which<'_, R>, id: &str) -> Filter {
    match which {
        Which::Ids(ids) => filter(id, ids.iter().copied()),
        Which::Attempt(token, _) => filter(&format!("tag:{TOKEN_TAG}"), [token.as_str()]),
    }
}

/// A filter that lets any of these values through.
pub(crate) fn filter<'a>(name: &str, values: impl IntoIterator<Item = &'a str>) -> Filter {
    let values = values.into_iter().map(str::to_owned).collect();
    Filter::builder().name(name).set_values(Some(values)).build()
}

/// The tags that a resource is made with.
pub(crate) fn tagged_as(kind: ResourceType, attempt: &Attempt<'_>) -> TagSpecification {
    TagSpecification::builder().resource_type(kind).set_tags(sent(&attempt.tags)).build()
}

/// Writes tags, which EC2 has for all its types alike.
pub(crate) async fn tag<R: Resource>(client: &Client, seen: &Seen<R>, change: &TagChange) -> Result<Next> {
    tag_id(client, seen.id(), change).await
}

/// Writes the tags of what AWS knows by this id.
pub(crate) async fn tag_id(client: &Client, id: &str, change: &TagChange) -> Result<Next> {
    let key = |key: &String| Tag::builder().key(key).build();
    write_tags!(change;
        set => client.ec2.create_tags().resources(id).set_tags(sent(&change.set)),
        remove => client.ec2.delete_tags().resources(id).set_tags(Some(change.remove.iter().map(key).collect())),
    )
}

/// A list for the wire; an empty one is not sent.
pub(crate) fn some<T>(items: impl IntoIterator<Item = T>) -> Option<Vec<T>> {
    let items: Vec<T> = items.into_iter().collect();
    (!items.is_empty()).then_some(items)
}

/// A yes or no, as EC2's attributes have it.
pub(crate) fn flag(value: bool) -> AttributeBooleanValue {
    AttributeBooleanValue::builder().value(value).build()
}

/// The network interfaces that a filter lets through, in words: who holds a subnet or a group.
pub(crate) async fn interfaces(client: &Client, name: &str, value: &str) -> Result<Vec<String>> {
    let pages = client.ec2.describe_network_interfaces().filters(filter(name, [value])).into_paginator();
    let found: Vec<_> = pages.items().send().try_collect().await.map_err(failed)?;
    let told = found.into_iter().map(|interface| {
        let id = interface.network_interface_id.unwrap_or_default();
        match interface.description.filter(|text| !text.is_empty()) {
            Some(text) => format!("{id} ({text})"),
            None => id,
        }
    });
    Ok(told.collect())
}
