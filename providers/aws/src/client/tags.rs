//! Tags: those that users give, and the one by which an attempt is found again.

use std::collections::BTreeMap;

use aws_sdk_ec2::types::{ResourceType, Tag, TagSpecification};
use landform_core::{Error, ErrorKind, Result, Token};

use super::{Client, error::failed};

/// The tag that carries the token of the attempt that made a resource. Users never see it among their tags.
pub const TOKEN_TAG: &str = "landform:token";

/// What AWS itself tags with.
const AWS: &str = "aws:";

/// The tags a resource is made with.
pub(super) fn specification(
    of: ResourceType,
    tags: &BTreeMap<String, String>,
    token: &Token,
) -> Result<TagSpecification> {
    check(tags)?;
    let given = tags.iter().map(|(key, value)| tag(key, value));
    let tags = given.chain([tag(TOKEN_TAG, token.as_str())]).collect();
    Ok(TagSpecification::builder().resource_type(of).set_tags(Some(tags)).build())
}

/// The tags that are the user's.
pub(super) fn given(tags: &[Tag]) -> BTreeMap<String, String> {
    let pairs = tags.iter().filter_map(|tag| tag.key().zip(tag.value()));
    let pairs = pairs.filter(|(key, _)| !reserved(key));
    pairs.map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}

/// Whether a resource comes from the attempt with this token.
pub(super) fn made_by(tags: &[Tag], token: &Token) -> bool {
    tags.iter().any(|tag| tag.key() == Some(TOKEN_TAG) && tag.value() == Some(token.as_str()))
}

impl Client {
    /// Brings the user's tags of a resource to what is wanted; tells whether anything was to do.
    pub(super) async fn retag(
        &self,
        id: &str,
        present: &[Tag],
        wanted: &BTreeMap<String, String>,
    ) -> Result<bool> {
        let present = given(present);
        if &present == wanted {
            return Ok(false);
        }
        check(wanted)?;
        let set: Vec<Tag> = wanted
            .iter()
            .filter(|(key, value)| present.get(*key) != Some(value))
            .map(|(key, value)| tag(key, value))
            .collect();
        let gone: Vec<Tag> = present
            .keys()
            .filter(|key| !wanted.contains_key(*key))
            .map(|key| Tag::builder().key(key).build())
            .collect();
        if !set.is_empty() {
            let call = self.ec2.create_tags().resources(id).set_tags(Some(set));
            call.send().await.map_err(failed("CreateTags"))?;
        }
        if !gone.is_empty() {
            let call = self.ec2.delete_tags().resources(id).set_tags(Some(gone));
            call.send().await.map_err(failed("DeleteTags"))?;
        }
        Ok(true)
    }
}

fn tag(key: &str, value: &str) -> Tag {
    Tag::builder().key(key).value(value).build()
}

fn reserved(key: &str) -> bool {
    key == TOKEN_TAG || key.starts_with(AWS)
}

fn check(tags: &BTreeMap<String, String>) -> Result<()> {
    match tags.keys().find(|key| reserved(key)) {
        None => Ok(()),
        Some(key) => {
            let message =
                format!("tags: {key:?} is reserved, expected a key other than {TOKEN_TAG:?} and \"{AWS}…\"");
            Err(Error::new(ErrorKind::Invalid, message))
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn the_token_is_no_tag_of_the_users() {
        let token: Token = "lf-1".parse().unwrap();
        let wanted = BTreeMap::from([("Name".to_owned(), "a".to_owned())]);
        let specification = specification(ResourceType::Vpc, &wanted, &token).unwrap();
        assert_eq!(given(specification.tags()), wanted);
        assert!(made_by(specification.tags(), &token));
        assert!(!made_by(specification.tags(), &"lf-2".parse().unwrap()));
        let reserved = BTreeMap::from([(TOKEN_TAG.to_owned(), "x".to_owned())]);
        assert_eq!(check(&reserved).unwrap_err().kind(), ErrorKind::Invalid);
    }
}
