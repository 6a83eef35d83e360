//! The tags of AWS's SDKs: similar, but each SDK has its own type.

use std::collections::BTreeMap;

/// The tag of one SDK.
pub(crate) trait SdkTag: Sized {
    /// A tag with this key and value. It is always `Some`, because both parts are given.
    fn new(key: &str, value: &str) -> Option<Self>;

    /// The key and the value.
    fn pair(self) -> (String, String);
}

/// Implements [`SdkTag`] for the tags of an SDK.
macro_rules! sdk_tag {
    ($tag:ty, |$it:ident| $pair:expr, |$key:ident, $value:ident| $new:expr) => {
        impl $crate::client::tags::SdkTag for $tag {
            fn new($key: &str, $value: &str) -> Option<Self> {
                $new
            }

            fn pair(self) -> (String, String) {
                let $it = self;
                $pair
            }
        }
    };
}

pub(crate) use sdk_tag;

/// Writes the differences in tags: one call sets tags, another removes tags. Each is an SDK's fluent builder, which the
/// macro sends only if there is something to write.
///
/// ```text
/// write_tags!(change;
///     set => client.iam.tag_role().role_name(name).set_tags(sent(&change.set)),
///     remove => client.iam.untag_role().role_name(name).set_tag_keys(change.remove.wire()),
/// )
/// ```
macro_rules! write_tags {
    ($change:expr; set => $set:expr, remove => $remove:expr $(,)?) => {{
        if !$change.set.is_empty() {
            $set.send().await.map_err($crate::client::error::failed)?;
        }
        if !$change.remove.is_empty() {
            $remove.send().await.map_err($crate::client::error::failed)?;
        }
        Ok(Next::Changed)
    }};
}

pub(crate) use write_tags;

/// The tags in a service's answer.
pub(crate) fn given<T: SdkTag>(tags: Option<Vec<T>>) -> impl Iterator<Item = (String, String)> {
    tags.unwrap_or_default().into_iter().map(SdkTag::pair)
}

/// Tags for a service.
pub(crate) fn sent<T: SdkTag>(tags: &BTreeMap<String, String>) -> Option<Vec<T>> {
    (!tags.is_empty()).then(|| tags.iter().filter_map(|(key, value)| T::new(key, value)).collect())
}
