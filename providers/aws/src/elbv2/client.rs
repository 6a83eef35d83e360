//! The code that the calls of Elastic Load Balancing's types share: tags and attributes, which need separate calls.

use std::{
    collections::{BTreeMap, HashMap},
    str::FromStr,
};

use aws_sdk_elasticloadbalancingv2::types::Tag;
use landform_core::Resource;

use crate::client::{
    prelude::*,
    tags::{given, sdk_tag},
};

sdk_tag!(Tag, |tag| (tag.key.unwrap_or_default(), tag.value.unwrap_or_default()), |key, value| Some(
    Tag::builder().key(key).value(value).build()
));

/// The maximum number of ARNs in one `DescribeTags`, and so in one look.
pub(crate) const PAGE: usize = 20;

/// The tags of load balancers, target groups, listeners and rules, by ARN.
pub(crate) async fn tags_of(client: &Client, arns: &[String]) -> Result<HashMap<String, Vec<Tag>>> {
    let call = client.elbv2.describe_tags().set_resource_arns(Some(arns.to_vec()));
    let found = call.send().await.map_err(failed)?.tag_descriptions.unwrap_or_default();
    Ok(found.into_iter().filter_map(|one| one.resource_arn.zip(one.tags)).collect())
}

/// Any number of load balancers, target groups, listeners or rules, by ARN, each with its tags.
pub(crate) async fn with_tags<T>(
    client: &Client,
    objects: Vec<T>,
    arn: impl Fn(&T) -> Option<&str>,
) -> Result<Vec<(T, BTreeMap<String, String>)>> {
    let arns: Vec<String> = objects.iter().filter_map(|one| arn(one).map(str::to_owned)).collect();
    let tags = each(arns.chunks(PAGE), async |arns| tags_of(client, arns).await.map(Some)).await?;
    let mut tags: HashMap<String, Vec<Tag>> = tags.into_iter().flatten().collect();
    let tagged = |one: T| {
        let own = arn(&one).and_then(|arn| tags.remove(arn));
        (one, given(own).collect())
    };
    Ok(objects.into_iter().map(tagged).collect())
}

/// Writes tags. The calls are the same for all types of Elastic Load Balancing.
pub(crate) async fn tag<R: Resource>(client: &Client, seen: &Seen<R>, change: &TagChange) -> Result<Next> {
    write_tags!(change;
        set => client.elbv2.add_tags().resource_arns(seen.id()).set_tags(sent(&change.set)),
        remove => client.elbv2.remove_tags().resource_arns(seen.id()).set_tag_keys(change.remove.wire()),
    )
}

/// Parses an attribute. All attributes are texts on the wire.
pub(crate) fn attribute<T: FromStr>(attributes: &HashMap<String, String>, key: &str) -> Option<T> {
    attributes.get(key)?.parse().ok()
}
