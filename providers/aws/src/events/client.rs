//! The code that the calls of EventBridge's types share: tags, and the names of rules.

use aws_sdk_eventbridge::types::Tag;

use super::DEFAULT;
use crate::client::tags::sdk_tag;

sdk_tag!(Tag, |tag| (tag.key, tag.value), |key, value| Tag::builder().key(key).value(value).build().ok());

/// The bus and the name of a rule. On the bus `default` the id of a rule is its name only. The names of partners' buses
/// contain slashes, the names of rules do not.
pub(crate) fn rule(id: &str) -> (&str, &str) {
    id.rsplit_once('/').unwrap_or((DEFAULT, id))
}
