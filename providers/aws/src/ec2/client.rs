//! The code that the calls of EC2's types share: filters, tags, and the search for attempts.

use aws_sdk_ec2::types::{AttributeBooleanValue, Filter, ResourceType, Tag, TagSpecification};
use landform_core::Resource;

use crate::client::{TOKEN_TAG, prelude::*, tags::sdk_tag};

sdk_tag!(Tag, |tag| (tag.key.unwrap_or_default(), tag.value.unwrap_or_default()), |key, value| Some(
    Tag::builder().key(key).value(value).build()
));

/// The maximum number of values in one filter.
pub(crate) const PAGE: usize = 200;

/// The filters for types that the kit finds by id or by tag. Without filters, a call shows all of the region.
pub(crate) fn by<R>(which: Which<'_, R>, id: &str) -> Option<Vec<Filter>> {
    match which {
        Which::Ids(ids) => Some(vec![filter(id, ids.iter().copied())]),
        Which::Beside(_) => None,
        Which::Attempt(token, _) => Some(vec![filter(&format!("tag:{TOKEN_TAG}"), [token.as_str()])]),
    }
}

/// This filter, unless a look asks for all of the region.
pub(crate) fn unless_all<R>(which: Which<'_, R>, filter: Filter) -> Option<Vec<Filter>> {
    (!matches!(which, Which::Beside(_))).then(|| vec![filter])
}

/// A filter that matches any of these values.
pub(crate) fn filter<'a>(name: &str, values: impl IntoIterator<Item = &'a str>) -> Filter {
    let values = values.into_iter().map(str::to_owned).collect();
    Filter::builder().name(name).set_values(Some(values)).build()
}

/// The tags for a new resource.
pub(crate) fn tagged_as(kind: ResourceType, attempt: &Attempt<'_>) -> TagSpecification {
    TagSpecification::builder().resource_type(kind).set_tags(sent(&attempt.tags)).build()
}

/// Writes tags. The calls are the same for all types of EC2.
pub(crate) async fn tag<R: Resource>(client: &Client, seen: &Seen<R>, change: &TagChange) -> Result<Next> {
    tag_id(client, seen.id(), change).await
}

/// Writes the tags of the object with this id.
pub(crate) async fn tag_id(client: &Client, id: &str, change: &TagChange) -> Result<Next> {
    let key = |key: &String| Tag::builder().key(key).build();
    write_tags!(change;
        set => client.ec2.create_tags().resources(id).set_tags(sent(&change.set)),
        remove => client.ec2.delete_tags().resources(id).set_tags(Some(change.remove.iter().map(key).collect())),
    )
}

/// A list for the wire. `None` if it is empty.
pub(crate) fn some<T>(items: impl IntoIterator<Item = T>) -> Option<Vec<T>> {
    let items: Vec<T> = items.into_iter().collect();
    (!items.is_empty()).then_some(items)
}

/// A boolean as an attribute of EC2.
pub(crate) fn flag(value: bool) -> AttributeBooleanValue {
    AttributeBooleanValue::builder().value(value).build()
}

/// Describes the network interfaces that match a filter: the users of a subnet or a group.
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
