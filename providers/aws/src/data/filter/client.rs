//! Converts a query to EC2's filters.

use std::collections::BTreeMap;

use aws_sdk_ec2::types::{Filter as SdkFilter, Tag};

use super::Filter;
use crate::ec2::client::filter;

/// The filters of a query.
pub(crate) struct Filters(Vec<SdkFilter>);

impl Filters {
    /// The filters that a user gives.
    pub(crate) fn given(filters: &[Filter]) -> Self {
        let one = |given: &Filter| filter(&given.name, given.values.iter().map(String::as_str));
        Self(filters.iter().map(one).collect())
    }

    /// Adds a filter for a field, if a value is given.
    pub(crate) fn equal(mut self, name: &str, value: Option<impl ToString>) -> Self {
        let value = value.map(|value| value.to_string());
        self.0.extend(value.map(|value| filter(name, [value.as_str()])));
        self
    }

    /// Adds filters for tags. EC2 treats `*` and `?` in their values as wildcards, so the caller must check its results
    /// [again](tagged_with).
    pub(crate) fn tags(mut self, tags: &BTreeMap<String, String>) -> Self {
        self.0.extend(tags.iter().map(|(key, value)| filter(&format!("tag:{key}"), [value.as_str()])));
        self
    }

    /// The filters to send. `None` if there are none, because EC2 refuses an empty list.
    pub(crate) fn sent(self) -> Option<Vec<SdkFilter>> {
        (!self.0.is_empty()).then_some(self.0)
    }
}

/// Whether an object has all these tags.
pub(crate) fn tagged_with(tags: &[Tag], wanted: &BTreeMap<String, String>) -> bool {
    wanted.iter().all(|(key, value)| {
        tags.iter().any(|tag| tag.key() == Some(key.as_str()) && tag.value() == Some(value.as_str()))
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn what_is_not_asked_is_not_sent() {
        assert!(Filters::given(&[]).tags(&BTreeMap::new()).equal("vpc-id", None::<&str>).sent().is_none());
        let given = Filter { name: "state".into(), values: BTreeSet::from(["a".into(), "b".into()]) };
        let tags = BTreeMap::from([("Name".to_owned(), "x*".to_owned())]);
        let sent = Filters::given(&[given]).equal("is-default", Some(true)).tags(&tags).sent().unwrap();
        let sent: Vec<_> = sent.iter().map(|sent| (sent.name().unwrap(), sent.values().join(","))).collect();
        let expected = [("state", "a,b"), ("is-default", "true"), ("tag:Name", "x*")];
        assert_eq!(sent, expected.map(|(name, values)| (name, values.to_owned())));
    }

    #[test]
    fn a_tag_is_asked_for_to_the_letter() {
        let tag = |value: &str| [Tag::builder().key("Name").value(value).build()];
        let wanted = BTreeMap::from([("Name".to_owned(), "x*".to_owned())]);
        assert!(
            tagged_with(&tag("x*"), &wanted)
                && !tagged_with(&tag("xy"), &wanted)
                && !tagged_with(&[], &wanted)
        );
        assert!(tagged_with(&tag("x*"), &BTreeMap::new()));
    }
}
