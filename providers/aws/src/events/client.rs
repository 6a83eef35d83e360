//! What the calls of EventBridge's types share: tags, and how rules are named.

use aws_sdk_eventbridge::types::Tag;

use crate::client::tags::sdk_tag;

sdk_tag!(Tag, |tag| (tag.key, tag.value), |key, value| Tag::builder().key(key).value(value).build().ok());

/// The bus that an account has from the beginning.
pub(crate) const DEFAULT: &str = "default";

/// Bus and name of a rule. On the bus `default` a rule's id is its name alone. The names of partners' buses have slashes,
/// those of rules none.
pub(crate) fn rule(id: &str) -> (&str, &str) {
    id.rsplit_once('/').unwrap_or((DEFAULT, id))
}
