//! The code that the calls of Elastic Load Balancing's types share: tags and attributes, which need separate calls.

use std::{
    collections::{BTreeMap, HashMap},
    fmt::Display,
    str::FromStr,
};

use aws_sdk_elasticloadbalancingv2::types::Tag;
use landform_core::Resource;
use landform_kit::Text;

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

/// Parses an attribute that is a word.
///
/// # Errors
/// Internal if the word is unexpected.
pub(crate) fn read_word<T: Text>(attributes: &HashMap<String, String>, key: &str) -> Result<Option<T>> {
    read(attributes.get(key).cloned(), key)
}

/// A setting that AWS keeps as a pair of texts: the field that declares it, its key, and its value if one is declared.
pub(crate) type Setting = (&'static str, &'static str, Option<String>);

/// A setting with a value that is written as it is shown.
pub(crate) fn set(field: &'static str, key: &'static str, value: Option<impl Display>) -> Setting {
    (field, key, value.map(|value| value.to_string()))
}

/// A setting with a word.
pub(crate) fn word(field: &'static str, key: &'static str, value: Option<&impl Text>) -> Setting {
    (field, key, value.map(|word| word.text().into_owned()))
}

/// The pairs of the settings that are due.
pub(crate) fn due_pairs(
    settings: Vec<Setting>,
    due: &Due<'_>,
) -> impl Iterator<Item = (&'static str, String)> {
    let due: Vec<_> = settings.into_iter().filter(|(field, ..)| due.has(field)).collect();
    due.into_iter().filter_map(|(_, key, value)| Some((key, value?)))
}

/// The part of an ARN behind the account, which the metrics of CloudWatch name: `targetgroup/api/0123456789abcdef`. A load
/// balancer's is without `loadbalancer/`.
pub(crate) fn suffix(arn: &str) -> String {
    let resource = arn.rsplit(':').next().unwrap_or_default();
    resource.strip_prefix("loadbalancer/").unwrap_or(resource).to_owned()
}
