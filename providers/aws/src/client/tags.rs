//! Tags, as each of AWS's SDKs has them: alike, and each a type of its own.

use std::collections::BTreeMap;

/// A tag of one SDK's.
pub(crate) trait SdkTag: Sized {
    /// A tag; there is one, as both its parts are given.
    fn new(key: &str, value: &str) -> Option<Self>;

    /// Key and value.
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

/// Tags that a service answered.
pub(crate) fn given<T: SdkTag>(tags: Option<Vec<T>>) -> impl Iterator<Item = (String, String)> {
    tags.unwrap_or_default().into_iter().map(SdkTag::pair)
}

/// Tags for a service.
pub(crate) fn sent<T: SdkTag>(tags: &BTreeMap<String, String>) -> Option<Vec<T>> {
    (!tags.is_empty()).then(|| tags.iter().filter_map(|(key, value)| T::new(key, value)).collect())
}
